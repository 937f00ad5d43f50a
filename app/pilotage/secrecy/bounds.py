"""What somebody who keeps every publication can deduce of the cells that were not told. Pure.

Cells are those of the grid: (period, area, indicator, breakdown, category), and the rests that published areas leave of
larger ones. `sums.py` says what binds them, `system.py` and `audit.py` find the lowest and highest count of each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.pilotage.secrecy.areas import FAMILY, Ground, Spot, Values, canonical, group_of, held, less
from app.pilotage.secrecy.audit import UNKNOWN, Between
from app.pilotage.secrecy.grid import GROUP, UNDER
from app.pilotage.secrecy.sums import QUARTERS, Grid, Members, What, groups, is_additive
from app.pilotage.secrecy.system import Blocks, System, system

Regions = dict[Spot, tuple[Spot, ...]]


def recovered(
    values: Values, members: Mapping[Spot, tuple[str, ...]], k: int, ground: Ground | None = None
) -> list[Spot]:
    """The cells not told, rests between areas included, that publications tell too well together.

    A hidden count from 1 to k - 1 may still be each of them, whoever minimises and maximises it under every sum published:
    the whole range is the protection level (Fischetti and Salazar, 2001). In a year it is at least as many as the quarters
    in which it was hidden, since none of these is zero. One hidden for the few people or advisers behind
    a larger count, and a rest that nobody published, keep a range as wide, wherever it begins (a sliding protection level).
    One that is really about k people and three advisers (`ground`) may be known; where nothing says it, a cell of another
    period keeps the whole range unless it is k at least. A cell known to be zero tells nothing. A cell told twice with two
    values is there too: the two together tell their difference.
    """
    return sorted(narrowed(values, members, k, ground))


def narrowed(
    values: Values, members: Mapping[Spot, tuple[str, ...]], k: int, ground: Ground | None = None
) -> dict[Spot, Between]:
    """The same cells, with the range that is left to each: empty (1, 0) when it is not known in time."""
    found: dict[Spot, Between] = {}
    for part in _families(values):
        found |= _Family(part, {spot: codes for spot, codes in members.items() if spot in part}, k, ground).found()
    return found


def _families(values: Values) -> list[dict[Spot, int | None]]:
    """No sum joins two years, nor two families of indicators."""
    found: dict[tuple[str, str], dict[Spot, int | None]] = {}
    for spot, value in values.items():
        found.setdefault((spot[0][:4], FAMILY.get(spot[2], spot[2])), {})[spot] = value
    return list(found.values())


class _Family:
    def __init__(self, cells: Values, members: Members, k: int, ground: Ground | None) -> None:
        limits = {spot: value for spot, value in cells.items() if spot[4].startswith(UNDER)}
        values = {spot: value for spot, value in cells.items() if spot not in limits}
        told, self.twice = _canonical(values, members)
        self.limits = {canonical((*s[:4], s[4].removeprefix(UNDER)), members): v for s, v in limits.items()}
        self.k, self.ground = k, ground
        self.told = _with_zeros(values, members, told)
        self.grid = Grid(values, members, self.told, ground.places if ground else {})

    def found(self) -> dict[Spot, Between]:
        return dict.fromkeys(self.twice, UNKNOWN) | {
            spot: one for spot, one in self._ranges() if not self._is_safe(spot, one)
        }

    def _ranges(self) -> Iterator[tuple[Spot, Between]]:
        told = {spot: value for spot, value in self.told.items() if not self._is_group(spot)}
        made = system(told, self.limits, self.grid.sums())
        asked = self._asked(made)
        ranges = Blocks(made, self.k).ranges([tuple(made.number(spot) for spot in cells) for cells in asked.values()])
        for (spot, cells), between in zip(asked.items(), ranges, strict=True):
            torn = any(made.number(one) in made.torn for one in cells)
            yield spot, UNKNOWN if torn else between
        yield from ((spot, Between(value, value)) for spot, value in self._left())

    def _is_group(self, spot: Spot) -> bool:
        return spot[4].startswith(GROUP)

    def _asked(self, made: System) -> Regions:
        """Every cell that was not told, and every group of categories told somewhere, with the cells it is made of."""
        found: Regions = {spot: (spot,) for spot in made.names if self.told.get(spot) is None}
        for (indicator, breakdown), some in groups(self.grid).items():
            areas = sorted({spot[1] for spot in made.names if spot[2:4] == (indicator, breakdown)})
            for period in self.grid.periods:
                for area in areas:
                    for codes in some:
                        cells = tuple((period, area, indicator, breakdown, code) for code in sorted(codes))
                        group = (*cells[0][:4], group_of(codes))
                        if self.told.get(group) is None and all(cell in made.names for cell in cells):
                            found[group] = cells
        return found

    def _left(self) -> Iterator[tuple[Spot, int]]:
        """What the told parts of a told area leave of it, when that is not one cell."""
        for indicator in self.grid.indicators:
            for what, kids in self._slices(indicator):
                for area in (one for one, inside in kids.items() if inside):
                    for period in self.grid.periods:
                        yield from self._left_of(period, area, what, kids)

    def _slices(self, indicator: str) -> Iterator[tuple[What, dict[str, tuple[str, ...]]]]:
        yield from self.grid.slices(indicator)
        for (name, breakdown), some in groups(self.grid).items():
            if name == indicator and breakdown in self.grid.breakdowns(indicator):
                for codes in some:
                    yield (indicator, breakdown, group_of(codes)), self.grid.kids(indicator, breakdown)

    def _left_of(
        self, period: str, area: str, what: What, kids: Mapping[str, tuple[str, ...]]
    ) -> Iterator[tuple[Spot, int]]:
        whole = self.told.get(self.grid.spot(period, area, *what))
        shown = tuple(sorted(self._shown(period, area, what, kids)))
        left = less(area, shown)
        if whole is not None and shown and held(left, self.grid.places):
            known = sum(self.told[self.grid.spot(period, one, *what)] or 0 for one in shown)
            yield (period, left, *what), whole - known

    def _shown(self, period: str, area: str, what: What, kids: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
        """The largest areas inside this one of which this is told."""
        for kid in kids[area]:
            if self.told.get(self.grid.spot(period, kid, *what)) is not None:
                yield kid
            else:
                yield from self._shown(period, kid, what, kids)

    def _least(self, spot: Spot) -> int:
        """1; for what is added up over a year, one for each quarter in which it was hidden, since zero is told."""
        quarters = [(f"{spot[0]}-{one}", *spot[1:]) for one in QUARTERS]
        hidden = sum(one in self.told and self.told[one] is None for one in quarters)
        return max(hidden, 1) if is_additive(spot[2], spot[4]) else 1

    def _is_safe(self, spot: Spot, between: Between) -> bool:
        low, high, _mark = between
        wide = high - low >= self.k - 2
        if low > high or high == 0 or (low <= self._least(spot) and high >= self.k - 1):
            return low <= high
        truth = self.ground.truth(spot, self.k) if self.ground else None
        hidden = spot in self.told
        if truth is None:
            return wide and low >= self.k if hidden else wide or low >= self.k
        value, is_bare = truth
        return not is_bare or (wide and not (hidden and value < self.k))


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


def _with_zeros(values: Values, members: Members, told: dict[Spot, int | None]) -> dict[Spot, int | None]:
    """A category absent from a published table is zero."""
    grid = Grid(values, members, told, {})
    zeros: dict[Spot, int | None] = {}
    for head in sorted(grid.heads):
        if head[3] in grid.breakdowns(head[2]):
            zeros |= {(*head, code): 0 for code in grid.codes(head[2], head[3])}
    return zeros | told
