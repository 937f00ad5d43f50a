"""What a data protection officer may read."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, or_, select

from app.kernel.access import Actor, Role
from app.kernel.journal import JournalEntry
from app.people.models import Person


def can_read_journal(actor: Actor) -> bool:
    """The DPO reads the journal of the structure that named them."""
    return actor.role is Role.DPO


def journal_scope(actor: Actor) -> ColumnElement[bool]:
    """SQL: what that structure's members did, and what anybody did on the people it follows as referent."""
    followed: Any = select(Person.id).where(Person.referent_structure_id == actor.structure_id)
    return or_(JournalEntry.structure_id == actor.structure_id, JournalEntry.person_id.in_(followed))
