"""What waits for those who administer: invitations without an answer, structures nobody manages or that did not sign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import exists, func, select

from app.accounts import policy
from app.accounts.models import Invitation, Membership
from app.kernel import clock
from app.kernel.access import Actor, Role
from app.kernel.db import db
from app.network import policy as network_policy
from app.network.models import Structure

MOST = 20


@dataclass(frozen=True)
class WaitingInvitations:
    """The invitations of one structure that nobody has answered, and the day on which the first one lapses."""

    structure_id: UUID
    structure_name: str
    count: int
    first_end: date


def waiting_invitations(actor: Actor, timezone: str) -> list[WaitingInvitations]:
    """By structure that this hat decides about, the soonest to lapse first; one query."""
    if actor.role not in {Role.MANAGER, Role.ADMIN}:
        return []
    waiting = (Invitation.accepted_at.is_(None), Invitation.cancelled_at.is_(None), Invitation.expires_at > clock.now())
    first = func.min(Invitation.expires_at, type_=Invitation.expires_at.type)
    query = (
        select(Structure.id, Structure.name, func.count(), first)
        .join(Invitation, Invitation.structure_id == Structure.id)
        .where(*waiting)
        .group_by(Structure.id, Structure.name)
        .order_by(first, Structure.id)
        .limit(MOST)
    )
    if actor.role is Role.MANAGER:
        query = query.where(Structure.id == actor.structure_id)
    rows = db.session.execute(query)
    return [WaitingInvitations(*row[:3], clock.local(row[3], timezone).date()) for row in rows]


def without_manager(actor: Actor, today: date) -> int:
    """How many structures of the network nobody manages, for whoever administers it."""
    if actor.role is not Role.ADMIN:
        return 0
    managed = exists().where(
        Membership.structure_id == Structure.id, Membership.role == Role.MANAGER, policy.current(today)
    )
    query = select(func.count()).select_from(Structure).where(Structure.closed_on.is_(None), ~managed)
    return db.session.scalar(query) or 0


def without_agreement(actor: Actor) -> int:
    """How many structures work here without a signed agreement: they can share nothing."""
    if not network_policy.administers(actor):
        return 0
    unsigned = (Structure.closed_on.is_(None), Structure.agreement_signed_on.is_(None))
    return db.session.scalar(select(func.count()).select_from(Structure).where(*unsigned)) or 0
