"""Files of people sent from the screen: where each is, what it would do, what it did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, null, select, update
from sqlalchemy.orm import undefer

from app.accounts import policy as account_policy
from app.accounts import queries as accounts
from app.accounts.models import Membership
from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.people import policy
from app.people.models import ImportedPerson, ImportState, LineState, PeopleImport, PeopleImportLine, Person
from app.people.queries.card import labels

UNDO_LIFETIME = timedelta(hours=24)
RUNS_SHOWN = 20
LINES_SHOWN = 200


@dataclass(frozen=True)
class RunLine:
    """A file of the list."""

    id: UUID
    state: ImportState
    sent_at: datetime
    made: int


@dataclass(frozen=True)
class FileLine:
    """A line of the file as the screen shows it. `who`: the person it made or looks like, when this hat reads them."""

    line: int
    said: str
    reasons: list[str]
    score: int
    person_id: UUID | None
    who: str


@dataclass(frozen=True)
class RunView:
    """All that the page of a file shows, without its bytes."""

    id: UUID
    state: ImportState
    refusal: str
    sent_at: datetime
    finished_at: datetime | None
    total: int
    notes: int
    to_do: int
    done_line: int
    counts: Mapping[LineState, int]

    def count(self, *states: LineState) -> int:
        """How many lines are in one of these states."""
        return sum(self.counts.get(state, 0) for state in states)

    @property
    def undone_until(self) -> datetime | None:
        """Until when it can be undone; None when it cannot."""
        return self.finished_at + UNDO_LIFETIME if self.finished_at and self.state is ImportState.DONE else None

    @property
    def can_undo(self) -> bool:
        until = self.undone_until
        return until is not None and clock.now() < until and self.count(LineState.MADE) > 0


def hat_of(membership_id: UUID, today: date) -> Actor | None:
    """The hat that asked for some work, as it is now; None when it can no longer be worn."""
    hat = db.session.get(Membership, membership_id, populate_existing=True)
    if hat is None or not account_policy.is_current(hat, today) or hat.user.closed_at is not None:
        return None
    return accounts.actor_of(hat)


def runs(actor: Actor) -> list[RunLine]:
    """The files this hat sent, the last first. One query."""
    made = select(func.count()).where(
        PeopleImportLine.import_id == PeopleImport.id, PeopleImportLine.state == LineState.MADE
    )
    columns = (PeopleImport.id, PeopleImport.state, PeopleImport.created_at, made.scalar_subquery())
    query = select(*columns).where(PeopleImport.membership_id == actor.membership_id)
    ordered = query.order_by(PeopleImport.created_at.desc(), PeopleImport.id.desc()).limit(RUNS_SHOWN)
    return [RunLine(*row) for row in db.session.execute(ordered).all()]


def run(actor: Actor, import_id: UUID) -> RunView:
    """One file. NotFound when it is somebody else’s, or sent with another hat."""
    one = mine(actor, import_id)
    facts = (one.state, one.refusal, one.created_at, one.finished_at, one.total, one.notes, one.to_do, one.done_line)
    return RunView(one.id, *facts, counts(import_id))


def counts(import_id: UUID) -> dict[LineState, int]:
    """How many lines of a file are in each state. One query."""
    query = select(PeopleImportLine.state, func.count()).where(PeopleImportLine.import_id == import_id)
    return {row[0]: row[1] for row in db.session.execute(query.group_by(PeopleImportLine.state)).all()}


def mine(actor: Actor, import_id: UUID, *, content: bool = False) -> PeopleImport:
    """The row of one’s own file. NotFound otherwise."""
    options = [undefer(PeopleImport.content)] if content else []
    one = db.session.scalars(select(PeopleImport).options(*options).where(PeopleImport.id == import_id)).first()
    if one is None or not policy.can_read_import(actor, one):
        raise NotFound
    return one


def lines(actor: Actor, import_id: UUID, *states: LineState) -> list[FileLine]:
    """The first lines of one’s own file in these states, in its order. Two queries; call `run` or `mine` first."""
    theirs = (PeopleImportLine.import_id == import_id, PeopleImportLine.state.in_(states))
    query = select(PeopleImportLine).where(*theirs).order_by(PeopleImportLine.line).limit(LINES_SHOWN)
    found = list(db.session.scalars(query))
    named = labels(actor, {one.person_id for one in found if one.person_id})
    return [_line(one, named) for one in found]


def _line(one: PeopleImportLine, named: Mapping[UUID, str]) -> FileLine:
    typed = one.typed or {}
    said = " ".join(part for part in (typed.get("first_name"), typed.get("last_name")) if part)
    who = named.get(one.person_id, "") if one.person_id else ""
    return FileLine(one.line, said, list(one.reasons), one.score, one.person_id if who else None, who)


def told(import_id: UUID) -> list[tuple[int, list[str]]]:
    """(line, reasons) of every line about which there is something to say. One query; call `mine` first."""
    theirs = (PeopleImportLine.import_id == import_id, PeopleImportLine.state != LineState.REMOVED)
    columns = (PeopleImportLine.line, PeopleImportLine.state, PeopleImportLine.reasons)
    rows = db.session.execute(select(*columns).where(*theirs).order_by(PeopleImportLine.line)).all()
    return [(row[0], list(row[2])) for row in rows if row[2] or row[1] in (LineState.KNOWN, LineState.ASIDE)]


def kept_codes(import_id: UUID) -> list[tuple[int, str, list[str]]]:
    """(line, code of the person, reasons) of whom an undoing left. One query."""
    query = (
        select(PeopleImportLine.line, Person.code, PeopleImportLine.reasons)
        .join(Person, Person.id == PeopleImportLine.person_id)
        .where(PeopleImportLine.import_id == import_id, PeopleImportLine.state == LineState.KEPT)
        .order_by(PeopleImportLine.line)
    )
    return [(row[0], row[1], list(row[2])) for row in db.session.execute(query).all()]


def known_keys(row_keys: Iterable[str]) -> set[str]:
    """Those of these lines that somebody was already registered from."""
    return set(db.session.scalars(select(ImportedPerson.row_key).where(ImportedPerson.row_key.in_(list(row_keys)))))


def locked(import_id: UUID) -> PeopleImport | None:
    """The row, alone with it until the end of the transaction."""
    query = select(PeopleImport).where(PeopleImport.id == import_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).first()


def empty_lines(*imports: UUID) -> None:
    """Forget what was read in these files; lines, states and reasons stay."""
    theirs = (PeopleImportLine.import_id.in_(imports), PeopleImportLine.typed.is_not(None))
    db.session.execute(
        update(PeopleImportLine).where(*theirs).values(typed=null()).execution_options(synchronize_session=False)
    )
