"""Summaries that were published: what an elected official reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select

from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.i18n import language
from app.pilotage import policy
from app.pilotage.formulas.pages import Page, from_document
from app.pilotage.formulas.places import NETWORK, Place
from app.pilotage.formulas.terms import Term, read_term
from app.pilotage.models import Summary
from app.pilotage.queries.summaries.zones import place_of
from app.pilotage.secrecy import COMMUNE, WHOLE
from app.territory import communes


@dataclass(frozen=True)
class SummaryLine:
    """One line of the list."""

    id: UUID
    term: Term
    published_on: date
    area: str = WHOLE
    place: Place = NETWORK


@dataclass(frozen=True)
class SummaryView:
    """A published summary, in the present language. `withdrawn_on` is None while it can be read by all."""

    id: UUID
    term: Term
    page: Page
    comment: str
    proposals: str
    author: str
    network: str
    territory: str
    k: int
    published_at: datetime
    published_on: date
    withdrawn_on: date | None
    can_withdraw: bool
    area: str = WHOLE

    @property
    def slug(self) -> str:
        """« 2026-T2 », « 2026-T2-marmande-47157 »: the end of the name of its files."""
        name = communes.spelled(place_of(self.area).name).replace(" ", "-")
        return f"{self.term.key}-{name}-{self.area.split('-')[1]}" if name else self.term.key


class Earlier(NamedTuple):
    """A summary of a period, withdrawn or not: its area, the communes that it counted, and when."""

    area: str
    codes: frozenset[str]
    published_at: datetime


def published(actor: Actor, timezone: str) -> list[SummaryLine]:
    """The summaries that can be read now, latest period first, the network before its parts. One query.

    NotFound for who may not.
    """
    if not policy.can_read_summaries(actor):
        raise NotFound
    columns = (Summary.id, Summary.period, Summary.area, Summary.published_at)
    lines = [
        SummaryLine(
            row.id,
            _term(row.period),
            clock.local(row.published_at, timezone).date(),
            row.area,
            place_of(row.area),
        )
        for row in db.session.execute(select(*columns).where(Summary.withdrawn_at.is_(None)))
    ]
    lines.sort(key=in_order)
    return sorted(lines, key=lambda line: (line.term.last, line.term.first), reverse=True)


def in_order(line: SummaryLine) -> tuple[int, str]:
    """The network, then its intercommunalities, then its communes, by name."""
    return ("reseau", "epci", "commune").index(line.place.kind), communes.spelled(line.place.name)


def same_period(period: str) -> list[Earlier]:
    """Every summary ever published of a period. One query."""
    counted = Summary.content[("pages", "fr", "map", "values")]
    found = db.session.execute(select(Summary.area, Summary.published_at, counted).where(Summary.period == period))
    return [Earlier(area, _codes(area, values), at) for area, at, values in found]


def _codes(area: str, values: Mapping[str, Any] | None) -> frozenset[str]:
    """The communes of its map; a commune has none."""
    return frozenset({area.removeprefix(COMMUNE)} if area.startswith(COMMUNE) else values or ())


def summary(actor: Actor, summary_id: UUID, timezone: str) -> SummaryView:
    """One summary, as it was frozen. A withdrawn one is NotFound but for the coordinator."""
    found = stored(actor, summary_id)
    content = found.content
    pages: dict[str, Any] = content["pages"]
    page = from_document(pages.get(language()) or pages["fr"])
    withdrawn = clock.local(found.withdrawn_at, timezone).date() if found.withdrawn_at else None
    return SummaryView(
        found.id,
        _term(found.period),
        page,
        content["comment"],
        content["proposals"],
        content["author"],
        content["network"],
        content["territory"],
        content["k"],
        found.published_at,
        clock.local(found.published_at, timezone).date(),
        withdrawn,
        policy.can_withdraw(actor, found, clock.now()),
        found.area,
    )


def stored(actor: Actor, summary_id: UUID) -> Summary:
    """The row itself, for those who may read it."""
    found = db.session.get(Summary, summary_id)
    if found is None or not policy.can_read_summary(actor, found):
        raise NotFound
    return found


def current(period: str, area: str) -> tuple[Summary | None, Summary | None]:
    """The summary of this period that can be read now, and the last one withdrawn."""
    query = select(Summary).where(Summary.period == period, Summary.area == area).order_by(Summary.published_at)
    found = list(db.session.scalars(query))
    withdrawn = [one for one in found if one.withdrawn_at is not None]
    return next((one for one in found if one.withdrawn_at is None), None), withdrawn[-1] if withdrawn else None


def _term(period: str) -> Term:
    found = read_term(period)
    if found is None:
        raise LookupError(period)
    return found
