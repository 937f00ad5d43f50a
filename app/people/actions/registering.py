"""The lines of a confirmed file registered one by one, slice after slice (worker)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import null, select
from sqlalchemy.exc import IntegrityError

from app.kernel import clock, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import DomainError
from app.people.actions.comparing import Setup
from app.people.actions.data import PersonData, Registration
from app.people.actions.importing import WRITE, ask_for_slice, finish
from app.people.actions.register import register
from app.people.enums import AgeStatus, Genre
from app.people.imports import FaultCode, ImportField
from app.people.models import ImportedPerson, ImportState, LineState, PeopleImport, PeopleImportLine
from app.people.queries import imports as records

BATCH = 50


def write_slice(payload: dict[str, Any], setup: Setup) -> None:
    """Register the next lines, then ask for the following ones: each slice is one short transaction (worker)."""
    import_id, after = UUID(payload["import_id"]), int(payload["after"])
    run = records.locked(import_id)
    if run is None or run.state is not ImportState.RUNNING or run.done_line != after:
        return
    actor = records.hat_of(run.membership_id, setup.today)
    lines = _next(run) if actor else []
    known = records.known_keys(one.row_key for one in lines)
    for one in lines:
        if actor is not None:
            _write(actor, one, known, setup)
    if actor is None or len(lines) < BATCH:
        _finish(run, actor)
    else:
        run.done_line = lines[-1].line
        ask_for_slice(WRITE, import_id, run.done_line)


def _next(run: PeopleImport) -> list[PeopleImportLine]:
    theirs = (PeopleImportLine.import_id == run.id, PeopleImportLine.state == LineState.NEW)
    query = select(PeopleImportLine).where(*theirs, PeopleImportLine.line > run.done_line)
    return list(db.session.scalars(query.order_by(PeopleImportLine.line).limit(BATCH)))


def _write(actor: Actor, one: PeopleImportLine, known: set[str], setup: Setup) -> None:
    """One line: registered, known since the preview, or refused. Whatever happens to it, the others go on."""
    noted = len(journal.pending())
    if one.row_key in known:
        one.state, one.typed = LineState.KNOWN, null()
        return
    try:
        with db.session.begin_nested():
            one.person_id = _register(actor, one, setup)
            one.state, one.typed = LineState.MADE, null()
    except (IntegrityError, DomainError):
        del journal.pending()[noted:]
        _refuse(one)


def _refuse(one: PeopleImportLine) -> None:
    """Another file brought the same line at the same moment; or a rule of the register says no."""
    if records.known_keys([one.row_key]):
        one.state = LineState.KNOWN
        return
    one.state, one.reasons = LineState.FAULTY, [f"{ImportField.LAST_NAME.value}:{FaultCode.REFUSED.value}"]


def _register(actor: Actor, one: PeopleImportLine, setup: Setup) -> UUID:
    """Through the ordinary rules. The person was not there: neither the notice nor the shared register was spoken of."""
    values = dict(one.typed or {})
    values |= {"age_status": AgeStatus(values["age_status"]), "genre": Genre(values["genre"])}
    person = register(actor, Registration(person=PersonData(**values), notice_way=None, today=setup.today))
    made = {"person_id": person.id, "structure_id": actor.structure_id, "row_key": one.row_key}
    db.session.add(ImportedPerson(**made, created_at=clock.now()))
    db.session.flush()
    return person.id


def _finish(run: PeopleImport, actor: Actor | None) -> None:
    """When the hat ended meanwhile, what is not registered stays so: those lines are set aside."""
    db.session.flush()
    left = (PeopleImportLine.import_id == run.id, PeopleImportLine.state == LineState.NEW)
    for one in db.session.scalars(select(PeopleImportLine).where(*left)):
        one.state = LineState.ASIDE
    db.session.flush()
    finish(run, ImportState.DONE)
    counts = records.counts(run.id)
    made, known, faulty = (counts.get(state, 0) for state in (LineState.MADE, LineState.KNOWN, LineState.FAULTY))
    journal.note(actor, "people.import", "people_import", run.id, created=made, unchanged=known, refused=faulty)
