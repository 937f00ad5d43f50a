"""The needs of a person, one by one and in lists."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, select, true

from app.accounts import queries as account_queries
from app.kernel import formats, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.grants import Granted
from app.kernel.i18n import gettext as _
from app.kernel.statements import among, built
from app.needs import policy
from app.needs.enums import (
    Blocker,
    Demarche,
    NeedKind,
    NeedResult,
    NeedState,
    Organisme,
    Origin,
    PieceState,
    Priority,
    RightOutcome,
)
from app.needs.models import Need, NeedPiece, NeedText
from app.network import queries as network_queries

# The second column is NULL when there are no words, or when they are not open to the reader.
Found = Row[Need, str, int]


@dataclass(frozen=True)
class NeedLine:
    """A need in a list. `structure_name` is empty when our structure noted it."""

    id: UUID
    kind: NeedKind
    demarche: Demarche | None
    organismes: tuple[Organisme, ...]
    priority: Priority
    due_on: date | None
    state: NeedState
    result: NeedResult | None
    opened_at: datetime
    closed_at: datetime | None
    structure_name: str
    note: str | None
    blockers: tuple[Blocker, ...]
    # Documents asked that nobody has brought yet.
    missing: int

    @property
    def title(self) -> str:
        """« Démarche en ligne · Logement (CAF) »."""
        return title(self.kind, self.demarche, self.organismes)

    @property
    def is_open(self) -> bool:
        """Nobody has said how it ended yet."""
        return self.state is NeedState.OPEN


@dataclass(frozen=True)
class NeedView(NeedLine):
    """One need on its own page. `note` is None when its words are not open to the reader."""

    version: int
    origin: Origin
    right_outcome: RightOutcome | None
    trip_avoided: bool | None
    author_id: UUID
    author_name: str
    structure_id: UUID
    team_id: UUID | None
    reads_note: bool


def title(kind: NeedKind, demarche: Demarche | None, organismes: tuple[Organisme, ...]) -> str:
    """The need in one line."""
    text = f"{kind.label} · {demarche.label}" if demarche else str(kind.label)
    named = ", ".join(str(one.label) for one in organismes)
    return f"{text} ({named})" if named else text


def needs_of(actor: Actor, granted: Granted) -> list[NeedLine]:
    """The needs of a person that are open to the actor, open ones first, then the most pressing, then the latest."""
    order = (Need.state.desc(), Need.priority, Need.created_at.desc(), Need.id.desc())
    found = list(db.session.execute(_readable(actor, granted).order_by(*order)))
    names = _structure_names(actor, found)
    return [NeedLine(**_line(actor, granted, row, names)) for row in found]


def open_of(actor: Actor, granted: Granted) -> list[NeedLine]:
    """The open needs of a person, the most pressing first."""
    found = list(db.session.execute(_open_of(actor, granted.anyone), granted.named))
    names = _structure_names(actor, found)
    return [NeedLine(**_line(actor, granted, row, names)) for row in found]


@built
def _open_of(actor: Actor, anyone: Granted) -> Any:
    order = (Need.priority, Need.due_on.is_(None), Need.due_on, Need.created_at.desc(), Need.id.desc())
    return _readable(actor, anyone).where(Need.state == NeedState.OPEN).order_by(*order)


def get(actor: Actor, granted: Granted, need_id: UUID) -> NeedView:
    """One need, journalled as read. NotFound when it is not open to the actor."""
    row = db.session.execute(_readable(actor, granted).where(Need.id == need_id)).first()
    if row is None:
        raise NotFound
    journal.read_person(actor, granted, "need")
    need = row[0]
    ours = policy.is_ours(actor, need)
    return NeedView(
        **_line(actor, granted, row, _structure_names(actor, [row])),
        version=need.version,
        origin=need.origin,
        right_outcome=need.right_outcome,
        trip_avoided=need.trip_avoided,
        author_id=need.author_id,
        author_name=account_queries.display_names({need.author_id}).get(need.author_id, "") if ours else "",
        structure_id=need.structure_id,
        team_id=need.team_id,
        reads_note=_reads_note(actor, granted, need.id),
    )


def open_needs_choices(actor: Actor, granted: Granted, *, apart: bool = False) -> list[tuple[UUID, str]]:
    """(id, title) of the open needs the actor may read, the latest first. `apart`: only those noted under secrecy."""
    found = [row[0] for row in db.session.execute(_open_choices(actor, granted.anyone, apart), granted.named)]
    titles = {need.id: _title(actor, granted, need) for need in found}
    twice = {title for title, times in Counter(titles.values()).items() if times > 1}
    return [(need.id, _dated(titles[need.id], need) if titles[need.id] in twice else titles[need.id]) for need in found]


@built
def _open_choices(actor: Actor, anyone: Granted, apart: bool) -> Any:
    query = _readable(actor, anyone).where(Need.state == NeedState.OPEN)
    query = query.where(Need.secret.is_(True)) if apart else query
    return query.order_by(Need.created_at.desc(), Need.id.desc())


def _dated(title: str, need: Need) -> str:
    """Two needs of the same kind are told apart by the day they were noted."""
    return _("%(title)s, notée le %(day)s", title=title, day=formats.short_day(need.created_at.date()))


def is_open(actor: Actor, granted: Granted, need_id: UUID) -> bool:
    """Whether this need is one of the person's, readable by the actor, and open."""
    query = select(Need.id).where(policy.readable(actor, granted), Need.id == need_id, Need.state == NeedState.OPEN)
    return db.session.scalar(query) is not None


