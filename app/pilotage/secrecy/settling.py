"""What is left out of a publication until nothing hidden can be given back by all that was published. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.pilotage.secrecy.areas import Ground, Spot, codes_of
from app.pilotage.secrecy.audit import Between
from app.pilotage.secrecy.bounds import narrowed
from app.pilotage.secrecy.cells import Reserve, cells
from app.pilotage.secrecy.grid import COMMUNE, COMMUNES, NAMED, WHOLE, Cell, Counted, Part

_ROUNDS = 40
# More than this many categories hidden besides the small ones, and the breakdown says nothing any more.
_MOST_FORCED = 12
# What to hide so that a total no longer gives back the other.
_GIVEN_BY = {NAMED: ("anonymous", "accompaniments"), "anonymous": ("anonymous", "accompaniments")}


class Recoverable(Exception):
    """Whatever is left out, what was published before and these figures together tell a hidden count."""


def settle(counted: Counted, period: str, area: str, k: int, ledger: Sequence[Cell]) -> tuple[Cell, ...]:
    """The cells to publish after everything in the ledger: more is left out until nothing hidden can be recovered.

    Raises Recoverable when even the totals alone would tell too much.
    """
    return settle_among(counted, (period, area), k, ledger, None)


def settle_among(
    counted: Counted, where: tuple[str, str], k: int, ledger: Sequence[Cell], ground: Ground | None
) -> tuple[Cell, ...]:
    """The same of a period and an area among several, which `ground` says how they hold each other."""
    period, area = where
    before = _bound_with(period, ledger)
    reserve = Reserve(known=_known(period, before))
    already = narrowed(_values(before), _members(before), k, ground)
    for _round in range(_ROUNDS):
        made = cells(counted, period, area, k, reserve)
        all_told = [*before, *made]
        narrow = narrowed(_values(all_told), _members(all_told), k, ground)
        found = sorted(spot for spot, left in narrow.items() if not _is_as_before(left, already.get(spot)))
        if not found:
            return made
        unsure = any(narrow[spot].is_unknown for spot in found)
        apart = _untold(period, area, made, before) if unsure else frozenset()
        more = _More(area, counted, made, tuple(found), apart).of(reserve)
        if more == reserve:
            raise Recoverable
        reserve = more
    raise Recoverable


def _untold(period: str, area: str, made: Iterable[Cell], before: Sequence[Cell]) -> frozenset[tuple[str, str]]:
    """The categories of a year that a quarter published of the same area did not tell."""
    told = {cell.key[3:] + cell.key[:1] for cell in before if cell.key.area == area and cell.value is not None}
    quarters = {cell.key.period for cell in before if cell.key.period != period}
    mine = {cell.key[3:] for cell in made if cell.key.breakdown and not cell.members}
    return frozenset(one for one in mine if any((*one, quarter) not in told for quarter in quarters))


def _is_as_before(left: Between, already: Between | None) -> bool:
    """It was as narrow before: by publications that knew it for large, or by sums to which this one adds nothing."""
    if already is None or left.is_unknown or already.is_unknown:
        return left.mark != 0 and left == already
    return left.low <= already.low and left.high >= already.high


def _bound_with(period: str, ledger: Iterable[Cell]) -> list[Cell]:
    """What was published of the same year; only a summary of that year binds its quarters together."""
    of_year = [cell for cell in ledger if cell.key.period[:4] == period[:4]]
    if period == period[:4] or any(cell.key.period == period[:4] for cell in of_year):
        return of_year
    return [cell for cell in of_year if cell.key.period == period]


def _known(period: str, ledger: Iterable[Cell]) -> frozenset[tuple[str, str]]:
    """The communes of which another summary of the period tells something."""
    found = set()
    for cell in ledger:
        if cell.key.period == period and cell.value:
            if cell.key.breakdown == COMMUNES:
                found.add((COMMUNES, cell.key.category))
            elif cell.key.area.startswith(COMMUNE):
                found.add((COMMUNES, cell.key.area.removeprefix(COMMUNE)))
    return frozenset(found)


def _values(ledger: Iterable[Cell]) -> dict[Spot, int | None]:
    return {tuple(cell.key): cell.value for cell in ledger}


def _members(ledger: Iterable[Cell]) -> dict[Spot, tuple[str, ...]]:
    return {tuple(cell.key): cell.members for cell in ledger if cell.members}


@dataclass(frozen=True)
class _More:
    """A draft that tells too much, and the cells that it gives back."""

    area: str
    counted: Counted
    made: Sequence[Cell]
    found: tuple[Spot, ...]
    apart: frozenset[tuple[str, str]] = frozenset()

    def of(self, reserve: Reserve) -> Reserve:
        """Hide the same category here, else one more of its group, else its breakdown, else a total, else all breakdowns."""
        for more in (self._as_told, self._forced, self._joined, self._dropped, self._silenced):
            then = more(reserve)
            if then != reserve:
                return then
        return replace(reserve, dropped=frozenset(self.counted.breakdowns))

    def _spots(self) -> set[tuple[str, str]]:
        """(breakdown, category) of what is given back; the members of a group, each."""
        found = set()
        for spot in self.found:
            found |= {(spot[3], code) for code in codes_of(spot[4]) if spot[3]}
        return found

    def _told(self) -> set[tuple[str, str]]:
        return {(cell.key.breakdown, cell.key.category) for cell in self.made if cell.value and cell.key.breakdown}

    def _as_told(self, reserve: Reserve) -> Reserve:
        """Too much to be sure of: a year tells the categories that each of its quarters told."""
        return replace(reserve, forced=reserve.forced | self.apart)

    def _forced(self, reserve: Reserve) -> Reserve:
        return replace(reserve, forced=reserve.forced | (self._spots() & self._told()))

    def _joined(self, reserve: Reserve) -> Reserve:
        """The smallest told category of the same intercommunality hides the one that its total gives back."""
        more: set[tuple[str, str]] = set()
        for breakdown, parts in self.counted.breakdowns.items():
            groups = {part.code: part.group for part in parts}
            for name in {groups.get(code, "") for where, code in self._spots() if where == breakdown} - {""}:
                more |= {(breakdown, code) for code in self._smallest(breakdown, name, parts, reserve)}
        return replace(reserve, forced=reserve.forced | more) if len(reserve.forced) < _MOST_FORCED else reserve

    def _smallest(self, breakdown: str, group: str, parts: Sequence[Part], reserve: Reserve) -> list[str]:
        free = self._told() - reserve.known
        inside = [part for part in parts if part.group == group and (breakdown, part.code) in free]
        return [part.code for part in sorted(inside, key=lambda part: (part.size, part.code))[:1]]

    def _dropped(self, reserve: Reserve) -> Reserve:
        names = {name for name, _code in self._spots() if name in self.counted.breakdowns}
        return replace(reserve, dropped=reserve.dropped | names)

    def _silenced(self, reserve: Reserve) -> Reserve:
        """A total of this area that gives back another one. Never the people, whom the summary is about."""
        told = {cell.key.indicator for cell in self.made if cell.value is not None and not cell.key.breakdown}
        spots = [spot for spot in self.found if not spot[3] and (self.area != WHOLE or spot[1] != WHOLE)]
        chosen = set()
        for spot in spots:
            names = [one for one in _GIVEN_BY.get(spot[2], (spot[2],)) if one in told and one != "people"]
            chosen.update(names[:1])
        return replace(reserve, silenced=reserve.silenced | chosen)
