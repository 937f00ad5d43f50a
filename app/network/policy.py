"""Who may see what of the directory."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, or_

from app.kernel.access import Actor, Role
from app.network.models import PlaceImport, Structure

# Who keeps the directory.
EDITORS = frozenset({Role.MANAGER, Role.COORDINATOR})


def can_share(structure: Structure, today: date) -> bool:
    """A structure shares nothing before the date of its signed agreement (RGPD art. 26, domain/access.md)."""
    signed = structure.agreement_signed_on
    return structure.active and signed is not None and signed <= today


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
