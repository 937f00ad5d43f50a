"""Agreements for the shared register that come to their end, and those that are over (access.md: asked every 12 months)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased, lazyload

from app.kernel import due
from app.kernel.access import FRONT, Actor
from app.kernel.constants import same
from app.kernel.db import db
from app.kernel.due import Branch, Row
from app.kernel.grants import Section
from app.people.capacity import WhyNotAsked
from app.people.enums import ConsentAnswer, ConsentKind, FollowUpKind, PersonState
from app.people.models import Consent, FollowUp, Person, SharingCard

# The person is asked again from a month before the end; a month after, nobody insists.
ASKED_BEFORE = timedelta(days=30)
ASKED_AFTER = timedelta(days=30)
MOST_TASKS = 50


def renewals(actor: Actor, today: date) -> tuple[Branch, ...]:
    """Whom to ask again about the shared register, among those followed as referent, the first to end first."""
    if actor.role not in FRONT:
        return ()
    near = Consent.ends_on.between(today - ASKED_AFTER, today + ASKED_BEFORE)
    query = _of_ours(actor, Consent.ends_on).where(near, *last_word_given())
    return (Branch(query, Section.IDENTITY, (Consent.ends_on, Consent.person_id), MOST_TASKS),)


def waiting(actor: Actor, _today: date) -> tuple[Branch, ...]:
    """Whose last answer about the shared register waits, among those followed as referent, the oldest first.

    Codes: why they were not asked.
    """
    if actor.role not in FRONT:
        return ()
    pending = (same(Consent.kind, ConsentKind.REGISTER), same(Consent.answer, ConsentAnswer.PENDING))
    query = _of_ours(actor, Consent.starts_on, Consent.why_not_asked).where(*pending, ~_asked_since())
    return (Branch(query, Section.IDENTITY, (Consent.starts_on, Consent.person_id), MOST_TASKS),)


def _of_ours(actor: Actor, day: Any, *codes: Any) -> Select[Any]:
    found = due.row(Consent.id, person=Consent.person_id, day=day, codes=codes)
    ours = (Person.referent_structure_id == actor.structure_id, same(Person.state, PersonState.ACTIVE))
    return found.join(Person, Person.id == Consent.person_id).where(*ours)


def is_unheard(row: Row) -> bool:
    """Their answer does not wait for want of an interpreter, but to be heard themselves."""
    return row.codes[0] == WhyNotAsked.ABSENT


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
    given = (same(Consent.kind, ConsentKind.REGISTER), same(Consent.answer, ConsentAnswer.GIVEN))
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
