"""What a finished assessment shows, to whom, and what is decided beside it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.assessments import actions, engine, queries
from app.assessments.actions import Answer, Decision, Kept
from app.assessments.enums import AssessmentState, Mode, PlanState
from app.assessments.models import Assessment, PlanAction
from app.assessments.queries import DueAction
from app.kernel import ids
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import DomainError, NotFound, Stale
from app.kernel.grants import Section
from app.kernel.journal.models import JournalEntry
from app.kernel.writes import commit
from app.people.enums import FollowUpKind, PersonState
from app.people.models import FollowUp, Person
from tests.assessments.counter import EXPRESS, answers_of, begin, express, finished, granted, id_of, stored
from tests.support.due import found
from tests.support.queries import count_queries
from tests.support.world import World

FULL = {
    "M1": "competences",
    "U1": "loin",
    "U2": "rien",
    "S1": "non",
    "S2": "non",
    "L1": "sans",
    "L2": "jamais",
    "L3": "seul",
    "A1": "ordi_et_tel",
    "A2": "oui",
    "A3": "non",
    "C1": "jour",
    "C2": "non",
    "C3": "non",
    "C4": "avec",
    "C5": "non",
    "C6": "non",
    "C7": "non",
    "R1": "assez",
    "R2": "difficile",
    "T1": "non",
    "T2": "oui",
    "H1": "personne",
    "H2": "oui",
}


def follow(world: World, structure: str, person: str, sections: Section) -> None:
    """Another structure begins to follow the person, with these sections agreed."""
    db.session.add(
        FollowUp(
            id=ids.new_id(),
            person_id=world.people[person],
            structure_id=world.structures[structure],
            kind=FollowUpKind.OTHER,
            sections=sections,
            started_on=world.today,
        )
    )
    commit()


def made(world: World, who: str = "library.adviser", mode: Mode = Mode.FULL) -> UUID:
    """A finished assessment of Amina."""
    with world.app.app_context():
        return finished(world, who, "amina", mode, FULL if mode is Mode.FULL else EXPRESS)


def refuse_dbapi(statement: str, **values: object) -> None:
    """The database itself refuses this statement."""
    with pytest.raises(DBAPIError, match="never changes"), db.session.begin_nested():
        db.session.execute(text(statement), values)


def test_the_result_equals_the_engine_on_the_complete_assessment(world: World) -> None:
    found = made(world)
    with world.app.app_context():
        kept, expected = stored(found), engine.score(engine.load_instrument(), "complet", FULL)
        assert kept.result is not None
        assert {**kept.result, "attentes": None} == {**expected.to_document(), "attentes": None}
        assert (kept.profile, kept.index_value, kept.band) == (expected.profile, expected.index, expected.band)


def test_the_page_shows_in_order_priority_profile_why_plan_and_figures(world: World) -> None:
    adviser = world.client("library.adviser")
    page = adviser.get(f"/evaluations/{made(world)}/resultat")
    said = adviser.text(page, "main")
    told = ["Priorité", "Oubliés du numérique", "Fiabilité", "Pourquoi ce profil", "Plan", "Maintenant"]
    places = [said.index(word) for word in told]
    assert places == sorted(places)
    assert "Indice de distance : " in adviser.text(page, ".figures")
    assert len(adviser.select(page, ".figures tbody tr")) == len(adviser.select(page, ".bars__row")) == 8
    assert "K13" in adviser.text(page, ".plan__why")
    assert "Savoir-faire numériques : " in adviser.text(page, ".plan__why")


def test_every_rule_alert_and_action_of_the_instrument_has_words(world: World) -> None:
    instrument = engine.load_instrument()
    with world.app.app_context():
        assert set(queries.wording.ACTION_SENTENCES) == set(instrument.action)
        assert set(queries.PROFILE_SENTENCES) == set(instrument.profile)
        assert set(queries.REASONS) == {reason.code for reason in instrument.override_reasons}
        from_engine = set(engine.explain.STRENGTHS)
        assert set(queries.wording.STRENGTHS) == from_engine


def test_the_persons_page_has_neutral_words_and_strengths_first(world: World) -> None:
    adviser = world.client("library.adviser")
    page = adviser.get(f"/evaluations/{made(world)}/pour-la-personne")
    said = adviser.text(page, "main")
    assert said.index("Ce qui va bien") < said.index("Ce qui peut vous aider")
    assert "Vous avez un ordinateur ou une tablette, et un smartphone." in said
    for word in ("naufrag", "réfractaire", "oublié", "score", "sur 100", "indice", "fiabilité", "priorité", "benali"):
        assert word not in said.lower()
    large = adviser.get(f"/evaluations/{made(world)}/pour-la-personne?grand=")
    assert adviser.select(large, "html.large-print")


def test_the_persons_page_at_the_desk_never_shows_the_word_of_the_typology(world: World) -> None:
    adviser = world.client("library.adviser")
    made(world)
    page = adviser.get(f"/personnes/{world.people['amina']}")
    assert "Besoin d’un coup de main avec l’outil" in adviser.text(page, "[data-panel=assessments]")
    assert "Le problème vient de l’outil" in adviser.text(page, "#histoire")
    assert "Oubliés" not in page.get_data(as_text=True)


def test_the_desk_makes_the_express_and_reads_its_own_result_only(world: World) -> None:
    desk = world.client("library.desk")
    own = express(desk, world.people["amina"])
    assert desk.get(f"/evaluations/{own}/resultat").status_code == 200
    assert desk.get(f"/evaluations/{own}/profil").status_code == 404
    advised = made(world)
    for address in ("resultat", "pour-la-personne", "profil"):
        assert desk.get(f"/evaluations/{advised}/{address}").status_code == 404
    page = desk.get(f"/personnes/{world.people['amina']}")
    panel = desk.text(page, "[data-panel=assessments]")
    assert "Besoin d’un coup de main avec l’outil" not in panel
    assert len(desk.select(page, "[data-panel=assessments] ul.entries > li")) == 1


def test_the_desk_cannot_start_complete_or_go_on_with_the_complete_one(world: World) -> None:
    desk = world.client("library.desk")
    page = desk.get(f"/personnes/{world.people['amina']}/evaluation")
    assert "Complète" not in [title.text for title in desk.select(page, ".big-choice__title")]
    assert desk.submit(page, forged={"mode": "complet"}).status_code == 404
    assert desk.submit(page, forged={"mode": "autre"}).status_code == 404
    adviser = world.client("library.adviser")
    begun = id_of(begin(adviser, world.people["amina"], "Complète"))
    for address in ("", "/feuille", "/questions/M1"):
        assert desk.get(f"/evaluations/{begun}{address}").status_code == 404


@pytest.mark.parametrize(
    "who", ["ccas.adviser", "fs.adviser", "camille.fablab", "coordinator", "dpo", "admin", "elected"]
)
def test_elsewhere_it_does_not_exist(world: World, who: str) -> None:
    done = made(world)
    begun = id_of(begin(world.client("library.adviser"), world.people["amina"]))
    stranger = world.client(who)
    addresses = [f"/personnes/{world.people['amina']}/evaluation", f"/evaluations/{begun}", f"/evaluations/{done}"]
    addresses += [f"/evaluations/{begun}/{end}" for end in ("questions/M1", "feuille")]
    addresses += [f"/evaluations/{done}/{end}" for end in ("resultat", "pour-la-personne", "profil", "plan/ACT_SUIVI")]
    unknown = stranger.get(f"/evaluations/{uuid4()}/resultat")
    for address in addresses:
        refused = stranger.get(address)
        assert refused.status_code == 404
        assert stranger.text(refused, "main") == stranger.text(unknown, "main")
    token = stranger.get("/personnes").data if who == "ccas.adviser" else b""
    assert b"Amina" not in token


def test_a_partner_reads_profile_and_plan_but_never_an_answer(world: World) -> None:
    done = made(world)
    with world.app.app_context():
        follow(world, "ccas", "amina", Section.IDENTITY | Section.ASSESSMENT | Section.PLAN | Section.ANSWERS)
    partner = world.client("ccas.adviser")
    page = partner.get(f"/evaluations/{done}/resultat")
    said = partner.text(page, "body")
    assert "Oubliés du numérique" in said
    assert "Médiathèque de Marmande" in said
    assert partner.select(page, ".plan__action")
    known = engine.load_instrument().questions
    for question in known:
        assert question.text not in said
    for word in ("Pourquoi ce profil", "Points d’appui", "Indice de distance", "K13", "Library Adviser"):
        assert word not in said
    for end in ("pour-la-personne", "profil", "plan/ACT_SUIVI"):
        assert partner.get(f"/evaluations/{done}/{end}").status_code == 404
    with world.app.app_context():
        view = queries.result(world.actors["ccas.adviser"], granted(world.actors["ccas.adviser"], view_of(done)), done)
        assert view.explained is None
        assert all(not action.rules for action in view.plan)


def view_of(assessment_id: UUID) -> UUID:
    """The person of an assessment."""
    return db.session.get_one(Assessment, assessment_id).person_id


def test_a_partner_without_the_plan_or_without_the_profile_reads_neither(world: World) -> None:
    done = made(world)
    with world.app.app_context():
        follow(world, "ccas", "amina", Section.IDENTITY | Section.ASSESSMENT)
        follow(world, "france_services", "amina", Section.IDENTITY | Section.PLAN)
    ccas, services = world.client("ccas.adviser"), world.client("fs.adviser")
    page = ccas.get(f"/evaluations/{done}/resultat")
    assert page.status_code == 200
    assert not ccas.select(page, ".plan__action")
    assert services.get(f"/evaluations/{done}/resultat").status_code == 404
    panel = services.text(services.get(f"/personnes/{world.people['amina']}"), "[data-panel=assessments]")
    assert "Besoin d’un coup de main avec l’outil" not in panel
    assert "À faire, d’après le plan" in panel


def test_what_was_assessed_under_secrecy_stays_with_its_team(world: World) -> None:
    with world.app.app_context():
        finished(world, "ccas.social", "jean", Mode.EXPRESS, EXPRESS)
        follow(world, "library", "jean", Section.IDENTITY | Section.ASSESSMENT | Section.PLAN)
        for who in ("library.adviser", "ccas.adviser"):
            actor = world.actors[who]
            assert queries.latest(actor, granted(actor, world.people["jean"])) is None
            assert queries.open_actions(actor, granted(actor, world.people["jean"])) == []
        social = world.actors["ccas.social"]
        assert queries.latest(social, granted(social, world.people["jean"])) is not None


def test_a_person_archived_meanwhile_is_gone_and_what_was_answered_is_kept(world: World) -> None:
    client = world.client("library.desk")
    page = begin(client, world.people["amina"])
    with world.app.app_context():
        db.session.get_one(Person, world.people["amina"]).state = PersonState.ARCHIVED
        commit()
    assert client.submit(page, answer="langue").status_code == 404
    with world.app.app_context():
        assert answers_of(id_of(page)) == {}
        assert stored(id_of(page)).state is AssessmentState.IN_PROGRESS


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
