"""Attacks by what a form sends: choices it does not offer, fields it does not have; what mails, journal and exports let out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.accounts.models import Membership
from app.assessments.models import Assessment
from app.kernel import grants, ids
from app.kernel.access import Role
from app.kernel.db import db
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.kernel.journal.models import JournalEntry
from app.kernel.outbox import OutboxMessage
from app.kernel.writes import commit
from app.mediation import actions as mediation
from app.mediation.actions import SessionData
from app.mediation.enums import PlaceKind, Theme
from app.mediation.models import SessionLog
from app.needs.models import Need
from app.network import actions as network
from app.network.models import Place
from app.people.models import Consent, FollowUp, Person
from app.referrals import actions as referrals
from app.referrals.enums import State
from app.referrals.models import Referral
from tests.access.attacking import SECRETS, evaluate
from tests.referrals.helpers import add_need, prepare
from tests.support.world import World

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
