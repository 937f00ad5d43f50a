"""Over time: a correction takes the place of what it corrects, with a reason; the plan remembers who decided what."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.assessments import actions, queries
from app.assessments.actions import Decision, Kept
from app.assessments.enums import Mode, PlanState
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError, NotFound
from app.people.enums import PersonState
from app.people.models import Person
from tests.assessments.counter import answers_of, begin, express, granted, id_of, stored
from tests.assessments.made import FULL, made
from tests.support.world import World


def corrected(world: World, done: UUID, **answers: str) -> UUID:
    """Through the pages: the reason, the answers that change, the end."""
    adviser = world.client("library.adviser")
    page = adviser.get(f"/evaluations/{done}/corriger")
    begun = adviser.submit(page, reason="saisie", follow_redirects=True)
    found = id_of(begun)
    adviser.submit(adviser.get(f"/evaluations/{found}/feuille"), data=answers)
    adviser.submit(adviser.get(f"/evaluations/{found}"), "form.form")
    return found


def test_a_correction_starts_from_the_answers_and_takes_the_place_of_the_old_one(world: World) -> None:
    done = made(world)
    new = corrected(world, done, M1="mefiance", T2="non", T1="refuse")
    with world.app.app_context():
        old, row = stored(done), stored(new)
        assert (row.supersedes_id, row.correction_reason) == (done, "saisie")
        assert old.profile == "oublies"
        assert answers_of(done) == FULL
        assert answers_of(new) == {**FULL, "M1": "mefiance", "T2": "non", "T1": "refuse"}
        actor = world.actors["library.adviser"]
        latest = queries.latest(actor, granted(actor, world.people["amina"]))
        assert latest is not None
        assert latest.id == new
        assert {line.assessment_id for line in queries.open_actions(actor, granted(actor, row.person_id))} == {new}
    adviser = world.client("library.adviser")
    page = adviser.get(f"/evaluations/{done}/resultat")
    said = adviser.text(page, "main")
    assert "Évaluation corrigée" in said
    assert "Erreur de saisie" in said
    for word in ("Retenir un autre profil", "Corriger cette évaluation", "C’est fait"):
        assert word not in said
    assert "Voir l’ancienne" in adviser.text(adviser.get(f"/evaluations/{new}/resultat"), "main")
    person = adviser.get(f"/personnes/{world.people['amina']}")
    assert "corrigée" in adviser.text(person, "[data-panel=assessments] details")
    assert adviser.select(person, "[data-panel=assessments] details s")


def test_until_it_is_finished_the_old_one_counts_and_the_correction_is_taken_up_again(world: World) -> None:
    done = made(world)
    adviser = world.client("library.adviser")
    page = adviser.get(f"/evaluations/{done}/corriger")
    assert adviser.submit(page).status_code == 422
    first = id_of(adviser.submit(page, reason="personne", follow_redirects=True))
    again = adviser.submit(adviser.get(f"/evaluations/{done}/corriger"), reason="autre", follow_redirects=True)
    assert id_of(again) == first
    with world.app.app_context():
        actor = world.actors["library.adviser"]
        latest = queries.latest(actor, granted(actor, world.people["amina"]))
        assert latest is not None
        assert (latest.id, latest.corrected) == (done, False)
        assert stored(first).correction_reason == "personne"


def test_what_is_corrected_decides_nothing_more(world: World) -> None:
    done = made(world)
    adviser = world.client("library.adviser")
    other_tab = adviser.get(f"/evaluations/{done}/corriger")
    corrected(world, done, C2="avec")
    with world.app.app_context():
        actor = world.actors["library.adviser"]
        rights, code = granted(actor, world.people["amina"]), stored(done).plan[0].code
        with pytest.raises(queries.Corrected):
            actions.keep_profile(actor, rights, done, Kept("autonome", "autre"))
        with pytest.raises(queries.Corrected):
            actions.decide(actor, rights, done, code, Decision(PlanState.DONE), world.today, None)
        with pytest.raises(queries.Corrected):
            actions.correct(actor, rights, done, "saisie")
    late = adviser.submit(other_tab, reason="saisie")
    assert late.status_code == 409
    assert "Cette évaluation a été corrigée" in adviser.text(late, "main")


def test_a_corrected_express_is_not_completed(world: World) -> None:
    done = made(world, mode=Mode.EXPRESS)
    with world.app.app_context():
        actor = world.actors["library.adviser"]
        rights = granted(actor, world.people["amina"])
        begun = actions.correct(actor, rights, done, "comprehension")
        actions.finish(actor, rights, begun.id)
        with pytest.raises(queries.Corrected):
            actions.start(actor, rights, Mode.FULL, done)
        assert actions.start(actor, rights, Mode.FULL, begun.id).supersedes_id == begun.id


def test_an_older_one_or_one_being_asked_is_said_so(world: World) -> None:
    first = made(world)
    adviser = world.client("library.adviser")
    page = adviser.get(f"/evaluations/{first}/corriger")
    begin(adviser, world.people["amina"], "Complète")
    refused = adviser.submit(page, reason="saisie")
    assert refused.status_code == 409
    assert "déjà commencée" in adviser.text(refused, "main")
    made(world)
    with world.app.app_context():
        actor = world.actors["library.adviser"]
        with pytest.raises(Conflict, match="plus récente"):
            actions.correct(actor, granted(actor, world.people["amina"]), first, "saisie")


def test_only_the_advisers_and_managers_of_the_team_correct(world: World) -> None:
    desk = world.client("library.desk")
    done = express(desk, world.people["amina"])
    assert desk.get(f"/evaluations/{done}/corriger").status_code == 404
    assert "Corriger" not in desk.text(desk.get(f"/evaluations/{done}/resultat"), "main")
    assert world.client("ccas.adviser").get(f"/evaluations/{done}/corriger").status_code == 404
    assert world.client("library.manager").get(f"/evaluations/{done}/corriger").status_code == 200
    with world.app.app_context():
        for who in ("library.desk", "ccas.adviser"):
            actor = world.actors[who]
            with pytest.raises(NotFound):
                actions.correct(actor, granted(actor, world.people["amina"]), done, "saisie")
        actor = world.actors["library.adviser"]
        with pytest.raises(DomainError):
            actions.correct(actor, granted(actor, world.people["amina"]), done, "parce que")


def test_the_plan_remembers_every_decision(world: World) -> None:
    done = made(world)
    adviser = world.client("library.adviser")
    with world.app.app_context():
        code = stored(done).plan[0].code
    address, later = f"/evaluations/{done}/plan/{code}", world.today + timedelta(days=9)
    adviser.submit(adviser.get(address), state="postponed", until=later.isoformat())
    manager = world.client("library.manager")
    manager.submit(manager.get(address), state="done")
    manager.submit(manager.get(address), state="done")
    with world.app.app_context():
        actor = world.actors["library.adviser"]
        view = queries.result(actor, granted(actor, world.people["amina"]), done)
        action = next(one for one in view.plan if one.code == code)
        told = [(one.by, one.before, one.after, one.postponed_to) for one in action.history]
        assert told == [
            ("Library Adviser", PlanState.PROPOSED, PlanState.POSTPONED, later),
            ("Library Manager", PlanState.POSTPONED, PlanState.DONE, None),
        ]
        for statement in ("UPDATE plan_event SET to_state = 'refused'", "DELETE FROM plan_event"):
            with pytest.raises(DBAPIError, match="append-only"), db.session.begin_nested():
                db.session.execute(text(statement))
    said = adviser.text(adviser.get(f"/evaluations/{done}/resultat"), ".plan")
    assert "Library Manager · Remis à plus tard → Fait" in said


@pytest.mark.parametrize(
    "where", ["", "/feuille", "/questions/M1", "/resultat", "/profil", "/corriger", "/plan/{code}"]
)
def test_a_person_archived_meanwhile_is_gone_and_nothing_is_written(world: World, where: str) -> None:
    done = made(world)
    adviser = world.client("library.adviser")
    begun = id_of(begin(adviser, world.people["amina"], "Complète"))
    with world.app.app_context():
        code = stored(done).plan[0].code
    about = begun if where in {"", "/feuille", "/questions/M1"} else done
    address = f"/evaluations/{about}{where.format(code=code)}"
    page = adviser.get(address)
    with world.app.app_context():
        db.session.get_one(Person, world.people["amina"]).state = PersonState.ARCHIVED
        db.session.commit()
        before = {one: stored(one).version for one in (begun, done)}
    filled = {"/feuille": {"M1": "langue"}, "/questions/M1": {"answer": "langue"}, "/corriger": {"reason": "saisie"}}
    filled |= {"/profil": {"profile": "autonome", "reason": "autre"}, "/plan/{code}": {"state": "done"}}
    if where == "/resultat":
        refused = adviser.submit(page, f'form[action$="/plan/{code}"]')
    else:
        refused = adviser.submit(page, "form.form", data=filled.get(where, {}))
    assert refused.status_code == 404
    assert adviser.text(refused, "main")
    assert adviser.get(f"/personnes/{world.people['amina']}/evaluation").status_code == 404
    with world.app.app_context():
        assert {one: stored(one).version for one in (begun, done)} == before
        assert answers_of(begun) == {}
        assert {one.state for one in stored(done).plan} == {PlanState.PROPOSED}
