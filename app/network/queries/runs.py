"""Files of places sent from the screen: where each is, what it would change, what it changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.network import policy
from app.network.enums import ChangeKind, ImportState, label_of
from app.network.models import DirectoryChange, Place, PlaceImport
from app.network.queries.pages import shown, told

RUNS_SHOWN = 20
CHANGED_PAGE = 50


@dataclass(frozen=True)
class RunLine:
    """A file of the list."""

    id: UUID
    filename: str
    state: ImportState
    created_at: datetime
    created: int
    updated: int


@dataclass(frozen=True)
class Differs:
    """A place that the file changes, column by column in words."""

    line: int
    id: str
    name: str
    changes: list[tuple[str, str, str]]


@dataclass(frozen=True)
class RunView:
    """All that the page of a file shows. `new`, `differences` are the first ones; the counts are of everything."""

    id: UUID
    filename: str
    state: ImportState
    refusal: str
    created_at: datetime
    finished_at: datetime | None
    total: int
    to_create: int
    to_update: int
    created: int
    updated: int
    unchanged: int
    new: list[dict[str, Any]]
    differences: list[Differs]
    rejected: list[dict[str, Any]]

    @property
    def written(self) -> int:
        return self.created + self.updated + self.unchanged

    @property
    def to_keep(self) -> int:
        return self.total - self.to_create - self.to_update


@dataclass(frozen=True)
class ChangedLine:
    """A place that an import made or changed."""

    place_id: UUID
    name: str
    commune_name: str
    kind: ChangeKind
    changes: list[tuple[str, str, str]]


def runs(actor: Actor) -> list[RunLine]:
    """The files this hat sent, the last first."""
    columns = (
        PlaceImport.id,
        PlaceImport.filename,
        PlaceImport.state,
        PlaceImport.created_at,
        PlaceImport.created,
        PlaceImport.updated,
    )
    mine = (PlaceImport.user_id == actor.user_id, PlaceImport.structure_id == actor.structure_id)
    query = select(*columns).where(*mine).order_by(PlaceImport.created_at.desc()).limit(RUNS_SHOWN)
    return [RunLine(*row) for row in db.session.execute(query).all()]


def run(actor: Actor, import_id: UUID) -> RunView:
    """One file, without its bytes. NotFound when it is somebody else's."""
    found = _mine(actor, import_id)
    kept = found.preview
    return RunView(
        id=found.id,
        filename=found.filename,
        state=found.state,
        refusal=found.refusal,
        created_at=found.created_at,
        finished_at=found.finished_at,
        total=found.total,
        to_create=found.to_create,
        to_update=found.to_update,
        created=found.created,
        updated=found.updated,
        unchanged=found.unchanged,
        new=kept.get("new", []),
        differences=[_differs(one) for one in kept.get("differences", [])],
        rejected=kept.get("rejected", []),
    )


def _mine(actor: Actor, import_id: UUID) -> PlaceImport:
    found = db.session.get(PlaceImport, import_id)
    if found is None or not policy.can_read_import(actor, found):
        raise NotFound
    return found


def _differs(one: dict[str, Any]) -> Differs:
    pairs = [
        (str(label_of(c["column"])), shown(c["column"], c["before"]), shown(c["column"], c["after"]))
        for c in one["changes"]
    ]
    return Differs(one["line"], one["id"], one["name"], pairs)


def rejected(actor: Actor, import_id: UUID) -> list[dict[str, Any]]:
    """The refused rows of one's own file."""
    found: list[dict[str, Any]] = _mine(actor, import_id).preview.get("rejected", [])
    return found


def changed(actor: Actor, import_id: UUID, number: int) -> tuple[list[ChangedLine], int]:
    """A page of the places that the import made or changed, and how many there are."""
    _mine(actor, import_id)
    about = (DirectoryChange.import_id == import_id,)
    total = db.session.scalar(select(func.count()).select_from(DirectoryChange).where(*about)) or 0
    query = (
        select(DirectoryChange, Place.id, Place.name, Place.commune_name)
        .join(Place, Place.id == DirectoryChange.object_id)
        .where(*about)
        .order_by(DirectoryChange.kind.desc(), Place.name, Place.id)
        .offset((max(1, number) - 1) * CHANGED_PAGE)
        .limit(CHANGED_PAGE)
    )
    return [ChangedLine(row[1], row[2], row[3], row[0].kind, told(row[0])) for row in db.session.execute(query)], total
