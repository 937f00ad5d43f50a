"""The grid: one cell per period, area, indicator, breakdown and category; the counts behind it. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

LEAST_K = 5
FEWEST_AUTHORS = 3
# « groupe:1 » tells its members together. « moins:other » tells that the category « other » is under this value, so that
# the second of two is « at least » the rest.
GROUP, UNDER = "groupe:", "moins:"
# The whole network, then its parts: « epci-200030674 », « commune-47157 ».
WHOLE, EPCI, COMMUNE = "reseau", "epci-", "commune-"
# The breakdown whose categories are the communes themselves.
COMMUNES = "commune"
# Accompaniments of registered people: never published, and given by those of everybody less those without a name.
NAMED = "named"


class Key(NamedTuple):
    """Where a cell is. `breakdown` and `category` are empty for the whole."""

    period: str
    area: str
    indicator: str
    breakdown: str = ""
    category: str = ""


@dataclass(frozen=True)
class Cell:
    """A published cell. `value` None: hidden. `members`: the categories that a group tells together."""

    key: Key
    value: int | None
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Count:
    """A count and the people it is about."""

    value: int
    subjects: frozenset[Hashable]


NOTHING = Count(0, frozenset())


@dataclass(frozen=True)
class Part:
    """One category of a breakdown: a count per indicator, the advisers behind them, and the group it may join."""

    code: str
    counts: Mapping[str, Count]
    authors: frozenset[Hashable]
    group: str = ""

    @property
    def size(self) -> int:
        return sum(count.value for count in self.counts.values())


@dataclass(frozen=True)
class Total:
    """The whole of an indicator."""

    count: Count
    authors: frozenset[Hashable]


@dataclass(frozen=True)
class Counted:
    """Everything counted for a period and an area. The parts of a breakdown sum to the totals of its indicators."""

    totals: Mapping[str, Total]
    breakdowns: Mapping[str, tuple[Part, ...]]


def is_bare(count: Count, authors: frozenset[Hashable], k: int) -> bool:
    """Something is counted, about too few people or by too few advisers."""
    return count.value > 0 and (len(count.subjects) < k or len(authors) < FEWEST_AUTHORS)
