"""Minors who turn 15 or 18: what they may decide changes (loi du 6 janvier 1978, art. 45; Code civil, art. 388)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from app.kernel import grants
from app.kernel.access import FRONT, Actor
from app.kernel.db import db
from app.kernel.grants import Section
from app.people.enums import AgeStatus, PersonState
from app.people.models import Consent, Person
from app.people.queries.card import labels
from app.people.queries.renewals import last_word_given

MOST_TASKS = 50
TURNS = {AgeStatus.UNDER_15: 15, AgeStatus.FROM_15: 18}


@dataclass(frozen=True)
class Birthday:
    """Somebody whose age on the record is over, or ends this year. `certain`: whatever the day of their birthday."""

    person_id: UUID
    person: str
    age: int
    certain: bool


def birthdays(actor: Actor, year: int) -> list[Birthday]:
    """The minors that this structure follows as referent and who turn 15 or 18 in `year`, or did before. Two queries."""
    if actor.role not in FRONT:
        return []
    query = (
        select(Person.id, Person.age_status, Person.birth_year)
        .where(Person.referent_structure_id == actor.structure_id, Person.state == PersonState.ACTIVE)
        .where(_turning(year), grants.opens(actor, Person.id, Section.IDENTITY))
        .order_by(Person.birth_year, Person.id)
        .limit(MOST_TASKS)
    )
    found = [(row[0], TURNS[row[1]], row[2]) for row in db.session.execute(query) if row[2]]
    named = labels(actor, {person_id for person_id, _age, _born in found})
    return [Birthday(one, named[one], age, year - born > age) for one, age, born in found]


@dataclass(frozen=True)
class Grown:
    """Somebody whose agreement was given at another age than the one of their record: they are asked themselves."""

    person_id: UUID
    person: str
    age_status: AgeStatus


def grown(actor: Actor, today: date) -> list[Grown]:
    """Whose agreement holds but was given before 15, or before 18, among those followed as referent. Two queries."""
    if actor.role not in FRONT:
        return []
    query = (
        select(Person.id, Person.age_status)
        .join(Consent, Consent.person_id == Person.id)
        .where(Person.referent_structure_id == actor.structure_id, Person.state == PersonState.ACTIVE)
        .where(Consent.age_status != Person.age_status, Consent.age_status != AgeStatus.ADULT, *last_word_given())
        .where(or_(Consent.ends_on.is_(None), Consent.ends_on >= today))
        .where(grants.opens(actor, Person.id, Section.IDENTITY))
        .order_by(Person.id)
        .limit(MOST_TASKS)
    )
    found = [(row[0], row[1]) for row in db.session.execute(query)]
    named = labels(actor, {person_id for person_id, _age in found})
    return [Grown(person_id, named[person_id], age) for person_id, age in found]


def _turning(year: int) -> ColumnElement[bool]:
    """SQL: the age noted no longer holds at the end of `year`; an unknown birth year says nothing."""
    return or_(*(and_(Person.age_status == status, Person.birth_year <= year - age) for status, age in TURNS.items()))
