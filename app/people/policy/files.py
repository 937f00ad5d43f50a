"""Who takes people away in a file, and whom."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from app.kernel.access import Actor, Role
from app.kernel.grants import opens
from app.people.enums import PersonState
from app.people.models import (
    PeopleExport,
    Person,
)


def can_export(actor: Actor) -> bool:
    """Managers take away what their own team reads of the people their structure follows as referent."""
    return actor.role is Role.MANAGER


def can_read_export(actor: Actor, made: PeopleExport) -> bool:
    """One’s own files, wearing the same hat, with the same perimeter as when they were asked for."""
    mine = (made.membership_id, made.structure_id) == (actor.membership_id, actor.structure_id)
    return can_export(actor) and mine and made.team_id == actor.team_id


def exportable(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """SQL: the people (Person being read) whom this hat may take away in a file.

    Its structure’s own, read by it. Never those whose situation is protected (nothing about them leaves on paper or in a
    file), nor frozen records, which are only kept (RGPD art. 18).
    """
    ours = (Person.referent_structure_id == actor.structure_id, Person.state == PersonState.ACTIVE)
    return *ours, Person.protected.is_(False), Person.restricted_on.is_(None), opens(actor, Person.id)
