"""Every sum that binds the cells of one year and one family of indicators, told or not. Pure.

A whole is its categories, a group its members, an area the published areas inside it and a rest, a year its quarters. These
are all the sums there are over (period, area or rest, breakdown, category), so that whatever the publications tell together
follows from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import NamedTuple

from app.pilotage.secrecy.areas import SHARED_OUT, Places, Spot, Values, canonical, held, less, tree
from app.pilotage.secrecy.grid import COMMUNE, COMMUNES, NAMED, WHOLE
from app.pilotage.secrecy.simplex import FAR

# Counted again in each period: the sum of the quarters is not the year’s.
NOT_ADDITIVE = frozenset({"people", "needs_waiting", "travelled"})
ADDITIVE_CATEGORIES = frozenset({"new"})
# Somebody new in one quarter, and known in the next, is new in the year.
CHANGING_CATEGORIES = frozenset({"known"})
QUARTERS = ("T1", "T2", "T3", "T4")
Members = Mapping[Spot, tuple[str, ...]]
What = tuple[str, str, str]


class Sum(NamedTuple):
    """`low` <= the cells of `more` - those of `less` <= `high`.

    `soft`: counted on two days, it may be a little wrong. `implied`: others say as much, and it helps to see it at once.
    """

    more: tuple[Spot, ...]
    less: tuple[Spot, ...]
    low: int = 0
    high: int = 0
    soft: bool = False
    implied: bool = False


@dataclass(frozen=True)
class Grid:
    """What was published of one year and family. `told`: cells by their one name; `heads`: their tables."""

    values: Values
    members: Members
    told: Values
    places: Mapping[str, Places]

    def sums(self) -> Iterator[Sum]:
        """All of them."""
        for indicator in self.indicators:
            yield from self._wholes(indicator)
            for breakdown in self.breakdowns(indicator):
                yield from self._table(indicator, breakdown)
        yield from self._together()
        if NAMED in self.indicators:
            yield from self._named()
        yield from self._years()

    @cached_property
    def heads(self) -> frozenset[Spot]:
        return frozenset(spot[:4] for spot in self.values)

    @cached_property
    def periods(self) -> tuple[str, ...]:
        return tuple(sorted({head[0] for head in self.heads}))

    @cached_property
    def areas(self) -> frozenset[str]:
        return frozenset(head[1] for head in self.heads)

    @cached_property
    def indicators(self) -> tuple[str, ...]:
        found = {head[2] for head in self.heads}
        return tuple(sorted(found | ({NAMED} if {"anonymous", "accompaniments"} <= found else set())))

    def breakdowns(self, indicator: str) -> list[str]:
        """Those published of an indicator, communes left out: they are areas."""
        found = {head[3] for head in self.heads if head[2] == indicator}
        return sorted(found - {"", COMMUNES})

    @cached_property
    def _kids(self) -> dict[frozenset[str], dict[str, tuple[str, ...]]]:
        return {}

    def kids(self, indicator: str, breakdown: str = "") -> dict[str, tuple[str, ...]]:
        """The areas of which something of a breakdown (or of the family) was published, with those inside them."""
        found = self.areas
        if breakdown:
            found = frozenset(head[1] for head in self.heads if head[2:] == (indicator, breakdown))
        if found not in self._kids:
            self._kids[found] = tree(found, self.places)
        return self._kids[found]

    def leaves(self, indicator: str, breakdown: str = "") -> list[str]:
        """The smallest areas, and what they leave of those that hold them."""
        return list(self._left(self.kids(indicator, breakdown)))

    def _left(self, kids: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
        """The rest of each area; nothing is left of one that is all in the areas inside it."""
        for area, inside in kids.items():
            rest = less(area, inside)
            if not inside or held(rest, self.places):
                yield rest

    @cached_property
    def _categories(self) -> dict[tuple[str, str], set[str]]:
        found: dict[tuple[str, str], set[str]] = {}
        for spot in self.values:
            if spot[3]:
                codes = self.members.get(spot, (spot[4],))
                found.setdefault((spot[2], spot[3]), set()).update(codes)
        return found

    def codes(self, indicator: str, breakdown: str) -> list[str]:
        return sorted(self._categories.get((indicator, breakdown), ()))

    def spot(self, period: str, area: str, *what: str) -> Spot:
        """The one name of a cell."""
        return canonical((period, area, *what), {})

    def slices(self, indicator: str) -> Iterator[tuple[What, dict[str, tuple[str, ...]]]]:
        """The whole and every category, with the areas that tell some of them."""
        yield (indicator, "", ""), self.kids(indicator)
        for breakdown in self.breakdowns(indicator):
            for code in self.codes(indicator, breakdown):
                yield (indicator, breakdown, code), self.kids(indicator, breakdown)

    def _wholes(self, indicator: str) -> Iterator[Sum]:
        if indicator != NAMED:
            for period in self.periods:
                yield from self._areas(period, (indicator, "", ""), self.kids(indicator))
                if indicator in self._listed:
                    yield from self._communes(period, indicator)

    def _areas(self, period: str, what: What, kids: Mapping[str, tuple[str, ...]]) -> Iterator[Sum]:
        """An area is those inside it and a rest."""
        for area, inside in kids.items():
            if inside:
                parts = (*inside, *self._left({area: inside}))
                spots = tuple(self.spot(period, one, *what) for one in parts)
                yield Sum(spots, (self.spot(period, area, *what),), implied=self._is_implied(period, *what))

    @cached_property
    def _listed(self) -> frozenset[str]:
        """The indicators that are told by commune."""
        return frozenset(head[2] for head in self.heads if head[3] == COMMUNES)

    def _communes(self, period: str, indicator: str) -> Iterator[Sum]:
        """A smallest area, or a rest, is its communes."""
        for area in self.leaves(indicator):
            if not (area.startswith(COMMUNE) and indicator in SHARED_OUT):
                spots = tuple((period, WHOLE, indicator, COMMUNES, code) for code in self._inside(area, indicator))
                if spots:
                    implied = self._is_implied(period, indicator, COMMUNES, "")
                    yield Sum(spots, (self.spot(period, area, indicator, "", ""),), implied=implied)

    def _inside(self, area: str, indicator: str) -> list[str]:
        return sorted(held(area, self.places)) if self.places else self.codes(indicator, COMMUNES)

    def _table(self, indicator: str, breakdown: str) -> Iterator[Sum]:
        """A smallest area is its categories; the tables of larger ones are the sums of theirs."""
        kids, codes = self.kids(indicator, breakdown), self.codes(indicator, breakdown)
        for period in self._told_in(indicator, breakdown):
            if kids != self.kids(indicator):
                yield from self._areas(period, (indicator, "", ""), kids)
            for code in codes:
                yield from self._areas(period, (indicator, breakdown, code), kids)
            for area in self.leaves(indicator, breakdown):
                parts = tuple(self.spot(period, area, indicator, breakdown, code) for code in codes)
                implied = self._is_implied(period, indicator, breakdown, "")
                yield Sum(parts, (self.spot(period, area, indicator, "", ""),), implied=implied)

    def _told_in(self, indicator: str, breakdown: str) -> list[str]:
        """The periods in which a breakdown is known of. The people of one that is not told may be anyone."""
        told = {head[0] for head in self.heads if head[2:] == (indicator, breakdown)}
        return [one for one in self.periods if one in told or indicator not in NOT_ADDITIVE]

    def _is_implied(self, period: str, *what: str) -> bool:
        """The sums of a year are those of its quarters."""
        return len(period) == 4 and self._is_complete and is_additive(what[0], what[2])

    @cached_property
    def _is_complete(self) -> bool:
        return len(self.periods) > len(QUARTERS)

    def _together(self) -> Iterator[Sum]:
        for spot, codes in self.members.items():
            value = self.values[spot]
            if value is not None:
                yield Sum(tuple(canonical((*spot[:4], code), {}) for code in codes), (), value, value)

    def _named(self) -> Iterator[Sum]:
        """Accompaniments are those of registered people, one at least for each, and those without a name."""
        leaves = set(self.leaves("people"))
        for period, area in product(self.periods, sorted({*self.areas, *leaves})):
            named, anonymous, whole, people = (
                self.spot(period, area, one, "", "") for one in (NAMED, "anonymous", "accompaniments", "people")
            )
            yield Sum((named, anonymous), (whole,))
            if area in leaves:
                yield Sum((named,), (people,), 0, FAR)

    def _years(self) -> Iterator[Sum]:
        """A year is the sum of its quarters for what is counted once, and for people at least each and at most their sum."""
        year = self.periods[0][:4]
        quarters = [one for one in self.periods if one != year]
        if year in self.periods and quarters:
            for indicator in self.indicators:
                for what, area in self._everywhere(indicator):
                    told = self._told_in(*what[:2]) if what[1] else self.periods
                    here = self.spot(year, area, *what)
                    if year in told and (is_additive(indicator, what[2]) or self.told.get(here) is not None):
                        spots = tuple(self.spot(one, area, *what) for one in quarters if one in told)
                        yield from _year(here, spots)

    def _everywhere(self, indicator: str) -> Iterator[tuple[What, str]]:
        """All areas, rather than the smallest alone, so that no other sum of the year is needed."""
        for what, kids in self.slices(indicator):
            for area in {**kids, **dict.fromkeys(self._left(kids))}:
                yield what, area
        if indicator in self._listed:
            for code in self.codes(indicator, COMMUNES):
                yield (indicator, COMMUNES, code), WHOLE


def _year(year: Spot, quarters: tuple[Spot, ...]) -> Iterator[Sum]:
    indicator, category, complete = year[2], year[4], len(quarters) == len(QUARTERS)
    if is_additive(indicator, category):
        yield Sum((year,), quarters, 0, 0 if complete else FAR, soft=True)
    elif indicator == "people":
        if category not in CHANGING_CATEGORIES:
            yield from (Sum((year,), (one,), 0, FAR, soft=True) for one in quarters)
        if complete:
            yield Sum((year,), quarters, -FAR, 0, soft=True)


def is_additive(indicator: str, category: str) -> bool:
    """The sum of the quarters is the year’s."""
    return indicator not in NOT_ADDITIVE or category in ADDITIVE_CATEGORIES


def groups(grid: Grid) -> dict[tuple[str, str], list[frozenset[str]]]:
    """The categories told together somewhere, and the unions of those that overlap, by (indicator, breakdown)."""
    found: dict[tuple[str, str], set[frozenset[str]]] = {}
    for spot, codes in grid.members.items():
        found.setdefault((spot[2], spot[3]), set()).add(frozenset(codes))
    return {what: sorted(some | _unions(some), key=sorted) for what, some in found.items()}


def _unions(some: Iterable[frozenset[str]]) -> set[frozenset[str]]:
    merged: list[frozenset[str]] = []
    for group in sorted(some, key=sorted):
        touching = [one for one in merged if one & group]
        merged = [one for one in merged if not one & group] + [group.union(*touching)]
    return set(merged)
