"""The sender of a referral to a partner without an account gives, mails, renews and cancels the link (rule 11)."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from app.kernel import clock, grants, outbox
from app.kernel.db import db
from app.kernel.outbox import OutboxMessage
from app.kernel.writes import commit
from app.people.actions import protecting
from app.people.actions.protecting import SafetyData
from app.referrals import mails, policy, queries
from app.referrals.actions import linking
from app.referrals.enums import LinkEnd
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
