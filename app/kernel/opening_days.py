"""The network's opening days: weekdays that are not closed and not a public holiday of its territory.

Clocks of referrals count in these days (referrals.md, rule 7). Pure: the day is always given.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

import holidays

WEEKEND = frozenset({5, 6})
_ONE_DAY = timedelta(days=1)

# Where public holidays differ from the national list: département or collectivity → subdivision of the library.
_SUBDIVISIONS = {
    "57": "57",
    "67": "6AE",
    "68": "6AE",
    "971": "971",
    "972": "972",
    "973": "973",
    "974": "974",
    "975": "PM",
    "976": "976",
    "977": "BL",
    "978": "MF",
    "984": "TF",
    "986": "WF",
    "987": "PF",
    "988": "NC",
}
_METROPOLITAN = frozenset({"", "FR", "2A", "2B", *(f"{number:02d}" for number in range(1, 96))}) - {"20"}


# Days kept in memory: ten years or so.
MOST_KNOWN = 4000


class UnknownRegion(ValueError):
    """No département nor collectivity has this code."""


class OpeningDays:
    """Opening days of a territory.

    `region`: code of a département or collectivity (« 47 », « 67 », « 974 », « 988 »), « FR » for the national list.
    `closed_weekdays`: Monday is 0; Saturday and Sunday by default. Raises UnknownRegion, and ValueError when every day
    of the week is closed.
    """

    def __init__(self, region: str = "FR", closed_weekdays: Collection[int] = WEEKEND) -> None:
        self.closed_weekdays = frozenset(closed_weekdays)
        if self.closed_weekdays >= frozenset(range(7)):
            raise ValueError("a network opens at least one day a week")
        self._holidays = holidays.country_holidays("FR", subdiv=_subdivision(region))
        self._known: dict[date, bool] = {}

    def is_open(self, day: date) -> bool:
        """Neither a closed weekday nor a public holiday."""
        if day not in self._known:
            if len(self._known) > MOST_KNOWN:
                self._known.clear()
            self._known[day] = day.weekday() not in self.closed_weekdays and day not in self._holidays
        return self._known[day]

    def add(self, day: date, n: int) -> date:
        """The nth opening day after `day` (before it when negative); 0 is `day` itself, or the next opening day."""
        step = -_ONE_DAY if n < 0 else _ONE_DAY
        left = abs(n)
        while left or not self.is_open(day):
            day += step
            left -= left > 0 and self.is_open(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Opening days after `start` up to `end` included; negative when `end` is before. `add(start, n)` gives n."""
        if end < start:
            return -self.between(end, start)
        length = (end - start).days
        return sum(self.is_open(start + timedelta(days=ahead)) for ahead in range(1, length + 1))


def _subdivision(region: str) -> str | None:
    code = region.strip().upper()
    if code not in _SUBDIVISIONS and code not in _METROPOLITAN:
        raise UnknownRegion(region)
    return _SUBDIVISIONS.get(code)
