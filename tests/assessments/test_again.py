"""Asking again: three months after by default, a day of one's own in the plan, an interpreter to come back with."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from app.assessments import actions, queries
from app.assessments.actions import Decision
from app.assessments.enums import Mode, PlanState
from app.assessments.queries import Again
from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import db
from app.people.enums import PersonState
from app.people.models import Person
from tests.assessments.counter import EXPRESS, express, finished, granted, stored
from tests.assessments.made import FULL, made
from tests.support.due import found
from tests.support.queries import count_queries
from tests.support.world import World

PARIS = "Europe/Paris"


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 15), 3, date(2026, 4, 15)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2023, 11, 30), 3, date(2024, 2, 29)),
        (date(2026, 12, 1), 3, date(2027, 3, 1)),
        (date(2026, 5, 31), -3, date(2026, 2, 28)),
        (date(2026, 9, 30), 3, date(2026, 12, 30)),
    ],
)
def test_months_are_counted_on_the_calendar(day: date, months: int, expected: date) -> None:
    assert queries.months_after(day, months) == expected


def decide(world: World, done: UUID, code: str, decision: Decision) -> None:
    """By the adviser of the library."""
    actor = world.actors["library.adviser"]
    rights = granted(actor, world.people["amina"])
    actions.decide(actor, rights, done, code, decision, world.today, None)
    db.session.flush()


def due_again(actor: Actor, today: date, timezone: str) -> list[Again]:
    """Those whose day has come, the longest due first."""
    when = [queries.again(row, timezone) for row in found(actor, today, queries.due_again)]
    return sorted((one for one in when if one.due <= today), key=lambda one: one.due)


def test_three_months_after_a_complete_assessment_it_is_in_the_advisers_list(world: World) -> None:
    done = made(world)
    with world.app.app_context():
        at = stored(done).finished_at
        assert at is not None
        due = queries.months_after(clock.local(at, PARIS).date())
        actor = world.actors["library.adviser"]
        assert due_again(actor, due - timedelta(days=1), PARIS) == []
        assert [(one.assessment_id, one.due, one.chosen) for one in due_again(actor, due, PARIS)] == [
            (done, due, False)
        ]
        for who in ("library.desk", "ccas.adviser", "coordinator"):
            assert due_again(world.actors[who], due, PARIS) == []
        again = queries.next_time(actor, granted(actor, world.people["amina"]), PARIS)
        assert again is not None
        assert again.due == due


def test_the_day_is_the_networks(world: World) -> None:
    with clock.fixed(datetime(2026, 3, 31, 22, 30, tzinfo=UTC)):
        made(world)
    with world.app.app_context():
        actor = world.actors["library.adviser"]
        for timezone, day in ((PARIS, date(2026, 7, 1)), ("America/Martinique", date(2026, 6, 30))):
            assert [one.due for one in due_again(actor, day, timezone)] == [day]
            assert due_again(actor, day - timedelta(days=1), timezone) == []


def test_the_plan_chooses_another_day_or_none(world: World) -> None:
    done = made(world)
    with world.app.app_context():
        actor, soon = world.actors["library.adviser"], world.today + timedelta(days=10)
        later = world.today + timedelta(days=400)
        decide(world, done, "ACT_SUIVI", Decision(PlanState.POSTPONED, soon))
        assert [(one.due, one.chosen) for one in due_again(actor, soon, PARIS)] == [(soon, True)]
        assert found(actor, soon, queries.due_actions) == []
        for state in (PlanState.REFUSED, PlanState.DONE):
            decide(world, done, "ACT_SUIVI", Decision(state))
            assert due_again(actor, later, PARIS) == []
            assert queries.next_time(actor, granted(actor, world.people["amina"]), PARIS) is None


def test_another_complete_one_takes_over_and_an_express_does_not(world: World) -> None:
    done = made(world)
    with world.app.app_context():
        actor, later = world.actors["library.adviser"], world.today + timedelta(days=400)
        finished(world, "library.adviser", "amina", Mode.EXPRESS, EXPRESS)
        assert [one.assessment_id for one in due_again(actor, later, PARIS)] == [done]
        new = finished(world, "library.adviser", "amina", Mode.FULL, FULL)
        assert [one.assessment_id for one in due_again(actor, later, PARIS)] == [new]
        db.session.get_one(Person, world.people["amina"]).state = PersonState.ARCHIVED
        db.session.flush()
        assert due_again(actor, later, PARIS) == []


def test_the_screens_say_the_day_and_let_one_choose_it(world: World) -> None:
    done = made(world)
    adviser = world.client("library.adviser")
    person = adviser.get(f"/personnes/{world.people['amina']}")
    assert "Refaire le point :" in adviser.text(person, "[data-panel=assessments]")
    link = next(one["href"] for one in adviser.select(person, "[data-panel=assessments] a") if "Changer" in one.text)
    page = adviser.get(link)
    assert adviser.select(page, "input[name=state][checked]")[0]["value"] == "postponed"
    assert adviser.select(page, "input[name=until]")[0]["value"] == queries.months_after(world.today).isoformat()
    assert "Choisir la date" in adviser.text(adviser.get(f"/evaluations/{done}/resultat"), ".plan")
    assert "Refaire le point" not in adviser.text(adviser.get("/"), "main")
    with world.app.app_context():
        action = next(one for one in stored(done).plan if one.code == "ACT_SUIVI")
        action.state, action.postponed_to, action.decided_at = PlanState.POSTPONED, world.today, clock.now()
        db.session.commit()
    assert "Refaire le point sur le numérique" in adviser.text(adviser.get("/"), "main")
    desk = world.client("library.desk")
    assert "Changer la date" not in desk.text(desk.get(f"/personnes/{world.people['amina']}"), "main")


def test_the_list_costs_the_same_whatever_its_length(world: World) -> None:
    with world.app.app_context():
        actor, later = world.actors["library.adviser"], world.today + timedelta(days=400)
        with count_queries(db.session.get_bind()) as none:
            due_again(actor, later, PARIS)
    made(world)
    with world.app.app_context(), count_queries(db.session.get_bind()) as some:
        assert len(due_again(actor, later, PARIS)) == 1
    some.assert_same_as(none)


def test_an_interpreter_is_proposed_with_a_date_to_come_back(world: World) -> None:
    adviser = world.client("library.adviser")
    start = f"/personnes/{world.people['amina']}/evaluation"
    assert "interprète" not in adviser.text(adviser.get(start), "main")
    done = express(adviser, world.people["amina"])
    page = adviser.get(start)
    said = adviser.text(page, "main")
    for words in ("Express, maintenant", "Complète, avec un interprète", "Jamais par un enfant."):
        assert words in said
    link = next(one["href"] for one in adviser.select(page, "main a") if "Choisir la date" in one.text)
    assert link.startswith(f"/evaluations/{done}/plan/ACT_INTERPRETE")
    day = world.today + timedelta(days=7)
    assert adviser.submit(adviser.get(link), until=day.isoformat()).status_code == 303
    assert "Se revoir avec un interprète :" in adviser.text(adviser.get(start), "main")
    assert "interprète" not in world.client("ccas.adviser").get(start).text
