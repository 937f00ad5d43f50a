"""Partners without an account (rule 11): what a link shows and does at each state, with and without the second code."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.assessments import actions as assessments
from app.assessments.actions import Answer
from app.assessments.enums import Mode
from app.kernel import grants
from app.kernel.db import db
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.kernel.journal import JournalEntry
from app.kernel.outbox import OutboxMessage
from app.kernel.writes import commit
from app.mediation import actions as mediation
from app.mediation.actions import SessionData
from app.mediation.enums import NoteVisibility, PlaceKind, Theme
from app.people.models import PersonAdaptation
from app.referrals.enums import Act, Side, State, TaskKind
from app.referrals.models import ReferralEvent, ReferralTask
from tests.access.stage import EXPRESS
from tests.referrals.links import (
    SECRETS,
    accepted,
    give,
    given,
    link_of,
    referral_of,
    secrets_in,
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
