"""Lists of sessions: those of a structure, those with one person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, String, and_, bindparam, cast, func, literal_column, select

from app.accounts import queries as account_queries
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.grants import Granted
from app.kernel.statements import among, built
from app.mediation import policy
from app.mediation.enums import SessionKind, Theme
from app.mediation.models import Participation, SessionLog, SessionText
from app.needs import policy as need_policy
from app.needs.enums import SENSITIVE_DEMARCHES, Demarche
from app.network import queries as network_queries
from app.people import queries as people_queries

PAGE_SIZE = 25
# Beyond, nobody needs the exact number: counting a structure's years takes longer than reading a page of them.
MOST_COUNTED = 1000


@dataclass(frozen=True)
class Filters:
    """What the list keeps. Codes only: they travel in the address."""

    since: date | None = None
    until: date | None = None
    theme: Theme | None = None
    mine: bool = False


@dataclass(frozen=True)
class SessionLine:
    """A session of our structure in a list. `minutes` and `author_name` are None for who reads dates and themes only.

    `person` is the name when it is open to the reader; `attached` says whether somebody of the register is behind it.
    """

    id: UUID
    kind: SessionKind
    held_on: date
    themes: tuple[Theme, ...]
    title: str
    people: int
    attached: bool
    person_id: UUID | None
    person: str
    minutes: int | None
    author_name: str | None


@dataclass(frozen=True)
class Page:
    """A page of sessions, counted from 1. `total`: how many in all, as far as `MOST_COUNTED`; `more`: there are others.

    `last`: no page follows.
    """

    rows: list[SessionLine]
    number: int
    total: int
    more: bool
    last: bool


@dataclass(frozen=True)
class PersonLine:
    """A session on a person's page. What is not open is None: minutes, author and procedures for the desk, a note."""

    id: UUID
    held_on: date
    logged_at: datetime
    themes: tuple[Theme, ...]
    demarches: tuple[Demarche, ...]
    minutes: int | None
    by: str
    note: str | None


