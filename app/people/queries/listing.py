"""The people a hat follows, page by page: filters and orders are codes, the count is true, rights are in the query."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, UnaryExpression, and_, exists, func, or_, select

from app.accounts import queries as account_queries
from app.kernel import grants, panels
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.grants import Section
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
    kept = and_(Person.state == PersonState.ACTIVE, *_kept(actor, filters, today))
    visible = Person.id.in_(grants.visible_ids(actor, Section.IDENTITY))
    total = db.session.scalar(select(func.count(Person.id)).where(visible, kept)) or 0
    number = min(max(1, number), max(1, -(-total // size)))
    query = _ordered(select(Person.id).where(visible, kept), order)
    ids = list(db.session.scalars(query.offset((number - 1) * size).limit(size)))
    return Page(rows_of(ids), number, total, _holders(actor, ids))


def _ordered(query: Select[UUID], order: Order) -> Select[UUID]:
    """People without a name come last, by their code; databases compare the key of names byte by byte, alike."""
    recent, late = Person.last_contact_on.desc(), Person.id.desc()
    if order in {"nom", "nom_z"}:
        named = and_(SearchKeyRow.person_id == Person.id, SearchKeyRow.kind == ORDER)
        query = query.outerjoin(SearchKeyRow, named)
        way = SearchKeyRow.value.asc() if order == "nom" else SearchKeyRow.value.desc()
        return query.order_by(SearchKeyRow.value.is_(None), way, Person.code)
    ways: dict[str, tuple[UnaryExpression[Any], ...]] = {
        "contact": (recent, late),
        "ancien": (Person.last_contact_on.asc(), Person.id.asc()),
        "naissance": (Person.birth_year.asc().nulls_last(), recent, late),
        "jeune": (Person.birth_year.desc().nulls_last(), recent, late),
    }
    return query.order_by(*ways[order])


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


def _ours(actor: Actor) -> ColumnElement[bool]:
    """SQL, beside Person: an open follow-up of the actor’s structure, within the perimeter of its teams."""
    everybody = FollowUp.team_id.is_(None)
    held = or_(everybody, FollowUp.team_id == actor.team_id) if actor.team_id else everybody
    mine = (FollowUp.person_id == Person.id, FollowUp.structure_id == actor.structure_id, FollowUp.ended_on.is_(None))
    return and_(*mine, held)


def _followed_as(actor: Actor, kind: str) -> ColumnElement[bool]:
    if kind == BY_REFERRAL:
        return ~exists().where(_ours(actor))
    return exists().where(_ours(actor), FollowUp.kind == FollowUpKind(kind))


def _held(actor: Actor, holder: str, today: date) -> ColumnElement[bool]:
    if holder == NOBODY:
        return exists().where(_ours(actor), unheld(today))
    user_id = actor.user_id if holder == ME else UUID(holder)
    return exists().where(_ours(actor), FollowUp.holder_id == user_id)


def unheld(today: date) -> ColumnElement[bool]:
    """SQL, beside FollowUp: nobody in particular, or somebody who left: a colleague who leaves orphans nothing."""
    return or_(FollowUp.holder_id.is_(None), ~holders.may_hold(today))


def _holders(actor: Actor, ids: list[UUID]) -> dict[UUID, str]:
    """The colleague whom each of these people knows; two queries, one when nobody has any."""
    query = select(FollowUp.person_id, FollowUp.holder_id).join(Person, Person.id == FollowUp.person_id)
    held = query.where(_ours(actor), Person.id.in_(ids), FollowUp.holder_id.is_not(None))
    found = {row[0]: row[1] for row in db.session.execute(held) if row[1] is not None}
    names = account_queries.display_names(set(found.values()))
    return {person_id: names[user_id] for person_id, user_id in found.items()}


def communes_of(actor: Actor, most: int = 300) -> list[tuple[str, int]]:
    """(code, how many people) of the communes of the people this hat follows, those of most people first."""
    visible = Person.id.in_(grants.visible_ids(actor, Section.IDENTITY))
    query = select(Person.commune_code, func.count()).where(Person.state == PersonState.ACTIVE, visible)
    grouped = query.where(Person.commune_code.is_not(None)).group_by(Person.commune_code)
    rows = db.session.execute(grouped.order_by(func.count().desc(), Person.commune_code).limit(most))
    return [(row[0], row[1]) for row in rows if row[0]]
