"""The attacks known from comparable tools, tried on records and on forms. Those of the web itself: test_web_attacks.py."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.accounts.models import Invitation, Membership
from app.assessments import actions as assessments
from app.assessments.actions import Answer
from app.assessments.enums import Mode
from app.assessments.models import Assessment
from app.kernel import clock, grants, ids
from app.kernel.access import Role
from app.kernel.db import db
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.kernel.journal.models import JournalEntry
from app.kernel.outbox import OutboxMessage
from app.kernel.writes import commit
from app.mediation import actions as mediation
from app.mediation.actions import Anonymous, SessionData
from app.mediation.enums import PlaceKind, Theme
from app.mediation.models import SessionLog
from app.needs.models import Need
from app.network import actions as network
from app.network.actions import OfferData
from app.network.models import Place
from app.people.models import Consent, FollowUp, Person
from app.referrals import actions as referrals
from app.referrals.enums import DeclineReason, State
from app.referrals.models import Referral, ReferralText
from tests.access.stage import EXPRESS
from tests.referrals.helpers import add_need, prepare, send
from tests.support.world import World, add_person

SECRETS = ("Amina", "Benali", "33612345678", "06 12 34 56 78", "pochette bleue", "Note secrète")


@pytest.fixture
def sent(world: World) -> World:
    """The library sent Amina's need to the CCAS; somebody else of the library has a need too."""
    with world.app.app_context():
        need_id = add_need(world, note="Note secrète.")
        world.made["need"] = need_id
        world.made["referral"] = send(world, need_id=need_id).id
        world.people["lea"] = add_person(world, "library.adviser", "Léa", "Marchand")
        world.made["lea.need"] = add_need(world, person="lea")
        commit()
    return world


def evaluate(world: World, who: str, person: str) -> UUID:
    actor = world.actors[who]
    granted = grants.on_person(actor, world.people[person])
    assessment = assessments.start(actor, granted, Mode.EXPRESS)
    assessments.save_sheet(actor, granted, assessment.id, {q: Answer(code) for q, code in EXPRESS.items()}, None)
    assessments.finish(actor, granted, assessment.id)
    return assessment.id


def state_of(world: World) -> State:
    with world.app.app_context():
        return db.session.get_one(Referral, world.made["referral"]).state


def rows(world: World, model: type[Any]) -> int:
    with world.app.app_context():
        return len(db.session.scalars(select(model)).all())


# ---------------------------------------------------------------- another person's things through one's own address


@pytest.mark.parametrize("verb", ["accepter", "refuser", "commencer", "terminer", "prendre", "rouvrir", "ecrire"])
def test_nobody_answers_a_referral_sent_to_others(sent: World, verb: str) -> None:
    """With a true token and form key, taken from a page of one's own."""
    with sent.app.app_context():
        mine = send(sent, to=("france_services",), person="lea", need_id=sent.made["lea.need"]).id
        commit()
    thief = sent.client("fs.adviser")
    page = thief.get(f"/orientations/{mine}/refuser")
    keys = {name: thief.select(page, f"input[name={name}]")[0]["value"] for name in ("csrf_token", "form_key")}
    body = {**keys, "version": "1", "reason": "full", "words": "x", "contact": "phone", "outcome": "need_met"}
    assert thief.post(f"/orientations/{sent.made['referral']}/{verb}", data=body).status_code == 404
    assert state_of(sent) is State.SENT


def test_the_sender_cannot_accept_for_the_recipient(sent: World) -> None:
    library = sent.client("library.adviser")
    page = library.get(f"/orientations/{sent.made['referral']}/retirer")
    keys = {
        name: library.select(page, f"input[name={name}]")[0]["value"] for name in ("csrf_token", "form_key", "version")
    }
    answer = library.post(f"/orientations/{sent.made['referral']}/accepter", data=keys)
    assert answer.status_code in {404, 409, 422}
    assert state_of(sent) is State.SENT


def test_a_need_does_not_open_under_somebody_else(sent: World) -> None:
    library, need = sent.client("library.adviser"), sent.made["need"]
    assert library.get(f"/personnes/{sent.people['amina']}/demandes/{need}").status_code == 200
    for verb in ("", "/modifier", "/terminer"):
        assert library.get(f"/personnes/{sent.people['lea']}/demandes/{need}{verb}").status_code == 404, verb


