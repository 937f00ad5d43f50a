"""Files of the national schema: compared with what is known, then written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Any, BinaryIO
from uuid import UUID

from app.kernel import clock, formats, ids, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.i18n import gettext as _
from app.network import policy, queries
from app.network.enums import ChangeKind
from app.network.imports import FileRefused, Line, PlaceRow, RowRefused, kind_of, parse_row, read_lines
from app.network.models import DirectoryChange, Place, Structure
from app.network.schema import COLUMNS, MODEL_FIELDS, Change, cells_of, changes, official

BATCH = 500
# Beyond this, a file in which nearly every row is refused is not a file of places.
MAX_REJECTED = 1000


@dataclass(frozen=True)
class Rejected:
    """A row left out of an import: its line in the file, its id, and the reason in words."""

    line: int
    id: str
    reason: str


@dataclass(frozen=True)
class NewPlace:
    """A row that makes a place."""

    line: int
    id: str
    name: str
    commune: str


@dataclass(frozen=True)
class Difference:
    """A row that changes a place: what changes in it."""

    line: int
    id: str
    name: str
    changes: tuple[Change, ...]


@dataclass
class ImportReport:
    """What an import did, or would do, place by place."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Rejected] = field(default_factory=list)

    @property
    def accepted(self) -> int:
        return self.created + self.updated + self.unchanged

    def as_json(self) -> dict[str, Any]:
        """The form of `places import --json`."""
        counts = {"created": self.created, "updated": self.updated, "unchanged": self.unchanged}
        return {**counts, "rejected": [{"line": r.line, "id": r.id, "reason": r.reason} for r in self.rejected]}


@dataclass
class Writer:
    """Who writes, and from which file sent from the screen (None: a command)."""

    actor: Actor | None
    import_id: UUID | None = None


@dataclass(frozen=True)
class Numbered:
    """A row and its line in the file."""

    line: int
    row: PlaceRow


def import_places(actor: Actor | None, stream: BinaryIO, progress: Callable[[int], None] | None = None) -> ImportReport:
    """Create and update places and their structures from a file of the national schema; good rows enter when others fail.

    Memory stays flat: rows are written in batches. Raises FileRefused when the file as a whole cannot be read, or when
    nearly everything in it is refused; the caller then rolls back.
    """
    report = ImportReport()
    for batch in _batches(stream, report):
        write_batch(Writer(actor), batch, report)
        if progress:
            progress(batch[-1].line)
    note_import(actor, report)
    return report


def note_import(actor: Actor | None, report: ImportReport, import_id: UUID | None = None) -> None:
    """The journal keeps the counts, never what a row says."""
    created, updated, unchanged = report.created, report.updated, report.unchanged
    journal.note(actor, "place.import", "place", import_id, created=created, updated=updated, unchanged=unchanged)


def compare_places(actor: Actor, stream: BinaryIO, told: Callable[[NewPlace | Difference], None]) -> ImportReport:
    """What `import_places` would do, without writing; each new or changed place is told. Raises FileRefused."""
    report = ImportReport()
    for batch in _batches(stream, report):
        known = queries.places_by_external_id([one.row.external_id for one in batch])
        owners = queries.structures_by_id({place.structure_id for place in known.values()})
        for one in batch:
            place = known.get(one.row.external_id)
            if place is not None and not policy.reads_real_name(actor, owners[place.structure_id]):
                report.rejected.append(Rejected(one.line, one.row.external_id, kept_by_its_own()))
            else:
                _compare(one, place, report, told)
        db.session.expunge_all()
    report.rejected.sort(key=lambda rejected: rejected.line)
    return report


def kept_by_its_own() -> str:
    """Why a row about a sensitive structure is left."""
    return _("Ce lieu appartient à une structure partenaire qui tient elle-même sa fiche.")


def _compare(
    one: Numbered, place: Place | None, report: ImportReport, told: Callable[[NewPlace | Difference], None]
) -> None:
    row = one.row
    if place is None:
        report.created += 1
        told(NewPlace(one.line, row.external_id, row.name, f"{row.postcode} {row.commune_name}"))
        return
    found = changes_of(place, row)
    if not found:
        report.unchanged += 1
        return
    report.updated += 1
    told(Difference(one.line, row.external_id, row.name, tuple(found)))


def _batches(stream: BinaryIO, report: ImportReport) -> Iterator[list[Numbered]]:
    seen, batch = set[str](), list[Numbered]()
    for line in read_lines(stream):
        row = _accepted(line, seen, report)
        if row is not None:
            batch.append(Numbered(line.number, row))
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _accepted(line: Line, seen: set[str], report: ImportReport) -> PlaceRow | None:
    try:
        row = parse_row(line)
        if row.external_id in seen:
            raise RowRefused(_("Cet identifiant est déjà plus haut dans le fichier."), "id")
        _check_is_past(row.updated_on)
    except RowRefused as error:
        report.rejected.append(Rejected(line.number, " ".join(line.values.get("id", "").split())[:200], str(error)))
        if len(report.rejected) > MAX_REJECTED and len(report.rejected) > 10 * len(seen):
            raise FileRefused(
                _("Presque toutes les lignes de ce fichier sont refusées : rien n’a été importé.")
            ) from error
        return None
    seen.add(row.external_id)
    return row


