"""Protected people: whether somebody is, how to reach them, and which structures they named."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.kernel.db import db
from app.kernel.grants import Granted, Section
from app.people.enums import FollowUpKind
from app.people.models import FollowUp, NamedStructure, Person, PersonSafety


@dataclass(frozen=True)
class Safety:
    """How to reach a protected person; empty for a hat that does not read contacts."""

    safe_way: str
    code_word: str


def is_protected(person_id: UUID) -> bool:
    """Whether nothing on paper should leave with this person. Ask only about somebody whom the actor may read."""
    found = db.session.get(Person, person_id)
    return found is not None and found.protected


def safety(granted: Granted) -> Safety | None:
    """How to reach them; None for somebody who is not protected. Two queries at most."""
    if not is_protected(granted.person_id):
        return None
    found = db.session.get(PersonSafety, granted.person_id) if granted.opens(Section.CONTACT) else None
    return Safety(found.safe_way, found.code_word) if found else Safety("", "")


def named(granted: Granted) -> set[UUID]:
    """The structures that a protected person named."""
    query = select(NamedStructure.structure_id).where(NamedStructure.person_id == granted.person_id)
    return set(db.session.scalars(query))


def beside(granted: Granted) -> list[UUID]:
    """The structures that follow the person beside the referent’s, the first to have begun first."""
    others = (FollowUp.kind == FollowUpKind.OTHER, FollowUp.ended_on.is_(None))
    query = select(FollowUp.structure_id).where(FollowUp.person_id == granted.person_id, *others)
    return list(db.session.scalars(query.order_by(FollowUp.started_on, FollowUp.id)))
