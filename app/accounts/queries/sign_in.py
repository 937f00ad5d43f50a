"""Reads of users, hats and sessions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Row, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from app.accounts.models import Invitation, Membership, SignInFailure, User, UserSession
from app.accounts.policy import DEMO_DOMAIN, current, is_current
from app.kernel.access import Actor, Role
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.statements import among, built
from app.network.models import Structure, Team


@dataclass(frozen=True)
class Hat:
    """A hat to choose from."""

    membership_id: UUID
    structure_name: str
    role: Role
    team_name: str


@dataclass(frozen=True)
class Colleague:
    """A current member of a structure."""

    user_id: UUID
    display_name: str
    role: Role


@dataclass(frozen=True)
class DemoAccount:
    """An account offered on the demo's sign-in page: who, with which role, and where."""

    email: str
    display_name: str
    role: Role
    structures: tuple[str, ...]


def hash_key(key: str) -> str:
    """What is kept of a session's random key."""
    return hashlib.sha256(key.encode()).hexdigest()


@dataclass(frozen=True)
class SignedIn:
    """A session that is known: whose it is, since when, and the hat that it wears, if it may still be worn."""

    id: UUID
    user_id: UUID
    started_at: datetime
    seen_at: datetime
    ended_at: datetime | None
    display_name: str
    language: str
    hats: int
    actor: Actor | None
    structure_name: str


_Held, _Other = aliased(Membership), aliased(Team)


@built
def _session_by_key() -> Select[Any]:
    day, worn = bindparam("day", type_=Date()), Membership
    mine = select(func.count(_Held.id)).where(_Held.user_id == UserSession.user_id, current(day, _Held))
    who = (UserSession.id, UserSession.user_id, UserSession.started_at, UserSession.seen_at, UserSession.ended_at)
    hat = (worn.id.label("membership_id"), worn.role, worn.structure_id, worn.team_id)
    where = (Structure.name.label("structure_name"), Structure.under_secrecy.label("structure_is_secret"))
    return (
        select(*who, User.display_name, User.language, *hat, *where, Team.under_secrecy.label("team_is_secret"))
        .add_columns(mine.correlate(UserSession).scalar_subquery().label("hats"), _beside().label("beside_secret_team"))
        .join(User, User.id == UserSession.user_id)
        .outerjoin(worn, and_(worn.id == UserSession.membership_id, current(day)))
        .outerjoin(Structure, Structure.id == worn.structure_id)
        .outerjoin(Team, Team.id == worn.team_id)
        .where(UserSession.key_hash == bindparam("key_hash"), User.closed_at.is_(None))
    )


def _beside() -> ColumnElement[bool]:
    """SQL: another team of the hat’s structure is under secrecy."""
    other = or_(Membership.team_id.is_(None), _Other.id != Membership.team_id)
    return exists().where(_Other.structure_id == Membership.structure_id, _Other.under_secrecy.is_(True), other)


def session_by_key(key: str, today: date) -> SignedIn | None:
    """The session behind a cookie's key, its user, the hat it wears today and how many may be worn; one query."""
    row = db.session.execute(_session_by_key(), {"key_hash": hash_key(key), "day": today}).first()
    if row is None:
        return None
    opened = (row.id, row.user_id, row.started_at, row.seen_at, row.ended_at)
    return SignedIn(*opened, row.display_name, row.language, row.hats, _worn(row), row.structure_name or "")


def _worn(row: Row[Any]) -> Actor | None:
    if row.membership_id is None:
        return None
    secret = (bool(row.team_is_secret), bool(row.structure_is_secret), bool(row.beside_secret_team))
    return Actor(row.user_id, row.membership_id, row.role, row.structure_id, row.team_id, *secret)


def actor_of(membership: Membership) -> Actor:
    """The actor wearing this hat."""
    team = membership.team
    return Actor(
        membership.user_id,
        membership.id,
        membership.role,
        membership.structure_id,
        membership.team_id,
        bool(team and team.under_secrecy),
        membership.structure.under_secrecy,
    )


def hats_of(user_id: UUID, today: date) -> list[Hat]:
    """The hats a user may wear today."""
    query = (
        select(Membership)
        .join(Membership.structure)
        .options(contains_eager(Membership.structure), joinedload(Membership.team))
        .where(Membership.user_id == user_id)
        .order_by(Structure.name, Membership.role)
    )
    found = db.session.scalars(query).unique()
    return [Hat(m.id, m.structure.name, m.role, m.team.name if m.team else "") for m in found if is_current(m, today)]


