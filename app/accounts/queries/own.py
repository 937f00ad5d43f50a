"""One's own account: links that serve once, second factor, open sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.accounts import policy
from app.accounts.enums import LinkPurpose
from app.accounts.models import AccountLink, Invitation, Membership, RecoveryCode, SecondFactor, User, UserSession
from app.accounts.queries.sign_in import hash_key
from app.kernel import clock
from app.kernel.access import Role
from app.kernel.db import db


@dataclass(frozen=True)
class SessionLine:
    """An open session of one's own."""

    id: UUID
    browser: str
    started_at: datetime
    seen_at: datetime
    here: bool


def link(token: str, *purposes: LinkPurpose) -> tuple[AccountLink, User] | None:
    """The link behind a token while it serves, and its user."""
    query = (
        select(AccountLink, User)
        .join(User, User.id == AccountLink.user_id)
        .where(AccountLink.token_hash == hash_key(token), AccountLink.purpose.in_(purposes), User.closed_at.is_(None))
        .where(AccountLink.used_at.is_(None), AccountLink.expires_at > clock.now())
    )
    row = db.session.execute(query).first()
    return (row[0], row[1]) if row else None


def invitation(token: str) -> Invitation | None:
    """The invitation behind a token while it may be accepted."""
    query = (
        select(Invitation)
        .options(joinedload(Invitation.structure), joinedload(Invitation.team))
        .where(Invitation.token_hash == hash_key(token), Invitation.expires_at > clock.now())
        .where(Invitation.accepted_at.is_(None), Invitation.cancelled_at.is_(None))
    )
    return db.session.scalars(query).first()


def second_factor(user_id: UUID) -> SecondFactor | None:
    """The user's second factor, if there is one."""
    return db.session.get(SecondFactor, user_id)


def has_second_factor(user_id: UUID) -> bool:
    """Whether codes are asked of this user."""
    return db.session.scalar(select(SecondFactor.user_id).where(SecondFactor.user_id == user_id)) is not None


def codes_left(user_id: UUID) -> int:
    """How many recovery codes may still serve."""
    left = (RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(select(func.count(RecoveryCode.id)).where(*left)) or 0


def roles_of(user_id: UUID, today: date) -> frozenset[Role]:
    """The roles that a user may wear today."""
    return frozenset(
        db.session.scalars(select(Membership.role).where(Membership.user_id == user_id, policy.current(today)))
    )


def open_sessions(user_id: UUID, here: UUID) -> list[SessionLine]:
    """The user's sessions that still open something, the present one first, then the most recent."""
    now, rules = clock.now(), policy.rules()
    query = select(UserSession).where(UserSession.user_id == user_id, UserSession.ended_at.is_(None))
    alive = (
        one
        for one in db.session.scalars(query.order_by(UserSession.seen_at.desc()))
        if policy.is_alive(one, now, rules.idle, rules.absolute)
    )
    lines = [SessionLine(one.id, one.browser, one.started_at, one.seen_at, one.id == here) for one in alive]
    return sorted(lines, key=lambda line: not line.here)
