"""Two agents at the same instant, each on a connection of their own, with real commits."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.kernel.db import db
from app.kernel.journal import verify
from app.kernel.writes import commit
from app.referrals.enums import Act
from app.referrals.models import Referral, ReferralEvent
from tests.referrals.helpers import prepare, send
from tests.support.pages import InspectingClient
from tests.support.world import World, build_world


def together(*sends: tuple[InspectingClient, TestResponse, str | None, dict[str, str]]) -> list[TestResponse]:
    """Submit several forms as simultaneously as threads allow."""
    barrier = Barrier(len(sends))

    def one(client: InspectingClient, screen: TestResponse, form: str | None, fields: dict[str, str]) -> TestResponse:
        barrier.wait()
        return client.submit(screen, form, **fields)  # type: ignore[arg-type]

    with ThreadPoolExecutor(len(sends)) as pool:
        return [future.result() for future in [pool.submit(one, *each) for each in sends]]


def opened(committed_app: Flask) -> World:
    world = build_world(committed_app)
    with committed_app.app_context():
        world.made["referral"] = send(world).id
        commit()
        db.session.remove()
    return world


def test_two_agents_accept_at_once_and_one_wins(committed_app: Flask) -> None:
    world = opened(committed_app)
    address = f"/orientations/{world.made['referral']}"
    clients = [world.client("ccas.adviser"), world.client("ccas.social")]
    screens = [client.get(address) for client in clients]
    answers = together(
        *((client, screen, "form[action$='/accepter']", {}) for client, screen in zip(clients, screens, strict=True))
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    loser = answers.index(next(answer for answer in answers if answer.status_code == 409))
    winner = ("Ccas Social", "Ccas Adviser")[loser]
    assert f"Acceptée par {winner}" in clients[loser].text(answers[loser])
    with committed_app.app_context():
        acts = list(db.session.scalars(select(ReferralEvent.act).order_by(ReferralEvent.rank)))
        assert acts.count(Act.ACCEPT) == 1
        assert not list(verify())


def test_accepting_and_declining_at_once(committed_app: Flask) -> None:
    world = opened(committed_app)
    address = f"/orientations/{world.made['referral']}"
    first, second = world.client("ccas.adviser"), world.client("ccas.social")
    yes, no = first.get(address), second.get(f"{address}/refuser")
    answers = together(
        (first, yes, "form[action$='/accepter']", {}),
        (second, no, None, {"reason": "full", "words": "Gardez ces mots."}),
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    if answers[1].status_code == 409:
        assert "Gardez ces mots." in second.text(answers[1], "textarea")
    with committed_app.app_context():
        ends = [act for act in db.session.scalars(select(ReferralEvent.act)) if act in {Act.ACCEPT, Act.DECLINE}]
        assert len(ends) == 1


def test_two_first_openings_are_dated_once(committed_app: Flask) -> None:
    world = opened(committed_app)
    address = f"/orientations/{world.made['referral']}"
    clients = [world.client("ccas.adviser"), world.client("ccas.social")]
    with ThreadPoolExecutor(2) as pool:
        assert [answer.status_code for answer in pool.map(lambda client: client.get(address), clients)] == [200, 200]
    with committed_app.app_context():
        assert list(db.session.scalars(select(ReferralEvent.act))).count(Act.SEE) == 1


def test_one_draft_sent_by_two_advisers(committed_app: Flask) -> None:
    world = build_world(committed_app)
    with committed_app.app_context():
        draft = prepare(world).id
        commit()
        db.session.remove()
    clients = [world.client("library.adviser"), world.client("library.manager")]
    screens = [client.get(f"/orientations/{draft}/envoyer") for client in clients]
    answers = together(
        *((client, screen, None, {"answer": "given"}) for client, screen in zip(clients, screens, strict=True))
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    with committed_app.app_context():
        assert list(db.session.scalars(select(ReferralEvent.act))).count(Act.SEND) == 1
        assert db.session.scalars(select(Referral)).one().sent_at is not None
