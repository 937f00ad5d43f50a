"""Whose time has come: two years after the last contact, then the time of the archive."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from app.kernel import grants
from app.kernel.access import ADVISING, Actor
from app.kernel.db import db
from app.kernel.grants import Section
from app.kernel.merges import PersonAlias
from app.people.enums import PersonState
from app.people.models import Person
from app.privacy import policy
from app.privacy.models import RightsRequest


def to_archive(today: date) -> list[UUID]:
    """Active people not met for two years; neither frozen nor waiting for an answer about their data."""
    return _people(PersonState.ACTIVE, policy.limits(today).archive, *_free())


def to_anonymise(today: date) -> list[UUID]:
    """Archived people whose archive is over. Records merged into another go with it."""
    merged = Person.id.not_in(select(PersonAlias.removed_id))
    return _people(PersonState.ARCHIVED, policy.limits(today).anonymise, merged, *_free())


def held_back(today: date) -> int:
    """How many people whose time has come are frozen, or wait for an answer about their data."""
    old = Person.last_contact_on <= policy.limits(today).archive
    kept = Person.referent_structure_id.is_not(None) & (Person.restricted_on.is_not(None) | Person.id.in_(_waiting()))
    return db.session.scalar(select(func.count()).select_from(Person).where(old, kept)) or 0


def _people(state: PersonState, last: date, *where: ColumnElement[bool]) -> list[UUID]:
    old = (Person.state == state, Person.last_contact_on <= last, Person.referent_structure_id.is_not(None))
    return list(db.session.scalars(select(Person.id).where(*old, *where).order_by(Person.id)))


def _free() -> tuple[ColumnElement[bool], ...]:
    return Person.restricted_on.is_(None), Person.id.not_in(_waiting())


def _waiting() -> Select[UUID]:
    return select(RightsRequest.person_id).where(RightsRequest.answered_on.is_(None))


def soon_archived(actor: Actor, today: date) -> int:
    """How many people whom this hat reads, and whose structure is the referent, will be archived within two months."""
    if actor.role not in ADVISING:
        return 0
    old = (Person.last_contact_on <= policy.limits(today).warn, Person.state == PersonState.ACTIVE)
    ours = (Person.referent_structure_id == actor.structure_id, grants.opens(actor, Person.id, Section.IDENTITY))
    return db.session.scalar(select(func.count()).select_from(Person).where(*old, *ours)) or 0
