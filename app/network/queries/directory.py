"""The directory: places and structures, filtered, sorted as a French dictionary does, a page at a time.

A network has hundreds of places, a few thousand at most: names are compared here, so that « École » comes before
« Maison » and « mediatheque » finds « Médiathèque » on both databases. Two statements whatever the size.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, cast, func, or_, select

from app.kernel.access import Actor
from app.kernel.db import db
from app.network import policy
from app.network.enums import StructureKind
from app.network.models import Place, Structure
from app.territory import communes

PAGE_SIZE = 25
Order = Literal["nom", "commune", "structure", "maj"]


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What is asked for. `commune_codes` and `postcode` are alternatives of one question: where."""

    commune_codes: frozenset[str] = frozenset()
    postcode: str = ""
    service: str = ""
    kind: StructureKind | None = None
    text: str = ""
    closed: bool = False
    order: Order = "nom"


@dataclass(frozen=True)
class PlaceRow:
    """A place of the list."""

    id: UUID
    name: str
    commune_name: str
    postcode: str
    address: str
    services: list[str]
    structure_id: UUID
    structure_name: str
    kind: StructureKind
    updated_on: date
    closed_on: date | None


@dataclass(frozen=True)
class StructureRow:
    """A structure of the list."""

    id: UUID
    name: str
    kind: StructureKind
    commune_name: str
    places: int


@dataclass(frozen=True)
class Page:
    """Rows of one page."""

    rows: Sequence[PlaceRow | StructureRow]
    number: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


def places(actor: Actor, filters: Filters, number: int) -> Page:
    """A page of the places that this hat may read by name."""
    query = _placed(actor, filters)
    wanted = communes.spelled(filters.text).split()
    found = [row for row in map(_place_row, db.session.execute(query).all()) if _answers(wanted, _words(row))]
    found.sort(key=lambda row: _place_key(row, filters.order))
    return _cut(found, number)


def _placed(actor: Actor, filters: Filters) -> Select[*tuple[Any, ...]]:
    columns = (
        Place.id,
        Place.name,
        Place.commune_name,
        Place.postcode,
        Place.address,
        Place.services,
        Structure.id,
        Structure.name,
        Structure.kind,
        Place.updated_on,
        Place.closed_on,
    )
    query = select(*columns).join(Structure, Structure.id == Place.structure_id)
    return query.where(policy.named(actor), *_about_place(filters), *_about_structure(filters))


def _about_structure(filters: Filters) -> list[ColumnElement[bool]]:
    return [Structure.kind == filters.kind] if filters.kind else []


def _about_place(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Place.closed_on.is_not(None) if filters.closed else Place.closed_on.is_(None)]
    if filters.commune_codes or filters.postcode:
        found.append(or_(Place.commune_code.in_(filters.commune_codes), Place.postcode == (filters.postcode or None)))
    if filters.service:
        found.append(_holds(filters.service))
    return found


def _holds(service: str) -> ColumnElement[bool]:
    """The list is stored as JSON, whose letters beyond ASCII are written as escapes."""
    return cast(Place.services, Text).contains(json.dumps(service), autoescape=True)


def _place_row(row: Sequence[Any]) -> PlaceRow:
    return PlaceRow(*row)


def _words(row: PlaceRow) -> str:
    return " ".join((row.name, row.structure_name, row.commune_name, row.postcode, row.address))


def _answers(wanted: list[str], text: str) -> bool:
    """Each word typed begins a word of the text."""
    if not wanted:
        return True
    said = f" {_spelled(text)}"
    return all(f" {word}" in said for word in wanted)


@lru_cache(maxsize=20_000)
def _spelled(text: str) -> str:
    return communes.spelled(text)


def _place_key(row: PlaceRow, order: Order) -> tuple[Any, ...]:
    if order == "maj":
        return (-row.updated_on.toordinal(), _spelled(row.name))
    first = {"commune": row.commune_name, "structure": row.structure_name}.get(order, "")
    return (_spelled(first), _spelled(row.name), str(row.id))


def structures(actor: Actor, filters: Filters, number: int) -> Page:
    """A page of the active structures that this hat may read by name; where and which service are asked of their places."""
    open_places = (
        select(Place.structure_id, func.count().label("places"))
        .where(Place.closed_on.is_(None))
        .group_by(Place.structure_id)
        .subquery()
    )
    columns = (
        Structure.id,
        Structure.name,
        Structure.kind,
        Structure.commune_code,
        func.coalesce(open_places.c.places, 0),
    )
    query = (
        select(*columns)
        .outerjoin(open_places, open_places.c.structure_id == Structure.id)
        .where(Structure.closed_on.is_(None), policy.named(actor), *_about_structure(filters), *_in_a_place(filters))
    )
    wanted = communes.spelled(filters.text).split()
    rows = [StructureRow(one[0], one[1], one[2], _commune(one[3]), one[4]) for one in db.session.execute(query).all()]
    found = [row for row in rows if _answers(wanted, f"{row.name} {row.commune_name}")]
    found.sort(key=lambda row: (_spelled(row.name), str(row.id)))
    return _cut(found, number)


def _in_a_place(filters: Filters) -> list[ColumnElement[bool]]:
    where = bool(filters.commune_codes or filters.postcode)
    if not (where or filters.service):
        return []
    placed = Structure.id.in_(select(Place.structure_id).where(*_about_place(filters)))
    if filters.service or not filters.commune_codes:
        return [placed]
    return [or_(placed, Structure.commune_code.in_(filters.commune_codes))]


def _commune(code: str | None) -> str:
    return communes.label(code) if code else ""


def hidden_structures(actor: Actor) -> int:
    """How many active structures are only « structure partenaire » for this hat."""
    query = select(func.count()).select_from(Structure).where(Structure.closed_on.is_(None), ~policy.named(actor))
    return db.session.scalar(query) or 0


def _cut(rows: Sequence[PlaceRow | StructureRow], number: int) -> Page:
    pages = max(1, -(-len(rows) // PAGE_SIZE))
    shown = min(max(1, number), pages)
    return Page(rows[(shown - 1) * PAGE_SIZE : shown * PAGE_SIZE], shown, len(rows))
