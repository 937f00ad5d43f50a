"""A file of places sent from the screen: received, compared, confirmed, written slice by slice, erased."""

from __future__ import annotations

import io
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from app.kernel import clock, i18n, ids, jobs
from app.kernel.access import Actor, Role
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError, NotFound
from app.kernel.i18n import lazy_gettext as _
from app.kernel.writes import without_lock
from app.network import policy
from app.network.actions.importing import (
    BATCH,
    Difference,
    ImportReport,
    NewPlace,
    Numbered,
    Writer,
    compare_places,
    note_import,
    write_batch,
)
from app.network.enums import ImportState
from app.network.imports import FileRefused, parse_row, read_lines
from app.network.models import DirectoryChange, PlaceImport

COMPARE, WRITE = "places.compare", "places.import"
# What the preview shows at most; the counts are of everything.
SHOWN = 300
KEPT_FILE = timedelta(days=1)
KEPT_RESULT = timedelta(days=365)


@dataclass
class _Preview:
    new: list[dict[str, Any]] = field(default_factory=list)
    differences: list[dict[str, Any]] = field(default_factory=list)

    def add(self, one: NewPlace | Difference) -> None:
        kept = self.new if isinstance(one, NewPlace) else self.differences
        if len(kept) < SHOWN:
            kept.append(asdict(one))


def receive(actor: Actor, filename: str, content: bytes) -> PlaceImport:
    """Keep the file and ask the worker to compare it. DomainError on `file` when it is not a file of places."""
    if not policy.can_import(actor):
        raise NotFound
    try:
        next(read_lines(io.BytesIO(content)), None)
    except FileRefused as error:
        raise DomainError(str(error), "file") from error
    run = PlaceImport(
        id=ids.new_id(),
        user_id=actor.user_id,
        membership_id=actor.membership_id,
        structure_id=actor.structure_id,
        filename=filename[-200:],
        content=content,
        language=i18n.language(),
    )
    db.session.add(run)
    db.session.flush()
    jobs.enqueue(COMPARE, {"import_id": str(run.id)}, unique_key=f"{COMPARE}:{run.id}")
    return run


def prepare_run(payload: dict[str, Any]) -> None:
    """Compare the file with the directory, holding no lock meanwhile (worker)."""
    import_id = UUID(payload["import_id"])
    preview, report, refusal = _Preview(), ImportReport(), ""
    with without_lock():
        run = db.session.get(PlaceImport, import_id)
        if run is None or run.state is not ImportState.RECEIVED or run.content is None:
            return
        actor, content, language = _actor(run), io.BytesIO(run.content), run.language
        with i18n.speaking(language):
            try:
                report = compare_places(actor, content, preview.add)
            except FileRefused as error:
                refusal = str(error)
    _keep(import_id, preview, report, refusal)


def _keep(import_id: UUID, preview: _Preview, report: ImportReport, refusal: str) -> None:
    run = _locked(import_id)
    if run is None or run.state is not ImportState.RECEIVED:
        return
    if refusal:
        run.state, run.refusal, run.content, run.finished_at = ImportState.REFUSED, refusal[:500], None, clock.now()
        return
    run.state = ImportState.READY
    run.total, run.to_create, run.to_update = report.accepted, report.created, report.updated
    run.preview = {**asdict(preview), "rejected": report.as_json()["rejected"]}


def confirm(actor: Actor, import_id: UUID) -> PlaceImport:
    """Ask the worker to write what was compared. Asked twice, it is written once; Conflict when there is nothing to write."""
    run = _mine(actor, import_id)
    if run.state in {ImportState.RUNNING, ImportState.DONE}:
        return run
    if run.state is not ImportState.READY or run.content is None:
        raise Conflict(_("Ce fichier n’est plus là : envoyez-le de nouveau."))
    run.state, run.confirmed_at = ImportState.RUNNING, clock.now()
    _ask_for_slice(import_id, 0)
    return run


