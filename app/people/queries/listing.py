"""The people a hat follows, page by page: filters and orders are codes, the count is true, rights are in the query."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import add
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    UnaryExpression,
    and_,
    bindparam,
    func,
    not_,
    or_,
    select,
    union_all,
)

from app.accounts.models import User
from app.kernel import grants, panels
from app.kernel.access import Actor
from app.kernel.constants import whole
from app.kernel.db import db, plan_for_values
from app.kernel.grants import Section
from app.kernel.remembered import MANY, remembered
from app.kernel.statements import among, built
from app.people import policy
from app.people.enums import AgeStatus, FollowUpKind, PersonState
from app.people.models import FollowUp, Person, SearchKeyRow
from app.people.names import ORDER
from app.people.queries import holders
from app.people.queries.lists import PAGE_SIZE, PersonRow, rows_of

Order = Literal["contact", "ancien", "nom", "nom_z", "naissance", "jeune"]
# Code of the filter on the last contact → (days, seen since then or not).
SEEN: dict[str, tuple[int, bool]] = {
    "semaine": (7, True),
    "mois": (31, True),
    "sans_6_mois": (183, False),
    "sans_12_mois": (365, False),
}
# Of the filter on who follows: our follow-up is the referent’s, is shared, or there is none (an accepted referral).
BY_REFERRAL = "orientation"
NOBODY, ME = "aucun", "moi"


@dataclass(frozen=True)
class Filters:
    """What the list keeps: codes, that may be in an address. `holder`: NOBODY, ME, or a colleague’s id."""

    commune: str = ""
    holder: str = ""
    seen: str = ""
    waiting: str = ""
    age: AgeStatus | None = None
    kind: str = ""


EVERYBODY = Filters()


@dataclass(frozen=True)
class Page:
    """A page of the list, counted from 1, and how many people there are in all; `holders`: names by person."""

    rows: list[PersonRow]
    number: int
    total: int
    holders: dict[UUID, str]

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


def followed(  # noqa: PLR0913
    actor: Actor,
    number: int,
    order: Order = "contact",
    filters: Filters = EVERYBODY,
    today: date | None = None,
    size: int = PAGE_SIZE,
) -> Page:
    """A page of the people this hat follows; beyond the last one, the last. Four queries, whatever the length.

    `today` is needed by the filters on the last contact and on the colleague.
    """
    if filters.kind:
        plan_for_values()
    total = count(actor, filters, today)
    number = min(max(1, number), max(1, -(-total // size)))
    start = (number - 1) * size
    cut = {"start": start, "size": size, "upto": start + size}
    ids = list(db.session.scalars(_page(actor, order, filters, today, named=order in NAMED, many=total > MANY), cut))
    if order in NAMED and len(ids) < min(size, total - start):
        ids = list(db.session.scalars(_page(actor, order, filters, today), cut))
    return Page(rows_of(actor, ids), number, total, _holders(actor, ids))


def count(actor: Actor, filters: Filters, today: date | None) -> int:
    """How many people this hat follows whom the filters keep; one query. Of thousands, as of a minute ago at most."""

    def asked() -> int:
        return db.session.scalar(_count(actor, filters, today)) or 0

    return remembered(("people", actor, filters, today), asked, many=lambda found: found > MANY)


@built
def _count(actor: Actor, filters: Filters, today: date | None) -> Select[int]:
    kept = _whom(actor, filters, today)
    counts = (select(func.count()).select_from(Person).where(one).scalar_subquery() for one in kept)
    return select(reduce(add, counts))


def _whom(actor: Actor, filters: Filters, today: date | None) -> list[ColumnElement[bool]]:
    return [and_(which, *_kept(actor, filters, today)) for which in followed_by(actor)]


def followed_by(actor: Actor) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """SQL, beside Person: those whom our structure follows as referent, through their index; and the others, fewer."""
    own = policy.followed_as_referent(actor)
    otherwise = grants.visible_ids(actor, Section.IDENTITY, without=policy.referent_grants)
    return own, and_(Person.id.in_(otherwise), Person.state == PersonState.ACTIVE, not_(own))


@built
def _page(  # noqa: PLR0913
    actor: Actor, order: Order, filters: Filters, today: date | None, *, named: bool = False, many: bool = False
) -> Select[UUID]:
    """The best of each list, in its own index’s order, then of both: no list is read further than its page.

    `named`: only those who have a name, which are first, in the order of the names’ own index; `many`: along that index.
    """
    keys, best = (_OF_NAMED if named else _KEYS)[order], []
    upto, start, size = (bindparam(name, type_=Integer()) for name in ("upto", "start", "size"))
    for ours, which in zip((True, False), _whom(actor, filters, today), strict=True):
        columns = [key.column.label(f"key_{rank}") for rank, key in enumerate(keys)]
        query = select(Person.id.label("id"), *columns).where(which)
        if named and many and ours:
            query = select(SearchKeyRow.person_id.label("id"), *columns).where(_along_names(which))
        elif order in NAMED:
            theirs = and_(SearchKeyRow.person_id == Person.id, SearchKeyRow.kind == ORDER)
            query = query.join(SearchKeyRow, theirs, isouter=not named)
        first = _first(query, keys) if ours else _few(query, keys)
        best.append(select(first.limit(upto).subquery()))
    both = union_all(*best).subquery()
    ordered = select(both.c.id).order_by(*(key.on(both.c[f"key_{rank}"]) for rank, key in enumerate(keys)))
    return ordered.offset(start).limit(size)


def _first(query: Select[Any], keys: tuple[_Key, ...]) -> Select[Any]:
    return query.order_by(*(key.on(key.column) for key in keys))


def _few(query: Select[Any], keys: tuple[_Key, ...]) -> Select[Any]:
    """Found before they are put in order: along the index of the order, everybody would be read to find these few."""
    found = query.offset(whole(0)).subquery()
    return select(found).order_by(*(key.on(found.c[f"key_{rank}"]) for rank, key in enumerate(keys)))


def _along_names(which: ColumnElement[bool]) -> ColumnElement[bool]:
    """SQL, beside the names in their order: each is asked whether they are of these.

    Joined to them, SQLite would first read everybody, to be quicker with the others than the page has.
    """
    whose = select(whole(1)).select_from(Person).where(Person.id == SearchKeyRow.person_id, which)
    return and_(SearchKeyRow.kind == ORDER, whose.correlate(SearchKeyRow).exists())


@dataclass(frozen=True)
class _Key:
    """What rows are ordered by, and which way."""

    column: Any
    falling: bool = False
    missing_last: bool = False

    def on(self, column: Any) -> UnaryExpression[Any]:
        way: UnaryExpression[Any] = column.desc() if self.falling else column.asc()
        return way.nulls_last() if self.missing_last else way


NAMED = frozenset({"nom", "nom_z"})
_RECENT = (_Key(Person.last_contact_on, falling=True), _Key(Person.id, falling=True))
# People without a name, or without a birth year, come last in both directions.
_KEYS: dict[Order, tuple[_Key, ...]] = {
    "contact": _RECENT,
    "ancien": (_Key(Person.last_contact_on), _Key(Person.id)),
    "nom": (_Key(SearchKeyRow.value, missing_last=True), _Key(Person.id)),
    "nom_z": (_Key(SearchKeyRow.value, falling=True, missing_last=True), _Key(Person.id, falling=True)),
    "naissance": (_Key(Person.birth_year, missing_last=True), *_RECENT),
    "jeune": (_Key(Person.birth_year, falling=True, missing_last=True), *_RECENT),
}
# The same, of those who have a name, as the index of names has them: saying where the others come would not let it be used.
_OF_NAMED: dict[Order, tuple[_Key, ...]] = {
    "nom": (_Key(SearchKeyRow.value), _Key(SearchKeyRow.person_id)),
    "nom_z": (_Key(SearchKeyRow.value, falling=True), _Key(SearchKeyRow.person_id, falling=True)),
}


def _kept(actor: Actor, filters: Filters, today: date | None) -> Iterator[ColumnElement[bool]]:
    if filters.commune:
        yield Person.commune_code == filters.commune
    if filters.age is not None:
        yield Person.age_status == filters.age
    if filters.seen and today is not None:
        days, lately = SEEN[filters.seen]
        limit = today - timedelta(days=days)
        yield Person.last_contact_on >= limit if lately else Person.last_contact_on < limit
    if filters.kind:
        yield _followed_as(actor, filters.kind)
    if filters.holder and today is not None:
        yield _held(actor, filters.holder, today)
    for one in panels.person_filters:
        if filters.waiting == one.code:
            yield one.keeps(actor, Person.id)


def _ours(actor: Actor, *also: ColumnElement[bool]) -> Select[UUID]:
    """SQL: the people of the open follow-ups of the actor’s structure, within the perimeter of its teams."""
    everybody = FollowUp.team_id.is_(None)
    held = or_(everybody, FollowUp.team_id == actor.team_id) if actor.team_id else everybody
    mine = (FollowUp.structure_id == actor.structure_id, FollowUp.ended_on.is_(None), held)
    return select(FollowUp.person_id).where(*mine, *also)


def _followed_as(actor: Actor, kind: str) -> ColumnElement[bool]:
    if kind == BY_REFERRAL:
        return Person.id.not_in(_ours(actor))
    if kind == FollowUpKind.REFERENT:
        return policy.followed_as_referent(actor)
    return Person.id.in_(_ours(actor, FollowUp.kind == FollowUpKind(kind)))


def _held(actor: Actor, holder: str, today: date) -> ColumnElement[bool]:
    if holder == NOBODY:
        ours = or_(policy.followed_as_referent(actor), Person.id.in_(_ours(actor)))
        return and_(ours, Person.id.not_in(_ours(actor, held(today))))
    user_id = actor.user_id if holder == ME else UUID(holder)
    return Person.id.in_(_ours(actor, FollowUp.holder_id == user_id))


def held(today: date) -> ColumnElement[bool]:
    """SQL, beside FollowUp: by somebody who is still there. A colleague who leaves orphans nothing."""
    return and_(FollowUp.holder_id.is_not(None), holders.may_hold(today))


def _holders(actor: Actor, ids: list[UUID]) -> dict[UUID, str]:
    """The colleague whom each of these people knows; one query."""
    return {row[0]: row[1] for row in db.session.execute(_held_by(actor), {"ids": ids})}


@built
def _held_by(actor: Actor) -> Select[UUID, str]:
    mine = _ours(actor, among(FollowUp.person_id))
    return mine.join(User, User.id == FollowUp.holder_id).add_columns(User.display_name)


def communes_of(actor: Actor, most: int = 300) -> list[tuple[str, int]]:
    """(code, how many people) of the communes of those whom our structure follows as referent, the most frequent first."""

    def asked() -> list[tuple[str, int]]:
        return [(row[0], row[1]) for row in db.session.execute(_communes(actor, most)) if row[0]]

    return remembered(("communes", actor, most), asked, many=lambda found: sum(one[1] for one in found) > MANY)


@built
def _communes(actor: Actor, most: int) -> Select[str | None, int]:
    own, _others = followed_by(actor)
    query = select(Person.commune_code, func.count()).where(own, Person.commune_code.is_not(None))
    return query.group_by(Person.commune_code).order_by(func.count().desc(), Person.commune_code).limit(most)
