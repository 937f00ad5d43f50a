"""Several agents at the same instant, each on a connection of their own, with real commits."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.kernel.db import db
from app.kernel.journal import verify
from app.people.models import Consent
from tests.people.deck import OPEN, WORD, YEAR, card_of, code_of, made, shared_with
from tests.support.pages import InspectingClient
from tests.support.world import build_world

Send = Callable[[], TestResponse]


def together(*sends: Send) -> list[TestResponse]:
    """Send several forms as simultaneously as threads allow."""
    barrier = Barrier(len(sends))

    def one(send: Send) -> TestResponse:
        barrier.wait()
        return send()

    with ThreadPoolExecutor(len(sends)) as pool:
        return [future.result() for future in [pool.submit(one, send) for send in sends]]


def presenting(client: InspectingClient, code: str, word: str = WORD) -> Send:
    """The form filled, ready to be sent."""
    screen = client.get(OPEN)
    said = {"present": True, "code": code, "secret_year": YEAR, "secret_word": word}
    return lambda: client.submit(screen, "#ouvrir", data=said)


def test_two_colleagues_open_at_once_and_one_follow_up_begins(committed_app: Flask) -> None:
    world = build_world(committed_app)
    code = made(world)
    answers = together(*(presenting(world.client(who), code) for who in ("ccas.desk", "ccas.adviser")))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(shared_with(world, world.people["amina"])) == 1
    with committed_app.app_context():
        assert verify() == []


def test_two_structures_open_at_once_and_both_follow(committed_app: Flask) -> None:
    world = build_world(committed_app)
    code = made(world)
    answers = together(*(presenting(world.client(who), code) for who in ("ccas.desk", "fs.adviser")))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(shared_with(world, world.people["amina"])) == 2


def test_six_wrong_tries_at_once_count_three_and_lock(committed_app: Flask) -> None:
    world = build_world(committed_app)
    code = made(world)
    hats = ("ccas.desk", "ccas.adviser", "ccas.social", "fs.adviser", "camille.fablab", "library.desk")
    answers = together(*(presenting(world.client(who), code, "Capucine") for who in hats))
    assert {answer.status_code for answer in answers} == {422}
    card = card_of(world, world.people["amina"])
    assert (card.tries, card.forgiven, card.locked) == (3, 0, True)


def test_opening_while_the_agreement_is_taken_back_leaves_nothing_open(committed_app: Flask) -> None:
    """Whichever comes first: once the agreement is taken back, nobody but the referent follows."""
    world = build_world(committed_app)
    amina = world.people["amina"]
    desk = world.client("library.desk")
    code = made(world)
    link = str(desk.select(desk.get(f"/personnes/{amina}"), "#accords a[href$='/retirer']")[0]["href"])
    screen = desk.get(link)
    opened, withdrawn = together(presenting(world.client("fs.adviser"), code), lambda: desk.submit(screen, "#retirer"))
    assert opened.status_code in {303, 422}
    assert withdrawn.status_code == 303
    assert shared_with(world, amina) == {}
    with committed_app.app_context():
        consents = list(db.session.scalars(select(Consent).where(Consent.person_id == amina)))
        assert not any(consent.holds for consent in consents)


def test_two_cards_made_at_once_leave_one_that_opens(committed_app: Flask) -> None:
    world = build_world(committed_app)
    amina = world.people["amina"]

    def making(who: str) -> Send:
        client = world.client(who)
        screen = client.get(f"/personnes/{amina}/carte")
        return lambda: client.submit(screen, "#carte", data={"present": True, "secret_word": WORD})

    answers = together(making("library.desk"), making("library.adviser"))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert presenting(world.client("fs.adviser"), code_of(world, amina))().status_code == 303
