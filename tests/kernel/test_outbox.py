"""Mails: written with what causes them, sent afterwards, without a lock and without a name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, select, text, update

from app.accounts import queries as accounts
from app.accounts.models import User
from app.kernel import clock, jobs, outbox
from app.kernel.db import db, mode
from app.kernel.outbox import Message, OutboxMessage
from app.kernel.writes import commit, rollback
from tests.support.probes import count, within
from tests.support.world import World, build_world

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MESSAGE = Message("Une orientation vous attend", "Connectez-vous : https://reseau.example/orientations")


class Transport:
    """Keeps the mails instead of sending them; refuses the first `refusals` ones."""

    def __init__(self, refusals: int = 0) -> None:
        self.sent: list[EmailMessage] = []
        self.refusals = refusals

    def __call__(self, mail: EmailMessage) -> None:
        if self.refusals:
            self.refusals -= 1
            raise OSError("relais occupé")
        self.sent.append(mail)


@pytest.fixture
def network(committed_app: Flask, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(jobs, "_handlers", {})
    monkeypatch.setattr(jobs, "_recurring", {})
    return build_world(committed_app)


def post(world: World, who: str = "ccas.adviser") -> None:
    with clock.fixed(NOON):
        within(world.app, lambda: (outbox.queue(world.actors[who].user_id, MESSAGE), commit()))


def work(world: World, transport: outbox.Transport, at: datetime = NOON) -> None:
    jobs.handle("outbox.send", outbox.sender(transport, accounts.address_of, "reseau@example.org"))
    with clock.fixed(at):
        while within(world.app, jobs.work_once):
            pass


def test_a_mail_is_sent_once_by_the_worker(network: World) -> None:
    transport = Transport()
    post(network)
    assert transport.sent == []
    work(network, transport)
    work(network, transport, NOON + timedelta(days=1))
    (mail,) = transport.sent
    assert (mail["To"], mail["From"], mail["Subject"]) == (
        network.emails["ccas.adviser"],
        "reseau@example.org",
        "Une orientation vous attend",
    )
    assert mail.get_content().strip() == MESSAGE.body
    row = within(network.app, lambda: db.session.scalars(select(OutboxMessage)).one())
    assert row.sent_at == NOON


def test_nothing_of_a_person_is_in_the_mail_or_the_job(network: World) -> None:
    transport = Transport()
    post(network)
    payloads = within(network.app, lambda: db.session.scalars(select(jobs.Job.payload)).all())
    assert [set(payload) for payload in payloads] == [{"id"}]
    work(network, transport)
    for word in ("Amina", "Benali", "Gauthier", "33612345678"):
        assert word.encode() not in bytes(transport.sent[0])


def test_what_was_rolled_back_is_never_sent(network: World) -> None:
    transport = Transport()
    within(network.app, lambda: (outbox.queue(network.actors["ccas.adviser"].user_id, MESSAGE), rollback(), commit()))
    work(network, transport)
    assert transport.sent == []


def test_a_busy_relay_is_asked_again(network: World) -> None:
    transport = Transport(refusals=1)
    post(network)
    work(network, transport)
    assert transport.sent == []
    work(network, transport, NOON + timedelta(minutes=3))
    assert len(transport.sent) == 1


def test_somebody_who_left_gets_nothing(network: World) -> None:
    transport = Transport()
    post(network)
    closed = update(User).where(User.id == network.actors["ccas.adviser"].user_id).values(closed_at=NOON)
    within(network.app, lambda: (db.session.execute(closed), db.session.commit()))
    work(network, transport)
    assert transport.sent == []
    assert count(network.app, OutboxMessage, OutboxMessage.sent_at.is_(None)) == 1


def test_nobody_waits_for_the_relay(network: World) -> None:
    """While the mail leaves, another connection writes."""
    written = []

    def slow(mail: EmailMessage) -> None:
        other = create_engine(db.engine.url)
        with mode("write"), other.begin() as connection:
            connection.execute(text("UPDATE job SET error = 'écrit pendant ce temps'"))
            written.append(True)
        other.dispose()

    post(network)
    work(network, slow)
    assert written == [True]
    assert count(network.app, OutboxMessage, OutboxMessage.sent_at.is_not(None)) == 1


def test_mails_are_forgotten_after_a_month(network: World) -> None:
    post(network)
    for days, left in ((29, 1), (31, 0)):
        with clock.fixed(NOON + timedelta(days=days)):
            within(network.app, lambda: (outbox.purge(), commit()))
        assert count(network.app, OutboxMessage) == left


def test_without_a_relay_mails_are_files(network: World, tmp_path: Path) -> None:
    post(network)
    work(network, outbox.folder_transport(tmp_path / "mails"))
    (written,) = (tmp_path / "mails").glob("*.eml")
    assert "Une orientation vous attend" in written.read_text()
