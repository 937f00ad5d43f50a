"""What flows where, how long answers take, what waits. Pseudonyms only: no name is read from the database here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.opening_days import OpeningDays
from app.needs.enums import NeedKind, Priority
from app.network import queries as network_queries
from app.people.models import Person
from app.pilotage import policy
from app.pilotage.indicators import Delays
from app.pilotage.queries.sent import Period, Tally, sent_in, together
from app.referrals.enums import LIVE, State
from app.referrals.models import Referral

PAGE = 25


@dataclass(frozen=True)
class Flow:
    """One direction between two structures."""

    sender: str
    recipient: str
    delays: Delays
    accepted: int
    closed: int
    met: int
    waiting: int


@dataclass(frozen=True)
class Flows:
    """A page of the table and the total of all of it. `count` is the number of directions."""

    rows: tuple[Flow, ...]
    count: int
    number: int
    total: Delays
    accepted: int
    closed: int
    met: int
    waiting: int

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
        return max(1, -(-self.total // PAGE))


def flows(actor: Actor, period: Period, days: OpeningDays, number: int = 1) -> Flows:
    """What was sent in the period, a page of 25 directions, most sent first. NotFound for anybody but a coordinator."""
    if not policy.can_read_flows(actor):
        raise NotFound
    groups = sent_in(period, days)
    names = network_queries.names(actor, {one for pair in groups for one in pair})
    found = [_flow(names[pair[0]], names[pair[1]], tally) for pair, tally in groups.items()]
    found.sort(key=lambda flow: (-flow.delays.sent, flow.sender, flow.recipient))
    total = together(groups.values())
    shown = tuple(found[(number - 1) * PAGE : number * PAGE])
    return Flows(shown, len(found), number, total.delays, total.accepted, total.closed, total.met, total.waiting)


def _flow(sender: str, recipient: str, tally: Tally) -> Flow:
    return Flow(sender, recipient, tally.delays, tally.accepted, tally.closed, tally.met, tally.waiting)


def waiting(actor: Actor, days: OpeningDays, timezone: str, number: int = 1) -> WaitingPage:
    """Referrals without an answer or without an end, at risk first, then oldest. NotFound for anybody but a coordinator."""
    if not policy.can_read_flows(actor):
        raise NotFound
    live = Referral.state.in_(LIVE)
    total = db.session.scalar(select(func.count()).select_from(Referral).where(live)) or 0
    query = (
        select(Referral, Person.code)
        .join(Person, Person.id == Referral.person_id)
        .where(live)
        .order_by(Referral.at_risk.desc(), Referral.sent_at, Referral.id)
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    )
    found = db.session.execute(query).all()
    names = network_queries.names(actor, {one for row in found for one in (row[0].structure_id, row[0].recipient_id)})
    today = clock.today(timezone)
    return WaitingPage(tuple(_waiting(r, code, names, days, today, timezone) for r, code in found), total, number)


def _waiting(  # noqa: PLR0913
    referral: Referral, code: str, names: dict[UUID, str], days: OpeningDays, today: date, timezone: str
) -> Waiting:
    since = clock.local(referral.clock_from or referral.sent_at or referral.created_at, timezone).date()
    return Waiting(
        referral.id,
        code,
        names[referral.structure_id],
        names[referral.recipient_id],
        referral.need_kind,
        referral.urgency,
        referral.state,
        since,
        days.between(since, today),
        referral.at_risk,
    )