def test_the_need_of_another_person_is_not_referred(sent: World) -> None:
    """Both are followed by the same structure: the page of one does not serve for the other."""
    library = sent.client("library.adviser")
    before = rows(sent, Referral)
    page = library.get(f"/personnes/{sent.people['amina']}/orienter")
    chosen = {"need": str(sent.made["lea.need"]), "recipient": "autre", "other": str(sent.structures["fablab"])}
    assert library.submit(page, button="Continuer vers l’accord", forged=chosen).status_code in {404, 422}
    assert rows(sent, Referral) == before
    chosen |= {"need": str(sent.made["need"]), "form_key": str(ids.new_id())}
    assert library.submit(page, button="Continuer vers l’accord", forged=chosen).status_code == 303


def test_the_need_of_another_person_is_not_answered_by_a_session(sent: World) -> None:
    library = sent.client("library.adviser")
    page = library.get(f"/personnes/{sent.people['amina']}/seances/nouvelle")
    fields: dict[str, Any] = {"minutes": "30", "themes": ["email"], "place_kind": "a_distance"}
    forged = {"need": str(sent.made["lea.need"])}
    assert library.submit(page, "main form", data=fields, forged=forged).status_code == 422
    assert rows(sent, SessionLog) == 0
    forged = {"need": str(sent.made["need"]), "form_key": str(ids.new_id())}
    assert library.submit(page, "main form", data=fields, forged=forged).status_code == 303


@pytest.mark.parametrize("person", ["lea", "jean"])
def test_what_follows_a_referral_follows_that_person_s(sent: World, person: str) -> None:
    """`?suite=` names a referral of Amina; the page is somebody else's."""
    with sent.app.app_context():
        referrals.decline(sent.actors["ccas.adviser"], sent.made["referral"], DeclineReason.FULL)
        who = "library.adviser" if person == "lea" else "ccas.adviser"
        need = sent.made["lea.need"] if person == "lea" else add_need(sent, "ccas.adviser", "jean")
        commit()
    client, before = sent.client(who), rows(sent, Referral)
    page = client.get(f"/personnes/{sent.people[person]}/orienter?suite={sent.made['referral']}")
    chosen = {"need": str(need), "recipient": "autre", "other": str(sent.structures["fablab"])}
    assert client.submit(page, button="Continuer vers l’accord", forged=chosen).status_code == 404
    assert rows(sent, Referral) == before
    page = client.get(f"/personnes/{sent.people[person]}/orienter")
    assert client.submit(page, button="Continuer vers l’accord", forged=chosen).status_code == 303


def test_a_session_is_not_attached_to_somebody_followed_elsewhere(sent: World) -> None:
    with sent.app.app_context():
        data = SessionData(held_on=sent.today, minutes=30, themes=(Theme.EMAIL,), place_kind=PlaceKind.A_DISTANCE)
        session = mediation.log_anonymous(sent.actors["library.adviser"], Anonymous(), data, sent.today).id
        commit()
    library = sent.client("library.adviser")
    page = library.get(f"/seances/{session}/rattacher")
    for hidden in (sent.people["jean"], ids.new_id()):
        answer = library.submit(
            page, "form:has([name=person])", forged={"person": str(hidden), "form_key": str(ids.new_id())}
        )
        assert answer.status_code in {404, 422}
        assert "Gauthier" not in library.text(answer)


def test_a_referral_is_given_to_colleagues_only(sent: World) -> None:
    ccas = sent.client("ccas.adviser")
    page = ccas.get(f"/orientations/{sent.made['referral']}/confier")
    forged = {"colleague": str(sent.actors["fs.adviser"].user_id)}
    assert ccas.submit(page, forged=forged).status_code == 422


def test_nobody_suggests_a_structure_that_cannot_receive(sent: World) -> None:
    ccas = sent.client("ccas.adviser")
    page = ccas.get(f"/orientations/{sent.made['referral']}/refuser")
    forged = {"reason": "full", "suggested": str(sent.structures["newcomer"])}
    assert ccas.submit(page, forged=forged).status_code == 422
    assert state_of(sent) is State.SENT


def test_an_unknown_code_of_the_plan_decides_nothing(sent: World) -> None:
    with sent.app.app_context():
        mine = evaluate(sent, "library.adviser", "amina")
        theirs = evaluate(sent, "ccas.adviser", "jean")
        commit()
    library = sent.client("library.adviser")
    for path in (f"{mine}/plan/INVENTE", f"{theirs}/plan/ACT_REFERENT", f"{mine}/plan/..%2fprofil"):
        assert library.get(f"/evaluations/{path}").status_code == 404, path


# ---------------------------------------------------------------- places and teams of other structures


