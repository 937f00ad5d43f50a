"""Who may see what of the directory."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select

from app.kernel.access import Actor, Role
from app.network.models import PlaceImport, Structure

# Who keeps the directory.
EDITORS = frozenset({Role.MANAGER, Role.COORDINATOR})


def can_share(structure: Structure, today: date) -> bool:
    """A structure shares nothing before the date of its signed agreement, nor once it ended (RGPD art. 26, access.md)."""
    signed = structure.agreement_signed_on
    return structure.active and structure.agreement_ended_on is None and signed is not None and signed <= today


def bound_ids(today: date) -> Select[UUID]:
    """SQL: the structures for which `can_share` holds."""
    held = (Structure.closed_on.is_(None), Structure.agreement_ended_on.is_(None))
    return select(Structure.id).where(*held, Structure.agreement_signed_on <= today)


def administers(actor: Actor) -> bool:
    """Coordinators and administrators open structures and record their agreement; they read the names they typed."""
    return actor.role in {Role.ADMIN, Role.COORDINATOR}


def declares(actor: Actor, structure_id: UUID) -> bool:
    """Legal basis and data protection officer: also the structure itself, which is the controller of its data."""
    return administers(actor) or (actor.role is Role.MANAGER and actor.structure_id == structure_id)


def builds_teams(actor: Actor, structure_id: UUID) -> bool:
    """Managers draw the perimeters of their structure; administrators those of any."""
    own = actor.role is Role.MANAGER and actor.structure_id == structure_id
    return own or actor.role is Role.ADMIN


def reads_real_name(actor: Actor, structure: Structure) -> bool:
    """A sensitive structure reads « structure partenaire » elsewhere."""
    return not structure.sensitive or actor.structure_id == structure.id


def named(actor: Actor) -> ColumnElement[bool]:
    """SQL: the structures whose name, places and offers this actor may read. The others have no page."""
    return or_(Structure.sensitive.is_(False), Structure.id == actor.structure_id)


def can_edit(actor: Actor, structure: Structure) -> bool:
    """A manager keeps the places and offers of their structure, the coordinator those of every structure they can name."""
    if not structure.active or not reads_real_name(actor, structure):
        return False
    return actor.role is Role.COORDINATOR or (actor.role is Role.MANAGER and actor.structure_id == structure.id)


def can_import(actor: Actor) -> bool:
    """A file touches every structure: the coordinator's."""
    return actor.role is Role.COORDINATOR


def can_export(actor: Actor) -> bool:
    """Who keeps the directory takes it away."""
    return actor.role in EDITORS


def can_read_import(actor: Actor, run: PlaceImport) -> bool:
    """One's own files, wearing the same hat."""
    return can_import(actor) and (run.user_id, run.structure_id) == (actor.user_id, actor.structure_id)