def abandon(actor: Actor, import_id: UUID) -> PlaceImport:
    """Forget the file without writing anything. Conflict once the import has begun."""
    run = _mine(actor, import_id)
    if run.state is ImportState.ABANDONED:
        return run
    if run.state not in {ImportState.RECEIVED, ImportState.READY}:
        raise Conflict(_("Cet import a déjà commencé : il ne peut plus être abandonné."))
    run.state, run.content, run.preview, run.finished_at = ImportState.ABANDONED, None, {}, clock.now()
    return run


def run_slice(payload: dict[str, Any]) -> None:
    """Write the next rows, then ask for the following ones (worker). Each slice is one short transaction."""
    import_id, after = UUID(payload["import_id"]), int(payload["after"])
    run = _locked(import_id)
    if run is None or run.state is not ImportState.RUNNING or run.content is None or run.done_line != after:
        return
    writer, batch = Writer(_actor(run), import_id), _next_rows(run)
    report = ImportReport()
    write_batch(writer, batch, report)
    run = _locked(import_id)
    if run is not None:
        _count(run, report)
        if len(batch) < BATCH:
            _finish(run, writer)
        else:
            run.done_line = batch[-1].line
            _ask_for_slice(import_id, run.done_line)


def _next_rows(run: PlaceImport) -> list[Numbered]:
    refused = {one["line"] for one in run.preview["rejected"]}
    lines = (
        line
        for line in read_lines(io.BytesIO(run.content or b""))
        if line.number > run.done_line and line.number not in refused
    )
    return [Numbered(line.number, parse_row(line)) for line in islice(lines, BATCH)]


def _ask_for_slice(import_id: UUID, after: int) -> None:
    payload = {"import_id": str(import_id), "after": after}
    jobs.enqueue(WRITE, payload, unique_key=f"{WRITE}:{import_id}:{after}")


def _count(run: PlaceImport, report: ImportReport) -> None:
    run.created += report.created
    run.updated += report.updated
    run.unchanged += report.unchanged


def _finish(run: PlaceImport, writer: Writer) -> None:
    """The bytes go; what was refused stays to be downloaded, what was changed is in the history of each place."""
    run.state, run.content, run.finished_at = ImportState.DONE, None, clock.now()
    run.preview = {"rejected": run.preview["rejected"]}
    note_import(writer.actor, ImportReport(run.created, run.updated, run.unchanged), run.id)


def _mine(actor: Actor, import_id: UUID) -> PlaceImport:
    run = _locked(import_id)
    if run is None or not policy.can_read_import(actor, run):
        raise NotFound
    return run


def _locked(import_id: UUID) -> PlaceImport | None:
    """The row, alone with it until the end of the transaction."""
    query = select(PlaceImport).where(PlaceImport.id == import_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).first()


def _actor(run: PlaceImport) -> Actor:
    return Actor(run.user_id, run.membership_id, Role.COORDINATOR, run.structure_id)


def purge_files(now: datetime) -> None:
    """Erase the files left for a day, whatever became of them, and the results older than a year (worker)."""
    left = [ImportState.RECEIVED, ImportState.READY, ImportState.RUNNING]
    old = PlaceImport.created_at < now - KEPT_FILE
    ended: dict[str, Any] = {"state": ImportState.EXPIRED, "content": None, "preview": {}, "finished_at": now}
    db.session.execute(update(PlaceImport).where(old, PlaceImport.state.in_(left)).values(ended))
    older = select(PlaceImport.id).where(PlaceImport.created_at < now - KEPT_RESULT)
    known = DirectoryChange.import_id.in_(older)
    db.session.execute(
        update(DirectoryChange).where(known).values(import_id=None).execution_options(synchronize_session=False)
    )
    db.session.execute(
        delete(PlaceImport).where(PlaceImport.id.in_(older)).execution_options(synchronize_session=False)
    )
