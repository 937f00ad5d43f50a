"""Who has access to what: the members of a structure, those invited, the structures themselves, the yearly review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.accounts import policy
from app.accounts.models import AccessReview, Invitation, Membership, User
from app.kernel import clock
from app.kernel.access import Actor, Role
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.network import policy as network_policy
from app.network import queries as network
from app.network.enums import StructureKind
from app.network.models import Structure, Team

# domain/access.md: once a year somebody asks whether each still needs their access.
REVIEW_EVERY = timedelta(days=365)


@dataclass(frozen=True)
class Member:
    """Somebody who has access today, as whoever decides about them reads it."""

    membership_id: UUID
    display_name: str
    email: str
    role: Role
    team_name: str
    places: tuple[str, ...]
    starts_on: date
    last_seen_on: date | None
    may_change: bool
    may_end: bool


@dataclass(frozen=True)
class Invited:
    """Somebody whose invitation waits."""

    id: UUID
    email: str
    role: Role
    expires_at: datetime


@dataclass(frozen=True)
class StructureSummary:
    """A structure, its agreement, and how many people have access to it."""

    id: UUID
    name: str
    kind: StructureKind
    signed_on: date | None
    ended_on: date | None
    closed_on: date | None
    sensitive: bool
    members: int
    shares: bool


@dataclass(frozen=True)
class TeamSummary:
    """A team, its secrecy, and who is in it."""

    id: UUID
    name: str
    under_secrecy: bool
    members: tuple[str, ...]


@dataclass(frozen=True)
class ReviewDue:
    """A structure whose yearly review is due."""

    structure_id: UUID
    structure_name: str
    due: date


def _current(structure_id: UUID, today: date) -> Select[Membership]:
    return (
        select(Membership)
        .join(Membership.user)
        .options(contains_eager(Membership.user), joinedload(Membership.team), selectinload(Membership.usual_places))
        .where(Membership.structure_id == structure_id, policy.current(today), User.closed_at.is_(None))
        .order_by(User.display_name, Membership.id)
    )


def hats_in(structure_id: UUID, today: date) -> list[Membership]:
    """The hats worn today in a structure, by the name of who wears them."""
    return list(db.session.scalars(_current(structure_id, today)))


def member(actor: Actor, membership_id: UUID) -> Membership:
    """A hat worn today that this actor may change, or NotFound."""
    query = select(Membership).options(joinedload(Membership.user), joinedload(Membership.structure))
    found = db.session.scalars(query.where(Membership.id == membership_id)).first()
    if found is None or not policy.is_current(found, policy.rules().today()) or not policy.can_change(actor, found):
        raise NotFound
    return found


def members(actor: Actor, structure_id: UUID) -> list[Member]:
    """Everybody who has access to a structure today. NotFound for whoever does not decide about it."""
    if not policy.manages(actor, structure_id):
        raise NotFound
    hats = hats_in(structure_id, policy.rules().today())
    names = {place.id: place.name for place in network.places_of(structure_id)}
    return [_member(actor, hat, names) for hat in hats]


def _member(actor: Actor, hat: Membership, names: dict[UUID, str]) -> Member:
    return Member(
        hat.id,
        hat.user.display_name,
        hat.user.email,
        hat.role,
        hat.team.name if hat.team else "",
        tuple(sorted(names[one.place_id] for one in hat.usual_places if one.place_id in names)),
        hat.starts_on,
        hat.user.last_seen_on,
        policy.can_change(actor, hat),
        policy.can_end(actor, hat),
    )


def invited(structure_id: UUID) -> list[Invited]:
    """Invitations that wait, the most recent first."""
    waiting = (Invitation.accepted_at.is_(None), Invitation.cancelled_at.is_(None), Invitation.expires_at > clock.now())
    query = select(Invitation).where(Invitation.structure_id == structure_id, *waiting)
    found = db.session.scalars(query.order_by(Invitation.created_at.desc()))
    return [Invited(one.id, one.email, one.role, one.expires_at) for one in found]


def count_wearing(role: Role, today: date) -> int:
    """How many open accounts may wear this role today, in the whole network."""
    query = select(func.count(func.distinct(Membership.user_id))).join(User, User.id == Membership.user_id)
    return db.session.scalar(query.where(Membership.role == role, policy.current(today), User.closed_at.is_(None))) or 0


def structures(actor: Actor) -> list[StructureSummary]:
    """Every structure of the network, those that left last. Names as they were typed: whoever reads this administers them."""
    if not network_policy.administers(actor):
        raise NotFound
    found = db.session.execute(_summaries().order_by(Structure.closed_on.is_not(None), Structure.name))
    return [_summary(one, count) for one, count in found]


def structure(actor: Actor, structure_id: UUID) -> StructureSummary:
    """One structure, for those who administer it and for its own manager; NotFound otherwise."""
    row = db.session.execute(_summaries().where(Structure.id == structure_id)).first()
    if row is None or not network_policy.declares(actor, structure_id):
        raise NotFound
    return _summary(row[0], row[1])


def _summaries() -> Select[Any]:
    held = (Membership.structure_id == Structure.id, policy.current(policy.rules().today()))
    count = select(func.count(Membership.id)).where(*held).correlate(Structure).scalar_subquery()
    return select(Structure, count)


def _summary(one: Structure, members: int) -> StructureSummary:
    shares = network_policy.can_share(one, policy.rules().today())
    dates = (one.agreement_signed_on, one.agreement_ended_on, one.closed_on)
    return StructureSummary(one.id, one.name, one.kind, *dates, one.sensitive, members, shares)


def officers(structure_id: UUID, today: date) -> list[str]:
    """Names of the data protection officers that a structure named among the network's accounts."""
    return [hat.user.display_name for hat in hats_in(structure_id, today) if hat.role is Role.DPO]


