"""Writes on the directory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, BinaryIO
from uuid import UUID

from app.kernel import clock, ids, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.i18n import gettext as _
from app.network import queries
from app.network.enums import LegalBasis, StructureKind
from app.network.imports import FileRefused, Line, PlaceRow, RowRefused, kind_of, parse_row, read_lines
from app.network.models import Place, Structure, Team

BATCH = 500
# Beyond this, a file in which nearly every row is refused is not a file of places.
MAX_REJECTED = 1000


@dataclass(frozen=True, kw_only=True)
class StructureData:
    """What is known of a structure when it joins."""

    name: str
    kind: StructureKind
    commune_code: str | None = None
    agreement_signed_on: date | None = None
    legal_basis: LegalBasis | None = None
    under_secrecy: bool = False
    sensitive: bool = False
    siret: str | None = None
    import_key: str | None = None


def add_structure(actor: Actor | None, data: StructureData) -> Structure:
    """A structure joins the network."""
    structure = Structure(id=ids.new_id(), **data.__dict__)
    db.session.add(structure)
    db.session.flush()
    journal.note(actor, "structure.add", "structure", structure.id, kind=data.kind.value)
    return structure


def add_team(actor: Actor | None, structure_id: UUID, name: str, under_secrecy: bool = False) -> Team:
    """A team inside a structure."""
    team = Team(id=ids.new_id(), structure_id=structure_id, name=name, under_secrecy=under_secrecy)
    db.session.add(team)
    db.session.flush()
    journal.note(actor, "team.add", "team", team.id, secrecy=under_secrecy)
    return team


def sign_agreement(actor: Actor | None, structure: Structure, signed_on: date) -> Structure:
    """Record the date of the signed network agreement; sharing becomes possible."""
    structure.agreement_signed_on = signed_on
    journal.note(actor, "structure.agreement", "structure", structure.id, signed_on=signed_on.isoformat())
    return structure


def add_place(actor: Actor | None, place: Place) -> Place:
    """A place of a structure."""
    db.session.add(place)
    db.session.flush()
    journal.note(actor, "place.add", "place", place.id)
    return place


@dataclass(frozen=True)
class Rejected:
    """A row left out of an import: its line in the file, its id, and the reason in words."""

    line: int
    id: str
    reason: str


@dataclass
class ImportReport:
    """What an import did, place by place."""

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


def import_places(actor: Actor | None, stream: BinaryIO, progress: Callable[[int], None] | None = None) -> ImportReport:
    """Create and update places and their structures from a file of the national schema; good rows enter when others fail.

    Memory stays flat: rows are written in batches. Raises FileRefused when the file as a whole cannot be read, or when
    nearly everything in it is refused; the caller then rolls back.
    """
    report, seen, batch = ImportReport(), set[str](), list[PlaceRow]()
    for line in read_lines(stream):
        row = _accepted(line, seen, report)
        if row is not None:
            batch.append(row)
        if len(batch) >= BATCH:
            _write_batch(batch, report)
            batch.clear()
            if progress:
                progress(line.number)
    _write_batch(batch, report)
    journal.note(actor, "place.import", "place", **{k: v for k, v in report.as_json().items() if k != "rejected"})
    return report


def _accepted(line: Line, seen: set[str], report: ImportReport) -> PlaceRow | None:
    try:
        row = parse_row(line)
        if row.external_id in seen:
            raise RowRefused(_("Cet identifiant est déjà plus haut dans le fichier."))
    except RowRefused as error:
        report.rejected.append(Rejected(line.number, " ".join(line.values.get("id", "").split())[:200], str(error)))
        if len(report.rejected) > MAX_REJECTED and len(report.rejected) > 10 * len(seen):
            raise FileRefused(
                _("Presque toutes les lignes de ce fichier sont refusées : rien n’a été importé.")
            ) from error
        return None
    seen.add(row.external_id)
    return row


def _write_batch(rows: list[PlaceRow], report: ImportReport) -> None:
    known = queries.places_by_external_id([row.external_id for row in rows])
    structures = queries.structures_by_import_key({row.parent_key for row in rows})
    for row in rows:
        place = known.get(row.external_id)
        if place is None:
            _create_place(row, structures)
            report.created += 1
        elif _update_place(place, row):
            report.updated += 1
        else:
            report.unchanged += 1
    db.session.flush()
    db.session.expunge_all()


def _create_place(row: PlaceRow, structures: dict[str, UUID]) -> None:
    key = row.parent_key
    if key not in structures:
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
        structures[key] = structure.id
    db.session.add(Place(id=ids.new_id(), structure_id=structures[key], imported_at=clock.now(), **_values(row)))


def _update_place(place: Place, row: PlaceRow) -> bool:
    changed = {name: value for name, value in _values(row).items() if getattr(place, name) != value}
    for name, value in changed.items():
        setattr(place, name, value)
    if changed:
        place.imported_at = clock.now()
    return bool(changed)


def _values(row: PlaceRow) -> dict[str, Any]:
    return {f.name: getattr(row, f.name) for f in fields(row)}
