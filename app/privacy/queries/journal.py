"""Reads for the data protection officer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from app.accounts import queries as accounts
from app.kernel import journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.journal import JournalEntry
from app.network import queries as network
from app.people.models import Person
from app.privacy import policy
from app.privacy.enums import GRANTS, Family, detail_of, words_of

PAGE = 50


@dataclass(frozen=True)
class JournalFilter:
    """What is asked of the journal. `before` is an entry's number: older ones only."""

    family: Family | None = None
    first: date | None = None
    last: date | None = None
    user_id: UUID | None = None
    before: int | None = None


@dataclass(frozen=True)
class JournalLine:
    """One entry: a professional's name, a structure, the person as a code. Never what was typed."""

    seq: int
    at: datetime
    who: str
    structure: str
    what: str
    person_code: str
    grant: str
    details: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class JournalPage:
    """Entries, newest first; `next_before` opens the following page, None on the last one."""

    lines: tuple[JournalLine, ...]
    next_before: int | None


def journal_page(actor: Actor, wanted: JournalFilter, timezone: str) -> JournalPage:
    """A page of the journal, itself journalled. NotFound for anybody but a DPO."""
    if not policy.can_read_journal(actor):
        raise NotFound
    query = _filtered(select(JournalEntry).where(policy.journal_scope(actor)), wanted, timezone)
    entries = db.session.scalars(query.order_by(JournalEntry.seq.desc()).limit(PAGE + 1)).all()
    shown = entries[:PAGE]
    journal.note(
        actor, "journal.read", "journal", count=len(shown), family=wanted.family.value if wanted.family else ""
    )
    return JournalPage(tuple(_lines(actor, shown)), shown[-1].seq if len(entries) > PAGE else None)


def _filtered(query: Select[JournalEntry], wanted: JournalFilter, timezone: str) -> Select[JournalEntry]:
    zone = ZoneInfo(timezone)
    if wanted.family is not None:
        query = query.where(JournalEntry.action.in_(wanted.family.codes))
    if wanted.user_id is not None:
        query = query.where(JournalEntry.user_id == wanted.user_id)
    if wanted.before is not None:
        query = query.where(JournalEntry.seq < wanted.before)
    if wanted.first is not None:
        query = query.where(JournalEntry.at >= datetime.combine(wanted.first, time.min, zone))
    if wanted.last is not None:
        query = query.where(JournalEntry.at <= datetime.combine(wanted.last, time.max, zone))
    return query


def _lines(actor: Actor, entries: Sequence[JournalEntry]) -> list[JournalLine]:
    users = accounts.display_names({e.user_id for e in entries if e.user_id})
    structures = network.names(actor, {e.structure_id for e in entries if e.structure_id})
    codes = _codes({e.person_id for e in entries if e.person_id})
    return [
        JournalLine(
            e.seq,
            e.at,
            users.get(e.user_id, "") if e.user_id else "",
            structures.get(e.structure_id, "") if e.structure_id else "",
            words_of(e.action),
            codes.get(e.person_id, "") if e.person_id else "",
            str(GRANTS.get(e.grant, e.grant)),
            tuple(detail_of(key, value) for key, value in json.loads(e.details).items()),
        )
        for e in entries
    ]


def _codes(ids: set[UUID]) -> dict[UUID, str]:
    if not ids:
        return {}
    return {row.id: row.code for row in db.session.execute(select(Person.id, Person.code).where(Person.id.in_(ids)))}
