"""Files of people prepared for a manager: where each is, whether it may still be taken, and the people to write in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload, undefer

from app.kernel import clock, grants
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.grants import NOTHING, Section
from app.people import policy
from app.people.models import ExportState, PeopleExport, PeopleExportLine, Person

FILES_SHOWN = 20


@dataclass(frozen=True)
class ExportView:
    """One file. `closed`: a right was lost since it was asked for, it cannot be taken any more."""

    id: UUID
    state: ExportState
    columns: list[str]
    format: str
    total: int
    done: int
    asked_at: datetime
    expires_at: datetime
    closed: bool = False

    @property
    def ready(self) -> bool:
        return self.state is ExportState.READY and not self.closed


def count(actor: Actor) -> int:
    """How many people this hat may take away."""
    return db.session.scalar(select(func.count()).select_from(Person).where(*policy.exportable(actor))) or 0


def left_out(actor: Actor) -> int:
    """How many of those it reads stay out of any file: protected, or frozen."""
    ours = (Person.referent_structure_id == actor.structure_id, Person.state == "active")
    kept = Person.protected.is_(True) | Person.restricted_on.is_not(None)
    query = select(func.count()).select_from(Person).where(*ours, kept, grants.opens(actor, Person.id))
    return db.session.scalar(query) or 0


def files(actor: Actor) -> list[ExportView]:
    """The files this hat asked for, the last first. One query."""
    theirs = PeopleExport.membership_id == actor.membership_id
    query = select(PeopleExport).where(theirs).order_by(PeopleExport.created_at.desc(), PeopleExport.id.desc())
    return [_view(one) for one in db.session.scalars(query.limit(FILES_SHOWN))]


def file(actor: Actor, export_id: UUID) -> ExportView:
    """One file. NotFound when it is somebody else’s, or asked for with another hat or another perimeter."""
    one = mine(actor, export_id)
    return _view(one, closed=one.state is ExportState.READY and has_lost(actor, one))


def mine(actor: Actor, export_id: UUID) -> PeopleExport:
    """The row of one’s own file, its bytes not read. NotFound otherwise."""
    one = db.session.scalars(select(PeopleExport).where(PeopleExport.id == export_id)).first()
    if one is None or not policy.can_read_export(actor, one):
        raise NotFound
    return one


def document(actor: Actor, export_id: UUID) -> tuple[PeopleExport, bytes]:
    """The file itself. NotFound unless it is one’s own, ready, in time, and nothing in it was closed to this hat since."""
    one = mine(actor, export_id)
    query = select(PeopleExport).options(undefer(PeopleExport.document)).where(PeopleExport.id == export_id)
    full = db.session.scalars(query.execution_options(populate_existing=True)).one()
    open_still = one.state is ExportState.READY and one.expires_at > clock.now() and not has_lost(actor, one)
    if not open_still or full.document is None:
        raise NotFound
    return full, full.document


def has_lost(actor: Actor, one: PeopleExport) -> bool:
    """Somebody in the file may no longer be taken away by this hat: handed over, protected, frozen, archived, another team."""
    still = exists().where(Person.id == PeopleExportLine.person_id, *policy.exportable(actor))
    lost = select(PeopleExportLine.person_id).where(PeopleExportLine.export_id == one.id, ~still)
    return db.session.scalar(lost.limit(1)) is not None


def _view(one: PeopleExport, *, closed: bool = False) -> ExportView:
    state = ExportState.EXPIRED if one.expires_at <= clock.now() else one.state
    facts = (list(one.columns), one.format, one.total, one.done, one.created_at, one.expires_at)
    return ExportView(one.id, state, *facts, closed)


def next_people(
    actor: Actor, after: UUID | None, most: int, sections: Iterable[Section]
) -> list[tuple[Person, Section]]:
    """The next people to write, by id, each with what this hat reads of them. Two queries."""
    wanted = sorted(set(sections))
    opened = [grants.opens(actor, Person.id, section) for section in wanted]
    query = select(Person, *opened).options(joinedload(Person.identity), joinedload(Person.adaptation))
    query = query.where(*policy.exportable(actor)).order_by(Person.id).limit(most)
    rows = db.session.execute(query if after is None else query.where(Person.id > after)).all()
    return [(row[0], _union(wanted, row[1:])) for row in rows]


def _union(sections: list[Section], opened: Iterable[bool]) -> Section:
    found = NOTHING
    for section, is_open in zip(sections, opened, strict=True):
        found |= section if is_open else NOTHING
    return found


def locked(export_id: UUID) -> PeopleExport | None:
    """The row, alone with it until the end of the transaction."""
    query = select(PeopleExport).where(PeopleExport.id == export_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).first()


def written(export_id: UUID) -> list[list[str]]:
    """What is to be drawn, in the order of registration."""
    query = select(PeopleExportLine.cells).where(PeopleExportLine.export_id == export_id)
    return [list(one) for one in db.session.scalars(query.order_by(PeopleExportLine.person_id))]