def titles(actor: Actor, granted: Granted, need_ids: set[UUID]) -> dict[UUID, str]:
    """Titles of several needs of one person, only those open to the actor; one query."""
    if not need_ids:
        return {}
    found = db.session.scalars(select(Need).where(policy.readable(actor, granted), Need.id.in_(need_ids)))
    return {need.id: _title(actor, granted, need) for need in found}


def _readable(actor: Actor, granted: Granted) -> Select[Need, str, int]:
    joined = and_(NeedText.need_id == Need.id, policy.note_readable(actor, granted))
    asked = and_(NeedPiece.need_id == Need.id, NeedPiece.state == PieceState.MISSING)
    missing = select(func.count()).select_from(NeedPiece).where(asked).correlate(Need).scalar_subquery()
    columns = select(Need, NeedText.note, missing)
    return columns.outerjoin(NeedText, joined).where(policy.readable(actor, granted))


def _reads_note(actor: Actor, granted: Granted, need_id: UUID) -> bool:
    query = select(Need.id).where(Need.id == need_id, policy.note_readable(actor, granted))
    return db.session.scalar(query) is not None


def _line(actor: Actor, granted: Granted, row: Found, names: dict[UUID, str]) -> dict[str, Any]:
    need, note, missing = row
    return {
        "id": need.id,
        "kind": need.kind,
        "demarche": _demarche(actor, granted, need),
        "organismes": _organismes(need),
        "priority": need.priority,
        "due_on": need.due_on,
        "state": need.state,
        "result": need.result,
        "opened_at": need.created_at,
        "closed_at": need.closed_at,
        "structure_name": names.get(need.structure_id, ""),
        "note": note,
        "blockers": tuple(Blocker(value) for value in need.blockers),
        "missing": missing,
    }


def _demarche(actor: Actor, granted: Granted, need: Need) -> Demarche | None:
    return need.demarche if policy.shows_demarche(actor, granted, need, need.demarche) else None


def _organismes(need: Need) -> tuple[Organisme, ...]:
    return tuple(Organisme(value) for value in need.organismes)


def _title(actor: Actor, granted: Granted, need: Need) -> str:
    return title(need.kind, _demarche(actor, granted, need), _organismes(need))


def _structure_names(actor: Actor, found: list[Found]) -> dict[UUID, str]:
    others = {row[0].structure_id for row in found} - {actor.structure_id}
    return network_queries.names(actor, others)


def waits(actor: Actor, person_id: Any, *, urgent: bool = False) -> ColumnElement[bool]:
    """SQL: this person has an open need that the actor may read; `urgent`: for today or this week."""
    waiting = and_(Need.person_id == person_id, Need.state == NeedState.OPEN, policy.readable_anywhere(actor))
    return exists().where(waiting, Need.priority.in_((Priority.P1, Priority.P2)) if urgent else true())


def open_counts(actor: Actor, person_ids: set[UUID]) -> dict[UUID, int]:
    """How many needs of each of these people are open and readable by the actor; one query for a whole list."""
    found = db.session.execute(_open_counts(actor), {"ids": person_ids}) if person_ids else ()
    return {row[0]: row[1] for row in found}


@built
def _open_counts(actor: Actor) -> Select[UUID, int]:
    theirs = among(Need.person_id)
    rows = and_(Need.state == NeedState.OPEN, theirs, policy.readable_anywhere(actor))
    return select(Need.person_id, func.count()).where(rows).group_by(Need.person_id)
