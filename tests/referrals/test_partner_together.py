"""Several browsers on one link at the same instant, each on a connection of its own, with real commits."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.kernel.db import db
from app.kernel.journal import verify
from app.referrals.enums import Act, LinkEnd, State
from app.referrals.models import PartnerLink, ReferralEvent
from tests.referrals.links import Given, accepted, give, given, link_of, referral_of, secrets_in, unlock
from tests.support.pages import InspectingClient
from tests.support.world import World, build_world

Send = Callable[[], TestResponse]


def together(*sends: Send) -> list[TestResponse]:
    """Send several forms as simultaneously as threads allow."""
    barrier = Barrier(len(sends))

    def one(send: Send) -> TestResponse:
        barrier.wait()
        return send()

    with ThreadPoolExecutor(len(sends)) as pool:
        return [future.result() for future in [pool.submit(one, send) for send in sends]]


def browser(app: Flask) -> InspectingClient:
    found = app.test_client()
    assert isinstance(found, InspectingClient)
    return found


def typing(app: Flask, one: Given, code: str) -> Send:
    """The code written, ready to be sent."""
    client = browser(app)
    page = client.get(one.path)
    return lambda: client.submit(page, "#code-form", code=code)


def answering(app: Flask, one: Given, form: str, **fields: Any) -> Send:
    """An answer behind the code, ready to be sent."""
    client = browser(app)
    page = unlock(client, one)
    return lambda: client.submit(page, form, **fields)


def acts_of(world: World, one: Given) -> list[Act]:
    with world.app.app_context():
        query = select(ReferralEvent.act).where(ReferralEvent.referral_id == one.referral_id)
        return list(db.session.scalars(query))


def test_eight_wrong_codes_at_once_count_three_and_kill_the_link(committed_app: Flask) -> None:
    world = build_world(committed_app)
    one = accepted(world, browser(committed_app))
    answers = together(*(typing(committed_app, one, "22222222") for _rank in range(8)))
    assert sorted({answer.status_code for answer in answers}) in ([404], [404, 422])
    assert not any(secrets_in(answer) for answer in answers)
    link = link_of(world, one.referral_id)
    assert (link.tries, link.forgiven, link.end_cause) == (3, 0, LinkEnd.LOCKED)
    assert browser(committed_app).get(one.path).status_code == 404
    with committed_app.app_context():
        assert verify() == []


def test_a_right_code_among_wrong_ones_never_gives_a_fourth_try(committed_app: Flask) -> None:
    world = build_world(committed_app)
    one = accepted(world, browser(committed_app))
    codes = ["22222222"] * 5 + [one.code]
    answers = together(*(typing(committed_app, one, code) for code in codes))
    link = link_of(world, one.referral_id)
    assert link.tries - link.forgiven <= 3
    assert not any(secrets_in(answer) for answer in answers[:5])
    assert answers[5].status_code in {200, 404}


def test_yes_and_no_at_once_leave_one_answer(committed_app: Flask) -> None:
    world = build_world(committed_app)
    one = given(world)
    sends = [answering(committed_app, one, "#accept-form") for _rank in range(2)]
    sends.append(answering(committed_app, one, "#decline-form", reason="full"))
    answers = together(*sends)
    assert sorted(answer.status_code for answer in answers).count(200) == 1
    assert len([act for act in acts_of(world, one) if act in {Act.ACCEPT, Act.DECLINE}]) == 1


def test_one_form_sent_twice_at_once_is_written_once(committed_app: Flask) -> None:
    world = build_world(committed_app)
    one = accepted(world, browser(committed_app))
    client = browser(committed_app)
    page = unlock(client, one)

    def send() -> TestResponse:
        twin = browser(committed_app)
        cookie = client.get_cookie("maillage")
        assert cookie is not None
        twin.set_cookie("maillage", cookie.value)
        return twin.submit(page, "#news-form", news="Tout va bien.")

    answers = together(send, send)
    assert [answer.status_code for answer in answers] == [200, 200]
    assert acts_of(world, one).count(Act.MESSAGE) == 1


def test_the_answer_while_the_sender_withdraws_leaves_nothing_open(committed_app: Flask) -> None:
    world = build_world(committed_app)
    one = given(world)
    sender = world.client("library.adviser")
    screen = sender.get(f"/orientations/{one.referral_id}/retirer")
    answers = together(
        answering(committed_app, one, "#accept-form"),
        lambda: sender.submit(screen, button="Retirer l’orientation", cause="other_solution"),
    )
    assert answers[0].status_code in {200, 404}
    assert answers[1].status_code in {303, 409}
    state = referral_of(world, one.referral_id).state
    assert state in {State.WITHDRAWN, State.ACCEPTED}
    if state is State.WITHDRAWN:
        assert not secrets_in(answers[0])
    with committed_app.app_context():
        waiting = select(PartnerLink.id).where(PartnerLink.ended_at.is_(None))
        assert db.session.scalars(waiting).all() == []
        assert verify() == []


def test_two_links_made_at_once_leave_one_that_serves(committed_app: Flask) -> None:
    world = build_world(committed_app)
    one = given(world)

    def making(who: str) -> Send:
        client = world.client(who)
        screen = client.get(f"/orientations/{one.referral_id}/lien")
        return lambda: client.submit(screen, "#lien")

    answers = together(making("library.adviser"), making("library.manager"))
    assert {answer.status_code for answer in answers} == {200}
    with committed_app.app_context():
        waiting = select(PartnerLink.id).where(PartnerLink.ended_at.is_(None))
        assert len(db.session.scalars(waiting).all()) == 1
    assert browser(committed_app).get(one.path).status_code == 404
    assert browser(committed_app).get(give(world, one.referral_id).path).status_code == 200
