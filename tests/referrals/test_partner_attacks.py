"""Attacks on the links of partners without an account: guessing, replaying, another’s token, after the end, all at once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.kernel import clock
from app.kernel.db import db
from app.kernel.journal import JournalEntry
from app.kernel.outbox import OutboxMessage
from app.kernel.writes import commit
from app.referrals import actions, policy, queries
from app.referrals.actions import linking
from app.referrals.enums import Act, EndCause, LinkEnd, State
from app.referrals.machine import tokens
from app.referrals.models import PartnerTry, ReferralEvent
from tests.referrals.links import accepted, give, given, link_of, referral_of, secrets_in, unlock
from tests.support.pages import InspectingClient, without_tokens
from tests.support.world import World

WRONG = "2222 2222"


@pytest.fixture
def partner(world: World) -> InspectingClient:
    """A browser where nobody is signed in."""
    found = world.app.test_client()
    assert isinstance(found, InspectingClient)
    return found


def bare(page: TestResponse) -> str:
    """The page without what is drawn anew each time."""
    return without_tokens(page.get_data(as_text=True)).replace(page.request.path, "")


def acts_of(world: World, referral_id: object) -> list[Act]:
    with world.app.app_context():
        query = select(ReferralEvent.act).where(ReferralEvent.referral_id == referral_id)
        return list(db.session.scalars(query.order_by(ReferralEvent.rank)))


def test_three_wrong_codes_kill_the_link_even_for_the_right_one(world: World, partner: InspectingClient) -> None:
    one = accepted(world, partner)
    answers = [unlock(partner, one, WRONG) for _rank in range(2)]
    assert [(answer.status_code, secrets_in(answer)) for answer in answers] == [(422, []), (422, [])]
    page = partner.get(one.path)
    third = partner.submit(page, "#code-form", code=WRONG)
    assert third.status_code == 404
    assert partner.submit(page, "#code-form", code=one.code).status_code == 404
    assert partner.get(one.path).status_code == 404
    link = link_of(world, one.referral_id)
    assert (link.end_cause, link.code_hash) == (LinkEnd.LOCKED, "")
    with world.app.app_context():
        locked = select(JournalEntry).where(JournalEntry.action == "referral.link_locked")
        assert len(list(db.session.scalars(locked))) == 1
    desk = world.client("library.adviser")
    assert "bloqué après trois codes faux" in desk.text(desk.get(f"/orientations/{one.referral_id}/lien"))


def test_the_sender_is_told_of_a_locked_link_once(world: World, partner: InspectingClient) -> None:
    one = given(world)
    with world.app.app_context():
        before = db.session.scalar(select(func.count()).select_from(OutboxMessage)) or 0
    page = partner.get(one.path)
    for _rank in range(5):
        partner.submit(page, "#code-form", code=WRONG)
    with world.app.app_context():
        told = queries.mail_targets(world.structures["library"], None, world.today)
        assert db.session.scalar(select(func.count()).select_from(OutboxMessage)) == before + len(told)


def test_a_right_code_forgives_the_wrong_ones_before_it(world: World, partner: InspectingClient) -> None:
    one = given(world)
    for _round in range(3):
        unlock(partner, one, WRONG)
        unlock(partner, one, WRONG)
        assert unlock(partner, one).status_code == 200
    assert partner.get(one.path).status_code == 200


@pytest.mark.parametrize("typed", ["", "   ", "é" * 8, "\u2028", "x" * 41, "' OR 1=1 --"])
def test_odd_codes_are_refused_without_breaking(world: World, partner: InspectingClient, typed: str) -> None:
    one = given(world)
    assert unlock(partner, one, typed).status_code == 422


def test_the_code_is_read_whatever_its_spaces_and_case(world: World, partner: InspectingClient) -> None:
    one = given(world)
    assert unlock(partner, one, one.code.replace(" ", "-").lower()).status_code == 200


def test_unknown_renewed_cancelled_ended_locked_and_expired_answer_one_page(
    world: World, partner: InspectingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = [partner.get("/lien/" + "A" * 43), partner.get("/lien/é")]
    renewed = given(world)
    cancelled = give(world, renewed.referral_id)
    pages.append(partner.get(renewed.path))
    with world.app.app_context():
        linking.cancel_link(world.actors["library.adviser"], renewed.referral_id)
        commit()
    pages.append(partner.get(cancelled.path))
    locked = give(world, renewed.referral_id)
    for _rank in range(3):
        answer = unlock(partner, locked, WRONG)
    pages += [answer, partner.get(locked.path)]
    ended = give(world, renewed.referral_id)
    with world.app.app_context():
        actions.withdraw(world.actors["library.adviser"], renewed.referral_id, EndCause.NO_LONGER_NEEDED)
        commit()
    pages.append(partner.get(ended.path))
    expired = given(world)
    late = policy.deadline(referral_of(world, expired.referral_id))
    monkeypatch.setattr(clock, "now", lambda: late)
    pages.append(partner.get(expired.path))
    assert {page.status_code for page in pages} == {404}
    assert len({bare(page) for page in pages}) == 1


def test_the_code_of_another_link_and_the_proof_of_another_open_nothing(
    world: World, partner: InspectingClient
) -> None:
    mine, theirs = accepted(world, partner), accepted(world, partner)
    assert unlock(partner, mine, theirs.code).status_code == 422
    proof = partner.select(unlock(partner, theirs), "#news-form [name=proof]")[0]["value"]
    page = partner.get(mine.path)
    forged = {"act": "news", "news": "Coucou", "proof": proof, "version": "9"}
    answer = partner.submit(page, "#code-form", forged=forged)
    assert (answer.status_code, secrets_in(answer)) == (422, [])
    assert Act.MESSAGE not in acts_of(world, mine.referral_id)


@pytest.mark.parametrize("proof", ["", ".", "9" * 40, "1.2", "²." + "a" * 64, "999999999999999.aa", "9999999999.é"])
def test_a_made_up_proof_opens_nothing(world: World, partner: InspectingClient, proof: str) -> None:
    one = accepted(world, partner)
    answer = partner.submit(partner.get(one.path), "#code-form", forged={"act": "news", "news": "x", "proof": proof})
    assert (answer.status_code, secrets_in(answer)) == (422, [])


def test_a_proof_lasts_half_an_hour_and_what_was_typed_stays(
    world: World, partner: InspectingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = accepted(world, partner)
    page = unlock(partner, one)
    later = datetime.now(clock.now().tzinfo) + timedelta(minutes=31)
    monkeypatch.setattr(clock, "now", lambda: later)
    answer = partner.submit(page, "#news-form", news="La personne est venue.")
    assert (answer.status_code, secrets_in(answer)) == (422, [])
    assert "La personne est venue." in answer.get_data(as_text=True)
    answer = partner.submit(answer, "#code-form", code=one.code)
    assert answer.status_code == 200
    assert acts_of(world, one.referral_id).count(Act.MESSAGE) == 1


def test_a_proof_ends_with_the_link_that_gave_it(world: World, partner: InspectingClient) -> None:
    one = accepted(world, partner)
    page = unlock(partner, one)
    two = give(world, one.referral_id)
    assert partner.submit(page, "#news-form", news="Trop tard.").status_code == 404
    proof = partner.select(page, "#news-form [name=proof]")[0]["value"]
    forged = {"act": "news", "news": "x", "proof": proof}
    answer = partner.submit(partner.get(two.path), "#code-form", forged=forged)
    assert (answer.status_code, secrets_in(answer)) == (422, [])


def test_a_form_sent_twice_is_written_once(world: World, partner: InspectingClient) -> None:
    one = accepted(world, partner)
    page = unlock(partner, one)
    answers = [partner.submit(page, "#news-form", news="Tout va bien.") for _again in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert acts_of(world, one.referral_id).count(Act.MESSAGE) == 1
    # Another body under the same key is refused.
    assert partner.submit(page, "#news-form", news="Autre chose.").status_code == 409
    assert acts_of(world, one.referral_id).count(Act.MESSAGE) == 1


def test_the_answer_sent_again_after_the_end_shows_nothing(world: World, partner: InspectingClient) -> None:
    one = given(world)
    page = unlock(partner, one)
    first = partner.submit(page, "#accept-form")
    assert "Amina" in secrets_in(first)
    again = partner.submit(page, "#accept-form")
    assert (again.status_code, secrets_in(again)) == (200, [])
    assert "déjà enregistré" in partner.text(again)
    assert acts_of(world, one.referral_id).count(Act.ACCEPT) == 1
    assert partner.submit(page, "#decline-form", reason="full").status_code == 404
    forged = partner.submit(page, "#accept-form", forged={"version": "1"})
    assert forged.status_code == 404
    assert referral_of(world, one.referral_id).state is State.ACCEPTED


def test_two_people_with_one_link_the_second_is_told(world: World, partner: InspectingClient) -> None:
    one = accepted(world, partner)
    first, second = unlock(partner, one), unlock(partner, one)
    assert partner.submit(first, "#start-form", contact="call").status_code == 200
    answer = partner.submit(second, "#close-form", outcome="did_not_come", words="Personne ne s’est présenté.")
    assert answer.status_code == 409
    assert "Entre-temps" in partner.text(answer)
    assert "Personne ne s’est présenté." in answer.get_data(as_text=True)
    assert referral_of(world, one.referral_id).state is State.IN_PROGRESS
    assert partner.submit(answer, "#close-form").status_code == 200
    assert referral_of(world, one.referral_id).state is State.CLOSED


@pytest.mark.parametrize(
    ("act", "more"),
    [
        ("close", {"outcome": "redirected"}),
        ("close", {"outcome": ""}),
        ("start", {"contact": "telepathy"}),
        ("accept", {}),
        ("decline", {"reason": "full"}),
    ],
)
def test_what_the_table_does_not_give_the_partner_is_refused(
    world: World, partner: InspectingClient, act: str, more: dict[str, str]
) -> None:
    one = accepted(world, partner)
    page = unlock(partner, one)
    answer = partner.submit(page, "#close-form", outcome="need_met", forged={"act": act, **more})
    assert answer.status_code in {409, 422}
    assert referral_of(world, one.referral_id).state is State.ACCEPTED


@pytest.mark.parametrize("act", ["withdraw", "take", "reopen", "give", "send", "../", ""])
def test_an_unknown_act_does_nothing(world: World, partner: InspectingClient, act: str) -> None:
    one = accepted(world, partner)
    before = acts_of(world, one.referral_id)
    answer = partner.submit(unlock(partner, one), "#news-form", news="x", forged={"act": act})
    assert answer.status_code == 200
    assert [one for one in acts_of(world, one.referral_id) if one is not Act.SEE] == [
        one for one in before if one is not Act.SEE
    ]


def test_without_the_form_token_nothing_is_done_nor_tried(world: World, partner: InspectingClient) -> None:
    one = given(world)
    page = unlock(partner, one)
    stranger = world.app.test_client()
    assert isinstance(stranger, InspectingClient)
    proof = partner.select(page, "#accept-form [name=proof]")[0]["value"]
    answer = stranger.post(one.path, data={"act": "accept", "proof": proof, "version": "2"})
    assert (answer.status_code, secrets_in(answer)) == (400, [])
    answer = stranger.post(one.path, data={"act": "code", "code": WRONG})
    assert answer.status_code == 400
    assert referral_of(world, one.referral_id).state is State.SENT
    assert link_of(world, one.referral_id).tries == 1


def test_no_redirect_is_taken_from_the_address(world: World, partner: InspectingClient) -> None:
    one = given(world)
    page = partner.get(one.path + "?suite=https://ailleurs.example&retour=//ailleurs.example")
    assert (page.status_code, page.headers.get("Location")) == (200, None)
    answer = partner.submit(page, "#code-form", code=one.code)
    assert (answer.status_code, answer.headers.get("Location")) == (200, None)


def test_an_address_that_was_wrong_too_often_waits(world: World, partner: InspectingClient) -> None:
    one = given(world)
    with world.app.app_context():
        source = policy.rules().keys.source("127.0.0.1")
        for _rank in range(tokens.ADDRESS_TRIES):
            db.session.add(PartnerTry(address_hash=source, at=clock.now()))
        commit()
    answer = unlock(partner, one)
    assert answer.status_code == 429
    assert link_of(world, one.referral_id).tries == 0
    with world.app.app_context():
        db.session.query(PartnerTry).update({"at": clock.now() - timedelta(minutes=16)})
        commit()
    assert unlock(partner, one).status_code == 200
    with world.app.app_context():
        linking.purge_tries()
        assert db.session.scalar(select(func.count()).select_from(PartnerTry)) == 0
