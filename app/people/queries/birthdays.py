"""Minors who turn 15 or 18: what they may decide changes (loi du 6 janvier 1978, art. 45; Code civil, art. 388)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, literal_column, or_, select, text

from app.kernel import due
from app.kernel.access import FRONT, Actor
from app.kernel.due import Branch, Row, same
from app.kernel.grants import Section
from app.people.enums import AgeStatus, PersonState
from app.people.models import Consent, Person
from app.people.queries.renewals import last_word_given

MOST_TASKS = 50
TURNS = {AgeStatus.UNDER_15: 15, AgeStatus.FROM_15: 18}


@dataclass(frozen=True)
class Birthday:
    """Somebody whose age on the record is over, or ends this year. `certain`: whatever the day of their birthday."""

    age: int
    certain: bool


def birthdays(actor: Actor, today: date) -> tuple[Branch, ...]:
    """The minors that this structure follows as referent and who turn 15 or 18 this year, or did before; oldest first.

    `birthday` says which.
    """
    if actor.role not in FRONT:
        return ()
    query = due.row(Person.id, person=Person.id, codes=(Person.age_status, Person.birth_year))
    query = query.where(*_ours(actor), minor())
    each = (
        query.where(same(Person.age_status, one), Person.birth_year <= today.year - age) for one, age in TURNS.items()
    )
    return tuple(Branch(one, Section.IDENTITY, (Person.birth_year, Person.id), MOST_TASKS) for one in each)


def oldest_first(row: Row) -> tuple[int, UUID]:
    """The order of the rows of `birthdays`."""
    return int(row.codes[1]), row.id


def birthday(row: Row, year: int) -> Birthday:
    """What a row of `birthdays` says."""
    status, born = row.codes
    age = TURNS[AgeStatus(status)]
    return Birthday(age, year - int(born) > age)


def grown(actor: Actor, today: date) -> tuple[Branch, ...]:
    """Whose agreement holds but was given before 15, or before 18, among those followed as referent.

    They are asked themselves. Codes: their age on the record.
    """
    if actor.role not in FRONT:
        return ()
    # Person by person, of the few who agreed as minors: a join reads everybody whom the structure follows.
    grown_up = and_(*_ours(actor), Person.id == Consent.person_id, Consent.age_status != Person.age_status)
    now = select(Person.age_status).where(grown_up)
    query = due.row(Consent.person_id, person=Consent.person_id, codes=(now.scalar_subquery(),))
    query = query.where(now.offset(literal_column("0")).exists(), agreed_as_minor(), *last_word_given())
    query = query.where(or_(Consent.ends_on.is_(None), Consent.ends_on >= today))
    return (Branch(query, Section.IDENTITY, (Consent.person_id,), MOST_TASKS),)


def agreed_as_minor() -> Any:
    """SQL: in the words of the index of such agreements."""
    return text("consent.age_status <> 'adult'")


def _ours(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return Person.referent_structure_id == actor.structure_id, same(Person.state, PersonState.ACTIVE)


def minor() -> Any:
    """SQL: a child or an adolescent, in the words of the index that holds nobody else."""
    return text("person.age_status <> 'adult'")
