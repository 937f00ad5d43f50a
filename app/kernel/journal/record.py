"""Collecting entries during a transaction; they are chained by its last statement (`seal`)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select

from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import UtcDateTime, db
from app.kernel.grants import SOMEBODY, Granted
from app.kernel.journal.models import JournalEntry

KEY = "journal_pending"
# One entry per user, person and grant per 10 minutes (domain/access.md).
READ_WINDOW = timedelta(minutes=10)
Codes = Mapping[str, str | int | bool | list[str] | None]


@dataclass(frozen=True)
class Draft:
    """An entry waiting for its place in the chain."""

    at: datetime
    action: str
    user_id: UUID | None
    membership_id: UUID | None
    structure_id: UUID | None
    object_type: str
    object_id: UUID | None
    person_id: UUID | None
    grant: str
    details: str


def note(  # noqa: PLR0913
    actor: Actor | None,
    action: str,
    object_type: str,
    object_id: UUID | None = None,
    *,
    person_id: UUID | None = None,
    grant: str = "",
    **details: str | int | bool | list[str] | None,
) -> None:
    """Write down an act. `action` is a code (`referral.send`); details are codes, ids, counts, never typed words."""
    pending().append(
        Draft(
            clock.now(),
            action,
            actor.user_id if actor else None,
            actor.membership_id if actor else None,
            actor.structure_id if actor else None,
            object_type,
            object_id,
            person_id,
            grant,
            canonical(details),
        )
    )


def read_person(actor: Actor, granted: Granted, what: str) -> None:
    """Write down that a record was read, once per user, person and grant in ten minutes."""
    if not _noted_already(actor, granted, what) and not _read_lately(actor, granted, what):
        note(actor, f"{what}.read", "person", granted.person_id, person_id=granted.person_id, grant=granted.source)


def _read_lately(actor: Actor, granted: Granted, what: str) -> bool:
    named = {"user": actor.user_id, "what": f"{what}.read", "by": granted.source, "since": clock.now() - READ_WINDOW}
    return db.session.scalar(_READ_LATELY, {**named, **granted.named}) is not None


_READ_LATELY = (
    select(JournalEntry.seq)
    .where(JournalEntry.user_id == bindparam("user", type_=Uuid()), JournalEntry.person_id == SOMEBODY)
    .where(JournalEntry.action == bindparam("what"), JournalEntry.grant == bindparam("by"))
    .where(JournalEntry.at > bindparam("since", type_=UtcDateTime()))
    .limit(1)
)


def _noted_already(actor: Actor, granted: Granted, what: str) -> bool:
    read = (actor.user_id, granted.person_id, granted.source, f"{what}.read")
    return any((draft.user_id, draft.person_id, draft.grant, draft.action) == read for draft in pending())


def pending() -> list[Draft]:
    """The entries collected by the running transaction."""
    found: list[Draft] = db.session.info.setdefault(KEY, [])
    return found


def forget() -> list[Draft]:
    """Take the collected entries away (rolled back, or about to be written)."""
    taken: list[Draft] = db.session.info.pop(KEY, [])
    return taken


def canonical(details: Codes) -> str:
    """Sorted, compact JSON: the same details always give the same bytes."""
    return json.dumps(dict(details), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