def test_a_place_of_another_structure_is_not_kept_from_here(sent: World) -> None:
    manager, place = sent.client("library.manager"), sent.places["ccas"]
    with sent.app.app_context():
        offer = network.add_offer(sent.actors["coordinator"], sent.structures["ccas"], OfferData(title="Permanence")).id
        commit()
    paths = [
        f"/lieux/{place}/modifier",
        f"/lieux/{place}/fermer",
        f"/structures/{sent.structures['ccas']}/lieux/nouveau",
    ]
    for path in paths:
        assert manager.get(f"/annuaire{path}").status_code == 404, path
    assert manager.get(f"/annuaire/offres/{offer}/modifier").status_code == 404
    own = manager.get(f"/annuaire/lieux/{sent.places['library']}/modifier")
    assert own.status_code == 200
    forged = {"structure_id": str(sent.structures["ccas"]), "place_id": str(place)}
    manager.submit(own, "main form", forged=forged)
    with sent.app.app_context():
        assert db.session.get_one(Place, sent.places["library"]).structure_id == sent.structures["library"]


def test_a_team_of_another_structure_is_not_given(sent: World) -> None:
    manager, team = sent.client("library.manager"), sent.teams["ccas.social"]
    home, hat = sent.structures["library"], sent.actors["library.desk"].membership_id
    page = manager.get(f"/administration/structures/{home}/inviter")
    asked = {"email": "nouveau@essai.example", "role": "adviser", "team": str(team)}
    assert manager.submit(page, "main form", forged=asked).status_code in {404, 422}
    assert rows(sent, Invitation) == 0
    page = manager.get(f"/administration/membres/{hat}")
    for forged in ({"team": str(team)}, {"places": str(sent.places["ccas"])}):
        answer = manager.submit(page, "main form", forged={**forged, "form_key": str(ids.new_id())})
        assert answer.status_code in {404, 422}, forged
    with sent.app.app_context():
        kept = db.session.get_one(Membership, hat)
        assert (kept.team_id, list(kept.usual_places)) == (None, [])


# ---------------------------------------------------------------- who left, and who changed hats


def test_an_ex_member_reads_no_event_and_sends_no_open_form(sent: World) -> None:
    ccas = sent.client("ccas.adviser")
    with sent.app.app_context():
        referrals.accept(sent.actors["ccas.adviser"], sent.made["referral"])
        commit()
    paths = [
        f"/orientations/{sent.made['referral']}",
        f"/personnes/{sent.people['amina']}",
        "/orientations",
        "/seances",
    ]
    assert {ccas.get(path).status_code for path in paths} == {200}
    form = ccas.get(f"{paths[0]}/ecrire")
    with sent.app.app_context():
        hat = db.session.get_one(Membership, sent.actors["ccas.adviser"].membership_id)
        hat.ended_at, hat.ends_on = clock.now(), sent.today
        commit()
    for path in paths:
        answer = ccas.get(path, follow_redirects=True)
        words = answer.get_data(as_text=True)
        assert not any(secret in words for secret in SECRETS), path
    assert ccas.submit(form, words="Encore moi.").status_code in {303, 404}
    with sent.app.app_context():
        assert "Encore moi." not in db.session.scalars(select(ReferralText.body)).all()


def test_a_stale_tab_does_not_write_with_the_other_hat(world: World) -> None:
    """The form was opened as the library; the hat is now the fablab's, which does not follow Amina."""
    tab = world.client("camille.library")
    form = tab.get(f"/personnes/{world.people['amina']}/demandes/nouvelle")
    assert form.status_code == 200
    token = tab.select(form, "input[name=csrf_token]")[0]["value"]
    hat = str(world.actors["camille.fablab"].membership_id)
    assert tab.post("/compte/casquette", data={"csrf_token": token, "membership_id": hat}).status_code == 303
    before = rows(world, Need)
    answer = tab.submit(form, "main form", kind="acces_aux_droits")
    assert answer.status_code == 404
    assert rows(world, Need) == before


# ---------------------------------------------------------------- checked in the browser only


def test_a_profile_is_kept_with_a_true_profile_and_a_reason(sent: World) -> None:
    with sent.app.app_context():
        assessment = evaluate(sent, "library.adviser", "amina")
        commit()
    library = sent.client("library.adviser")
    page = library.get(f"/evaluations/{assessment}/profil")
    for forged in (
        {"profile": "invente", "reason": "observation"},
        {"reason": "parce que"},
        {"reason": ""},
        {"profile": ""},
    ):
        chosen = {"profile": "refractaires", "reason": "observation", **forged, "form_key": str(ids.new_id())}
        assert library.submit(page, "main form", forged=chosen).status_code == 422, forged
    with sent.app.app_context():
        assert db.session.get_one(Assessment, assessment).override_reason is None


