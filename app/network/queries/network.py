"""Structures and places by name, as this hat may read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, inspect, select

from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.i18n import gettext as _
from app.kernel.statements import among, built
from app.network import policy
from app.network.enums import StructureKind
from app.network.models import Place, Structure, Team

# The national programme of those who may act for somebody (vocabularies of the directory’s schema).
ACCREDITATION = "Aidants Connect"


@dataclass(frozen=True)
class StructureLine:
    """A structure as this actor may read it."""

    id: UUID
    name: str
    kind: StructureKind
    shares: bool


@dataclass(frozen=True)
class PlaceLine:
    """A place to choose from."""

    id: UUID
    name: str
    commune_name: str


def displayed_name(actor: Actor, structure: Structure) -> str:
    """The structure's name, or « Structure partenaire » when it is sensitive and not the actor's own."""
    return structure.name if policy.reads_real_name(actor, structure) else _("Structure partenaire")


def names(actor: Actor, ids: set[UUID]) -> dict[UUID, str]:
    """Displayed names of several structures, in one query; none for those that this session has read already."""
    known = _read_already()
    missing = ids - {key for key, one in known.items() if not inspect(one).expired_attributes}
    if missing:
        known.update({one.id: one for one in db.session.scalars(_structures(), {"ids": missing})})
    return {key: displayed_name(actor, known[key]) for key in ids if key in known}


@built
def _structures() -> Select[Structure]:
    return select(Structure).where(among(Structure.id)).order_by(Structure.id)


def _read_already() -> dict[UUID, Structure]:
    """Held until the session ends, so that its identity map does not forget them; they follow every change made in it."""
    found: dict[UUID, Structure] = db.session.info.setdefault("structures", {})
    return found


def named_structures(actor: Actor) -> list[StructureLine]:
    """Every structure whose name this actor may read, even one that left, by name."""
    query = select(Structure).where(policy.named(actor)).order_by(Structure.name)
    return [StructureLine(s.id, s.name, s.kind, False) for s in db.session.scalars(query)]


def partners(actor: Actor, today: date) -> list[StructureLine]:
    """Active structures of the network other than the actor's, by name; `shares` says whether they may receive anything."""
    query = (
        select(Structure)
        .where(Structure.closed_on.is_(None), Structure.id != actor.structure_id)
        .order_by(Structure.name)
    )
    return [
        StructureLine(s.id, displayed_name(actor, s), s.kind, policy.can_share(s, today))
        for s in db.session.scalars(query)
    ]


def structure(structure_id: UUID) -> Structure:
    """The structure, or NotFound."""
    found = db.session.get(Structure, structure_id)
    if found is None:
        raise NotFound
    return found


def team(team_id: UUID) -> Team:
    """The team, or NotFound."""
    found = db.session.get(Team, team_id)
    if found is None:
        raise NotFound
    return found


def teams_of(structure_id: UUID) -> list[Team]:
    """The teams of a structure, by name."""
    return list(db.session.scalars(select(Team).where(Team.structure_id == structure_id).order_by(Team.name)))


def places_of(structure_id: UUID) -> list[PlaceLine]:
    """The open places of a structure, by name."""
    return [PlaceLine(*row) for row in db.session.execute(_places(), {"structure": structure_id}).all()]


@built
def _places() -> Select[UUID, str, str]:
    ours = Place.structure_id == bindparam("structure", type_=Uuid())
    return select(Place.id, Place.name, Place.commune_name).where(ours, Place.closed_on.is_(None)).order_by(Place.name)


def is_accredited(structure_id: UUID) -> bool:
    """One of its places bears the « Aidants Connect » programme in the directory: the structure may act for people."""
    open_places = (Place.structure_id == structure_id, Place.closed_on.is_(None))
    found = db.session.scalars(select(Place.details).where(*open_places))
    return any(ACCREDITATION in details.get("dispositif_programmes_nationaux", []) for details in found)
