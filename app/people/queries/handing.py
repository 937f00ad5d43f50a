"""Passing the referent follow-up on: who may receive it, what was proposed, what waits for an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select

from app.accounts import policy as account_policy
from app.accounts.models import Membership, User
from app.kernel import grants
from app.kernel.access import ADVISING, Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.grants import Granted
from app.kernel.statements import built
from app.network import policy as network_policy
from app.network import queries as network_queries
from app.network.models import Structure
from app.people import policy
from app.people.enums import (
    AgeStatus,
    FollowUpKind,
    HandOverEnd,
    HandOverReason,
    HandOverSide,
    HandOverState,
    PersonState,
)
from app.people.models import FollowUp, HandOver, NamedStructure, Person
from app.people.queries.card import labels
from app.territory.area import UnknownArea, public_area

MOST_TASKS = 50


@dataclass(frozen=True)
class Candidate:
    """A structure that may become the referent; `follows`: it follows the person already."""

    structure_id: UUID
    name: str
    follows: bool


@dataclass(frozen=True)
class HandOverView:
    """A proposal as one of its two sides reads it.

    `person` is None where the identity is not open (before, for a structure that does not follow; after, for the one that
    followed): `age` and `area` are then what is told of them. `other` is the structure of the other side.
    """

    id: UUID
    person_id: UUID
    person: str | None
    age: AgeStatus
    area: str
    side: HandOverSide
    made_here: bool
    asked: bool
    other: str
    reason: HandOverReason
    person_agrees: bool
    state: HandOverState
    end_reason: HandOverEnd | None
    made_at: datetime
    expires_on: date
    ended_at: datetime | None
    seen: bool
    told: bool

    @property
    def answers(self) -> bool:
        """This side is the one that answers."""
        return self.state is HandOverState.OPEN and not self.made_here

    @property
    def to_see(self) -> bool:
        """The answer has reached nobody yet on the side that asked."""
        known = {HandOverState.OPEN, HandOverState.WITHDRAWN}
        return self.made_here and self.state not in known and not self.seen

    @property
    def to_tell(self) -> bool:
        """The new referent has still to tell the person."""
        return self.side is HandOverSide.TO and self.state is HandOverState.ACCEPTED and not self.told


def candidates(actor: Actor, granted: Granted, today: date) -> list[Candidate]:
    """Who may receive the referent follow-up: bound by an agreement; for a protected person, named by them. Four queries.

    Those that follow already come first. A sensitive structure that does not follow is not offered by a name that says it.
    """
    follows = followers_beside(granted.person_id)
    bound = select(Structure).where(Structure.id.in_(network_policy.bound_ids(today)))
    query = bound.where(Structure.id != actor.structure_id).order_by(Structure.name)
    protected = db.session.scalar(select(Person.protected).where(Person.id == granted.person_id))
    named = _named(granted.person_id) if protected else None
    found = [
        Candidate(one.id, network_queries.displayed_name(actor, one), one.id in follows)
        for one in db.session.scalars(query)
        if may_receive(one, one.id in follows, named)
    ]
    return sorted(found, key=lambda one: not one.follows)


def may_receive(structure: Structure, follows: bool, named: set[UUID] | None) -> bool:
    """`named`: the structures that a protected person named; None for anybody else."""
    if named is not None:
        return structure.id in named
    return follows or not structure.sensitive


def followers_beside(person_id: UUID) -> dict[UUID, FollowUp]:
    """The open shared follow-ups of somebody, by structure."""
    others = (FollowUp.kind == FollowUpKind.OTHER, FollowUp.ended_on.is_(None))
    found = db.session.scalars(select(FollowUp).where(FollowUp.person_id == person_id, *others))
    return {one.structure_id: one for one in found}


def _named(person_id: UUID) -> set[UUID]:
    return set(db.session.scalars(select(NamedStructure.structure_id).where(NamedStructure.person_id == person_id)))


def names_of(person: Person) -> set[UUID] | None:
    """The structures that a protected person named; None for anybody else."""
    return _named(person.id) if person.protected else None


def hand_over(actor: Actor, hand_over_id: UUID) -> HandOverView:
    """One proposal, or NotFound: unknown and hidden alike."""
    found = _read(actor, _mine(actor).where(HandOver.id == hand_over_id))
    if not found:
        raise NotFound
    return found[0]


def open_for(actor: Actor, person_id: UUID) -> UUID | None:
    """The open proposal about somebody, when this hat is on one of its sides."""
    return db.session.scalar(_open_for(actor), {grants.PERSON: person_id})


@built
def _open_for(actor: Actor) -> Select[UUID]:
    waiting = (HandOver.person_id == grants.SOMEBODY, HandOver.state == HandOverState.OPEN)
    return select(HandOver.id).where(*waiting, policy.on_a_side(actor))


def waiting(actor: Actor) -> list[HandOverView]:
    """What this hat’s side has to answer, to read, or to tell the person; the oldest first. Three queries at most."""
    if actor.role not in ADVISING:
        return []
    return _read(actor, _waiting(actor))


@built
def _waiting(actor: Actor) -> Select[HandOver, Person]:
    return _mine(actor).where(_to_do(actor)).order_by(HandOver.created_at).limit(MOST_TASKS)


def _to_do(actor: Actor) -> ColumnElement[bool]:
    ours, theirs = HandOver.from_structure_id == actor.structure_id, HandOver.to_structure_id == actor.structure_id
    made = or_(and_(ours, HandOver.asked.is_(False)), and_(theirs, HandOver.asked.is_(True)))
    ended = HandOver.state.not_in([HandOverState.OPEN, HandOverState.WITHDRAWN])
    return or_(
        and_(HandOver.state == HandOverState.OPEN, ~made),
        and_(ended, made, HandOver.seen_at.is_(None)),
        and_(HandOver.state == HandOverState.ACCEPTED, theirs, HandOver.told_at.is_(None)),
    )


def _mine(actor: Actor) -> Select[HandOver, Person]:
    query = select(HandOver, Person).join(Person, Person.id == HandOver.person_id)
    return query.where(policy.on_a_side(actor))


def _read(actor: Actor, query: Select[HandOver, Person]) -> list[HandOverView]:
    rows = [(row[0], row[1]) for row in db.session.execute(query)]
    named = labels(actor, {person.id for _, person in rows})
    others = network_queries.names(actor, {_other(actor, one) for one, _ in rows})
    return [_view(actor, one, person, named.get(person.id), others) for one, person in rows]


def _other(actor: Actor, one: HandOver) -> UUID:
    return one.to_structure_id if one.from_structure_id == actor.structure_id else one.from_structure_id


def _view(actor: Actor, one: HandOver, person: Person, label: str | None, others: dict[UUID, str]) -> HandOverView:
    side = policy.side_of(actor, one) or HandOverSide.FROM
    return HandOverView(
        id=one.id,
        person_id=person.id,
        person=label,
        age=person.age_status,
        area=_area(person),
        side=side,
        made_here=policy.made_by_side(one) is side,
        asked=one.asked,
        other=others[_other(actor, one)],
        reason=one.reason,
        person_agrees=one.person_agrees,
        state=one.state,
        end_reason=one.end_reason,
        made_at=one.created_at,
        expires_on=one.expires_on,
        ended_at=one.ended_at,
        seen=one.seen_at is not None,
        told=one.told_at is not None,
    )


def _area(person: Person) -> str:
    """What is told of where somebody lives before they are known: never a small commune, nor that of a protected person."""
    if person.commune_code is None or person.state is not PersonState.ACTIVE:
        return ""
    try:
        return public_area(person.commune_code, wide=person.protected).label
    except UnknownArea:
        return ""


def told(structure_id: UUID, team_id: UUID | None, today: date) -> list[tuple[UUID, str]]:
    """(user, language) of the advisers and managers of one side; of its team when that one is under secrecy."""
    query = (
        select(User.id, User.language)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.structure_id == structure_id, Membership.role.in_(ADVISING))
        .where(User.closed_at.is_(None), account_policy.current(today))
    )
    if team_id is not None:
        query = query.where(Membership.team_id == team_id)
    return [(row[0], row[1]) for row in db.session.execute(query.distinct().order_by(User.id))]
