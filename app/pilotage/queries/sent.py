"""Referrals sent in a period, read as their delays count them: the least that is needed, quickly, whoever draws it.

A year of a large network is 100,000 rows: instants come as whole seconds and codes as text, without the types of the model.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, Select, String, select, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from app.kernel import clock
from app.kernel.db import db
from app.kernel.opening_days import OpeningDays
from app.needs.enums import NeedKind
from app.pilotage.indicators import Answer
from app.referrals.enums import ENDED, LIVE, Outcome, State
from app.referrals.models import Referral

SENT = LIVE | ENDED
Pair = tuple[UUID, UUID]
# Territories of France are whole half hours away from UTC (the Marquesas: 9 h 30).
_HALF_HOUR = 1800


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


class Sent(NamedTuple):
    """One referral, without its person."""

    answer: Answer
    state: str
    outcome: str | None


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


def sent_in(period: Period, need_kind: NeedKind | None = None) -> dict[Pair, list[Sent]]:
    """What was sent in the period, of one kind of need or of all, by (sender, recipient). One query."""
    day_of = _calendar(period.timezone)
    today = clock.today(period.timezone)
    known: dict[str, UUID] = {}
    found: dict[tuple[str, str], list[Sent]] = {}
    for sender, recipient, state, outcome, sent, answered, ended in db.session.execute(_select(period, need_kind)):
        until = today if answered is not None or ended is None else day_of(ended)
        answer = Answer(day_of(sent), None if answered is None else day_of(answered), until)
        found.setdefault((sender, recipient), []).append(Sent(answer, state, outcome))
    return {(_uuid(one, known), _uuid(other, known)): rows for (one, other), rows in found.items()}


def _select(period: Period, need_kind: NeedKind | None) -> Select[Any]:
    first, last = period.bounds()
    codes = (Referral.structure_id, Referral.recipient_id, Referral.state, Referral.outcome)
    dates = (Referral.sent_at, Referral.answered_at, Referral.ended_at)
    columns: list[ColumnElement[Any]] = [type_coerce(column, String) for column in codes]
    columns += [epoch(column) for column in dates]
    wanted = [Referral.state.in_(SENT), Referral.sent_at.between(first, last)]
    return select(*columns).where(*wanted, *([Referral.need_kind == need_kind] if need_kind else []))


def _uuid(text: Any, known: dict[str, UUID]) -> UUID:
    if text not in known:
        known[text] = text if isinstance(text, UUID) else UUID(text)
    return known[text]


def _calendar(timezone: str) -> Callable[[int], date]:
    """The network's day of an instant in seconds, worked out once per half hour."""
    zone = ZoneInfo(timezone)

    @cache
    def day(half_hours: int) -> date:
        return datetime.fromtimestamp(half_hours * _HALF_HOUR, UTC).astimezone(zone).date()

    return lambda seconds: day(seconds // _HALF_HOUR)


def counter(days: OpeningDays, rows: Iterable[Sequence[Sent]]) -> Callable[[date, date], int]:
    """`days.between` for the dates of these referrals, from a list of opening days made once."""
    dates = [day for group in rows for one in group for day in (one.answer.sent, one.answer.until)]
    if not dates:
        return days.between
    first, last = min(dates), max(dates)
    span = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
    opened = [day for day in span if days.is_open(day)]
    rank = cache(lambda day: bisect_right(opened, day))
    return lambda start, end: rank(end) - rank(start)


def was_accepted(one: Sent) -> bool:
    """Answered, and not declined."""
    return one.answer.answered is not None and one.state != State.DECLINED


def was_met(one: Sent) -> bool:
    """Closed with the need met, at least in part."""
    return one.outcome in (Outcome.NEED_MET, Outcome.PARTLY_MET)


def is_waiting(one: Sent) -> bool:
    """Sent, or with a question open: nobody has accepted nor declined."""
    return one.state in (State.SENT, State.ASKED)
