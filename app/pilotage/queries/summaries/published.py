"""Summaries that were published: what an elected official reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.i18n import language
from app.pilotage import policy
from app.pilotage.formulas.pages import Page, from_document
from app.pilotage.formulas.terms import Term, read_term
from app.pilotage.models import Summary


@dataclass(frozen=True)
class SummaryLine:
    """One line of the list."""

    id: UUID
    term: Term
    published_on: date


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


def published(actor: Actor, timezone: str) -> list[SummaryLine]:
    """The summaries that can be read now, latest period first. NotFound for who may not. One query."""
    if not policy.can_read_summaries(actor):
        raise NotFound
    query = select(Summary.id, Summary.period, Summary.published_at).where(Summary.withdrawn_at.is_(None))
    lines = [
        SummaryLine(row.id, _term(row.period), clock.local(row.published_at, timezone).date())
        for row in db.session.execute(query)
    ]
    return sorted(lines, key=lambda line: (line.term.last, line.term.first), reverse=True)


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
