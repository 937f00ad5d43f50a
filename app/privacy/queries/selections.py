"""What an officer looked for, read again from behind its token."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased

from app.kernel.access import Actor
from app.kernel.merges import PersonAlias
from app.people import queries as people
from app.people.models import Person
from app.privacy.enums import Desk

Criteria = Mapping[str, str]


def selection(actor: Actor, desk: Desk, token: str) -> Criteria | None:
    """The criteria kept for this user and this list; None when they are gone, another’s, or another list’s."""
    key = id_of(token)
    kept = people.searched(actor, key) if key else None
    name, _colon, criteria = (kept or "").partition(":")
    if name != desk.value:
        return None
    found: dict[str, str] = json.loads(criteria)
    return found


def day_of(text: str) -> date | None:
    """A day kept as ISO 8601, or None."""
    return date.fromisoformat(text) if text else None


def id_of(text: str) -> UUID | None:
    """An id, or None when the text is not one."""
    try:
        return UUID(text)
    except ValueError:
        return None


def bearing(code: str) -> Select[UUID]:
    """SQL: whoever bears this code, with every record merged with theirs: the journal keeps the ids of its time."""
    asked = Person.code == code.strip().upper()
    borne = select(Person.id).where(asked)
    kept = select(PersonAlias.kept_id).join(Person, Person.id == PersonAlias.removed_id).where(asked)
    other = aliased(PersonAlias)
    removed = select(other.removed_id).where(or_(other.kept_id.in_(borne), other.kept_id.in_(kept)))
    return select(Person.id).where(or_(asked, Person.id.in_(kept), Person.id.in_(removed)))