def teams_of(structure_id: UUID) -> list[Team]:
    """The teams of a structure, by name."""
    return list(db.session.scalars(select(Team).where(Team.structure_id == structure_id).order_by(Team.name)))


def teams(actor: Actor, structure_id: UUID) -> list[TeamSummary]:
    """The teams of a structure and who is in them. NotFound for whoever does not draw them."""
    if not network_policy.builds_teams(actor, structure_id):
        raise NotFound
    hats = hats_in(structure_id, policy.rules().today())
    return [_team(team, hats) for team in teams_of(structure_id)]


def _team(team: Team, hats: list[Membership]) -> TeamSummary:
    names = tuple(hat.user.display_name for hat in hats if hat.team_id == team.id)
    return TeamSummary(team.id, team.name, team.under_secrecy, names)


def last_review(structure_id: UUID) -> date | None:
    """When the accesses of a structure were last reviewed."""
    return db.session.scalar(
        select(func.max(AccessReview.reviewed_on)).where(AccessReview.structure_id == structure_id)
    )


def next_review(structure_id: UUID, today: date) -> date | None:
    """When the accesses of a structure are to be reviewed: a year after the last time, or after the first access."""
    begun = select(func.min(Membership.starts_on)).where(Membership.structure_id == structure_id, policy.current(today))
    last = last_review(structure_id) or db.session.scalar(begun)
    return last + REVIEW_EVERY if last else None


def reviews_due(actor: Actor, today: date) -> list[ReviewDue]:
    """Reviews to make today: of one's own structure for managers; for administrators, of those without a manager."""
    if actor.role not in {Role.MANAGER, Role.ADMIN}:
        return []
    reviewed = select(func.max(AccessReview.reviewed_on)).where(AccessReview.structure_id == Structure.id)
    first = func.min(Membership.starts_on)
    query = (
        select(Structure.id, Structure.name, func.coalesce(reviewed.correlate(Structure).scalar_subquery(), first))
        .join(Membership, Membership.structure_id == Structure.id)
        .where(policy.current(today))
        .group_by(Structure.id, Structure.name)
    )
    own = actor.role is Role.MANAGER
    query = query.where(Structure.id == actor.structure_id) if own else query.having(_managers() == 0)
    found = (ReviewDue(one[0], one[1], _day(one[2]) + REVIEW_EVERY) for one in db.session.execute(query))
    return sorted((one for one in found if one.due <= today), key=lambda one: one.due)


def _managers() -> Any:
    return func.count(Membership.id).filter(Membership.role == Role.MANAGER)


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value
