"""How many referrals took how many opening days, counted by the database: 100,000 of them are a few hundred lines.

The calendar travels as one parameter: opening days passed since the period's first day. PostgreSQL reads it by the day,
SQLite, which knows no time zone, by the half hour.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, Integer, LargeBinary, String, TypeDecorator, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from app.kernel import clock
from app.kernel.db import UtcDateTime, db
from app.kernel.opening_days import OpeningDays
from app.pilotage.indicators import Delays, delays_counted
from app.pilotage.queries.period import HALF_HOUR, Period, wanted
from app.referrals.models import Referral

ONE_DAY = timedelta(days=1)
# A clock that is fast does not fall out of the calendar.
_AHEAD = 2
_OLDEST = date(2000, 1, 1)


HAS_ANSWER = Referral.answered_at.is_not(None).label("has_answer")


def all_delays(period: Period, days: OpeningDays) -> Delays:
    """The delays of everything sent in the period. One query."""
    answered: Counter[int] = Counter()
    silent: Counter[int] = Counter()
    query = select(HAS_ANSWER, span(), func.count()).where(*wanted(period, None)).group_by("has_answer", "span")
    for has_answer, took, count in db.session.execute(query, Calendar.until_now(period, days).given):
        (answered if has_answer else silent)[took] += count
    return delays_counted(answered, silent)


def span() -> ColumnElement[int]:
    """SQL, beside Referral: opening days from the sending to the answer, else to the end, else until now.

    The statement is given what a `Calendar` gives.
    """
    until = func.coalesce(Referral.answered_at, Referral.ended_at, bindparam("now", type_=UtcDateTime()))
    return (rank_of(until) - rank_of(Referral.sent_at)).label("span")


@dataclass(frozen=True)
class Calendar:
    """Opening days from a period's first day on, until today."""

    period: Period
    days: OpeningDays
    today: date

    @property
    def first(self) -> date:
        """No referral is older than `_OLDEST`, whatever was typed."""
        return max(self.period.first, _OLDEST)

    @classmethod
    def until_now(cls, period: Period, days: OpeningDays) -> Calendar:
        """As long as a silence may last."""
        return cls(period, days, clock.today(period.timezone))

    @property
    def given(self) -> dict[str, object]:
        """The parameters of a statement that counts spans."""
        return {"ranks": self, "start": self, "zone": self.period.timezone, "now": clock.now()}

    @property
    def _length(self) -> int:
        return max((self.today - self.first).days, 0) + _AHEAD

    @cached_property
    def by_day(self) -> list[int]:
        """Opening days after the first day up to each day included."""
        opened = (self.days.is_open(self.first + timedelta(days=ahead)) for ahead in range(1, self._length))
        return list(accumulate(opened, initial=0))

    @cached_property
    def by_half_hour(self) -> bytes:
        """The same, four figures for each half hour: days of 23 or 25 hours have more or fewer."""
        return b"".join((b"%04d" % rank) * halves for rank, halves in zip(self.by_day, self._halves(), strict=True))

    @property
    def start(self) -> int:
        """The first instant, in seconds since 1970."""
        return self._midnight(self.first)

    def _halves(self) -> Iterator[int]:
        midnights = [self._midnight(self.first + timedelta(days=ahead)) for ahead in range(self._length + 1)]
        for begun, ended in pairwise(midnights):
            yield (ended - begun) // HALF_HOUR

    def _midnight(self, day: date) -> int:
        return int(datetime.combine(day, time.min, ZoneInfo(self.period.timezone)).timestamp())


class _Ranks(TypeDecorator[Calendar]):
    """A calendar as each database looks it up."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(LargeBinary() if dialect.name == "sqlite" else ARRAY(Integer()))

    def process_bind_param(self, value: Calendar | None, dialect: Dialect) -> Any:
        return value and (value.by_half_hour if dialect.name == "sqlite" else value.by_day)


class _Start(TypeDecorator[Calendar]):
    """Where its first rank stands."""

    impl = Integer
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else Date())

    def process_bind_param(self, value: Calendar | None, dialect: Dialect) -> Any:
        return value and (value.start if dialect.name == "sqlite" else value.first)


class _Rank(FunctionElement[int]):
    """How many opening days had passed at an instant."""

    type = Integer()
    inherit_cache = True


def rank_of(instant: Any) -> _Rank:
    """SQL: opening days passed at this instant."""
    ranks, start = bindparam("ranks", type_=_Ranks()), bindparam("start", type_=_Start())
    return _Rank(instant, ranks, start, bindparam("zone", type_=String()))


@compiles(_Rank, "postgresql")
def _by_day(element: Any, compiler: Any, **kw: Any) -> str:
    instant, ranks, start, zone = (compiler.process(one, **kw) for one in element.clauses)
    return f"(CAST({ranks} AS INTEGER[]))[CAST(timezone({zone}, {instant}) AS DATE) - CAST({start} AS DATE) + 1]"


@compiles(_Rank, "sqlite")
def _by_half_hour(element: Any, compiler: Any, **kw: Any) -> str:
    instant, ranks, start, _zone = (compiler.process(one, **kw) for one in element.clauses)
    half = f"(CAST(strftime('%s', {instant}) AS INTEGER) - {start}) / {HALF_HOUR}"
    return f"CAST(substr({ranks}, 4 * ({half}) + 1, 4) AS INTEGER)"
