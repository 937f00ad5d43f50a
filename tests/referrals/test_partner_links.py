"""Partners without an account (rule 11): what a link shows and does at each state, with and without the second code."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from app.assessments import actions as assessments
from app.assessments.actions import Answer
from app.assessments.enums import Mode
from app.kernel import clock, grants, outbox
from app.kernel.db import db
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.kernel.journal import JournalEntry
from app.kernel.outbox import OutboxMessage
from app.kernel.writes import commit
from app.mediation import actions as mediation
from app.mediation.actions import SessionData
from app.mediation.enums import NoteVisibility, PlaceKind, Theme
from app.people.actions import protecting
from app.people.actions.protecting import SafetyData
from app.people.models import PersonAdaptation
from app.referrals import mails, policy, queries
from app.referrals.actions import linking
from app.referrals.enums import Act, LinkEnd, Side, State, TaskKind
from app.referrals.models import ReferralEvent, ReferralTask
from tests.access.stage import EXPRESS
from tests.referrals.helpers import send
from tests.referrals.links import (
    ADDRESS,
    NAME,
    SECRETS,
    Given,
    accepted,
    add_relay,
    drafted,
    give,
    given,
    link_of,
    referral_of,
    secrets_in,
    sent,
    unlock,
)
from tests.support.pages import InspectingClient
from tests.support.world import World


@pytest.fixture
def partner(world: World) -> InspectingClient:
    """A browser where nobody is signed in."""
    found = world.app.test_client()
    assert isinstance(found, InspectingClient)
    return found


def acts_of(world: World, referral_id: object) -> list[tuple[Act, Side]]:
    with world.app.app_context():
        query = select(ReferralEvent.act, ReferralEvent.side).where(ReferralEvent.referral_id == referral_id)
        return [(row[0], row[1]) for row in db.session.execute(query.order_by(ReferralEvent.rank))]


def forms_of(client: InspectingClient, page: object) -> set[str]:
    return {str(form["id"]) for form in client.select(page, "main form")}  # type: ignore[arg-type]


def test_before_acceptance_only_the_coded_preview_with_or_without_the_code(
    world: World, partner: InspectingClient
) -> None:
    one = given(world)
    closed = partner.get(one.path)
    assert (closed.status_code, secrets_in(closed), forms_of(partner, closed)) == (200, [], {"code-form"})
    assert "Droits et recours" in partner.text(closed)
    opened = unlock(partner, one)
    assert (opened.status_code, secrets_in(opened)) == (200, [])
    assert forms_of(partner, opened) == {"accept-form", "decline-form"}


def test_after_acceptance_the_agreed_sections_with_the_code_alone(world: World, partner: InspectingClient) -> None:
    one = accepted(world, partner, Section.IDENTITY | Section.NEEDS)
    closed = partner.get(one.path)
    assert (secrets_in(closed), forms_of(partner, closed)) == ([], {"code-form"})
    opened = unlock(partner, one)
    assert set(secrets_in(opened)) == {"Amina", "Benali", "pochette bleue", "1958"}
    assert forms_of(partner, opened) == {"start-form", "news-form", "close-form"}
    with_contact = unlock(partner, accepted(world, partner, SHARED_BY_DEFAULT))
    assert set(secrets_in(with_contact)) == set(SECRETS) - {"33612345678"}


@pytest.mark.parametrize("agreed", [True, False])
def test_adaptation_travels_only_when_it_was_agreed(world: World, partner: InspectingClient, agreed: bool) -> None:
    with world.app.app_context():
        needs = {"needs": ["vue"], "languages": ["ar"], "interpreter": False}
        db.session.add(PersonAdaptation(person_id=world.people["amina"], **needs))
        commit()
    sections = SHARED_BY_DEFAULT | (Section.ADAPTATION if agreed else Section(0))
    page = partner.get(given(world, sections).path)
    assert ("Pour être à l’aise" in partner.text(page)) is agreed
    opened = partner.text(unlock(partner, accepted(world, partner, sections)), "main .card--accent")
    assert ("arabe" in opened) is agreed


@pytest.mark.parametrize("agreed", [True, False])
def test_each_section_travels_only_when_it_was_agreed(world: World, partner: InspectingClient, agreed: bool) -> None:
    """Sessions and their notes, the assessment, the plan: all or nothing of what somebody did with them."""
    with world.app.app_context():
        actor = world.actors["library.adviser"]
        granted = grants.on_person(actor, world.people["amina"])
        mediation.log_session(actor, granted, session_data(world), world.today)
        begun = assessments.start(actor, granted, Mode.EXPRESS)
        answers = {question: Answer(code) for question, code in EXPRESS.items()}
        assessments.save_sheet(actor, granted, begun.id, answers, None)
        assessments.finish(actor, granted, begun.id)
        commit()
    rest = Section.SESSIONS | Section.NOTES | Section.ASSESSMENT | Section.PLAN if agreed else Section(0)
    text = partner.text(unlock(partner, accepted(world, partner, Section.IDENTITY | rest)), "main .card--accent")
    shown = ["Ses séances", "Avance bien sur les courriels.", "Ce qui est prévu", "Profil"]
    assert [words in text for words in shown] == [agreed] * len(shown)


def session_data(world: World) -> SessionData:
    return SessionData(
        held_on=world.today,
        minutes=30,
        themes=(Theme.EMAIL,),
        place_kind=PlaceKind.A_DISTANCE,
        note="Avance bien sur les courriels.",
        visibility=NoteVisibility.NETWORK,
    )


def test_the_whole_path_by_two_links(world: World, partner: InspectingClient) -> None:
    one = given(world)
    page = partner.submit(unlock(partner, one), "#accept-form")
    # The answer that accepts shows once whom it is about: the link has served.
    assert "Amina" in secrets_in(page)
    assert forms_of(partner, page) == set()
    assert referral_of(world, one.referral_id).state is State.ACCEPTED
    assert partner.get(one.path).status_code == 404

    two = give(world, one.referral_id)
    page = partner.submit(unlock(partner, two), "#start-form", contact="call")
    assert forms_of(partner, page) == {"news-form", "close-form"}
    page = partner.submit(page, "#news-form", news="Un rendez-vous est pris.")
    assert "Un rendez-vous est pris." in partner.text(page)
    page = partner.submit(page, "#close-form", outcome="need_met", words="Tout est réglé.")
    assert (page.status_code, secrets_in(page), forms_of(partner, page)) == (200, [], set())
    assert partner.get(two.path).status_code == 404
    assert acts_of(world, one.referral_id)[2:] == [
        (act, Side.PARTNER) for act in (Act.SEE, Act.ACCEPT, Act.START, Act.MESSAGE, Act.CLOSE)
    ]
    desk = world.client("library.adviser")
    shown = desk.text(desk.get(f"/orientations/{one.referral_id}"))
    assert "Un rendez-vous est pris." in shown
    assert "Tout est réglé." in shown


def test_a_refusal_tells_the_sender_by_a_task_and_a_mail_without_a_name(
    world: World, partner: InspectingClient
) -> None:
    one = given(world)
    page = partner.submit(unlock(partner, one), "#decline-form", reason="full", words="Essayez le Fablab.")
    assert page.status_code == 200
    assert referral_of(world, one.referral_id).state is State.DECLINED
    with world.app.app_context():
        kinds = set(db.session.scalars(select(ReferralTask.kind).where(ReferralTask.referral_id == one.referral_id)))
        bodies = list(db.session.scalars(select(OutboxMessage.body)))
    assert kinds == {TaskKind.TELL_PERSON, TaskKind.NEXT_ACTION}
    assert bodies
    assert not any(secret in body for body in bodies for secret in (*SECRETS, "Fablab"))


def test_a_refusal_does_not_say_the_name_nor_lose_what_was_typed(world: World, partner: InspectingClient) -> None:
    one = given(world)
    page = partner.submit(unlock(partner, one), "#decline-form", reason="other", words="Madame Benali est connue ici")
    assert page.status_code == 422
    assert "Madame Benali est connue ici" in page.get_data(as_text=True)
    assert referral_of(world, one.referral_id).state is State.SENT


def test_opening_consumes_nothing_and_is_dated_once(world: World, partner: InspectingClient) -> None:
    one = given(world)
    for _again in range(3):
        assert partner.get(one.path).status_code == 200
    assert acts_of(world, one.referral_id).count((Act.SEE, Side.PARTNER)) == 1
    link = link_of(world, one.referral_id)
    assert link.opened_at is not None
    assert (link.tries, link.ended_at) == (0, None)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_a_mail_server_that_only_looks_opens_nothing(world: World, partner: InspectingClient, method: str) -> None:
    one = given(world)
    with partner.tolerating("not valid HTML", "<html>", "0 <title>", "0 <h1>"):
        answer = partner.open(one.path, method=method)
    assert answer.status_code == 200
    assert link_of(world, one.referral_id).opened_at is None
    assert (Act.SEE, Side.PARTNER) not in acts_of(world, one.referral_id)


def test_reads_are_journalled_with_the_link_as_their_grant(world: World, partner: InspectingClient) -> None:
    one = accepted(world, partner)
    unlock(partner, one)
    with world.app.app_context():
        query = select(JournalEntry.action, JournalEntry.person_id).where(JournalEntry.grant == "link")
        found = [(row[0], row[1]) for row in db.session.execute(query)]
    amina = world.people["amina"]
    assert ("referral.link_open", amina) in found
    # Once in the answer that accepted, once by the second link.
    assert found.count(("referral.read", amina)) == 2


def test_no_session_no_cache_no_referrer(world: World, partner: InspectingClient) -> None:
    one = given(world)
    for page in (partner.get(one.path), unlock(partner, one), partner.get("/lien/inconnu")):
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["X-Robots-Tag"].startswith("noindex")
        assert page.headers["X-Frame-Options"] == "DENY"
    with partner.session_transaction() as session:
        assert set(session) == {"csrf_token"}
    # The code opened that page alone: the address asks for it again.
    assert forms_of(partner, partner.get(one.path)) == {"code-form"}


# ---------------------------------------------------------------- the sender


def test_the_sender_is_led_to_the_link_and_sees_it_once(world: World, partner: InspectingClient) -> None:
    referral_id = drafted(world)
    desk = world.client("library.adviser")
    page = desk.get(f"/orientations/{referral_id}/envoyer")
    answer = desk.submit(page, answer="given", button="Envoyer l’orientation")
    assert answer.location == f"/orientations/{referral_id}/lien"
    page = desk.get(answer.location)
    assert NAME in desk.text(page)
    made = desk.submit(page, "#lien")
    address, code = (desk.text(made, f"#{name}") for name in ("lien", "code"))
    assert desk.select(made, "img.link-qr[src^='data:image/svg']")
    path = address.removeprefix("http://localhost")
    assert path.startswith("/lien/")
    assert len(path) > 40
    again = desk.get(answer.location).get_data(as_text=True)
    assert path not in again
    assert code not in again
    assert unlock(partner, Given(referral_id, path, code)).status_code == 200
    assert "Donner le lien" in desk.text(desk.get(f"/orientations/{referral_id}"))
    shown = desk.text(desk.get(answer.location))
    assert "Pas encore" not in shown
    with world.app.app_context():
        kept = db.session.execute(select(OutboxMessage.body)).all()
    assert not any(path in body or code in body for (body,) in kept)


def test_the_mail_holds_the_link_only_once_it_leaves_and_never_the_code(world: World) -> None:
    one = given(world)
    desk = world.client("library.adviser")
    page = desk.get(f"/orientations/{one.referral_id}/lien")
    answer = desk.submit(page, "form[action$='/courriel']")
    assert answer.status_code == 303
    link = link_of(world, one.referral_id)
    assert link.mailed_at is not None
    with world.app.app_context():
        row = db.session.scalars(select(OutboxMessage).where(OutboxMessage.user_id == link.id)).one()
        assert queries.address_for_link(link.id) == ADDRESS
        left = mails.complete(row.body)
        assert one.path not in row.body
        assert one.path in left
        assert one.code.replace(" ", "") not in left.replace(" ", "")
        assert not any(secret in left for secret in (*SECRETS, "Droits", "Médiathèque"))
        linking.cancel_link(world.actors["library.adviser"], one.referral_id)
        assert queries.address_for_link(link.id) is None


def test_the_mail_leaves_by_the_ordinary_job(world: World) -> None:
    one = given(world)
    left: list[EmailMessage] = []
    with world.app.app_context():
        linking.mail_link(world.actors["library.adviser"], one.referral_id)
        commit()
        message = db.session.scalars(
            select(OutboxMessage).where(OutboxMessage.user_id == link_of(world, one.referral_id).id)
        ).one()
        deliver = outbox.sender(left.append, queries.address_for_link, "reseau@essai.example", mails.complete)
        deliver({"id": str(message.id)})
        commit()
    assert left[0]["To"] == ADDRESS
    assert one.path in left[0].get_content()


def test_without_an_address_in_the_directory_no_mail_is_offered(world: World) -> None:
    with world.app.app_context():
        add_relay(world, address="")
        commit()
    one = given(world)
    desk = world.client("library.adviser")
    assert not desk.select(desk.get(f"/orientations/{one.referral_id}/lien"), "form[action$='/courriel']")


def test_cancelled_or_renewed_a_link_opens_nothing(world: World, partner: InspectingClient) -> None:
    one = given(world)
    two = give(world, one.referral_id)
    assert partner.get(one.path).status_code == 404
    assert partner.get(two.path).status_code == 200
    desk = world.client("library.adviser")
    desk.submit(desk.get(f"/orientations/{one.referral_id}/lien"), "form[action$='/annuler']")
    assert partner.get(two.path).status_code == 404
    assert link_of(world, one.referral_id).end_cause is LinkEnd.CANCELLED


def test_who_may_give_the_link(world: World) -> None:
    referral_id = sent(world)
    allowed = {"library.adviser", "library.manager", "camille.library"}
    for who in world.actors:
        if world.actors[who].role.value in {"desk", "adviser", "manager"}:
            status = world.client(who).get(f"/orientations/{referral_id}/lien").status_code
            assert (status == 200) is (who in allowed), who


def test_a_partner_with_accounts_gets_no_link(world: World) -> None:
    with world.app.app_context():
        referral_id = send(world, to=("ccas",)).id
        commit()
        db.session.remove()
    desk = world.client("library.adviser")
    assert desk.get(f"/orientations/{referral_id}/lien").status_code == 404
    assert "Donner le lien" not in desk.text(desk.get(f"/orientations/{referral_id}"))


def test_protected_no_paper_and_a_wider_area(world: World, partner: InspectingClient) -> None:
    one = accepted(world, partner)
    with world.app.app_context():
        actor, amina = world.actors["library.adviser"], world.people["amina"]
        said = SafetyData(safe_way="le mardi au 05", code_word="tilleul")
        protecting.protect(actor, grants.on_person(actor, amina), said, world.today)
        commit()
    desk = world.client("library.adviser")
    made = desk.submit(desk.get(f"/orientations/{one.referral_id}/lien"), "#lien")
    assert not desk.select(made, "[data-print], .link-qr")
    path = desk.text(made, "#lien").removeprefix("http://localhost")
    page = unlock(partner, Given(one.referral_id, path, desk.text(made, "#code")))
    assert "le mardi au 05" in partner.text(page)


def test_the_deadline_kills_it(world: World, partner: InspectingClient, monkeypatch: pytest.MonkeyPatch) -> None:
    one = given(world)
    last = policy.deadline(referral_of(world, one.referral_id))
    monkeypatch.setattr(clock, "now", lambda: last - timedelta(seconds=1))
    assert partner.get(one.path).status_code == 200
    monkeypatch.setattr(clock, "now", lambda: last)
    assert partner.get(one.path).status_code == 404
