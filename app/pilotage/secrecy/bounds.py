"""What somebody who keeps every publication can deduce of the cells that were not told. Pure.

Cells are those of the grid: (period, area, indicator, breakdown, category). They are bound by sums: a whole and its
categories, a group and its members, a year and its quarters, the network and its parts; and by inequalities: the people of
a year are at least those of each quarter. Bounds are tightened until nothing moves; sums whose unknown parts are nested are
also subtracted from each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

from app.pilotage.secrecy.areas import FAMILY, Ground, Spot, Sum, Values, across, canonical, is_rest, named_pairs
from app.pilotage.secrecy.grid import UNDER
from app.pilotage.secrecy.sums import Members, inequalities, known_sums, within

_ROUNDS = 60
# What is learnt of an area lets other areas be subtracted, that many times.
_PASSES = 3


@dataclass
class Bounds:
    """Lowest and highest possible value of every cell."""

    low: dict[Spot, float] = field(default_factory=dict)
    high: dict[Spot, float] = field(default_factory=dict)
    moved: set[Spot] = field(default_factory=set)
    # Two publications contradict each other there: what else they tell means nothing.
    torn: bool = False

    def at_least(self, spot: Spot, value: float) -> None:
        if value > self.low[spot]:
            self.low[spot] = value
            self.moved.add(spot)
            self.torn |= value > self.high[spot]

    def at_most(self, spot: Spot, value: float) -> None:
        if value < self.high[spot]:
            self.high[spot] = value
            self.moved.add(spot)
            self.torn |= value < self.low[spot]


def recovered(
    values: Values, members: Mapping[Spot, tuple[str, ...]], k: int, ground: Ground | None = None
) -> list[Spot]:
    """The cells not told, rests between areas included, that subtractions almost tell.

    Their bounds leave out one of the counts from 1 to k - 1. A cell known to be zero tells nothing, nor does one that is
    really about k people and three advisers (`ground`); without it, one never published that is k at least. A cell told
    twice with two values is there too: the two together tell their difference.
    """
    found: list[Spot] = []
    for part in _components(values):
        found += _recovered(part, {spot: codes for spot, codes in members.items() if spot in part}, k, ground)
    return sorted(set(found))


def _components(values: Values) -> list[dict[Spot, int | None]]:
    """No sum joins two years, nor two families of indicators."""
    found: dict[tuple[str, str], dict[Spot, int | None]] = {}
    for spot, value in values.items():
        found.setdefault((spot[0][:4], FAMILY.get(spot[2], spot[2])), {})[spot] = value
    return list(found.values())


def _recovered(cells: Values, members: Members, k: int, ground: Ground | None) -> list[Spot]:
    limits = {spot: value for spot, value in cells.items() if spot[4].startswith(UNDER)}
    values = {spot: value for spot, value in cells.items() if spot not in limits}
    told, twice = _canonical(values, members)
    given_back: set[Spot] = set()
    learnt: dict[Spot, int] = {}
    for _again in range(_PASSES):
        found = _bounded(values, members, told | learnt, limits, ground)
        given_back |= {
            spot for spot in found.low if _is_hidden(spot, told) and not _is_safe(found, spot, spot in told, k, ground)
        }
        more = {spot: int(found.low[spot]) for spot in found.low if found.low[spot] == found.high[spot]}
        more = {spot: value for spot, value in more.items() if _is_hidden(spot, told) and not is_rest(spot)}
        if ground is None or more.keys() <= learnt.keys():
            break
        learnt |= more
    return twice + sorted(given_back)


def _is_hidden(spot: Spot, told: Values) -> bool:
    """A cell of the grid, or a rest, that was not told."""
    return spot[0] != "" and told.get(spot) is None


def _bounded(values: Values, members: Members, told: Values, limits: Values, ground: Ground | None) -> Bounds:
    """What can be deduced from the cells told, and from those learnt of them."""
    sums = list(within(values, members, told))
    if ground is not None:
        sums += across(told, frozenset(spot[:4] for spot in values), ground)
    known = {("", str(rank)): one for rank, one in enumerate(known_sums(told, sums).items())}
    sums += [Sum(spot, tuple(sorted(unknown))) for spot, (unknown, _whole) in known.items()]
    everything: dict[Spot, int | None] = {**told, **{spot: whole for spot, (_unknown, whole) in known.items()}}
    found = _start(everything, sums)
    for spot, value in limits.items():
        found.at_most(canonical((*spot[:4], spot[4].removeprefix(UNDER)), members), (value or inf) - 1)
    _settle(found, list(_folded(sums, everything)), [*inequalities(told), *named_pairs(sums)])
    return found


def _canonical(values: Values, members: Members) -> tuple[dict[Spot, int | None], list[Spot]]:
    """The cells by their one name, those told before those hidden; and those told with two values."""
    told: dict[Spot, int | None] = {}
    twice = []
    for spot, value in values.items():
        name = canonical(spot, members)
        before = told.get(name)
        if None not in (before, value) and before != value:
            twice.append(name)
        told[name] = value if before is None else before
    return told, twice


def _is_safe(found: Bounds, spot: Spot, is_published: bool, k: int, ground: Ground | None) -> bool:
    low, high = found.low[spot], found.high[spot]
    if low > high:
        return False
    if high == 0 or high - low >= k - 2:
        return True
    is_bare = ground.is_bare(spot, k) if ground else None
    if is_bare is not None:
        return not is_bare
    return not is_published and low >= k


def _settle(found: Bounds, sums: Sequence[Sum], pairs: Sequence[tuple[Spot, Spot]]) -> None:
    touching: dict[Spot, list[int]] = {}
    for rank, one in enumerate(sums):
        for spot in (one.whole, *one.parts):
            touching.setdefault(spot, []).append(rank)
    todo: Iterable[int] = range(len(sums))
    for _round in range(_ROUNDS):
        found.moved.clear()
        for rank in todo:
            _tighten(found, sums[rank])
        for small, large in pairs:
            if small in found.low and large in found.low:
                found.at_least(large, found.low[small])
                found.at_most(small, found.high[large])
        if found.torn or not found.moved:
            return
        todo = sorted({rank for spot in found.moved for rank in touching.get(spot, ())})


def _folded(sums: Iterable[Sum], told: Values) -> Iterator[Sum]:
    """The sums that hold something unknown, each once; counted on another day, the others may differ."""
    seen = set()
    for one in sums:
        unknown = tuple(part for part in one.parts if told.get(part) is None)
        if unknown or told.get(one.whole) is None:
            made = Sum(one.whole, unknown, sum(told.get(part) or 0 for part in one.parts))
            if made not in seen:
                seen.add(made)
                yield made


def _start(values: Values, sums: Iterable[Sum]) -> Bounds:
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
    low = one.known + sum(found.low[part] for part in one.parts)
    found.at_least(one.whole, low)
    found.at_most(one.whole, one.known + sum(found.high[part] for part in one.parts))
    whole_low, whole_high = found.low[one.whole], found.high[one.whole]
    open_ended = sum(found.high[part] == inf for part in one.parts)
    bounded = one.known + sum(found.high[part] for part in one.parts if found.high[part] < inf)
    for part in one.parts:
        mine, least = found.high[part], found.low[part]
        if open_ended == (mine == inf):
            found.at_least(part, whole_low - (bounded - (0 if mine == inf else mine)))
        found.at_most(part, whole_high - (low - least))
        low += found.low[part] - least
        if found.high[part] < inf:
            open_ended -= mine == inf
            bounded += found.high[part] - (0 if mine == inf else mine)
