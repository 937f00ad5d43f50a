"""Minors who turn 15 or 18: what they may decide changes (loi du 6 janvier 1978, art. 45; Code civil, art. 388)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, and_, except_, or_, select, text

from app.kernel import due
from app.kernel.access import FRONT, Actor
from app.kernel.constants import same
from app.kernel.due import Branch, Row
from app.kernel.grants import Section
from app.people.enums import AgeStatus, ConsentAnswer, ConsentKind, PersonState
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
    few = _no_longer()
    theirs = (Consent.person_id == few.c.person_id, Consent.age_status == few.c.age_status)
    query = due.row(Person.id, person=Person.id, codes=(Person.age_status,))
    query = query.select_from(few).join(Person, Person.id == few.c.person_id).join(Consent, and_(*theirs))
    query = query.where(*_ours(actor), *last_word_given(), or_(Consent.ends_on.is_(None), Consent.ends_on >= today))
    return (Branch(query, Section.IDENTITY, (Person.id,), MOST_TASKS),)


def _no_longer() -> Subquery:
    """SQL: minors who agreed, of an age that their record says no longer; through two small indexes, before any person."""
    given = (same(Consent.kind, ConsentKind.REGISTER), same(Consent.answer, ConsentAnswer.GIVEN))
    agreed = select(Consent.person_id, Consent.age_status).where(
        *given, Consent.withdrawn_at.is_(None), agreed_as_minor()
    )
    still = select(Person.id, Person.age_status).where(same(Person.state, PersonState.ACTIVE), minor())
    return except_(agreed, still).subquery("no_longer")


def agreed_as_minor() -> Any:
    """SQL: in the words of the index of such agreements."""
    return text("consent.age_status <> 'adult'")


def _ours(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return Person.referent_structure_id == actor.structure_id, same(Person.state, PersonState.ACTIVE)


def minor() -> Any:
    """SQL: a child or an adolescent, in the words of the index that holds nobody else."""
    return text("person.age_status <> 'adult'")