def hat(user_id: UUID, membership_id: UUID, today: date) -> Membership | None:
    """One of the user's hats, if it may be worn today."""
    query = (
        select(Membership)
        .options(joinedload(Membership.structure), joinedload(Membership.team))
        .where(Membership.id == membership_id, Membership.user_id == user_id)
    )
    found = db.session.scalars(query).first()
    return found if found and is_current(found, today) else None


def user_by_email(email: str) -> User | None:
    """An open account by its address, folded."""
    return db.session.scalars(select(User).where(User.email == email.strip().lower(), User.closed_at.is_(None))).first()


def is_taken(email: str) -> bool:
    """An account, open or closed, has this address."""
    return db.session.scalar(select(User.id).where(User.email == email.strip().lower())) is not None


def failures(account_hash: str, address_hash: str, since: datetime) -> tuple[int, int]:
    """How many failed attempts since: for this account, from this address."""
    by_account = func.count().filter(SignInFailure.account_hash == account_hash)
    by_address = func.count().filter(SignInFailure.address_hash == address_hash)
    either = or_(SignInFailure.account_hash == account_hash, SignInFailure.address_hash == address_hash)
    row = db.session.execute(select(by_account, by_address).where(either, SignInFailure.at > since)).one()
    return int(row[0]), int(row[1])


def address_of(recipient_id: UUID) -> str | None:
    """The mail address of an open account, or of somebody invited whose invitation still waits (outbox)."""
    email = db.session.scalar(select(User.email).where(User.id == recipient_id, User.closed_at.is_(None)))
    waiting = (Invitation.accepted_at.is_(None), Invitation.cancelled_at.is_(None))
    return email or db.session.scalar(select(Invitation.email).where(Invitation.id == recipient_id, *waiting))


def open_accounts() -> list[User]:
    """Every open account (worker)."""
    return list(db.session.scalars(select(User).where(User.closed_at.is_(None))))


def user(user_id: UUID) -> User:
    """An open account, or NotFound."""
    found = db.session.get(User, user_id)
    if found is None or found.closed_at is not None:
        raise NotFound
    return found


def display_names(ids: set[UUID]) -> dict[UUID, str]:
    """Names of several users (professionals), in one query."""
    if not ids:
        return {}
    return {row[0]: row[1] for row in db.session.execute(_names(), {"ids": ids})}


@built
def _names() -> Select[UUID, str]:
    return select(User.id, User.display_name).where(among(User.id))


def colleagues(structure_id: UUID, today: date, roles: frozenset[Role]) -> list[Colleague]:
    """The current members of a structure with one of these roles, by name."""
    query = (
        select(Membership)
        .join(Membership.user)
        .options(contains_eager(Membership.user))
        .where(Membership.structure_id == structure_id, Membership.role.in_(roles), User.closed_at.is_(None))
        .order_by(User.display_name)
    )
    found = db.session.scalars(query)
    return [Colleague(m.user_id, m.user.display_name, m.role) for m in found if is_current(m, today)]


def demo_accounts(today: date) -> list[DemoAccount]:
    """For the demo's sign-in page: one account per role, and a second adviser elsewhere, since a referral takes two."""
    offered: dict[Role, list[DemoAccount]] = {}
    for account in _demo_accounts(today):
        same = offered.setdefault(account.role, [])
        elsewhere = not any(set(account.structures) & set(one.structures) for one in same)
        if len(same) < (2 if account.role is Role.ADVISER else 1) and elsewhere:
            same.append(account)
    return [account for role in Role for account in offered.get(role, [])]


def _demo_accounts(today: date) -> list[DemoAccount]:
    query = (
        select(Membership)
        .join(Membership.user)
        .join(Membership.structure)
        .options(contains_eager(Membership.user), contains_eager(Membership.structure))
        .where(User.email.endswith(f"@{DEMO_DOMAIN}"), User.closed_at.is_(None))
        .order_by(User.created_at, User.id, Membership.created_at, Membership.id)
    )
    hats: dict[User, list[Membership]] = {}
    for one in db.session.scalars(query):
        if is_current(one, today):
            hats.setdefault(one.user, []).append(one)
    return [
        DemoAccount(user.email, user.display_name, worn[0].role, tuple(hat.structure.name for hat in worn))
        for user, worn in hats.items()
    ]
