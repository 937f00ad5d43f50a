"""People registered from a file: they were not there, so the notice and the question of the shared register still wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, or_, select

from app.kernel import due
from app.kernel.access import FRONT, Actor
from app.kernel.db import db
from app.kernel.due import Branch
from app.kernel.grants import Granted
from app.people import policy
from app.people.enums import ConsentKind
from app.people.models import Consent, ImportedPerson, Notice, Person
from app.people.queries.card import labels

PAGE = 25


@dataclass(frozen=True)
class ToInform:
    """Somebody to inform, and what waits."""

    person_id: UUID
    person: str
    imported_at: datetime
    notice: bool
    register: bool


@dataclass(frozen=True)
class ToInformPage:
    """A page of them, those registered first first."""

    rows: list[ToInform]
    number: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def to_inform(actor: Actor, number: int) -> ToInformPage:
    """The people whom this hat reads and its structure registered from a file, and who wait. Three queries."""
    total = waiting(actor)
    number = min(max(1, number), max(1, -(-total // PAGE)))
    query = _waiting(actor).order_by(func.min(ImportedPerson.created_at), Person.id)
    found = db.session.execute(query.offset((number - 1) * PAGE).limit(PAGE)).all()
    named = labels(actor, {row[0] for row in found})
    return ToInformPage([ToInform(row[0], named[row[0]], *row[1:]) for row in found], number, total)


def waiting(actor: Actor) -> int:
    """How many of them there are. One query."""
    if actor.role not in FRONT:
        return 0
    return db.session.scalar(select(func.count()).select_from(_waiting(actor).subquery())) or 0


def some_wait(actor: Actor, _today: date) -> tuple[Branch, ...]:
    """Whether there are any, and how many (`due.counted`)."""
    if actor.role not in FRONT:
        return ()
    return (due.counted(_waiting(actor), actor.structure_id),)


def _waiting(actor: Actor) -> Any:
    told = exists().where(Notice.person_id == Person.id)
    asked = exists().where(Consent.person_id == Person.id, Consent.kind == ConsentKind.REGISTER)
    first = func.min(ImportedPerson.created_at).label("imported_at")
    query = select(Person.id, first, (~told).label("notice"), (~asked).label("register"))
    query = query.join(ImportedPerson, ImportedPerson.person_id == Person.id).group_by(Person.id)
    ours = (ImportedPerson.structure_id == actor.structure_id, policy.read_as_referent(actor))
    return query.where(*ours, or_(~told, ~asked))


def is_told(granted: Granted) -> bool:
    """Whether the notice ever reached the person."""
    told = select(Notice.id).where(Notice.person_id == granted.person_id).limit(1)
    return db.session.scalar(told) is not None
