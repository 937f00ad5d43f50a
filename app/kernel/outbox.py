"""Mails, written in the transaction that causes them and sent after it by the worker. No name, no need: only a link."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import String, Text, delete, update
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock, ids, jobs
from app.kernel.db import Base, db
from app.kernel.writes import without_lock

KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Message:
    """What a mail says. Built by the pure functions of `mails.py`."""

    subject: str
    body: str


class OutboxMessage(Base):
    """A mail to one user of the network; the address is read when it is sent."""

    __tablename__ = "outbox_message"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new_id)
    user_id: Mapped[UUID]
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    sent_at: Mapped[datetime | None]


Transport = Callable[[EmailMessage], None]
_silent: ContextVar[bool] = ContextVar("silent_outbox", default=False)
AddressOf = Callable[[UUID], str | None]
Complete = Callable[[str], str]


@contextmanager
def silence() -> Iterator[None]:
    """Inside the block no mail is written: what is told there is an invented past."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


def is_silent() -> bool:
    """Nobody is told of what happens now."""
    return _silent.get()


def queue(user_id: UUID, message: Message) -> None:
    """Write a mail to a user, in the running transaction."""
    if is_silent():
        return
    row = OutboxMessage(id=ids.new_id(), user_id=user_id, subject=message.subject, body=message.body)
    db.session.add(row)
    jobs.enqueue("outbox.send", {"id": str(row.id)})


def sender(
    transport: Transport, address_of: AddressOf, mail_from: str, complete: Complete = lambda body: body
) -> jobs.Handler:
    """The job that sends one mail. A user who left gets nothing; the mail is kept as never sent.

    `complete` writes what the database may not hold (a link that opens an account) into the mail that leaves.
    """

    def send(payload: dict[str, Any]) -> None:
        message_id = UUID(payload["id"])
        with without_lock():
            mail = _to_send(message_id, address_of, mail_from, complete)
            if mail is not None:
                transport(mail)
        if mail is not None:
            db.session.execute(update(OutboxMessage).where(OutboxMessage.id == message_id).values(sent_at=clock.now()))

    return send


def _to_send(message_id: UUID, address_of: AddressOf, mail_from: str, complete: Complete) -> EmailMessage | None:
    row = db.session.get(OutboxMessage, message_id)
    address = address_of(row.user_id) if row and not row.sent_at else None
    return _mail(row, address, mail_from, complete(row.body)) if row and address else None


def _mail(row: OutboxMessage, address: str, mail_from: str, body: str) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = row.subject, mail_from, address
    mail["Message-ID"] = f"<{row.id}@maillage.invalid>"
    mail.set_content(body)
    return mail


def smtp_transport(url: str) -> Transport:
    """Send by `smtps://user:password@host:465` or `smtp://host:587` (STARTTLS)."""
    parts = urlsplit(url)

    def send(mail: EmailMessage) -> None:
        kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
        with kind(parts.hostname or "localhost", parts.port or 0, timeout=20) as server:
            if parts.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls()
            if parts.username:
                server.login(parts.username, parts.password or "")
            server.send_message(mail)

    return send


def folder_transport(folder: Path) -> Transport:
    """Keep mails as files instead of sending them (demo, and installations without a mail server)."""

    def write(mail: EmailMessage) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        name = str(mail["Message-ID"]).strip("<>").split("@")[0]
        (folder / f"{name}.eml").write_bytes(bytes(mail))

    return write


def purge() -> None:
    """Forget mails older than 30 days."""
    db.session.execute(delete(OutboxMessage).where(OutboxMessage.created_at < clock.now() - KEPT))
