"""What flows where, how long answers take, what waits. Pseudonyms only: no name is read from the database here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Row, Select, bindparam, func, select, union_all

from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.constants import one_of
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.opening_days import OpeningDays
from app.kernel.remembered import MANY, dated
from app.kernel.statements import built
from app.needs.enums import NeedKind, Priority
from app.network import queries as network_queries
from app.people.models import Person
from app.pilotage import policy
from app.pilotage.enums import FlowOrder
from app.pilotage.indicators import Delays
from app.pilotage.queries.period import Period
from app.pilotage.queries.sent import Pair, Tally, counts_in, sent_in
from app.pilotage.queries.spans import all_delays
from app.referrals.enums import LIVE, State
from app.referrals.models import Referral

PAGE = 50
WAITING_PAGE = 25


@dataclass(frozen=True)
class Flow:
    """One direction between two structures."""

    sender: str
    recipient: str
    delays: Delays
    accepted: int
    closed: int
    met: int


@dataclass(frozen=True)
class Flows:
    """A page of the table and the total of all of it. `count` is the number of directions.

    `at`: when the total was counted and the directions put in order, a minute ago at most; None when it is now.
    """

    rows: tuple[Flow, ...]
    count: int
    number: int
    total: Delays
    at: datetime | None

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PAGE))


@dataclass(frozen=True)
class Waiting:
    """One referral that waits, as the coordinator may read it: the person is a code."""

    referral_id: UUID
    person_code: str
    sender: str
    recipient: str
    need: NeedKind
    urgency: Priority
    state: State
    since: date
    opening_days: int
    at_risk: bool


@dataclass(frozen=True)
class WaitingPage:
    """A page of what waits, oldest first."""

    rows: tuple[Waiting, ...]
    total: int
    number: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // WAITING_PAGE))


def flows(actor: Actor, period: Period, days: OpeningDays, number: int = 1, order: FlowOrder = FlowOrder.SENT) -> Flows:
    """What was sent in the period, a page of 50 directions in this order. NotFound for anybody but a coordinator."""
    if not policy.can_read_flows(actor):
        raise NotFound
    found = dated(
        ("flows", actor, period), lambda: _counted(actor, period, days), many=lambda one: one.total.sent > MANY
    )
    whole = found.value
    pairs = whole.pairs[order][(number - 1) * PAGE : number * PAGE]
    tallies = sent_in(period, days, None, pairs)
    names = network_queries.names(actor, {one for pair in pairs for one in pair})
    shown = (_flow(names[pair[0]], names[pair[1]], tallies[pair]) for pair in pairs if pair in tallies)
    return Flows(tuple(shown), len(whole.pairs[order]), number, whole.total, found.at)


@dataclass(frozen=True)
class _Counted:
    """Every direction, in each order, and the delays of all of them together."""

    pairs: dict[FlowOrder, tuple[Pair, ...]]
    total: Delays


def _counted(actor: Actor, period: Period, days: OpeningDays) -> _Counted:
    counts = counts_in(period)
    names = network_queries.names(actor, {one for pair in counts for one in pair})

    def by_name(pair: Pair) -> tuple[str, str, Pair]:
        return names[pair[0]], names[pair[1]], pair

    named = sorted(counts, key=by_name)
    ordered = {
        FlowOrder.SENT: sorted(named, key=lambda pair: -counts[pair].sent),
        FlowOrder.SILENT: sorted(named, key=lambda pair: (-counts[pair].unanswered, -counts[pair].sent)),
        FlowOrder.SENDER: named,
        FlowOrder.RECIPIENT: sorted(named, key=lambda pair: names[pair[1]]),
    }
    return _Counted({order: tuple(pairs) for order, pairs in ordered.items()}, all_delays(period, days))


def _flow(sender: str, recipient: str, tally: Tally) -> Flow:
    return Flow(sender, recipient, tally.delays, tally.accepted, tally.closed, tally.met)


def waiting(actor: Actor, days: OpeningDays, timezone: str, number: int = 1) -> WaitingPage:
    """Referrals without an answer or without an end, at risk first, then oldest. NotFound for anybody but a coordinator."""
    if not policy.can_read_flows(actor):
        raise NotFound
    total = db.session.scalar(_how_many()) or 0
    upto = number * WAITING_PAGE
    cut = {"size": WAITING_PAGE, "start": upto - WAITING_PAGE, "upto": upto}
    found = db.session.execute(_oldest(), cut).all()
    names = network_queries.names(actor, {one for row in found for one in (row.structure_id, row.recipient_id)})
    today = clock.today(timezone)
    return WaitingPage(tuple(_waiting(row, names, days, today, timezone) for row in found), total, number)


@built
def _how_many() -> Select[int]:
    return select(func.count()).select_from(Referral).where(_live())


@built
def _oldest() -> Select[*tuple[Any, ...]]:
    """Those at risk then the others, each along its index: neither is read further than the page."""
    upto, start, size = (bindparam(name, type_=Integer()) for name in ("upto", "start", "size"))
    query = select(*_OF_WAITING).join(Person, Person.id == Referral.person_id).where(_live())
    each = (
        select(query.where(Referral.at_risk.is_(late)).order_by(Referral.sent_at, Referral.id).limit(upto).subquery())
        for late in (True, False)
    )
    both = union_all(*each).subquery()
    return select(both).order_by(both.c.at_risk.desc(), both.c.sent_at, both.c.id).limit(size).offset(start)


def _live() -> ColumnElement[bool]:
    return one_of(Referral.state, (one for one in State if one in LIVE))


_OF_WAITING: tuple[Any, ...] = (
    Referral.id,
    Person.code,
    Referral.structure_id,
    Referral.recipient_id,
    Referral.need_kind,
    Referral.urgency,
    Referral.state,
    Referral.clock_from,
    Referral.sent_at,
    Referral.created_at,
    Referral.at_risk,
)


def _waiting(
    row: Row[*tuple[Any, ...]], names: dict[UUID, str], days: OpeningDays, today: date, timezone: str
) -> Waiting:
    since = clock.local(row.clock_from or row.sent_at or row.created_at, timezone).date()
    return Waiting(
        row.id,
        row.code,
        names[row.structure_id],
        names[row.recipient_id],
        row.need_kind,
        row.urgency,
        row.state,
        since,
        days.between(since, today),
        row.at_risk,
    )