def test_a_desk_cannot_keep_a_profile_nor_send(sent: World) -> None:
    with sent.app.app_context():
        assessment = evaluate(sent, "library.adviser", "lea")
        draft = prepare(sent, person="lea", to=("fablab",), need_id=sent.made["lea.need"]).id
        commit()
    desk = sent.client("library.desk")
    assert desk.get(f"/evaluations/{assessment}/profil").status_code == 404
    page = desk.get(f"/orientations/{draft}/envoyer")
    said = {"answer": "given", "way": "oral", "sections": str(int(Section.CONTACT))}
    for forged in (said, {**said, "garder": None, "envoyer": "1", "form_key": str(ids.new_id())}):
        desk.submit(page, "main form", forged=forged)
    with sent.app.app_context():
        assert db.session.get_one(Referral, draft).state is State.DRAFT


def test_raw_answers_are_never_agreed_to(sent: World) -> None:
    """A section that no box offers, ticked by hand."""
    with sent.app.app_context():
        draft = prepare(sent, person="lea", to=("fablab",), need_id=sent.made["lea.need"]).id
        commit()
    library = sent.client("library.adviser")
    page = library.get(f"/orientations/{draft}/envoyer")
    for value in (int(Section.ANSWERS), 1023, -1, 1 << 20):
        said = {"answer": "given", "way": "oral", "sections": str(value), "form_key": str(ids.new_id())}
        library.submit(page, "main form", forged=said)
    with sent.app.app_context():
        masks = [Section(one) for one in db.session.scalars(select(Consent.sections))]
        assert not any(Section.ANSWERS in mask for mask in masks)


# ---------------------------------------------------------------- more fields than the form has


MASS = {
    "id": "01234567-89ab-7def-8123-456789abcdef",
    "person_id": "01234567-89ab-7def-8123-456789abcdef",
    "author_id": "01234567-89ab-7def-8123-456789abcdef",
    "user_id": "01234567-89ab-7def-8123-456789abcdef",
    "secret": "1",
    "state": "closed",
    "closed_at": "2020-01-01",
    "created_at": "2020-01-01",
    "version_id": "99",
    "pseudonym": "ABC",
    "code": "AAAAAA",
    "role": "admin",
}


def test_fields_that_no_form_has_change_nothing(sent: World) -> None:
    library, ours = sent.client("library.adviser"), sent.structures["library"]
    theirs = str(sent.structures["shelter"])
    forged = {
        **MASS,
        "structure_id": theirs,
        "referent_structure_id": theirs,
        "team_id": str(sent.teams["ccas.social"]),
    }
    page = library.get(f"/personnes/{sent.people['amina']}/demandes/nouvelle")
    assert library.submit(page, "main form", kind="acces_aux_droits", forged=forged).status_code == 303
    page = library.get(f"/personnes/{sent.people['amina']}/corriger")
    assert library.submit(page, "main form", forged=forged).status_code == 303
    page = library.get("/personnes/nouvelle")
    answers: dict[str, Any] = {"notice_way": "paper", "answer": "refused", "first_name": "Zoé", "last_name": "Neuve"}
    assert library.submit(page, "#inscrire", data=answers, forged=forged).status_code == 303
    with sent.app.app_context():
        for need in db.session.scalars(select(Need).where(Need.person_id == sent.people["amina"])):
            assert (need.structure_id, need.team_id, need.secret) == (ours, None, False)
            assert need.author_id == sent.actors["library.adviser"].user_id
            assert str(need.id) != MASS["id"]
        people = db.session.scalars(
            select(Person).where(Person.referent_structure_id == sent.structures["shelter"])
        ).all()
        assert not people
        assert db.session.get(Person, UUID(MASS["id"])) is None
        assert db.session.scalar(select(Person.id).where(Person.code == MASS["code"])) is None
        assert not db.session.scalars(select(FollowUp).where(FollowUp.structure_id == sent.structures["shelter"])).all()


def test_one_s_own_account_gives_no_role(sent: World) -> None:
    library = sent.client("library.adviser")
    for path in ("/compte/mot-de-passe", "/compte/casquette"):
        token = library.select(library.get(path), "input[name=csrf_token]")[0]["value"]
        library.post(path, data={**MASS, "csrf_token": token, "form_key": str(ids.new_id())})
    with sent.app.app_context():
        hats = db.session.scalars(
            select(Membership).where(Membership.user_id == sent.actors["library.adviser"].user_id)
        )
        assert [one.role for one in hats] == [Role.ADVISER]


# ---------------------------------------------------------------- mails, journal, exports


