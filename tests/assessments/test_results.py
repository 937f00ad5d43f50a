"""The result of an assessment as it is read: by whom, in which words."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from app.assessments import engine, queries
from app.assessments.enums import AssessmentState, Mode
from app.assessments.models import Assessment
from app.kernel.db import db
from app.kernel.grants import Section
from app.kernel.writes import commit
from app.people.enums import PersonState
from app.people.models import Person
from tests.assessments.counter import EXPRESS, answers_of, begin, express, finished, granted, id_of, stored
from tests.assessments.made import FULL, follow, made
from tests.support.world import World


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
