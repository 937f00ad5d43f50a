"""Referrals sent in a period, read as their delays count them: the least that is needed, quickly, whoever draws it.

A year of a large network is 100,000 rows: instants come as whole seconds and codes as text, without the types of the model.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, Select, String, cast, func, select, tuple_, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from app.kernel import clock
from app.kernel.db import db
from app.kernel.opening_days import OpeningDays
from app.needs.enums import NeedKind
from app.pilotage.indicators import Delays, delays_of
from app.referrals.enums import ENDED, LIVE, Outcome, State
from app.referrals.models import Referral

SENT = LIVE | ENDED
Pair = tuple[UUID, UUID]
# Territories of France are whole half hours away from UTC (the Marquesas: 9 h 30).
_HALF_HOUR = 1800
_AT_ONCE = 5_000


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


@dataclass(slots=True)
class Tally:
    """Referrals of one direction: opening days of each answer and of each silence, and how many came to what."""

    answered: list[int] = field(default_factory=list)
    silent: list[int] = field(default_factory=list)
    accepted: int = 0
    states: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str | None] = field(default_factory=Counter)

    @property
    def delays(self) -> Delays:
        return delays_of(self.answered, self.silent)

    @property
    def closed(self) -> int:
        return self.states[State.CLOSED]

    @property
    def met(self) -> int:
        """Closed with the need met, at least in part."""
        return self.outcomes[Outcome.NEED_MET] + self.outcomes[Outcome.PARTLY_MET]

    @property
    def waiting(self) -> int:
        """Nobody has accepted nor declined."""
        return self.states[State.SENT] + self.states[State.ASKED]

    def add(self, other: Tally) -> None:
        """Count the referrals of the other with these."""
        self.answered += other.answered
        self.silent += other.silent
        self.accepted += other.accepted
        self.states.update(other.states)
        self.outcomes.update(other.outcomes)


def together(tallies: Iterable[Tally]) -> Tally:
    """All of these in one."""
    whole = Tally()
    for one in tallies:
        whole.add(one)
    return whole


class epoch(FunctionElement[int]):  # noqa: N801
    """An instant as whole seconds since 1970, on both databases."""

    type = BigInteger()
    inherit_cache = True


@compiles(epoch)
def _epoch(element: Any, compiler: Any, **kwargs: Any) -> str:
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **kwargs)}) AS INTEGER)"


@compiles(epoch, "postgresql")
def _epoch_postgresql(element: Any, compiler: Any, **kwargs: Any) -> str:
    return f"CAST(FLOOR(EXTRACT(EPOCH FROM {compiler.process(element.clauses, **kwargs)})) AS BIGINT)"


@dataclass(frozen=True, slots=True)
class Sent:
    """How many referrals went one way, and how many of them have no answer."""

    sent: int = 0
    unanswered: int = 0

    def __add__(self, other: Sent) -> Sent:
        return Sent(self.sent + other.sent, self.unanswered + other.unanswered)


def counts_in(period: Period, need_kind: NeedKind | None = None) -> dict[Pair, Sent]:
    """What was sent in the period, of one kind of need or of all, by (sender, recipient). One query, counts alone."""
    pair = (Referral.structure_id, Referral.recipient_id)
    query = select(*pair, func.count(), func.count(Referral.answered_at)).where(*_wanted(period, need_kind))
    rows = db.session.execute(query.group_by(*pair))
    return {(sender, recipient): Sent(sent, sent - answered) for sender, recipient, sent, answered in rows}


def sent_in(
    period: Period, days: OpeningDays, need_kind: NeedKind | None = None, pairs: Collection[Pair] | None = None
) -> dict[Pair, Tally]:
    """The same with delays, for these pairs or for all. One query."""
    ranks = _Ranks(period, days)
    found: defaultdict[tuple[str, str], Tally] = defaultdict(Tally)
    now = ranks[int(clock.now().timestamp()) // _HALF_HOUR]
    parts = db.session.connection().execute(_select(period, need_kind, pairs)).partitions(_AT_ONCE)
    for sender, recipient, state, outcome, sent, answered, ended in chain.from_iterable(parts):
        tally = found[sender, recipient]
        begun = ranks[sent // _HALF_HOUR]
        tally.states[state] += 1
        tally.outcomes[outcome] += 1
        if answered is not None:
            tally.answered.append(ranks[answered // _HALF_HOUR] - begun)
            tally.accepted += state != State.DECLINED
        else:
            tally.silent.append((now if ended is None else ranks[ended // _HALF_HOUR]) - begun)
    return {(UUID(one), UUID(other)): tally for (one, other), tally in found.items()}


def _select(period: Period, need_kind: NeedKind | None, pairs: Collection[Pair] | None) -> Select[Any]:
    keys = (Referral.structure_id, Referral.recipient_id)
    codes = (Referral.state, Referral.outcome)
    dates = (Referral.sent_at, Referral.answered_at, Referral.ended_at)
    columns: list[ColumnElement[Any]] = [cast(type_coerce(key, String), String) for key in keys]
    columns += [type_coerce(code, String) for code in codes]
    columns += [epoch(column) for column in dates]
    query = select(*columns).where(*_wanted(period, need_kind))
    return query if pairs is None else query.where(tuple_(*keys).in_(pairs))


def _wanted(period: Period, need_kind: NeedKind | None) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [Referral.state.in_(SENT), Referral.sent_at.between(*period.bounds())]
    return wanted + ([Referral.need_kind == need_kind] if need_kind else [])


class _Ranks(dict[int, int]):
    """How many opening days there were from the period’s first day to that of an instant, in half hours since 1970.

    The difference of two is `OpeningDays.between`. Each half hour is worked out once.
    """

    def __init__(self, period: Period, days: OpeningDays) -> None:
        super().__init__()
        self._zone = ZoneInfo(period.timezone)
        self._first, self._days = period.first, days
        self._counts = [0]

    def __missing__(self, half_hours: int) -> int:
        day = datetime.fromtimestamp(half_hours * _HALF_HOUR, UTC).astimezone(self._zone).date()
        self[half_hours] = found = self._count((day - self._first).days)
        return found

    def _count(self, ahead: int) -> int:
        while len(self._counts) <= ahead:
            day = self._first + timedelta(days=len(self._counts))
            self._counts.append(self._counts[-1] + self._days.is_open(day))
        return self._counts[ahead]
