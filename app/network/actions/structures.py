"""Structures join, sign, have teams."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel import ids, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.network.enums import LegalBasis, StructureKind
from app.network.models import Structure, Team


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
