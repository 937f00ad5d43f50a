"""What flows where, how long answers take, what waits. Pseudonyms only: no name is read from the database here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select

from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.opening_days import OpeningDays
from app.needs.enums import NeedKind, Priority
from app.network import queries as network_queries
from app.people.models import Person
from app.pilotage import policy
from app.pilotage.indicators import Answer, Delays, delays
from app.referrals.enums import ENDED, LIVE, Outcome, State
from app.referrals.models import Referral

SENT = LIVE | ENDED
PAGE = 25


@dataclass(frozen=True)
class Period:
    """Referrals sent from the first day to the last one included, on the network's calendar."""

    first: date
    last: date
    timezone: str

    def bounds(self) -> tuple[datetime, datetime]:
        """First and last instant of the period."""
        zone = ZoneInfo(self.timezone)
        return datetime.combine(self.first, time.min, zone), datetime.combine(self.last, time.max, zone)


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
    """The table and its total."""

    rows: tuple[Flow, ...]
    total: Delays
    accepted: int
    closed: int
    met: int
    waiting: int


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


def flows(actor: Actor, period: Period, days: OpeningDays) -> Flows:
    """What was sent in the period, by direction, most sent first. NotFound for anybody but a coordinator."""
    if not policy.can_read_flows(actor):
        raise NotFound
    rows = db.session.execute(_sent_in(period)).all()
    groups: dict[tuple[UUID, UUID], list[Any]] = {}
    for row in rows:
        groups.setdefault((row.structure_id, row.recipient_id), []).append(row)
    names = network_queries.names(actor, {one for pair in groups for one in pair})
    between = _memo(days.between)
    found = [_flow(names[pair[0]], names[pair[1]], group, period, between) for pair, group in groups.items()]
    found.sort(key=lambda flow: (-flow.delays.sent, flow.sender, flow.recipient))
    total = _flow("", "", rows, period, between)
    return Flows(tuple(found), total.delays, total.accepted, total.closed, total.met, total.waiting)


def _sent_in(period: Period) -> Select[*tuple[Any, ...]]:
    first, last = period.bounds()
    columns = (Referral.structure_id, Referral.recipient_id, Referral.state, Referral.outcome)
    dates = (Referral.sent_at, Referral.answered_at, Referral.started_at, Referral.ended_at)
    return select(*columns, *dates).where(Referral.state.in_(SENT), Referral.sent_at.between(first, last))


def _memo(between: Callable[[date, date], int]) -> Callable[[date, date], int]:
    """Many referrals share their dates: count each pair of days once."""
    known: dict[tuple[date, date], int] = {}

    def counted(start: date, end: date) -> int:
        if (start, end) not in known:
            known[start, end] = between(start, end)
        return known[start, end]

    return counted


def _flow(
    sender: str, recipient: str, rows: Sequence[Any], period: Period, between: Callable[[date, date], int]
) -> Flow:
    states = [row.state for row in rows]
    outcomes = [row.outcome for row in rows]
    return Flow(
        sender,
        recipient,
        delays([_answer(row, period.timezone) for row in rows], between),
        accepted=sum(_was_accepted(row) for row in rows),
        closed=states.count(State.CLOSED),
        met=outcomes.count(Outcome.NEED_MET) + outcomes.count(Outcome.PARTLY_MET),
        waiting=states.count(State.SENT) + states.count(State.ASKED),
    )


def _was_accepted(row: Any) -> bool:
    answered = row.answered_at is not None
    return answered and row.state is not State.DECLINED


def _answer(row: Any, timezone: str) -> Answer:
    sent, answered, ended = row.sent_at, row.answered_at, row.ended_at
    until = ended if ended is not None and answered is None else clock.now()
    return Answer(
        clock.local(sent, timezone).date(),
        clock.local(answered, timezone).date() if answered else None,
        clock.local(until, timezone).date(),
    )


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
