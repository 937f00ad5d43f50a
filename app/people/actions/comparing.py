"""The lines of a file compared with who is known, holding no lock meanwhile (worker)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import undefer

from app.kernel import bulk, clock, i18n
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.i18n import gettext as _
from app.kernel.sheets import Record, SheetRefused, read_records
from app.kernel.writes import without_lock
from app.people import cards
from app.people.duplicates import Known
from app.people.enums import Genre
from app.people.imports import NOTE_LEFT, FaultCode, ImportField, RowRefused, parse_row
from app.people.models import ImportState, LineState, PeopleImport, PeopleImportLine
from app.people.queries import imports as records
from app.people.queries.lookalikes import lookalikes

MOST_LINES = 10_000
BATCH = 200
IDENTIFYING = ("first_name", "last_name", "birth_year", "phone", "email", "commune_code", "genre")


@dataclass(frozen=True)
class Setup:
    """What the installation says: the day, and whose notation of telephones is read."""

    today: date
    region: str


@dataclass
class Read:
    """One line, and what becomes of it."""

    line: int
    state: LineState
    row_key: str = ""
    typed: dict[str, Any] | None = None
    reasons: list[str] = field(default_factory=list)
    score: int = 0
    person_id: UUID | None = None

    def says(self, state: LineState, *reasons: str) -> None:
        """Decide what becomes of the line."""
        self.state, self.reasons = state, list(reasons)


@dataclass
class Compared:
    """A whole file: its lines, and how many have a note, which is not kept. `refusal`: why it cannot be read."""

    lines: list[Read] = field(default_factory=list)
    notes: int = 0
    refusal: str = ""


def compare(payload: dict[str, Any], setup: Setup) -> None:
    """Read the file, then write down what each line would do (worker)."""
    import_id = UUID(payload["import_id"])
    with without_lock():
        run = _waiting(import_id)
        actor = records.hat_of(run.membership_id, setup.today) if run else None
        if run is None or run.content is None or actor is None:
            return
        matching = dict(run.matching)
        with i18n.speaking(run.language):
            compared = read_file(actor, run.content, matching, setup)
    _keep(import_id, matching, compared)


def _waiting(import_id: UUID) -> PeopleImport | None:
    run = db.session.get(PeopleImport, import_id, options=[undefer(PeopleImport.content)])
    return run if run is not None and run.state is ImportState.COMPARING else None


def read_file(actor: Actor, content: bytes, matching: dict[str, int], setup: Setup) -> Compared:
    """Every line of the file and what it would do, without writing."""
    found = Compared()
    try:
        for number, record in enumerate(_below_titles(content), 1):
            if number > MOST_LINES:
                raise SheetRefused(_("Ce fichier dépasse %(num)d lignes : découpez-le.", num=MOST_LINES))
            found.lines.append(_read(actor, record, matching, setup, found))
    except SheetRefused as error:
        return Compared(refusal=str(error))
    _mark_twice(found.lines)
    for start in range(0, len(found.lines), BATCH):
        _mark_known(actor, [one for one in found.lines[start : start + BATCH] if one.state is LineState.NEW])
    return found


def _below_titles(content: bytes) -> Iterator[Record]:
    found = read_records(content)
    next(found, None)
    return found


def _read(actor: Actor, record: Record, matching: dict[str, int], setup: Setup, found: Compared) -> Read:
    columns = {ImportField(name): at for name, at in matching.items()}
    cells = {name: record.cells[at] if at < len(record.cells) else "" for name, at in columns.items()}
    formulas = [name for name, at in columns.items() if at in record.formulas]
    try:
        row = parse_row(cells, formulas, setup.today.year, setup.region)
    except RowRefused as error:
        return Read(record.line, LineState.FAULTY, reasons=error.reasons)
    found.notes += row.note
    return Read(record.line, LineState.NEW, row_key_of(actor, row.values), row.values, [NOTE_LEFT] if row.note else [])


def row_key_of(actor: Actor, values: dict[str, Any]) -> str:
    """What tells that the same line was registered before by the same desk: a keyed hash, which gives nothing back."""
    team = actor.team_id if actor.team_is_secret else None
    said = "\x1f".join(str(values[name] or "").casefold() for name in IDENTIFYING)
    return cards.rules().keyed("imported", f"{actor.structure_id}:{team}:{said}").hex()


def _mark_twice(lines: Sequence[Read]) -> None:
    seen = set[str]()
    for one in lines:
        if one.state is LineState.NEW and one.row_key in seen:
            one.says(LineState.FAULTY, f"{ImportField.LAST_NAME.value}:{FaultCode.TWICE.value}")
            one.typed = None
        seen.add(one.row_key)


def _mark_known(actor: Actor, lines: list[Read]) -> None:
    """Lines registered before; then those that look like somebody of the same desk. Three queries."""
    known = records.known_keys(one.row_key for one in lines)
    for one in lines:
        if one.row_key in known:
            one.says(LineState.KNOWN)
            one.typed = None
    left = {one.line: one for one in lines if one.state is LineState.NEW}
    alike = lookalikes(actor, {line: _known(one.typed or {}) for line, one in left.items()})
    for line, (person_id, likeness) in alike.items():
        note = [code for code in left[line].reasons if code == NOTE_LEFT]
        left[line].says(LineState.ALIKE, *(reason.value for reason in likeness.reasons), *note)
        left[line].score, left[line].person_id = likeness.score, person_id


def _known(values: dict[str, Any]) -> Known:
    phones = (values["phone"],) if values["phone"] else ()
    gender = "" if values["genre"] == Genre.NON_COMMUNIQUE else values["genre"]
    names = (values["first_name"], values["last_name"])
    return Known(*names, "", values["birth_year"], phones, values["commune_code"] or "", gender)


def _keep(import_id: UUID, matching: dict[str, int], compared: Compared) -> None:
    """Unless the columns were matched otherwise meanwhile, or the file given up."""
    run = records.locked(import_id)
    if run is None or run.state is not ImportState.COMPARING or run.matching != matching:
        return
    if compared.refusal:
        run.state, run.refusal, run.content = ImportState.REFUSED, compared.refusal[:500], None
        run.finished_at = clock.now()
        return
    db.session.execute(delete(PeopleImportLine).where(PeopleImportLine.import_id == import_id))
    bulk.insert(PeopleImportLine, ({**vars(one), "import_id": import_id} for one in compared.lines))
    run.state, run.total, run.notes = ImportState.READY, len(compared.lines), compared.notes
