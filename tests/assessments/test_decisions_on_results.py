"""What is decided on a result: another profile, the actions of the plan, and what stays as it was computed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.assessments import actions, engine, queries
from app.assessments.actions import Answer, Decision, Kept
from app.assessments.enums import Mode, PlanState
from app.assessments.models import PlanAction
from app.assessments.queries import DueAction
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import DomainError, NotFound, Stale
from app.kernel.journal.models import JournalEntry
from app.kernel.writes import commit
from tests.assessments.counter import EXPRESS, begin, express, granted, stored
from tests.assessments.made import FULL, made
from tests.support.due import found
from tests.support.queries import count_queries
from tests.support.world import World


def refuse_dbapi(statement: str, **values: object) -> None:
    """The database itself refuses this statement."""
    with pytest.raises(DBAPIError, match="never changes"), db.session.begin_nested():
        db.session.execute(text(statement), values)


def test_another_profile_is_kept_beside_the_computed_one(world: World) -> None:
    done = made(world)
    adviser = world.client("library.adviser")
    page = adviser.get(f"/evaluations/{done}/profil")
    assert adviser.submit(page, profile="refractaires").status_code == 422
    assert adviser.submit(page, profile="refractaires", reason="observation").status_code == 303
    said = adviser.text(adviser.get(f"/evaluations/{done}/resultat"), "#profil")
    assert "Réfractaires" in said
    assert "Profil calculé : Oubliés du numérique." in said
    assert "Ce que j’ai vu pendant l’entretien" in said
    with world.app.app_context():
        row = stored(done)
        assert (row.profile, row.kept_profile, row.override_reason) == ("oublies", "refractaires", "observation")
        assert row.overridden_by == world.actors["library.adviser"].user_id
        assert row.overridden_at is not None
        latest = queries.latest(
            world.actors["library.adviser"], granted(world.actors["library.adviser"], row.person_id)
        )
        assert latest is not None
        assert latest.profile == "refractaires"
    stale = adviser.submit(page, profile="naufrages", reason="autre")
    assert stale.status_code == 409
    back = adviser.submit(adviser.get(f"/evaluations/{done}/profil"), profile="oublies")
    assert back.status_code == 303
    with world.app.app_context():
        assert (stored(done).kept_profile, stored(done).override_reason, stored(done).overridden_at) == (None,) * 3


def test_each_action_is_done_refused_or_postponed_to_a_date(world: World) -> None:
    done = made(world)
    adviser = world.client("library.adviser")
    result = adviser.get(f"/evaluations/{done}/resultat")
    with world.app.app_context():
        first, second, third = [one.code for one in stored(done).plan][:3]
    saved = adviser.submit(result, f'form[action$="/plan/{first}"]')
    assert saved.headers["Location"].endswith("#plan")
    page = adviser.get(f"/evaluations/{done}/plan/{second}")
    assert adviser.submit(page, state="postponed").status_code == 422
    past = adviser.submit(page, state="postponed", until=(world.today - timedelta(days=1)).isoformat())
    assert past.status_code == 422
    assert "Cette date est passée" in adviser.text(past, ".field__error")
    later = world.today + timedelta(days=20)
    assert adviser.submit(page, state="postponed", until=later.isoformat()).status_code == 303
    assert adviser.submit(adviser.get(f"/evaluations/{done}/plan/{third}"), state="refused").status_code == 303
    with world.app.app_context():
        now = {one.code: (one.state, one.postponed_to) for one in stored(done).plan}
        assert now[first] == (PlanState.DONE, None)
        assert now[second] == (PlanState.POSTPONED, later)
        assert now[third] == (PlanState.REFUSED, None)
    assert adviser.submit(page, state="done").status_code == 409
    person = adviser.text(adviser.get(f"/evaluations/{done}/pour-la-personne"), "main")
    instrument = engine.load_instrument()
    assert instrument.action[first].label not in person
    assert adviser.get(f"/evaluations/{done}/plan/ACT_INCONNU").status_code == 404


def test_the_desk_decides_about_the_next_action_only(world: World) -> None:
    done = made(world)
    desk = world.client("library.desk")
    with world.app.app_context():
        first, second = [one.code for one in stored(done).plan][:2]
    assert desk.get(f"/evaluations/{done}/plan/{second}").status_code == 404
    saved = desk.submit(desk.get(f"/evaluations/{done}/plan/{first}"), state="done")
    assert saved.headers["Location"].endswith(str(world.people["amina"]))
    assert desk.get(f"/evaluations/{done}/plan/{second}").status_code == 200


def test_actions_refuse_as_the_pages_do(world: World) -> None:
    done = made(world)
    with world.app.app_context():
        row = stored(done)
        mine, theirs = world.actors["library.adviser"], world.actors["ccas.adviser"]
        rights, none = granted(mine, row.person_id), granted(theirs, row.person_id)
        code, today = row.plan[0].code, world.today
        with pytest.raises(NotFound):
            actions.start(theirs, none, Mode.EXPRESS)
        with pytest.raises(NotFound):
            actions.keep_profile(theirs, none, done, Kept("autonome", "autre"))
        with pytest.raises(NotFound):
            actions.decide(theirs, none, done, code, Decision(PlanState.DONE), today, None)
        with pytest.raises(queries.Finished):
            actions.answer(mine, rights, done, "M1", Answer("langue"))
        with pytest.raises(queries.Finished):
            actions.finish(mine, rights, done)
        with pytest.raises(queries.Finished):
            actions.discard(mine, rights, done)
        with pytest.raises(DomainError):
            actions.keep_profile(mine, rights, done, Kept("inconnu", "autre"))
        with pytest.raises(DomainError):
            actions.keep_profile(mine, rights, done, Kept("autonome", "parce que"))
        with pytest.raises(Stale):
            actions.decide(mine, rights, done, code, Decision(PlanState.DONE), today, 99)


def test_the_database_refuses_to_change_what_was_computed(world: World) -> None:
    done = made(world)
    with world.app.app_context():
        row = stored(done)
        key = {"id": row.id.hex if db.engine.dialect.name == "sqlite" else row.id}
        refuse_dbapi("UPDATE assessment SET profile = 'autonome' WHERE id = :id", **key)
        refuse_dbapi("UPDATE assessment SET priority = 'P1' WHERE id = :id", **key)
        refuse_dbapi("UPDATE assessment SET state = 'in_progress', finished_at = NULL WHERE id = :id", **key)
        refuse_dbapi("UPDATE assessment_answer SET code = 'nsp' WHERE assessment_id = :id", **key)
        refuse_dbapi(
            "INSERT INTO assessment_answer (assessment_id, question, code, observed, answered_at)"
            " SELECT assessment_id, 'ZZ', code, observed, answered_at FROM assessment_answer"
            " WHERE assessment_id = :id AND question = 'M1'",
            **key,
        )
        erased = db.session.execute(text("DELETE FROM assessment_answer WHERE assessment_id = :id"), key)
        assert erased.rowcount == len(FULL)


def test_the_journal_holds_no_answer_no_profile_and_no_name(world: World) -> None:
    desk = world.client("library.desk")
    found = express(desk, world.people["amina"])
    desk.get(f"/evaluations/{found}/resultat")
    with world.app.app_context():
        entries = db.session.scalars(select(JournalEntry).where(JournalEntry.person_id == world.people["amina"])).all()
        kinds = {entry.action for entry in entries}
        assert {"assessment.start", "assessment.answer", "assessment.finish", "assessment.read"} <= kinds
        told = " ".join(entry.details for entry in entries if entry.action.startswith("assessment."))
        for secret in (*(f'"{code}"' for code in EXPRESS.values()), "naufrages", "P1", "Amina", "Benali"):
            assert secret not in told


def test_pages_ask_the_same_number_of_questions_of_the_database_as_rows_grow(world: World) -> None:
    made(world, mode=Mode.EXPRESS)
    adviser = world.client("library.adviser")
    address = f"/personnes/{world.people['amina']}"
    adviser.get(address)
    with world.app.app_context():
        bind = db.session.get_bind()
    with count_queries(bind) as before:
        adviser.get(address)
    for _time in range(3):
        made(world)
    with count_queries(bind) as after:
        adviser.get(address)
    after.assert_same_as(before)


def test_answering_and_reading_a_result_cost_a_bounded_number_of_queries(world: World) -> None:
    adviser = world.client("library.adviser")
    page = begin(adviser, world.people["amina"], "Complète")
    with world.app.app_context():
        bind = db.session.get_bind()
    with count_queries(bind) as answering:
        adviser.submit(page, answer="langue")
    answering.assert_at_most(22)
    done = made(world)
    with count_queries(bind) as reading:
        adviser.get(f"/evaluations/{done}/resultat")
    reading.assert_at_most(16)


def test_the_plan_has_one_row_per_action(world: World) -> None:
    done = made(world)
    with world.app.app_context():
        rows = db.session.scalars(select(PlanAction).where(PlanAction.assessment_id == done)).all()
        assert len({row.code for row in rows}) == len(rows) > 3
        assert {row.state for row in rows} == {PlanState.PROPOSED}


def due_actions(actor: Actor, today: date) -> list[DueAction]:
    """The actions of which this hat is told."""
    return [queries.due_action(row) for row in found(actor, today, queries.due_actions)]


def test_a_postponed_action_comes_back_on_its_day_for_the_advisers_of_the_structure(world: World) -> None:
    done = made(world)
    with world.app.app_context():
        actor, row = world.actors["library.adviser"], stored(done)
        rights, code = granted(actor, row.person_id), row.plan[0].code
        later = world.today + timedelta(days=2)
        actions.decide(actor, rights, done, code, Decision(PlanState.POSTPONED, later), world.today, None)
        commit()
        assert due_actions(actor, world.today) == []
        assert [one.code for one in due_actions(actor, later)] == [code]
        assert queries.open_actions(actor, rights)[-1].code == code
        for who in ("ccas.adviser", "library.desk", "dpo"):
            assert due_actions(world.actors[who], later) == []
    made(world)
    with world.app.app_context():
        assert due_actions(world.actors["library.adviser"], later) == []


def test_the_first_screen_says_what_to_talk_about_again(world: World) -> None:
    done = made(world)
    with world.app.app_context():
        row = stored(done)
        action = row.plan[0]
        action.state, action.postponed_to, action.decided_at = PlanState.POSTPONED, world.today, row.finished_at
        commit()
        label = engine.load_instrument().action[action.code].label
    adviser = world.client("library.adviser")
    assert f"À revoir : {label}" in adviser.text(adviser.get("/"), "main")
