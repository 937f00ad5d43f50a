"""Records that may be the same person: the work list of a structure, two records side by side, recent merges, notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select
from sqlalchemy.orm import aliased, joinedload

from app.kernel import clock, due, grants, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.due import Branch
from app.kernel.errors import NotFound
from app.kernel.grants import Granted, Section
from app.kernel.merges import UNDO_LIFETIME
from app.network import queries as network_queries
from app.people import policy
from app.people.contacts import own_phones
from app.people.duplicates import Known, Reason
from app.people.enums import FollowUpKind, Genre, PersonState
from app.people.models import DuplicatePair, FollowUp, LikenessNotice, Person, PersonMerge
from app.people.queries.card import label_of, labels

PAGE = 20
MOST_RECENT = 20
SEEN_BY_MERGING = Section.IDENTITY | Section.CONTACT


@dataclass(frozen=True)
class SideLine:
    """One of two records, in a line of the list."""

    id: UUID
    label: str
    code: str
    birth_year: int | None
    commune_code: str | None
    registered_on: date


@dataclass(frozen=True)
class PairLine:
    """Two records that may be one person; `score` from 0 to 100."""

    id: UUID
    score: int
    reasons: tuple[Reason, ...]
    sides: tuple[SideLine, SideLine]
    dismissed_at: datetime | None


@dataclass(frozen=True)
class PairPage:
    """A page of the list, the most alike first."""

    rows: list[PairLine]
    number: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True)
class Pair:
    """Two records that this actor may read, write and merge; the first is the older."""

    id: UUID
    line: PairLine
    people: tuple[Person, Person]
    granted: tuple[Granted, Granted]


@dataclass(frozen=True)
class MergeLine:
    """A merge that may still be undone."""

    id: UUID
    label: str
    person_id: UUID
    at: datetime
    until: datetime


@dataclass(frozen=True)
class NoticeView:
    """A structure registered somebody close to this person. `structure` is empty when its name is not said."""

    id: UUID
    person_id: UUID
    person: str
    structure: str
    at: datetime


def pairs(actor: Actor, number: int, *, dismissed: bool = False) -> PairPage:
    """The work list of the actor’s structure, within what this hat may read. Five queries, whatever the length."""
    if not policy.can_look_for_duplicates(actor):
        raise NotFound
    query = _pairs(actor)
    query = query.where(DuplicatePair.dismissed_at.is_not(None) if dismissed else DuplicatePair.dismissed_at.is_(None))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    number = min(max(1, number), max(1, -(-total // PAGE)))
    ordered = query.order_by(DuplicatePair.score.desc(), DuplicatePair.id).offset((number - 1) * PAGE).limit(PAGE)
    found = list(db.session.scalars(ordered))
    people = _people({one for pair in found for one in (pair.low_id, pair.high_id)})
    return PairPage([_line(pair, people) for pair in found], number, total)


def _pairs(actor: Actor) -> Select[DuplicatePair]:
    """Both people are the structure’s, active, kept by the same team, and readable by this hat."""
    low, high = aliased(Person), aliased(Person)
    seen = grants.visible_ids(actor, SEEN_BY_MERGING)
    query = select(DuplicatePair).join(low, low.id == DuplicatePair.low_id).join(high, high.id == DuplicatePair.high_id)
    for one in (low, high):
        ours = (one.referent_structure_id == actor.structure_id, one.state == PersonState.ACTIVE, one.id.in_(seen))
        query = query.where(*ours)
    return query.where(_same_team())


def _same_team() -> Any:
    """Two records of different perimeters are not merged: one would open to who may not read the other."""
    low, high = aliased(FollowUp), aliased(FollowUp)
    held = [
        and_(one.person_id == person, one.kind == FollowUpKind.REFERENT, one.ended_on.is_(None))
        for one, person in ((low, DuplicatePair.low_id), (high, DuplicatePair.high_id))
    ]
    return exists().where(*held, low.team_id.is_not_distinct_from(high.team_id))


def _people(ids: set[UUID]) -> dict[UUID, Person]:
    if not ids:
        return {}
    whole = (joinedload(Person.identity), joinedload(Person.adaptation), joinedload(Person.contacts))
    query = select(Person).options(*whole).where(Person.id.in_(ids))
    return {person.id: person for person in db.session.scalars(query).unique()}


def _line(pair: DuplicatePair, people: dict[UUID, Person]) -> PairLine:
    older, newer = sorted((people[pair.low_id], people[pair.high_id]), key=lambda one: (one.created_at, one.id))
    reasons = tuple(Reason(code) for code in pair.reasons)
    return PairLine(pair.id, pair.score, reasons, (_side(older), _side(newer)), pair.dismissed_at)


def _side(person: Person) -> SideLine:
    facts = (person.code, person.birth_year, person.commune_code, person.created_at.date())
    return SideLine(person.id, label_of(person), *facts)


def pair(actor: Actor, pair_id: UUID) -> Pair:
    """Two records side by side, journalled as read; NotFound when this hat may not merge them."""
    found = db.session.scalars(_pairs(actor).where(DuplicatePair.id == pair_id)).first()
    if found is None or not policy.can_look_for_duplicates(actor):
        raise NotFound
    people = _people({found.low_id, found.high_id})
    line = _line(found, people)
    granted = [grants.on_person(actor, side.id) for side in line.sides]
    if not policy.can_merge(actor, *granted):
        raise NotFound
    for one in granted:
        journal.read_person(actor, one, "person")
    older, newer = (people[side.id] for side in line.sides)
    return Pair(found.id, line, (older, newer), (granted[0], granted[1]))


def known_of(person: Person) -> Known:
    """What detection compares."""
    who = person.identity
    phones = own_phones([*who.reached, *(one.contact for one in person.contacts)])
    names = (who.first_name, who.last_name, who.usual_name)
    gender = "" if person.genre is Genre.NON_COMMUNIQUE else person.genre.value
    return Known(*names, person.birth_year, phones, person.commune_code or "", gender)


def merges(actor: Actor) -> list[MergeLine]:
    """The structure’s merges of the last 30 days, those of people this hat may read, newest first."""
    since = clock.now() - UNDO_LIFETIME
    ours = (PersonMerge.structure_id == actor.structure_id, PersonMerge.undone_at.is_(None))
    query = select(PersonMerge).where(*ours, PersonMerge.created_at > since)
    query = query.where(PersonMerge.kept_id.in_(grants.visible_ids(actor, SEEN_BY_MERGING)))
    ordered = query.order_by(PersonMerge.created_at.desc(), PersonMerge.id.desc()).limit(MOST_RECENT)
    found = list(db.session.scalars(ordered))
    named = labels(actor, {one.kept_id for one in found})
    return [_merge(one, named) for one in found if one.kept_id in named]


def _merge(one: PersonMerge, named: dict[UUID, str]) -> MergeLine:
    return MergeLine(one.id, named[one.kept_id], one.kept_id, one.created_at, one.created_at + UNDO_LIFETIME)


def merge(actor: Actor, merge_id: UUID) -> MergeLine:
    """One merge that may still be undone, or NotFound."""
    since = clock.now() - UNDO_LIFETIME
    ours = (PersonMerge.structure_id == actor.structure_id, PersonMerge.undone_at.is_(None))
    query = select(PersonMerge).where(PersonMerge.id == merge_id, *ours, PersonMerge.created_at > since)
    found = db.session.scalars(query).first()
    granted = grants.on_person(actor, found.kept_id if found else merge_id)
    if found is None or not policy.can_merge(actor, granted):
        raise NotFound
    return _merge(found, labels(actor, {found.kept_id}))


def notices_of_likeness(actor: Actor, _today: date) -> tuple[Branch, ...]:
    """What the referent structure was told and nobody has marked as seen, about people this hat may read."""
    if not policy.can_look_for_duplicates(actor):
        return ()
    named = case((LikenessNotice.unnamed.is_(False), LikenessNotice.from_structure_id))
    at = LikenessNotice.created_at
    query = due.row(LikenessNotice.id, person=LikenessNotice.person_id, other=named, at=at).where(*_unseen(actor))
    query = query.join(Person, Person.id == LikenessNotice.person_id)
    return (Branch(query, Section.IDENTITY, (at, LikenessNotice.id)),)


def _unseen(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """SQL, Person being joined."""
    ours = (LikenessNotice.structure_id == actor.structure_id, LikenessNotice.seen_at.is_(None))
    return *ours, Person.referent_structure_id == actor.structure_id


def notice_of_likeness(actor: Actor, notice_id: UUID) -> NoticeView:
    """One notice, or NotFound."""
    query = select(LikenessNotice).join(Person, Person.id == LikenessNotice.person_id).where(*_unseen(actor))
    query = query.where(LikenessNotice.id == notice_id, grants.opens(actor, Person.id, Section.IDENTITY))
    found = db.session.scalars(query).first() if policy.can_look_for_duplicates(actor) else None
    if found is None:
        raise NotFound
    named = labels(actor, {found.person_id})
    structures = network_queries.names(actor, set() if found.unnamed else {found.from_structure_id})
    other = structures.get(found.from_structure_id, "")
    return NoticeView(found.id, found.person_id, named[found.person_id], other, found.created_at)
