"""People taken away in a file: asked for by a manager, gathered slice by slice and drawn by the worker, erased after a day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update

from app.kernel import bulk, clock, i18n, ids, jobs, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import DomainError, NotFound
from app.kernel.i18n import lazy_gettext as _
from app.kernel.writes import without_lock
from app.people import policy
from app.people.exports import ExportColumn, cells_of, file_of
from app.people.models import ExportState, PeopleExport, PeopleExportLine
from app.people.queries import exports as records
from app.people.queries.imports import hat_of

GATHER, DRAW = "people.export", "people.export_draw"
LIFETIME = timedelta(hours=24)
KEPT_TRACE = timedelta(days=30)
BATCH = 1000


@dataclass(frozen=True, kw_only=True)
class ExportData:
    """What was chosen: columns, in the order of the file, and `csv` or `xlsx`."""

    columns: tuple[ExportColumn, ...]
    format: str


def ask_export(actor: Actor, data: ExportData) -> PeopleExport:
    """Queue the file. NotFound for a hat that exports nothing; DomainError when no column is chosen."""
    if not policy.can_export(actor):
        raise NotFound
    if not data.columns:
        raise DomainError(_("Choisissez au moins une colonne."), "columns")
    made = PeopleExport(
        id=ids.new_id(),
        user_id=actor.user_id,
        membership_id=actor.membership_id,
        structure_id=actor.structure_id,
        team_id=actor.team_id,
        columns=[one.value for one in data.columns],
        format=data.format,
        total=records.count(actor),
        expires_at=clock.now() + LIFETIME,
        language=i18n.language(),
    )
    db.session.add(made)
    db.session.flush()
    jobs.enqueue(GATHER, {"export_id": str(made.id), "after": ""}, unique_key=f"{GATHER}:{made.id}:0")
    journal.note(actor, "people.export_ask", "people_export", made.id, columns=list(made.columns), format=made.format)
    return made


def gather(payload: dict[str, Any], today: date) -> None:
    """Write down the next people, as the hat reads them now, then ask for the following ones (worker)."""
    made = records.locked(UUID(payload["export_id"]))
    if made is None or made.state is not ExportState.WAITING or payload["after"] != (_last(made) or ""):
        return
    actor = hat_of(made.membership_id, today)
    if actor is None or not policy.can_read_export(actor, made) or made.expires_at <= clock.now():
        _empty(PeopleExport.id == made.id)
        return
    with i18n.speaking(made.language):
        count = _write(actor, made, UUID(payload["after"]) if payload["after"] else None)
    made.done += count
    _go_on(made, full=count == BATCH)


def _last(made: PeopleExport) -> str:
    """The last person written, so that the same slice is not written twice."""
    last = select(PeopleExportLine.person_id).where(PeopleExportLine.export_id == made.id)
    found = db.session.scalar(last.order_by(PeopleExportLine.person_id.desc()).limit(1))
    return str(found) if found else ""


def _write(actor: Actor, made: PeopleExport, after: UUID | None) -> int:
    columns = [ExportColumn(code) for code in made.columns]
    people = records.next_people(actor, after, BATCH, {one.section for one in columns})
    lines = [
        {"export_id": made.id, "person_id": person.id, "cells": cells_of(person, columns, opened)}
        for person, opened in people
    ]
    bulk.insert(PeopleExportLine, lines)
    return len(lines)


def _go_on(made: PeopleExport, *, full: bool) -> None:
    payload = {"export_id": str(made.id)}
    if full:
        last = _last(made)
        jobs.enqueue(GATHER, {**payload, "after": last}, unique_key=f"{GATHER}:{made.id}:{last}")
    else:
        made.total = made.done
        jobs.enqueue(DRAW, payload, unique_key=f"{DRAW}:{made.id}")


def draw(payload: dict[str, Any]) -> None:
    """Make the file of what was gathered, holding no lock meanwhile (worker)."""
    export_id = UUID(payload["export_id"])
    with without_lock():
        made = db.session.get(PeopleExport, export_id)
        if made is None or made.state is not ExportState.WAITING:
            return
        with i18n.speaking(made.language):
            columns = [ExportColumn(code) for code in made.columns]
            content = file_of(made.format, columns, records.written(export_id))
    _keep(export_id, content)


def _keep(export_id: UUID, content: bytes) -> None:
    made = records.locked(export_id)
    if made is None or made.state is not ExportState.WAITING:
        return
    made.state, made.document, made.made_at = ExportState.READY, content, clock.now()
    bare = update(PeopleExportLine).where(PeopleExportLine.export_id == export_id).values(cells=[])
    db.session.execute(bare.execution_options(synchronize_session=False))
    journal.note(None, "people.export", "people_export", export_id, count=made.total, columns=list(made.columns))


def note_taken(actor: Actor, made: PeopleExport) -> None:
    """Journal that the file left the application."""
    columns = list(made.columns)
    journal.note(
        actor, "people.export_taken", "people_export", made.id, count=made.total, columns=columns, format=made.format
    )


def erase_export(actor: Actor, export_id: UUID) -> PeopleExport:
    """Erase one’s own file before its time."""
    made = records.mine(actor, export_id)
    _empty(PeopleExport.id == export_id)
    return made


def expire_with(people: Collection[UUID]) -> None:
    """Erase every file that holds one of these people."""
    holding = select(PeopleExportLine.export_id).where(PeopleExportLine.person_id.in_(people))
    _empty(PeopleExport.id.in_(list(db.session.scalars(holding.distinct()))))


def purge_exports() -> None:
    """Erase the files whose time has passed, and after 30 days what was left of them (worker)."""
    _empty(PeopleExport.expires_at <= clock.now())
    db.session.execute(delete(PeopleExport).where(PeopleExport.expires_at < clock.now() - KEPT_TRACE))


def _empty(which: ColumnElement[bool]) -> None:
    theirs = list(db.session.scalars(select(PeopleExport.id).where(which, PeopleExport.state != ExportState.EXPIRED)))
    lines = delete(PeopleExportLine).where(PeopleExportLine.export_id.in_(theirs))
    gone = update(PeopleExport).where(PeopleExport.id.in_(theirs)).values(document=None, state=ExportState.EXPIRED)
    for statement in (lines, gone):
        db.session.execute(statement.execution_options(synchronize_session=False))
    db.session.expire_all()