def sessions(actor: Actor, filters: Filters, number: int) -> Page:
    """A page of our structure's sessions, latest first; beyond the last one, the last."""
    number = max(1, number)
    found = _rows(actor, filters, number)
    if not found and number > 1:
        number = max(1, -(-(db.session.scalar(_total(actor, filters)) or 0) // PAGE_SIZE))
        found = _rows(actor, filters, number)
    counted, shown = (found[0].counted if found else 0), found[:PAGE_SIZE]
    last = len(found) == len(shown)
    return Page(_lines(actor, shown), number, min(counted, MOST_COUNTED), counted > MOST_COUNTED, last)


@built
def _total(actor: Actor, filters: Filters) -> Select[int]:
    return select(func.count()).select_from(SessionLog).where(policy.ours(actor), *_kept(actor, filters))


_COLUMNS = (
    SessionLog.id,
    SessionLog.kind,
    SessionLog.held_on,
    SessionLog.themes,
    SessionLog.title,
    SessionLog.minutes,
    SessionLog.author_id,
    SessionLog.structure_id,
    SessionLog.team_id,
)


def _rows(actor: Actor, filters: Filters, number: int) -> Sequence[Any]:
    """A page and one line more, each with how many there are, counted as far as one beyond `MOST_COUNTED`."""
    return db.session.execute(_listed(actor, filters), {"start": (number - 1) * PAGE_SIZE}).all()


@built
def _listed(actor: Actor, filters: Filters) -> Select[Any]:
    kept = (policy.ours(actor), *_kept(actor, filters))
    some = select(SessionLog.id).where(*kept).limit(literal_column(str(MOST_COUNTED + 1))).subquery()
    counted = select(func.count()).select_from(some).scalar_subquery().label("counted")
    query: Select[Any] = select(*_COLUMNS, counted).where(*kept)
    query = query.order_by(SessionLog.held_on.desc(), SessionLog.id.desc())
    return query.offset(bindparam("start", type_=Integer())).limit(literal_column(str(PAGE_SIZE + 1)))


def _kept(actor: Actor, filters: Filters) -> Iterable[ColumnElement[bool]]:
    if filters.since is not None:
        yield SessionLog.held_on >= filters.since
    if filters.until is not None:
        yield SessionLog.held_on <= filters.until
    if filters.theme is not None:
        # Stored as a JSON list of codes: the quotes make the match exact, on both databases.
        yield cast(SessionLog.themes, String).contains(f'"{filters.theme.value}"', autoescape=True)
    if filters.mine:
        yield SessionLog.author_id == actor.user_id


def _lines(actor: Actor, rows: Sequence[Any]) -> list[SessionLine]:
    taking = _participants({row.id for row in rows})
    names = people_queries.labels(actor, {person for person, _count in taking.values() if person})
    authors = account_queries.display_names({row.author_id for row in rows if policy.sees_details(actor, row)})
    return [_line(actor, row, taking[row.id], names, authors) for row in rows]


def _line(
    actor: Actor,
    row: Any,
    taking: tuple[UUID | None, int],
    names: dict[UUID, str],
    authors: dict[UUID, str],
) -> SessionLine:
    person_id, people = taking
    name = names.get(person_id, "") if person_id else ""
    return SessionLine(
        row.id,
        row.kind,
        row.held_on,
        tuple(Theme(value) for value in row.themes),
        row.title,
        people,
        person_id is not None,
        person_id if name else None,
        name,
        row.minutes if policy.sees_details(actor, row) else None,
        authors.get(row.author_id),
    )


def _participants(session_ids: set[UUID]) -> dict[UUID, tuple[UUID | None, int]]:
    """(person of the register or None, how many people) by session; one query."""
    found: dict[UUID, tuple[UUID | None, int]] = {}
    for session_id, person_id in db.session.execute(_taking_part(), {"ids": session_ids}) if session_ids else ():
        known, before = found.get(session_id, (None, 0))
        found[session_id] = (known or person_id, before + 1)
    return found


@built
def _taking_part() -> Select[UUID, UUID | None]:
    return select(Participation.session_id, Participation.person_id).where(among(Participation.session_id))


def of_person(actor: Actor, granted: Granted, limit: int) -> tuple[list[PersonLine], int]:
    """The latest sessions with a person that are open to the actor, and how many there are in all."""
    base = _with_person(actor, granted)
    total = db.session.scalar(base.with_only_columns(func.count(), maintain_column_froms=True)) or 0
    joined = and_(SessionText.session_id == SessionLog.id, policy.note_readable(actor, granted))
    query = base.outerjoin(SessionText, joined).add_columns(SessionText.note)
    order = (SessionLog.held_on.desc(), SessionLog.id.desc())
    found = [(row[0], row[1]) for row in db.session.execute(query.order_by(*order).limit(limit))]
    names = account_queries.display_names({s.author_id for s, _note in found if s.structure_id == actor.structure_id})
    others = network_queries.names(actor, {s.structure_id for s, _note in found} - {actor.structure_id})
    return [_person_line(actor, granted, s, note, {**others, **names}) for s, note in found], total


def _with_person(actor: Actor, granted: Granted) -> Select[SessionLog]:
    query = select(SessionLog).join(Participation, Participation.session_id == SessionLog.id)
    return query.where(Participation.person_id == granted.person_id, policy.readable(actor, granted))


def _person_line(
    actor: Actor, granted: Granted, row: SessionLog, note: str | None, names: dict[UUID, str]
) -> PersonLine:
    details = policy.sees_details(actor, row)
    by = names.get(row.author_id) or names.get(row.structure_id, "")
    return PersonLine(
        row.id,
        row.held_on,
        row.created_at,
        tuple(Theme(value) for value in row.themes),
        demarches_shown(actor, granted, row) if details else (),
        row.minutes if details else None,
        by if details else "",
        note,
    )


def demarches_shown(actor: Actor, granted: Granted | None, row: SessionLog) -> tuple[Demarche, ...]:
    """The procedures of a session; the sensitive ones only to those who logged it or to whom they were opened."""
    every = tuple(Demarche(value) for value in row.demarches)
    if policy.is_ours(actor, row) or (granted is not None and need_policy.opens_sensitive(granted)):
        return every
    return tuple(one for one in every if one not in SENSITIVE_DEMARCHES)
