"""Two years of opening days, with seasons: quiet in August and at Christmas, busy in September, January and May."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from app.kernel.opening_days import OpeningDays

SEASONS = {1: 1.25, 2: 1.0, 3: 1.05, 4: 1.1, 5: 1.3, 6: 1.0, 7: 0.7, 8: 0.4, 9: 1.4, 10: 1.15, 11: 1.05, 12: 0.7}


def opening_days(last: date, years: int, days: OpeningDays) -> list[date]:
    """The open days of the `years` before `last`, in order, `last` included when it is open."""
    first = last - timedelta(days=365 * years)
    return [day for day in _each_day(first, last) if days.is_open(day)]


def _each_day(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += timedelta(days=1)


def spread(total: int, calendar: list[date], rng: Random) -> dict[date, int]:
    """How many of `total` fall on each day, by season, with chance; the sum is exactly `total`."""
    chosen = rng.choices(calendar, [SEASONS[day.month] for day in calendar], k=total)
    counts: dict[date, int] = {}
    for day in chosen:
        counts[day] = counts.get(day, 0) + 1
    return counts


def moment(day: date, rank: int, timezone: str) -> datetime:
    """An instant of the working day: the first at 9 h, then one every 7 minutes."""
    opening = datetime.combine(day, time(9, 0), ZoneInfo(timezone))
    return opening + timedelta(minutes=7 * (rank % 70))
