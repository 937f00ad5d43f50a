"""The chain: sealing entries, verifying them, purging below a checkpoint."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, delete, func, insert, select, update

from app.kernel import bulk, clock
from app.kernel.db import db
from app.kernel.journal.models import GENESIS, JournalCheckpoint, JournalEntry, JournalHead
from app.kernel.journal.record import Draft, canonical, forget, note

BATCH = 5000
# From this many entries at once, the quick way of writing them is worth its preparation.
MANY = 200
PURGE = "journal.purge"
FIELDS = (
    "at",
    "action",
    "user_id",
    "membership_id",
    "structure_id",
    "object_type",
    "object_id",
    "person_id",
    "grant",
    "details",
)


@dataclass(frozen=True)
class Problem:
    """Where the chain breaks: the entry's number and how (`modified`, `missing`, `moved`, `head`, `checkpoint`)."""

    seq: int
    kind: str


def seal() -> int:
    """Chain the pending entries; last before commit, because it holds the head's lock. Returns how many."""
    drafts = forget()
    if not drafts:
        return 0
    head = db.session.execute(select(JournalHead.seq, JournalHead.hash).with_for_update()).one()
    rows = list(_chain(drafts, head.seq, head.hash))
    if len(rows) > MANY:
        bulk.insert(JournalEntry, rows)
    else:
        # Of the table and not of the model, which would group the rows by what they leave empty.
        db.session.execute(insert(cast(Table, JournalEntry.__table__)), rows)
    db.session.execute(update(JournalHead).values(seq=rows[-1]["seq"], hash=rows[-1]["hash"]))
    return len(rows)


def _chain(drafts: list[Draft], seq: int, previous: str) -> Iterator[dict[str, Any]]:
    for draft in drafts:
        seq += 1
        values: dict[str, Any] = {name: getattr(draft, name) for name in FIELDS}
        digest = fingerprint(seq, previous, values)
        yield {"seq": seq, "previous_hash": previous, "hash": digest, **values}
        previous = digest


def fingerprint(seq: int, previous: str, values: dict[str, Any]) -> str:
    """SHA-256 (hex) of an entry and of the hash before it."""
    words = [str(seq), previous, *(_text(values[name]) for name in FIELDS)]
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()


def _text(value: datetime | UUID | str | None) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    return "" if value is None else str(value)


def verify() -> list[Problem]:
    """Read the whole chain from the last checkpoint and say where it breaks; empty when it holds."""
    seq, previous = _start()
    problems = list(_unfounded(seq, previous))
    for row in _entries(seq):
        problems.extend(_check(row, seq + 1, previous))
        seq, previous = row.seq, row.hash
    head = db.session.execute(select(JournalHead.seq, JournalHead.hash)).first()
    if head is None or (head.seq, head.hash) != (seq, previous):
        problems.append(Problem(head.seq if head else seq, "head"))
    return problems


def _unfounded(seq: int, digest: str) -> Iterator[Problem]:
    """A checkpoint without the entry that its purge wrote hides a deletion."""
    purges = select(JournalEntry.details).where(JournalEntry.action == PURGE, JournalEntry.seq > seq)
    said = [json.loads(details) for details in db.session.scalars(purges)]
    if seq and not any((one.get("up_to"), one.get("hash")) == (seq, digest) for one in said):
        yield Problem(seq, "checkpoint")


def _check(row: Any, expected: int, previous: str) -> Iterator[Problem]:
    if row.seq != expected:
        yield Problem(expected, "missing")
    elif row.previous_hash != previous:
        yield Problem(row.seq, "moved")
    if fingerprint(row.seq, row.previous_hash, {name: getattr(row, name) for name in FIELDS}) != row.hash:
        yield Problem(row.seq, "modified")


def _start() -> tuple[int, str]:
    last = db.session.execute(
        select(JournalCheckpoint.seq, JournalCheckpoint.hash).order_by(JournalCheckpoint.seq.desc()).limit(1)
    ).first()
    return (last.seq, last.hash) if last else (0, GENESIS)


def _entries(after: int) -> Iterator[Any]:
    table = JournalEntry.__table__
    while True:
        rows = db.session.execute(select(table).where(table.c.seq > after).order_by(table.c.seq).limit(BATCH)).all()
        yield from rows
        if len(rows) < BATCH:
            return
        after = rows[-1].seq


def purge(before: datetime) -> int:
    """Delete the entries older than `before`, leaving a checkpoint that joins the chain. Returns how many.

    The caller commits. Nothing younger goes with them: the purge stops at the first entry to keep.
    """
    last = _last_to_purge(before)
    if last is None:
        return 0
    count = db.session.scalar(select(func.count()).select_from(JournalEntry).where(JournalEntry.seq <= last.seq)) or 0
    db.session.add(JournalCheckpoint(seq=last.seq, hash=last.hash, purged=count, at=clock.now()))
    db.session.flush()
    db.session.execute(delete(JournalEntry).where(JournalEntry.seq <= last.seq))
    note(None, PURGE, "journal", up_to=last.seq, hash=last.hash, purged=count)
    return count


def _last_to_purge(before: datetime) -> Any:
    first_kept = db.session.scalar(select(func.min(JournalEntry.seq)).where(JournalEntry.at >= before))
    older = select(JournalEntry.seq, JournalEntry.hash).order_by(JournalEntry.seq.desc()).limit(1)
    if first_kept is not None:
        older = older.where(JournalEntry.seq < first_kept)
    return db.session.execute(older).first()


__all__ = ["Problem", "canonical", "fingerprint", "purge", "seal", "verify"]
