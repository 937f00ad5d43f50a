"""Whose time has come: two years after the last contact, then the time of the archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from app.kernel import due
from app.kernel.access import ADVISING, Actor, Role
from app.kernel.db import db
from app.kernel.due import Branch
from app.kernel.errors import NotFound
from app.kernel.merges import PersonAlias
from app.people import policy as people_policy
from app.people import queries as people
from app.people.enums import PersonState
from app.people.models import Person
from app.privacy import policy
from app.privacy.models import RetentionReport, RightsRequest

PAGE = 50
REPORTS = 30
Conditions = tuple[ColumnElement[bool], ...]


def to_archive(today: date, structure_id: UUID | None = None, most: int | None = None) -> list[UUID]:
    """Active people not met for two years; neither frozen nor waiting for an answer about their data."""
    return _people(_archivable(today), structure_id, most)


def to_anonymise(today: date, structure_id: UUID | None = None, most: int | None = None) -> list[UUID]:
    """Archived people whose archive is over. Records merged into another go with it."""
    return _people(_anonymisable(today), structure_id, most)


def held_back(today: date) -> int:
    """How many people whose time has come are frozen, or wait for an answer about their data."""
    return db.session.scalar(select(func.count()).select_from(Person).where(and_(*_held(today)))) or 0


def _archivable(today: date) -> Conditions:
    return (Person.state == PersonState.ACTIVE, Person.last_contact_on <= policy.limits(today).archive, *_free())


def _anonymisable(today: date) -> Conditions:
    over = Person.last_contact_on <= policy.limits(today).anonymise
    return (*_kept_archived(), over, *_free())


def _kept_archived() -> Conditions:
    """SQL: archived by retention; neither anonymised nor merged into another record."""
    merged = Person.id.not_in(select(PersonAlias.removed_id))
    return Person.state == PersonState.ARCHIVED, Person.referent_structure_id.is_not(None), merged


def _held(today: date) -> Conditions:
    old = Person.last_contact_on <= policy.limits(today).archive
    kept = Person.restricted_on.is_not(None) | Person.id.in_(_waiting())
    return old, Person.referent_structure_id.is_not(None), kept


def _people(where: Conditions, structure_id: UUID | None, most: int | None) -> list[UUID]:
    query = select(Person.id).where(Person.referent_structure_id.is_not(None), *where)
    if structure_id is not None:
        query = query.where(Person.referent_structure_id == structure_id)
    return list(db.session.scalars(query.order_by(Person.id).limit(most)))


def _free() -> Conditions:
    return Person.restricted_on.is_(None), Person.id.not_in(_waiting())


def _waiting() -> Select[UUID]:
    return select(RightsRequest.person_id).where(RightsRequest.answered_on.is_(None))


@dataclass(frozen=True)
class Counted:
    """How many records of a structure are in each case today."""

    soon: int = 0
    to_archive: int = 0
    to_anonymise: int = 0
    held_back: int = 0
    archived: int = 0


def counted(today: date, structure_id: UUID | None = None) -> dict[UUID, Counted]:
    """By structure (or of one), what would be done today. One query."""
    soon = (Person.state == PersonState.ACTIVE, Person.last_contact_on <= policy.limits(today).warn)
    later = Person.last_contact_on > policy.limits(today).archive
    cases = ((*soon, later), _archivable(today), _anonymisable(today), _held(today), _kept_archived())
    sums = [func.sum(case((and_(*one), 1), else_=0)) for one in cases]
    columns: tuple[Any, ...] = (Person.referent_structure_id, *sums)
    query: Select[Any] = select(*columns).group_by(Person.referent_structure_id)
    query = query.where(Person.referent_structure_id.is_not(None))
    if structure_id is not None:
        query = query.where(Person.referent_structure_id == structure_id)
    return {row[0]: Counted(*(int(value) for value in row[1:])) for row in db.session.execute(query)}


@dataclass(frozen=True)
class Archived:
    """A record in the archive: the person’s code, and from when it may be anonymised."""

    person_id: UUID
    code: str
    last_contact_on: date
    until: date


@dataclass(frozen=True)
class RetentionPage:
    """The officer’s page: what today would do, the last reports, and a page of the archive."""

    now: Counted
    reports: tuple[RetentionReport, ...]
    archived: tuple[Archived, ...]
    number: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.now.archived // PAGE))


def retention_page(actor: Actor, today: date, number: int = 1) -> RetentionPage:
    """How long records are kept in the officer’s structure. Three queries. NotFound for another hat."""
    if actor.role is not Role.DPO:
        raise NotFound
    now = counted(today, actor.structure_id).get(actor.structure_id, Counted())
    number = min(max(1, number), max(1, -(-now.archived // PAGE)))
    query = select(Person.id, Person.code, Person.last_contact_on).where(*_archive_of(actor))
    query = query.order_by(Person.last_contact_on, Person.id).offset((number - 1) * PAGE).limit(PAGE)
    found = tuple(Archived(*row, policy.archive_ends(row[2])) for row in db.session.execute(query))
    return RetentionPage(now, tuple(last_reports(actor.structure_id, REPORTS)), found, number)


def _archive_of(actor: Actor) -> Conditions:
    return (*_kept_archived(), Person.referent_structure_id == actor.structure_id)


def last_reports(structure_id: UUID, most: int) -> list[RetentionReport]:
    """The reports of the worker, newest first."""
    query = select(RetentionReport).where(RetentionReport.structure_id == structure_id)
    return list(db.session.scalars(query.order_by(RetentionReport.day.desc()).limit(most)))


def archived_record(actor: Actor, person_id: UUID) -> Archived:
    """A record of the archive of the officer’s structure. NotFound otherwise, and for another hat."""
    query = select(Person.id, Person.code, Person.last_contact_on).where(*_archive_of(actor), Person.id == person_id)
    row = db.session.execute(query).first()
    if row is None or actor.role is not Role.DPO:
        raise NotFound
    return Archived(*row, policy.archive_ends(row[2]))


def soon_archived(actor: Actor, today: date) -> tuple[Branch, ...]:
    """How many people whom this hat reads, and whose structure is the referent, will be archived within two months."""
    if actor.role not in ADVISING:
        return ()
    return (due.counted(select(Person.id).where(*_quiet(actor, today)), actor.structure_id),)


def _quiet(actor: Actor, today: date) -> Conditions:
    return Person.last_contact_on <= policy.limits(today).warn, people_policy.read_as_referent(actor)


@dataclass(frozen=True)
class Quiet:
    """Somebody not met for a long time, by name, and the day from which their record is archived."""

    person_id: UUID
    person: str
    last_contact_on: date
    archived_from: date


def soon_archived_people(actor: Actor, today: date) -> list[Quiet]:
    """Whom to call before their record is archived, the longest unseen first, `PAGE` at most. Two queries."""
    query = select(Person.id, Person.last_contact_on).where(*_quiet(actor, today))
    found = db.session.execute(query.order_by(Person.last_contact_on, Person.id).limit(PAGE)).all()
    names = people.labels(actor, {row[0] for row in found})
    return [Quiet(row[0], names[row[0]], row[1], policy.months_after(row[1], policy.ACTIVE_MONTHS)) for row in found]
