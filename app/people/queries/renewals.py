"""Agreements for the shared register that come to their end, and those that are over (access.md: asked every 12 months)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased, lazyload

from app.kernel import grants
from app.kernel.access import FRONT, Actor
from app.kernel.db import db
from app.kernel.grants import Section
from app.people.capacity import WhyNotAsked
from app.people.enums import ConsentAnswer, ConsentKind, FollowUpKind, PersonState
from app.people.models import Consent, FollowUp, Person, SharingCard
from app.people.queries.card import labels

# The person is asked again from a month before the end; a month after, nobody insists.
ASKED_BEFORE = timedelta(days=30)
ASKED_AFTER = timedelta(days=30)
MOST_TASKS = 50


@dataclass(frozen=True)
class Renewal:
    """Somebody whom this structure follows as referent, and the last day of their agreement."""

    person_id: UUID
    person: str
    ends_on: date


def renewals(actor: Actor, today: date) -> list[Renewal]:
    """Whom to ask again about the shared register, the first to end first. Two queries."""
    if actor.role not in FRONT:
        return []
    near = Consent.ends_on.between(today - ASKED_AFTER, today + ASKED_BEFORE)
    query = (
        select(Consent.person_id, Consent.ends_on)
        .join(Person, Person.id == Consent.person_id)
        .where(Person.referent_structure_id == actor.structure_id, Person.state == PersonState.ACTIVE)
        .where(near, *last_word_given(), grants.opens(actor, Person.id, Section.IDENTITY))
        .order_by(Consent.ends_on, Consent.person_id)
        .limit(MOST_TASKS)
    )
    found = [(row[0], row[1]) for row in db.session.execute(query)]
    named = labels(actor, {person_id for person_id, _ in found})
    return [Renewal(person_id, named[person_id], ends_on) for person_id, ends_on in found if ends_on]


@dataclass(frozen=True)
class Waiting:
    """Somebody whose answer waits. `unheard`: not for want of an interpreter, but to be heard themselves."""

    person_id: UUID
    person: str
    since: date
    unheard: bool


def waiting(actor: Actor) -> list[Waiting]:
    """Whose last answer about the shared register waits, among those followed as referent, the oldest first. Two queries."""
    if actor.role not in FRONT:
        return []
    query = (
        select(Consent.person_id, Consent.starts_on, Consent.why_not_asked)
        .join(Person, Person.id == Consent.person_id)
        .where(Person.referent_structure_id == actor.structure_id, Person.state == PersonState.ACTIVE)
        .where(Consent.kind == ConsentKind.REGISTER, Consent.answer == ConsentAnswer.PENDING, ~_asked_since())
        .where(grants.opens(actor, Person.id, Section.IDENTITY))
        .order_by(Consent.starts_on, Consent.person_id)
        .limit(MOST_TASKS)
    )
    found = [(row[0], row[1], row[2]) for row in db.session.execute(query)]
    named = labels(actor, {person_id for person_id, _since, _why in found})
    return [Waiting(one, named[one], since, why is WhyNotAsked.ABSENT) for one, since, why in found]


def _asked_since() -> ColumnElement[bool]:
    """SQL: the person answered again since, whatever they said."""
    later = aliased(Consent)
    newer = or_(
        later.created_at > Consent.created_at, and_(later.created_at == Consent.created_at, later.id > Consent.id)
    )
    return exists().where(later.person_id == Consent.person_id, later.kind == ConsentKind.REGISTER, newer)


def lapsed(today: date, most: int) -> list[Consent]:
    """The agreements that ran out while they still open something: a shared follow-up, or a card. Locked."""
    others = and_(FollowUp.person_id == Consent.person_id, FollowUp.kind == FollowUpKind.OTHER)
    followed = exists().where(others, FollowUp.ended_on.is_(None))
    carried = exists().where(SharingCard.person_id == Consent.person_id, SharingCard.ended_at.is_(None))
    query = select(Consent).options(lazyload(Consent.recipients))
    query = query.where(Consent.ends_on < today, *last_word_given(), or_(followed, carried))
    return list(db.session.scalars(query.order_by(Consent.ends_on, Consent.id).limit(most).with_for_update()))


def last_word_given() -> tuple[ColumnElement[bool], ...]:
    """SQL: an agreement for the shared register, not taken back, after which the person was not asked again."""
    given = (Consent.kind == ConsentKind.REGISTER, Consent.answer == ConsentAnswer.GIVEN)
    return (*given, Consent.withdrawn_at.is_(None), ~asked_again())


def asked_again() -> ColumnElement[bool]:
    """SQL: after this answer the person was asked again about the shared register."""
    later = aliased(Consent)
    newer = or_(
        later.created_at > Consent.created_at, and_(later.created_at == Consent.created_at, later.id > Consent.id)
    )
    # An answer that waits says nothing yet: what ran out before it still ends.
    spoken = (later.kind == ConsentKind.REGISTER, later.answer != ConsentAnswer.PENDING)
    return exists().where(later.person_id == Consent.person_id, *spoken, newer)
