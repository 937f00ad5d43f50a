"""The areas of summaries: a network is its intercommunalities, these are their communes. Pure.

The areas of one year are one inside another or apart, so that each published area is the sum of the published ones it
holds and of a rest. The rest is never published and is given by subtraction: it is a cell like the others here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from app.pilotage.secrecy.grid import COMMUNE, COMMUNES, GROUP, NAMED, WHOLE, Count, Counted, Part, is_bare

Spot = tuple[str, ...]
Values = Mapping[Spot, int | None]
Places = frozenset[str]
SHARED_OUT = frozenset({"people", "accompaniments"})
# These three hold each other, so that they are looked at together.
FAMILY = {"people": "visits", "accompaniments": "visits", "anonymous": "visits", NAMED: "visits"}
_LESS = "~"


@dataclass(frozen=True)
class Ground:
    """The places of each area, and what is counted in any set of them for the period that is being prepared."""

    period: str
    places: Mapping[str, Places]
    count: Callable[[Places], Counted]
    counted: dict[str, Counted] = field(default_factory=dict, compare=False)

    def truth(self, spot: Spot, k: int) -> tuple[int, bool] | None:
        """What is really counted there, and whether it is about too few people or advisers; None when nothing says it."""
        found = self._count(spot)
        return None if found is None else (found[0].value, is_bare(*found, k))

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

    def _places(self, area: str) -> Places:
        if "+" in area or area not in self.places:
            listed = frozenset(one.removeprefix(COMMUNE) for one in area.split("+"))
            return held(area, self.places) or listed & self.places.get(WHOLE, frozenset())
        return self.places[area]


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


def less(area: str, kids: Iterable[str]) -> str:
    """What those areas leave of this one."""
    return _LESS.join((area, *kids))


def held(area: str, places: Mapping[str, Places]) -> Places:
    """The places of an area, or of a rest; none of an area that nobody knows."""
    whole, *without = area.split(_LESS)
    return places.get(whole, frozenset()).difference(*(places.get(one, frozenset()) for one in without))


def tree(areas: Iterable[str], places: Mapping[str, Places]) -> dict[str, tuple[str, ...]]:
    """Each area with the largest ones strictly inside it, in order."""
    found = sorted(areas)
    inside = {one: [other for other in found if _holds(places, one, other)] for one in found}
    return {
        one: tuple(kid for kid in kids if not any(kid in inside[other] for other in kids))
        for one, kids in inside.items()
    }


def _holds(places: Mapping[str, Places], area: str, other: str) -> bool:
    inner = places.get(other, frozenset())
    return bool(inner) and inner < places.get(area, frozenset())
