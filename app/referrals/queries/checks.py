"""Rule 13, checked every night: nobody without referent, no open referral without clock, no ending without what follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select

from app.kernel.db import db
from app.people.enums import FollowUpKind, PersonState
from app.people.models import FollowUp, Person
from app.referrals.enums import ENDED, LIVE, Outcome, TaskKind
from app.referrals.models import Referral, ReferralTask

# The clocks run every hour: one that is a day late is not running.
LATE = timedelta(days=1)


@dataclass(frozen=True)
class Gaps:
    """Ids of what breaks rule 13. Empty when all is well."""

    without_referent: tuple[UUID, ...]
    without_clock: tuple[UUID, ...]
    without_next: tuple[UUID, ...]

    def __bool__(self) -> bool:
        return bool(self.without_referent or self.without_clock or self.without_next)


def gaps(now: datetime, structure_id: UUID | None = None) -> Gaps:
    """What breaks rule 13, in the whole network or for one structure (the coordinator sees all, a structure its own)."""
    return Gaps(_without_referent(structure_id), _without_clock(now, structure_id), _without_next(structure_id))


def _without_referent(structure_id: UUID | None) -> tuple[UUID, ...]:
    followed = exists().where(
        FollowUp.person_id == Person.id,
        FollowUp.structure_id == Person.referent_structure_id,
        FollowUp.kind == FollowUpKind.REFERENT,
        FollowUp.ended_on.is_(None),
    )
    query = select(Person.id).where(Person.state == PersonState.ACTIVE, ~followed)
    if structure_id is not None:
        query = query.where(Person.referent_structure_id == structure_id)
    return tuple(db.session.scalars(query.order_by(Person.id)))


def _without_clock(now: datetime, structure_id: UUID | None) -> tuple[UUID, ...]:
    stopped = or_(Referral.next_clock_at.is_(None), Referral.next_clock_at < now - LATE)
    query = select(Referral.id).where(Referral.state.in_(LIVE), stopped, _of(structure_id))
    return tuple(db.session.scalars(query.order_by(Referral.id)))


def _without_next(structure_id: UUID | None) -> tuple[UUID, ...]:
    planned = exists().where(
        ReferralTask.referral_id == Referral.id,
        ReferralTask.kind == TaskKind.NEXT_ACTION,
        or_(ReferralTask.done_at.is_(None), ReferralTask.decision.is_not(None)),
    )
    met = Referral.outcome == Outcome.NEED_MET
    unmet = or_(Referral.outcome.is_(None), ~met)
    query = select(Referral.id).where(Referral.state.in_(ENDED), unmet, ~planned, _of(structure_id))
    return tuple(db.session.scalars(query.order_by(Referral.id)))


def _of(structure_id: UUID | None) -> ColumnElement[bool]:
    if structure_id is None:
        return Referral.id.is_not(None)
    return or_(Referral.structure_id == structure_id, Referral.recipient_id == structure_id)