def whole_story(world: World) -> None:
    """Amina's referral asked about, answered, accepted, closed; the message and the note hold secrets."""
    ccas, library, referral = world.actors["ccas.adviser"], world.actors["library.adviser"], world.made["referral"]
    referrals.ask(ccas, referral, "Amina Benali est-elle véhiculée ?")
    referrals.answer(library, referral, "Note secrète : non.")
    referrals.accept(ccas, referral)
    referrals.message(ccas, referral, "Amina Benali viendra avec la pochette bleue.")
    referrals.message(library, referral, "Son numéro : 06 12 34 56 78.")
    add_need(world, person="amina", note="Note secrète.")
    granted = grants.on_person(library, world.people["amina"])
    data = SessionData(
        held_on=world.today, minutes=30, themes=(Theme.EMAIL,), place_kind=PlaceKind.A_DISTANCE, note="Note secrète"
    )
    mediation.log_session(library, granted, data, world.today)
    evaluate(world, "library.adviser", "amina")
    commit()


def test_no_mail_names_the_person(sent: World) -> None:
    with sent.app.app_context():
        whole_story(sent)
        mails = db.session.scalars(select(OutboxMessage)).all()
        assert len(mails) >= 4
        for one in mails:
            words = f"{one.subject}\n{one.body}"
            assert not any(secret in words for secret in (*SECRETS, str(sent.people["amina"]))), words
            assert "Droits" not in words


def test_no_line_of_the_journal_holds_words(sent: World) -> None:
    with sent.app.app_context():
        whole_story(sent)
    library = sent.client("library.adviser")
    library.get(f"/personnes/{sent.people['amina']}")
    library.submit(library.get("/personnes"), "form[role=search]", q="Benali", follow_redirects=True)
    with sent.app.app_context():
        entries = db.session.scalars(select(JournalEntry)).all()
        assert {"person.search", "need.open", "session.log"} <= {one.action for one in entries}
        for one in entries:
            words = f"{one.action} {one.object_type} {one.grant} {one.details}"
            assert not any(secret in words for secret in SECRETS), words
    shown = sent.client("dpo").get("/protection/journal")
    assert shown.status_code == 200
    assert not any(secret in shown.get_data(as_text=True) for secret in SECRETS)


def test_exports_and_lists_of_the_directory_keep_sensitive_structures_out(sent: World) -> None:
    with sent.app.app_context():
        place = Place(
            structure_id=sent.structures["shelter"],
            external_id="essai-refuge",
            pivot="00000000000000",
            name="Refuge des Lilas",
            commune_name="Marmande",
            postcode="47200",
            commune_code="47157",
            address="7 rue des Lilas",
            services=[],
            details={},
            updated_on=sent.today,
        )
        hidden = network.add_place(None, place).id
        commit()
    for who in ("library.manager", "coordinator", "library.adviser"):
        client = sent.client(who)
        for path in ("/annuaire", "/annuaire/structures", "/annuaire/export.csv", f"/annuaire/lieux/{hidden}"):
            words = client.get(path).get_data(as_text=True)
            assert "Lilas" not in words, (who, path)
            assert "Maison des femmes" not in words, (who, path)


def test_a_followers_page_forgets_what_was_not_opened(sent: World) -> None:
    """Another structure follows Amina with her name alone: neither page, nor list, nor print, nor search says more."""
    with sent.app.app_context():
        whole_story(sent)
        fresh = FollowUp(
            person_id=sent.people["amina"],
            structure_id=sent.structures["fablab"],
            kind="other",
            sections=Section.IDENTITY,
            started_on=sent.today - timedelta(days=1),
        )
        db.session.add(fresh)
        session = db.session.scalar(select(SessionLog.id))
        assessment = db.session.scalar(select(Assessment.id))
        commit()
    fablab, amina = sent.client("camille.fablab"), sent.people["amina"]
    assert "Amina Benali" in fablab.text(fablab.get(f"/personnes/{amina}"))
    for path in ("", "/corriger", "/demandes/nouvelle", "/orienter", "/papier", "/seances/nouvelle"):
        words = fablab.get(f"/personnes/{amina}{path}").get_data(as_text=True)
        assert not any(secret in words for secret in SECRETS[2:]), path
    assert fablab.get(f"/seances/{session}").status_code == 404
    assert fablab.get(f"/evaluations/{assessment}/resultat").status_code == 404
    assert fablab.get(f"/personnes/{amina}/demandes/{sent.made['need']}").status_code == 404
    assert fablab.get(f"/orientations/{sent.made['referral']}").status_code == 404


def test_what_is_shared_by_default_holds_no_answer_note_nor_adaptation() -> None:
    closed = Section.ANSWERS | Section.NOTES | Section.REPRESENTATIVE | Section.ADAPTATION
    assert not SHARED_BY_DEFAULT & closed
