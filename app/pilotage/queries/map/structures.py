"""Structures as the map shows them: where they stand, and one single mark for those that must not be recognised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import case, select

from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.i18n import gettext as _
from app.network import policy
from app.network.enums import StructureKind
from app.network.models import Place, Structure
from app.territory import communes, maps
from app.territory.projection import LonLat

PARTNERS = "partenaires"
MARKS = {
    StructureKind.LIBRARY: maps.Mark.SQUARE,
    StructureKind.CCAS: maps.Mark.DIAMOND,
    StructureKind.FRANCE_SERVICES: maps.Mark.STAR,
    StructureKind.DIGITAL_MEDIATION: maps.Mark.TRIANGLE,
    StructureKind.SOCIAL_WORK: maps.Mark.DOWN,
    StructureKind.ASSOCIATION: maps.Mark.HEXAGON,
    StructureKind.OPERATOR: maps.Mark.PLUS,
    StructureKind.MUNICIPALITY: maps.Mark.PENTAGON,
    StructureKind.OTHER: maps.Mark.CIRCLE,
}


@dataclass(frozen=True)
class Node:
    """A structure on the map. A sensitive one has no name, no kind and no place: they all share one mark."""

    key: str
    name: str
    kind: StructureKind | None
    at: LonLat | None
    commune_code: str | None

    @property
    def mark(self) -> maps.Mark:
        return MARKS[self.kind] if self.kind else maps.Mark.CIRCLE


def nodes(actor: Actor) -> dict[UUID, Node]:
    """Every structure by id, as this actor may read it. Two queries, whatever their number."""
    at = _places()
    return {one.id: _node(actor, one, at) for one in db.session.scalars(select(Structure))}


def figures(
    shown: Iterable[Node], values: Mapping[str, maps.PlaceFigure] | None = None
) -> tuple[maps.PlaceFigure, ...]:
    """Marks of these structures by name, those that have a value as given."""
    known = {node.key: node for node in shown}
    ordered = sorted(known.values(), key=lambda node: (node.key == PARTNERS, node.name, node.key))
    return tuple((values or {}).get(node.key) or figure(node) for node in ordered)


def figure(node: Node) -> maps.PlaceFigure:
    """The mark of a structure, without a value."""
    return maps.PlaceFigure(node.key, node.name, node.at, node.mark, detail=_told(node))


def kinds(shown: Iterable[Node]) -> tuple[tuple[maps.Mark, str], ...]:
    """The legend of the marks that are on the map; the one of structures that must not be recognised bears its name."""
    present = {node.kind for node in shown}
    return tuple((MARKS[kind], kind.label) for kind in StructureKind if kind in present)


def _told(node: Node) -> str:
    return f"{node.name} ({node.kind.label})" if node.kind else node.name


def _node(actor: Actor, structure: Structure, at: Mapping[UUID, LonLat]) -> Node:
    if not policy.reads_real_name(actor, structure):
        return Node(PARTNERS, _("Structure partenaire"), None, None, None)
    position = at.get(structure.id) or _town(structure.commune_code)
    return Node(structure.id.hex, structure.name, structure.kind, position, structure.commune_code)


def _places() -> dict[UUID, LonLat]:
    """A place of each structure that has a position: in its own commune when there is one, else the first."""
    at_home = Place.commune_code == Structure.commune_code
    query = (
        select(Place.structure_id, Place.longitude, Place.latitude)
        .join(Structure, Structure.id == Place.structure_id)
        .where(Place.longitude.is_not(None), Place.latitude.is_not(None))
        .order_by(case((at_home, 1), else_=0), Place.external_id.desc())
    )
    return {structure_id: (lon, lat) for structure_id, lon, lat in db.session.execute(query) if lon and lat}


def _town(code: str | None) -> LonLat | None:
    commune = communes.by_code(code) if code else None
    return (commune.lon, commune.lat) if commune and commune.lon and commune.lat else None
