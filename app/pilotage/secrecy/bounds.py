"""What somebody who keeps every publication can deduce of the cells that were not told. Pure.

Cells are those of the grid: (period, area, indicator, breakdown, category). They are bound by sums: a whole and its
categories, a group and its members, a year and its quarters, the network and its parts; and by inequalities: the people of
a year are at least those of each quarter. Bounds are tightened until nothing moves; sums whose unknown parts are nested are
also subtracted from each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import inf

Spot = tuple[str, ...]
# Counted again in each period: the sum of the quarters is not the year’s.
NOT_ADDITIVE = frozenset({"people", "needs_waiting", "travelled"})
ADDITIVE_CATEGORIES = frozenset({"new"})
QUARTERS = ("T1", "T2", "T3", "T4")
# « moins:other » tells that the category « other » is under this value, so that the second of two is « at least » the rest.
UNDER = "moins:"
_ROUNDS = 60
_MOST_SUMS = 600


@dataclass(frozen=True)
class Sum:
    """The parts make exactly the whole."""

    whole: Spot
    parts: tuple[Spot, ...]


@dataclass
class Bounds:
    """Lowest and highest possible value of every cell."""

    low: dict[Spot, float] = field(default_factory=dict)
    high: dict[Spot, float] = field(default_factory=dict)
    moved: bool = False

    def at_least(self, spot: Spot, value: float) -> None:
        if value > self.low[spot]:
            self.low[spot], self.moved = value, True

    def at_most(self, spot: Spot, value: float) -> None:
        if value < self.high[spot]:
            self.high[spot], self.moved = value, True


def recovered(values: Mapping[Spot, int | None], members: Mapping[Spot, tuple[str, ...]], k: int) -> list[Spot]:
    """The cells not told whose bounds leave out one of the counts from 1 to k - 1, as if they were almost told.

    A cell known to be zero, or to be k at least, tells nothing about fewer than k people.
    """
    limits = {spot: value for spot, value in values.items() if spot[4].startswith(UNDER)}
    values = {spot: value for spot, value in values.items() if spot not in limits}
    sums = list(_sums(values, members))
    known = {("", str(rank)): one for rank, one in enumerate(_known_sums(values, sums).items())}
    sums += [Sum(spot, tuple(sorted(unknown))) for spot, (unknown, _whole) in known.items()]
    found = _start({**values, **{spot: whole for spot, (_unknown, whole) in known.items()}}, sums)
    for spot, value in limits.items():
        found.at_most((*spot[:4], spot[4].removeprefix(UNDER)), (value or inf) - 1)
    pairs = list(_inequalities(values))
    for _round in range(_ROUNDS):
        found.moved = False
        for one in sums:
            _tighten(found, one)
        for small, large in pairs:
            found.at_least(large, found.low[small])
            found.at_most(small, found.high[large])
        if not found.moved:
            break
    hidden = (spot for spot in found.low if values.get(spot) is None and spot not in known)
    return sorted(spot for spot in hidden if not _is_safe(found.low[spot], found.high[spot], k))


def _is_safe(low: float, high: float, k: int) -> bool:
    return low <= high and (high == 0 or low >= k or high - low >= k - 2)


def _start(values: Mapping[Spot, int | None], sums: Iterable[Sum]) -> Bounds:
    """A told cell is its value; a hidden one is not zero, or zero would be told."""
    found = Bounds()
    for one in sums:
        for spot in (one.whole, *one.parts):
            found.low.setdefault(spot, 0)
            found.high.setdefault(spot, inf)
    for spot, value in values.items():
        found.low[spot] = 1 if value is None else value
        found.high[spot] = inf if value is None else value
    return found


def _tighten(found: Bounds, one: Sum) -> None:
    low = sum(found.low[part] for part in one.parts)
    high = sum(found.high[part] for part in one.parts)
    if found.low[one.whole] == found.high[one.whole] and low == high:
        # Nothing is unknown; counted on another day, the two may differ.
        return
    found.at_least(one.whole, low)
    found.at_most(one.whole, high)
    whole_low, whole_high = found.low[one.whole], found.high[one.whole]
    for part in one.parts:
        others = sum(found.high[other] for other in one.parts if other != part)
        if others < inf:
            found.at_least(part, whole_low - others)
        found.at_most(part, whole_high - (low - found.low[part]))
        low = sum(found.low[other] for other in one.parts)


def _sums(values: Mapping[Spot, int | None], members: Mapping[Spot, tuple[str, ...]]) -> Iterator[Sum]:
    yield from _partitions(values, members)
    for spot, codes in members.items():
        yield Sum(spot, tuple((*spot[:4], code) for code in codes))
    yield from _years(values, members)


def _partitions(values: Mapping[Spot, int | None], members: Mapping[Spot, tuple[str, ...]]) -> Iterator[Sum]:
    tables: dict[Spot, list[Spot]] = {}
    for spot in values:
        if spot[3] and spot not in members:
            tables.setdefault(spot[:4], []).append(spot)
    for head, parts in tables.items():
        yield Sum((*head[:3], "", ""), tuple(parts))


def _years(values: Mapping[Spot, int | None], members: Mapping[Spot, tuple[str, ...]]) -> Iterator[Sum]:
    """A year is the sum of its quarters, for what is counted once. A category absent from a published table is zero."""
    tables = {spot[:4] for spot in values if spot[3]}
    rest = {(spot[0][:4], *spot[1:]) for spot in values if spot not in members}
    for year, *where in sorted(rest):
        spots = [(f"{year}-{quarter}", *where) for quarter in QUARTERS]
        known = [spot for spot in spots if spot in values or spot[:4] not in tables]
        if _is_additive(where[1], where[3]) and any(spot in values for spot in spots):
            yield Sum((year, *where), tuple(known))


def _is_additive(indicator: str, category: str) -> bool:
    return indicator not in NOT_ADDITIVE or category in ADDITIVE_CATEGORIES


def _inequalities(values: Mapping[Spot, int | None]) -> Iterator[tuple[Spot, Spot]]:
    """(smaller, larger): the people of a quarter are among those of the year."""
    for spot in values:
        year = (spot[0][:4], *spot[1:])
        if spot[0] != year[0] and year in values and spot[2] == "people":
            yield spot, year


def _known_sums(values: Mapping[Spot, int | None], sums: Iterable[Sum]) -> dict[frozenset[Spot], int]:
    """Sets of cells not told whose sum is known, and what is left when one set is inside another (A + B + C, A + B)."""
    known: dict[frozenset[Spot], int] = {}
    for one in sums:
        whole, unknown = values.get(one.whole), frozenset(part for part in one.parts if values.get(part) is None)
        if whole is not None and unknown:
            known.setdefault(unknown, whole - sum(values.get(part) or 0 for part in one.parts))
    fresh = dict(known)
    while fresh and len(known) < _MOST_SUMS:
        nested = ((large, small) for small in known for large in known if small < large)
        fresh = {large - small: known[large] - known[small] for large, small in nested if large - small not in known}
        known |= fresh
    return known
