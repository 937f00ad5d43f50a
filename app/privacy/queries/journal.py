"""Reads for the data protection officer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, select

from app.accounts import queries as accounts
from app.kernel import journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.journal import JournalEntry
from app.network import queries as network
from app.people.models import Person
from app.privacy import policy
from app.privacy.enums import GRANTS, Family, words_of
from app.privacy.queries import details
from app.privacy.queries.selections import Criteria, bearing, day_of, id_of

PAGE = 50
PRINTED = 500


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


def journal_page(actor: Actor, wanted: Criteria, timezone: str, before: int | None = None) -> JournalPage:
    """A page of the journal, itself journalled; `before` is an entry's number. NotFound for anybody but a DPO."""
    query = _asked(actor, wanted, timezone)
    if before is not None:
        query = query.where(JournalEntry.seq < before)
    return _read(actor, query, wanted, PAGE, "journal.read")


def journal_on_paper(actor: Actor, wanted: Criteria, timezone: str) -> JournalPage:
    """The newest entries to print, `PRINTED` at most; journalled. NotFound for anybody but a DPO."""
    return _read(actor, _asked(actor, wanted, timezone), wanted, PRINTED, "journal.print")


def _read(actor: Actor, query: Select[JournalEntry], wanted: Criteria, most: int, act: str) -> JournalPage:
    entries = db.session.scalars(query.order_by(JournalEntry.seq.desc()).limit(most + 1)).all()
    shown = entries[:most]
    whom = {entry.person_id for entry in shown} if wanted.get("code") else set()
    one = whom.pop() if len(whom) == 1 else None
    what, kind = wanted.get("what", ""), wanted.get("about", "")
    journal.note(actor, act, "journal", person_id=one, count=len(shown), family=what, about=kind)
    return JournalPage(tuple(_lines(actor, shown)), shown[-1].seq if len(entries) > most else None)


def _asked(actor: Actor, wanted: Criteria, timezone: str) -> Select[JournalEntry]:
    if not policy.can_read_journal(actor):
        raise NotFound
    query = select(JournalEntry).where(policy.journal_scope(actor), *_acts(wanted.get("what", "")))
    if wanted.get("about"):
        query = query.where(JournalEntry.object_type == wanted["about"])
    if who := id_of(wanted.get("who", "")):
        query = query.where(JournalEntry.user_id == who)
    if wanted.get("code"):
        query = query.where(JournalEntry.person_id.in_(bearing(wanted["code"])))
    return query.where(*_days(wanted, ZoneInfo(timezone)))


def _acts(what: str) -> list[ColumnElement[bool]]:
    """Of a family, or one act."""
    if not what:
        return []
    return [JournalEntry.action.in_(Family(what).codes if what in set(Family) else [what])]


def _days(wanted: Criteria, zone: ZoneInfo) -> list[ColumnElement[bool]]:
    first, last = (day_of(wanted.get(name, "")) for name in ("first", "last"))
    begun = [JournalEntry.at >= datetime.combine(first, time.min, zone)] if first else []
    return begun + ([JournalEntry.at <= datetime.combine(last, time.max, zone)] if last else [])


def _lines(actor: Actor, entries: Sequence[JournalEntry]) -> list[JournalLine]:
    told = {e.seq: json.loads(e.details) for e in entries}
    users = accounts.display_names({e.user_id for e in entries if e.user_id} | _ids(entries, told, details.USERS))
    structures = network.names(
        actor, {e.structure_id for e in entries if e.structure_id} | _ids(entries, told, details.STRUCTURES)
    )
    codes = _codes({e.person_id for e in entries if e.person_id})
    names = {str(one): name for one, name in (*users.items(), *structures.items())}
    return [
        JournalLine(
            e.seq,
            e.at,
            users.get(e.user_id, "") if e.user_id else "",
            structures.get(e.structure_id, "") if e.structure_id else "",
            words_of(e.action),
            codes.get(e.person_id, "") if e.person_id else "",
            str(GRANTS.get(e.grant, e.grant)),
            tuple(_said(e.action, told[e.seq], names)),
        )
        for e in entries
    ]


def _ids(entries: Sequence[JournalEntry], told: dict[int, Any], keys: frozenset[details.Key]) -> set[UUID]:
    asked = (one for e in entries for one in details.names_asked(e.action, told[e.seq], keys))
    return {found for one in asked if (found := id_of(one))}


def _said(action: str, told: dict[str, Any], names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for key, value in told.items():
        label, words = details.detail_of(action, key, value, names)
        if words:
            yield label, words


def _codes(ids: set[UUID]) -> dict[UUID, str]:
    if not ids:
        return {}
    return {row.id: row.code for row in db.session.execute(select(Person.id, Person.code).where(Person.id.in_(ids)))}