def _check_is_past(updated_on: date) -> None:
    """A place that says it was checked after today would never look old. One day is left to the other side of the Earth."""
    if updated_on > (clock.now() + timedelta(days=1)).date():
        raise RowRefused(
            _("La date de mise à jour (%(day)s) est dans l’avenir.", day=formats.day(updated_on)), "date_maj"
        )


def write_batch(writer: Writer, batch: list[Numbered], report: ImportReport) -> None:
    """Create or update the places of these rows, with their history; the session is emptied."""
    rows = [one.row for one in batch]
    known = queries.places_by_external_id([row.external_id for row in rows])
    structures = queries.structures_by_import_key({row.parent_key for row in rows})
    for row in rows:
        place = known.get(row.external_id)
        if place is None:
            _create_place(writer, row, structures)
            report.created += 1
        elif _update_place(writer, place, row):
            report.updated += 1
        else:
            report.unchanged += 1
    db.session.flush()
    db.session.expunge_all()


def _create_place(writer: Writer, row: PlaceRow, structures: dict[str, UUID]) -> None:
    key = row.parent_key
    if key not in structures:
        structures[key] = _create_structure(row, key)
    place = Place(id=ids.new_id(), structure_id=structures[key], imported_at=clock.now(), **values_of(row))
    db.session.add(place)
    remember(writer, place.id, ChangeKind.ADDED)


def _create_structure(row: PlaceRow, key: str) -> UUID:
    structure = Structure(
        id=ids.new_id(),
        name=str(row.details.get("structure_parente") or row.name)[:200],
        kind=kind_of(row),
        import_key=key,
        siret=row.pivot if key.startswith("pivot:") and row.pivot.isdigit() and len(row.pivot) == 14 else None,
        commune_code=row.commune_code,
    )
    db.session.add(structure)
    db.session.flush()
    return structure.id


def _update_place(writer: Writer, place: Place, row: PlaceRow) -> bool:
    found = changes_of(place, row)
    if found:
        apply(place, row)
        place.imported_at = clock.now()
        remember(writer, place.id, ChangeKind.EDITED, found)
    return bool(found)


def apply(place: Place, row: PlaceRow) -> None:
    """The place says what the row says."""
    for name, value in values_of(row, place).items():
        if getattr(place, name) != value:
            setattr(place, name, value)


def remember(writer: Writer, object_id: UUID, kind: ChangeKind, found: list[Change] | tuple[Change, ...] = ()) -> None:
    """Write a line of history."""
    actor = writer.actor
    db.session.add(
        DirectoryChange(
            kind=kind,
            object_id=object_id,
            user_id=actor.user_id if actor else None,
            structure_id=actor.structure_id if actor else None,
            import_id=writer.import_id,
            changes={one.column: [one.before, one.after] for one in found},
        )
    )


def changes_of(place: Place, row: PlaceRow) -> list[Change]:
    """What the row changes in the place. Nothing when it gives back what our own export wrote of it, which leaves out
    what the official schema refuses."""
    before = cells_of(place)
    found = changes(before, cells_of(_Like(values_of(row, place))))
    return [] if found and _is_our_export(before, row) else found


def _is_our_export(before: dict[str, str], row: PlaceRow) -> bool:
    written, _left_out = official(before)
    try:
        back = parse_row(Line(0, written, len(COLUMNS), COLUMNS))
    except RowRefused:
        return False
    return row.present == back.present and values_of(back) == values_of(row)


class _Like:
    """Values by field, read as a place."""

    updated_on: Any
    details: Any

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__.update(values)


def values_of(row: PlaceRow, place: Place | None = None) -> dict[str, Any]:
    """The row, field by field. What the file has no column for stays as the place has it."""
    values = {one.name: getattr(row, one.name) for one in fields(row) if one.name != "present"}
    if place is None or len(row.present.intersection(COLUMNS)) == len(COLUMNS):
        return values
    absent = [column for column in COLUMNS if column not in row.present]
    kept = {MODEL_FIELDS[column] for column in absent if column in MODEL_FIELDS}
    if row.commune_code is not None:
        kept.discard("commune_code")
    values.update({name: getattr(place, name) for name in kept})
    silent = {column: place.details[column] for column in absent if column in place.details}
    return {**values, "details": {**silent, **row.details}}
