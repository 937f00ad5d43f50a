"""What the summaries of several areas tell of each other: a network is its intercommunalities, these are their communes. Pure.

The areas of one period are one inside another or apart, so that each published area is the sum of the published ones it
holds and of a rest. The rest is never published and is given by subtraction: it is a cell like the others here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from app.pilotage.secrecy.grid import COMMUNE, COMMUNES, GROUP, NAMED, WHOLE, Count, Counted, Part, is_bare

Spot = tuple[str, ...]
Values = Mapping[Spot, int | None]
SHARED_OUT = frozenset({"people", "accompaniments"})
# These three hold each other, so that they are looked at together.
FAMILY = {"people": "visits", "accompaniments": "visits", "anonymous": "visits", NAMED: "visits"}
_LESS = "~"


@dataclass(frozen=True)
class Sum:
    """The parts, and what is already known of others, make exactly the whole."""

    whole: Spot
    parts: tuple[Spot, ...]
    known: int = 0


@dataclass(frozen=True)
class Ground:
    """The places of each area, and what is counted in any set of them for the period that is being prepared."""

    period: str
    places: Mapping[str, frozenset[str]]
    count: Callable[[frozenset[str]], Counted]
    counted: dict[str, Counted] = field(default_factory=dict, compare=False)

    def holds(self, area: str, other: str) -> bool:
        """The other area is strictly inside this one."""
        inside = self.places.get(other, frozenset())
        return bool(inside) and inside < self.places.get(area, frozenset())

    def is_bare(self, spot: Spot, k: int) -> bool | None:
        """What is really counted there is about too few people or advisers; None when nothing says it."""
        found = self._count(spot)
        return None if found is None else is_bare(*found, k)

    def _count(self, spot: Spot) -> tuple[Count, frozenset[object]] | None:
        period, area, indicator, breakdown, category = spot
        wanted = codes_of(category)
        if breakdown == COMMUNES:
            area, breakdown = "+".join(f"{COMMUNE}{code}" for code in wanted), ""
        if period != self.period or not self._places(area):
            return None
        if not breakdown:
            total = self._of(area).totals.get(indicator)
            return (total.count, total.authors) if total else None
        parts = [one for one in self._of(area).breakdowns.get(breakdown, ()) if one.code in wanted]
        return _together([one for one in parts if indicator in one.counts], indicator)

    def _of(self, area: str) -> Counted:
        if area not in self.counted:
            self.counted[area] = self.count(self._places(area))
        return self.counted[area]

    def _places(self, area: str) -> frozenset[str]:
        whole, *less = area.split(_LESS)
        listed = frozenset(one.removeprefix(COMMUNE) for one in whole.split("+"))
        held = self.places.get(whole) or listed & self._everywhere
        return held.difference(*(self.places.get(one, frozenset()) for one in less))

    @cached_property
    def _everywhere(self) -> frozenset[str]:
        return self.places.get(WHOLE, frozenset())


def _together(parts: list[Part], indicator: str) -> tuple[Count, frozenset[object]] | None:
    if not parts:
        return None
    counts = [one.counts[indicator] for one in parts]
    subjects = frozenset[object]().union(*(one.subjects for one in counts))
    return Count(sum(one.value for one in counts), subjects), frozenset[object]().union(*(one.authors for one in parts))


def canonical(spot: Spot, members: Mapping[Spot, tuple[str, ...]]) -> Spot:
    """One name for what several publications tell: a commune alone and in any table, a group by its members."""
    period, area, indicator, breakdown, category = spot
    if area.startswith(COMMUNE) and not breakdown and indicator in SHARED_OUT:
        return (period, WHOLE, indicator, COMMUNES, area.removeprefix(COMMUNE))
    if spot in members:
        category = group_of(members[spot])
    return (period, WHOLE if breakdown == COMMUNES else area, indicator, breakdown, category)


def group_of(codes: Iterable[str]) -> str:
    """The category that tells these codes together."""
    return GROUP + "+".join(sorted(codes))


def codes_of(category: str) -> list[str]:
    """The codes of such a category; another is itself."""
    return category.removeprefix(GROUP).split("+") if category.startswith(GROUP) else [category]


def is_rest(spot: Spot) -> bool:
    """What published areas leave of another."""
    return _LESS in spot[1]


def across(told: Values, heads: frozenset[Spot], ground: Ground) -> Iterator[Sum]:
    """The sums between the areas of a year, in each of its periods. An area told in a quarter is a part of the year too.

    `told`: canonical cells; `heads`: (period, area, indicator, breakdown) of what was published.
    """
    areas = frozenset(area for _period, area, *_rest in heads)
    if areas <= {WHOLE}:
        return
    for period in sorted({head[0] for head in heads}):
        for area in sorted(areas):
            kids = _kids(area, areas, ground)
            if kids:
                yield from _Family(period, area, areas, told, heads, ground).sums()
            yield from _named(period, [area, _less(area, kids)], heads)
        yield from _communes(period, areas, heads, ground)


def named_pairs(sums: Iterable[Sum]) -> Iterator[tuple[Spot, Spot]]:
    """(smaller, larger): each registered person has one accompaniment at least."""
    for one in sums:
        for spot in one.parts:
            if spot[2] == NAMED:
                yield canonical((*spot[:2], "people", "", ""), {}), spot


def _kids(area: str, areas: Iterable[str], ground: Ground) -> tuple[str, ...]:
    """The largest published areas inside this one."""
    inside = [one for one in areas if ground.holds(area, one)]
    return tuple(sorted(one for one in inside if not any(ground.holds(other, one) for other in inside)))


def _less(area: str, kids: Iterable[str]) -> str:
    return _LESS.join((area, *kids))


def _named(period: str, areas: Iterable[str], heads: frozenset[Spot]) -> Iterator[Sum]:
    """Accompaniments are those of registered people and those without a name."""
    for area in areas:
        if (period, area.split(_LESS)[0], "anonymous", "") in heads:
            whole = canonical((period, area, "accompaniments", "", ""), {})
            yield Sum(whole, ((period, area, "anonymous", "", ""), (period, area, NAMED, "", "")))


def _communes(period: str, areas: Iterable[str], heads: frozenset[Spot], ground: Ground) -> Iterator[Sum]:
    """An intercommunality without a table of its own is still the sum of its communes in the network’s."""
    for area in areas:
        for indicator in SHARED_OUT:
            told_alone = (period, area, indicator, COMMUNES) not in heads
            if area != WHOLE and not area.startswith(COMMUNE) and told_alone:
                codes = sorted(ground.places.get(area, ()))
                spots = tuple((period, WHOLE, indicator, COMMUNES, code) for code in codes)
                yield Sum((period, area, indicator, "", ""), spots)


@dataclass(frozen=True)
class _Family:
    """An area in one period, and the largest ones inside it."""

    period: str
    area: str
    areas: frozenset[str]
    told: Values
    heads: frozenset[Spot]
    ground: Ground

    @cached_property
    def kids(self) -> tuple[str, ...]:
        return _kids(self.area, self.areas, self.ground)

    def sums(self) -> Iterator[Sum]:
        of_period = {head[2:] for head in self.heads if head[0] == self.period}
        for indicator in sorted({indicator for indicator, _breakdown in of_period}):
            yield from self._slice(indicator, "", "")
        for indicator, breakdown in sorted(of_period):
            if breakdown not in ("", COMMUNES):
                yield from self._table(indicator, breakdown)

    def _slice(self, *what: str) -> Iterator[Sum]:
        """The area is its parts and a rest; it is also the largest told areas inside it and what these leave."""
        kids, rest = list(self.kids), _less(self.area, self.kids)
        shown = self._shown(self.area, *what)
        left = _less(self.area, shown)
        yield self._sum(self.area, [*kids, rest], *what)
        if shown:
            yield self._sum(self.area, [*shown, left], *what)
        if left not in (self.area, rest):
            others = [kid for kid in kids if kid not in shown]
            yield self._sum(left, [*(_less(kid, self._shown(kid, *what)) for kid in others), rest], *what)

    def _shown(self, area: str, *what: str) -> tuple[str, ...]:
        """The largest areas inside this one of which this cell is told."""
        told = [one for one in self.areas if self.told.get(self._spot(one, *what)) is not None]
        return _kids(area, told, self.ground)

    def _sum(self, area: str, parts: Iterable[str], *what: str) -> Sum:
        return Sum(self._spot(area, *what), tuple(self._spot(one, *what) for one in parts))

    def _table(self, indicator: str, breakdown: str) -> Iterator[Sum]:
        codes = self._codes(indicator, breakdown)
        rest = _less(self.area, self.kids)
        for area in (*self.kids, rest):
            if codes and (self.period, area, indicator, breakdown) not in self.heads:
                parts = tuple(self._spot(area, indicator, breakdown, code) for code in codes)
                yield Sum(self._spot(area, indicator, "", ""), parts)
        for code in codes:
            yield from self._slice(indicator, breakdown, code)
        for codes_together in self._groups(indicator, breakdown):
            yield from self._slice(indicator, breakdown, group_of(codes_together))
            for area in (self.area, *self.kids, rest):
                yield from self._group(area, indicator, breakdown, codes_together)

    def _group(self, area: str, indicator: str, breakdown: str, codes: frozenset[str]) -> Iterator[Sum]:
        """A group is its members, and any smaller group in it with the others."""
        whole = self._spot(area, indicator, breakdown, group_of(codes))
        for inner in [frozenset[str](), *self._groups(indicator, breakdown)]:
            if inner < codes:
                one_by_one = [self._spot(area, indicator, breakdown, code) for code in sorted(codes - inner)]
                together = [self._spot(area, indicator, breakdown, group_of(inner))] if inner else []
                yield Sum(whole, (*together, *one_by_one))

    def _codes(self, indicator: str, breakdown: str) -> list[str]:
        found = self._categories(indicator, breakdown)
        return sorted(code for code in found if not code.startswith(GROUP))

    def _groups(self, indicator: str, breakdown: str) -> list[frozenset[str]]:
        """The groups told in the area or its parts, and the unions of those that overlap."""
        named = (code for code in self._categories(indicator, breakdown) if code.startswith(GROUP))
        found = {frozenset(codes_of(code)) for code in named}
        return sorted(found | _unions(found), key=lambda one: (len(one), sorted(one)))

    def _categories(self, indicator: str, breakdown: str) -> set[str]:
        heads = {(self.period, area, indicator, breakdown) for area in (self.area, *self.kids)} & self.heads
        return {spot[4] for spot in self.told if spot[:4] in heads}

    def _spot(self, area: str, *what: str) -> Spot:
        return canonical((self.period, area, *what), {}) if not what[1] else (self.period, area, *what)


def _unions(groups: Iterable[frozenset[str]]) -> set[frozenset[str]]:
    merged: list[frozenset[str]] = []
    for group in groups:
        touching = [one for one in merged if one & group]
        merged = [one for one in merged if not one & group] + [group.union(*touching)]
    return set(merged)
