"""A file of people sent from the screen: received, its columns matched, confirmed, given up, erased."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, null, select, update

from app.kernel import clock, i18n, ids, jobs
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError, NotFound
from app.kernel.i18n import lazy_gettext as _
from app.kernel.merges import Moved, Stays
from app.kernel.sheets import SheetRefused, read_records
from app.people import policy
from app.people.imports import NOTE_LEFT, ImportField, guess
from app.people.models import ImportedPerson, ImportState, LineState, PeopleImport, PeopleImportLine
from app.people.queries import imports as records

COMPARE, WRITE, UNDO = "people.compare", "people.import", "people.import_undo"
# The file and what was read in it: until the end of the import, and this long at most.
KEPT_FILE = timedelta(days=1)
KEPT_RESULT = timedelta(days=30)
UNFINISHED = (ImportState.COLUMNS, ImportState.COMPARING, ImportState.READY, ImportState.RUNNING)

# A line that looks like a person says so of the record it was compared with, until the result is erased.
MERGED: tuple[Moved | Stays, ...] = (
    Moved("imported_person"),
    Stays(
        "people_import_line", ("person_id",), "result of an import, erased after 30 days: person_alias says who answers"
    ),
    Stays("people_export_line", ("person_id",), "a file prepared before the merge, erased after a day"),
)


def receive(actor: Actor, content: bytes) -> PeopleImport:
    """Keep the file, its columns guessed. DomainError on `file` when it is no table."""
    if not policy.can_import(actor):
        raise NotFound
    run = PeopleImport(
        id=ids.new_id(),
        user_id=actor.user_id,
        membership_id=actor.membership_id,
        structure_id=actor.structure_id,
        content=content,
        language=i18n.language(),
        matching={field.value: at for field, at in guess(titles_of(content)).items()},
    )
    db.session.add(run)
    db.session.flush()
    return run


def titles_of(content: bytes) -> tuple[str, ...]:
    """The titles of the columns. DomainError on `file` when it is no table, or a table without lines."""
    try:
        records_of = read_records(content)
        titles, first = next(records_of, None), next(records_of, None)
    except SheetRefused as error:
        raise DomainError(str(error), "file") from error
    if titles is None or first is None:
        raise DomainError(_("Ce fichier n’a aucune ligne sous ses titres."), "file")
    return titles.cells


def match(actor: Actor, import_id: UUID, matching: Mapping[ImportField, int]) -> PeopleImport:
    """Say which column is what, and ask the worker to compare. DomainError without a name; Conflict once it has begun."""
    run = _mine(actor, import_id)
    if run.state not in {ImportState.COLUMNS, ImportState.COMPARING, ImportState.READY}:
        raise Conflict(_("Cet import a déjà commencé ou pris fin : envoyez le fichier de nouveau."))
    _check_matching(matching)
    run.matching = {field.value: at for field, at in matching.items()}
    run.state = ImportState.COMPARING
    _forget_lines(import_id)
    jobs.enqueue(COMPARE, {"import_id": str(import_id)})
    return run


def _check_matching(matching: Mapping[ImportField, int]) -> None:
    if not {ImportField.FIRST_NAME, ImportField.LAST_NAME} & matching.keys():
        raise DomainError(_("Dites quelle colonne contient le nom, ou le prénom."), ImportField.LAST_NAME.value)
    for field, at in matching.items():
        first = next(one for one in matching if matching[one] == at)
        if first is not field:
            message = _("Cette colonne est déjà prise par « %(other)s ».") % {"other": first.label}
            raise DomainError(message, field.value)


def confirm(actor: Actor, import_id: UUID, chosen: Collection[int]) -> PeopleImport:
    """Ask the worker to register the new people, and the lines of `chosen` although they look like somebody.

    Asked twice, it is done once. Conflict when the file is gone, or when nobody is to be registered.
    """
    run = _mine(actor, import_id)
    if run.state in {ImportState.RUNNING, ImportState.DONE}:
        return run
    if run.state is not ImportState.READY:
        raise Conflict(_("Ce fichier n’est plus là : envoyez-le de nouveau."))
    _decide(import_id, chosen)
    run.to_do = records.counts(import_id).get(LineState.NEW, 0)
    if not run.to_do:
        raise Conflict(_("Il n’y a personne à inscrire dans ce fichier."))
    run.state, run.confirmed_at, run.done_line = ImportState.RUNNING, clock.now(), 0
    ask_for_slice(WRITE, import_id, 0)
    return run


def _decide(import_id: UUID, chosen: Collection[int]) -> None:
    alike = (PeopleImportLine.import_id == import_id, PeopleImportLine.state == LineState.ALIKE)
    for one in db.session.scalars(select(PeopleImportLine).where(*alike, PeopleImportLine.line.in_(sorted(chosen)))):
        one.state, one.person_id, one.score = LineState.NEW, None, 0
        one.reasons = [code for code in one.reasons if code == NOTE_LEFT]
    db.session.flush()
    left = update(PeopleImportLine).where(*alike).values(state=LineState.ASIDE)
    db.session.execute(left.execution_options(synchronize_session=False))


def ask_for_slice(kind: str, import_id: UUID, after: int) -> None:
    """Queue the next lines, once."""
    jobs.enqueue(kind, {"import_id": str(import_id), "after": after}, unique_key=f"{kind}:{import_id}:{after}")


def abandon(actor: Actor, import_id: UUID) -> PeopleImport:
    """Forget the file without registering anybody. Conflict once the import has begun."""
    run = _mine(actor, import_id)
    if run.state is ImportState.ABANDONED:
        return run
    if run.state not in {ImportState.COLUMNS, ImportState.COMPARING, ImportState.READY}:
        raise Conflict(_("Cet import a déjà commencé : il ne peut plus être abandonné."))
    run.state, run.content, run.finished_at = ImportState.ABANDONED, None, clock.now()
    _forget_lines(import_id)
    return run


def undo(actor: Actor, import_id: UUID) -> PeopleImport:
    """Ask the worker to remove those whom nobody touched since. Conflict after 24 hours, or when it is not done."""
    run = _mine(actor, import_id)
    if run.state in {ImportState.UNDOING, ImportState.UNDONE}:
        return run
    if not records.run(actor, import_id).can_undo:
        raise Conflict(_("Cet import ne peut plus être annulé."))
    run.state, run.done_line = ImportState.UNDOING, 0
    ask_for_slice(UNDO, import_id, 0)
    return run


def _mine(actor: Actor, import_id: UUID) -> PeopleImport:
    run = records.locked(import_id)
    if run is None or not policy.can_read_import(actor, run):
        raise NotFound
    return run


def _forget_lines(*imports: UUID) -> None:
    gone = delete(PeopleImportLine).where(PeopleImportLine.import_id.in_(imports))
    db.session.execute(gone.execution_options(synchronize_session=False))


def finish(run: PeopleImport, state: ImportState) -> None:
    """Nothing of the file stays but lines, reasons and counts."""
    run.state, run.content = state, None
    run.finished_at = run.finished_at or clock.now()
    records.empty_lines(run.id)


def purge_files(now: datetime) -> None:
    """Erase the files left for a day, whatever became of them, and the results older than 30 days (worker)."""
    old = select(PeopleImport.id).where(PeopleImport.created_at < now - KEPT_FILE, PeopleImport.state.in_(UNFINISHED))
    _expire(list(db.session.scalars(old)), now)
    done = PeopleImport.state.not_in([*UNFINISHED, ImportState.UNDOING])
    older = list(db.session.scalars(select(PeopleImport.id).where(PeopleImport.created_at < now - KEPT_RESULT, done)))
    _forget_lines(*older)
    db.session.execute(delete(PeopleImport).where(PeopleImport.id.in_(older)))


def _expire(imports: list[UUID], now: datetime) -> None:
    """What was registered before stays, and its lines with it; nothing else of the file does."""
    records.empty_lines(*imports)
    ended = {"state": ImportState.EXPIRED, "content": None, "finished_at": now}
    theirs = update(PeopleImport).where(PeopleImport.id.in_(imports))
    db.session.execute(theirs.values(ended).execution_options(synchronize_session=False))
    db.session.expire_all()


def forget_person(person_id: UUID, structure_id: UUID | None) -> None:
    """Anonymisation: the hash of the line, links to it, and every file that still waits at the structure: it may name them."""
    db.session.execute(delete(ImportedPerson).where(ImportedPerson.person_id == person_id))
    theirs = update(PeopleImportLine).where(PeopleImportLine.person_id == person_id)
    db.session.execute(theirs.values(person_id=null()).execution_options(synchronize_session=False))
    waiting = (PeopleImport.structure_id == structure_id, PeopleImport.state.in_(UNFINISHED))
    _expire(list(db.session.scalars(select(PeopleImport.id).where(*waiting))), clock.now())
