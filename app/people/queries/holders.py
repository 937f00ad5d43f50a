"""« Interlocuteur » : the colleague whom a person knows inside a structure that follows them. It opens no right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, bindparam, exists, or_, select

from app.accounts import policy as account_policy
from app.accounts.models import Membership, User
from app.kernel.access import FRONT
from app.kernel.db import db
from app.kernel.grants import Granted
from app.kernel.statements import built
from app.network.models import Team
from app.people import policy
from app.people.models import FollowUp


@dataclass(frozen=True)
class Colleague:
    """Somebody of the structure who may read the person."""

    user_id: UUID
    name: str


@dataclass(frozen=True)
class Holder:
    """Who holds the follow-up. `present` is false for somebody who left, or may no longer read the person."""

    user_id: UUID
    name: str
    present: bool


def may_hold(today: date, user_id: Any = FollowUp.holder_id) -> ColumnElement[bool]:
    """SQL, beside `FollowUp`: this user wears a hat of its structure today, within the team’s perimeter when it is secret."""
    team = exists().where(Team.id == FollowUp.team_id, Team.under_secrecy.is_(True))
    in_perimeter = or_(FollowUp.team_id.is_(None), Membership.team_id == FollowUp.team_id, ~team)
    worn = (Membership.structure_id == FollowUp.structure_id, Membership.role.in_(FRONT), account_policy.current(today))
    account = (User.id == Membership.user_id, User.closed_at.is_(None))
    return exists().where(Membership.user_id == user_id, *worn, *account, in_perimeter)


def colleagues(granted: Granted, today: date) -> list[Colleague]:
    """Who may hold the follow-up of this hat’s structure, by name; one query."""
    query = select(User.id, User.display_name).join(FollowUp, FollowUp.id == policy.follow_up_of(granted))
    query = query.where(may_hold(today, User.id)).order_by(User.display_name, User.id)
    return [Colleague(row[0], row[1]) for row in db.session.execute(query)]


def of_structure(structure_id: UUID, today: date) -> list[Colleague]:
    """The current members of a structure who meet people, by name: the choices of a filter."""
    return [Colleague(row[0], row[1]) for row in db.session.execute(_of_structure(structure_id, today))]


@built
def _of_structure(structure_id: UUID, today: date) -> Select[UUID, str]:
    worn = (Membership.structure_id == structure_id, Membership.role.in_(FRONT), account_policy.current(today))
    query = select(User.id, User.display_name).join(Membership, Membership.user_id == User.id).where(*worn)
    return query.where(User.closed_at.is_(None)).distinct().order_by(User.display_name, User.id)


def holder(granted: Granted, today: date) -> Holder | None:
    """Who holds the follow-up of this hat’s structure; one query."""
    row = db.session.execute(_holder(today), {"follow_up": policy.follow_up_of(granted)}).first()
    return Holder(row[0], row[1], bool(row[2])) if row else None


@built
def _holder(today: date) -> Select[UUID, str, bool]:
    query: Select[UUID, str, bool] = select(User.id, User.display_name, may_hold(today))
    query = query.join(FollowUp, FollowUp.holder_id == User.id)
    return query.where(FollowUp.id == bindparam("follow_up", type_=Uuid()))
