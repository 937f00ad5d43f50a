"""The sums of a grid as lines over numbered variables: bounds tightened, what is known taken out, the rest in blocks. Pure."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.pilotage.secrecy.areas import Spot, Values
from app.pilotage.secrecy.audit import Between, Block, Line, ranges
from app.pilotage.secrecy.simplex import FAR, Tableau
from app.pilotage.secrecy.sums import Sum

# So many times, on average, is a line tightened again; whole numbers creep up to each other when they never meet.
_TURNS = 12


@dataclass
class System:
    """Lowest and highest count of every cell; `torn`: cells of sums that contradict each other."""

    names: dict[Spot, int] = field(default_factory=dict)
    low: list[int] = field(default_factory=list)
    high: list[int] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    torn: set[int] = field(default_factory=set)
    first_low: list[int] = field(default_factory=list)
    first_high: list[int] = field(default_factory=list)

    def number(self, spot: Spot) -> int:
        """The variable of a cell: anything from zero when nothing says it."""
        if spot not in self.names:
            self.names[spot] = len(self.low)
            self.low.append(0)
            self.high.append(FAR)
        return self.names[spot]


def system(told: Values, limits: Values, sums: Iterable[Sum]) -> System:
    """A told cell is its value; a hidden one is not zero, or zero would be told. `limits`: cells told to be smaller."""
    made = System()
    for spot, value in told.items():
        one = made.number(spot)
        made.low[one], made.high[one] = (1, FAR) if value is None else (value, value)
    for spot, value in limits.items():
        one = made.number(spot)
        made.high[one] = min(made.high[one], (value or FAR) - 1)
    made.lines = list(dict.fromkeys(_line(made, one) for one in sums))
    made.first_low, made.first_high = list(made.low), list(made.high)
    _tighten(made)
    return made


def _line(made: System, one: Sum) -> Line:
    terms = [(made.number(spot), 1) for spot in one.more] + [(made.number(spot), -1) for spot in one.less]
    return Line(tuple(terms), one.low, one.high, one.soft, one.implied)


def _tighten(made: System) -> None:
    """Take what each sum says, and when they contradict each other, what the exact ones say."""
    before = list(made.low), list(made.high)
    open_lines = [line for line in made.lines if not _is_known(made, line)]
    if _propagated(made, open_lines) is not None:
        made.low, made.high = before
        hard = [line for line in open_lines if not line.soft]
        while (wrong := _propagated(made, hard)) is not None:
            made.torn |= {one for one, _factor in wrong.terms}
            made.low, made.high = list(before[0]), list(before[1])
            hard.remove(wrong)
            open_lines.remove(wrong)
    made.lines = [line for line in open_lines if not _is_known(made, line)]


def _is_known(made: System, line: Line) -> bool:
    return all(made.low[one] == made.high[one] for one, _factor in line.terms)


def _propagated(made: System, lines: Sequence[Line]) -> Line | None:
    """Tighten until nothing moves; a line that cannot hold, if there is one."""
    touching: dict[int, list[int]] = {}
    for rank, line in enumerate(lines):
        for one, _factor in line.terms:
            touching.setdefault(one, []).append(rank)
    todo, waiting, left = deque(range(len(lines))), [True] * len(lines), _TURNS * len(lines)
    while todo and left:
        rank = todo.popleft()
        waiting[rank], left = False, left - 1
        for one in _moved(made, lines[rank]):
            if made.low[one] > made.high[one]:
                return lines[rank]
            for other in touching[one]:
                if not waiting[other]:
                    waiting[other] = True
                    todo.append(other)
    return None


def _moved(made: System, line: Line) -> list[int]:
    """The variables that a line brings between closer bounds."""
    low, high = made.low, made.high
    least = sum(low[one] if factor > 0 else -high[one] for one, factor in line.terms)
    most = sum(high[one] if factor > 0 else -low[one] for one, factor in line.terms)
    moved = []
    for one, factor in line.terms:
        mine, top = low[one], high[one]
        if factor > 0:
            floor, roof = line.low - (most - top), line.high - (least - mine)
        else:
            floor, roof = (least + top) - line.high, (most + mine) - line.low
        if floor > mine or roof < top:
            low[one], high[one] = max(floor, mine), min(roof, top)
            moved.append(one)
            least += (low[one] - mine) if factor > 0 else (top - high[one])
            most -= (top - high[one]) if factor > 0 else (low[one] - mine)
    return moved


class Blocks:
    """The lines that still bind something, in blocks that share no variable."""

    def __init__(self, made: System, k: int) -> None:
        self.made, self.k = made, k
        self.parent = list(range(len(made.low)))
        active = [folded for line in made.lines if not line.implied and (folded := self._folded(line)).terms]
        self.whole: dict[int, tuple[int, ...]] = {}
        self.lines = self._needed(self._telling(self._needed(active)))
        for line in self.lines:
            for one, _factor in line.terms:
                self.parent[self._root(one)] = self._root(line.terms[0][0])

    def ranges(self, asked: Sequence[tuple[int, ...]]) -> list[Between]:
        """The range of each sum of variables."""
        apart = [self._apart(self._spelled(variables)) for variables in asked]
        wanted: dict[int, dict[tuple[int, ...], Between]] = {}
        for parts in apart:
            for root, some in parts.items():
                wanted.setdefault(root, {})[some] = Between(0, 0)
        members: dict[int, list[int]] = {}
        for one in range(len(self.parent)):
            members.setdefault(self._root(one), []).append(one)
        lines: dict[int, list[Line]] = {}
        for line in self.lines:
            lines.setdefault(self._root(line.terms[0][0]), []).append(line)
        for root, answers in wanted.items():
            self._answer(members[root], lines.get(root, []), answers)
        return [self._together(variables, parts, wanted) for variables, parts in zip(asked, apart, strict=True)]

    def _needed(self, lines: list[Line]) -> list[Line]:
        """Without those of a year that nothing else binds: its quarters are all it has to be."""
        uses = Counter(one for line in lines for one, _factor in line.terms)
        years: dict[int, list[Line]] = {}
        for line in lines:
            if line.soft and line.terms[0][1] > 0:
                years.setdefault(line.terms[0][0], []).append(line)
        free = {one for one, bound in years.items() if uses[one] == len(bound) and self._is_free(one, bound)}
        for year in sorted(free):
            self.whole[year] = tuple(dict.fromkeys(one for line in years[year] for one, _factor in line.terms[1:]))
        return [line for line in lines if not (line.soft and line.terms[0][0] in free)]

    def _telling(self, lines: list[Line]) -> list[Line]:
        """Without the groups of a year that are the sums of what its quarters told."""
        years = {line.terms[0][0] for line in lines if line.soft}
        last = {line for line in lines if not line.soft and any(one in years for one, _factor in line.terms)}
        if not last:
            return lines
        tableau = Tableau(zip(self.made.low, self.made.high, strict=True))
        first = [line for line in lines if line not in last and line.low == line.high]
        tableau.equal([tableau.add(line.terms, line.low, line.high) for line in first])
        return [line for line in lines if line not in last or not tableau.is_given(line.terms, line.low)]

    def _is_free(self, year: int, lines: list[Line]) -> bool:
        """The largest sum of its quarters is a count that it may have."""
        least = max(line.low - sum(factor * self.made.low[one] for one, factor in line.terms[1:]) for line in lines)
        return self.made.first_low[year] <= max(least, 0) and self.made.first_high[year] >= FAR

    def _folded(self, line: Line) -> Line:
        """Without what is known; without anything when it holds whatever happens."""
        low, high = self.made.low, self.made.high
        known = sum(factor * low[one] for one, factor in line.terms if low[one] == high[one])
        terms = tuple((one, factor) for one, factor in line.terms if low[one] != high[one])
        least = sum(low[one] if factor > 0 else -high[one] for one, factor in terms)
        most = sum(high[one] if factor > 0 else -low[one] for one, factor in terms)
        idle = least >= line.low - known and most <= line.high - known
        return Line(() if idle else terms, line.low - known, line.high - known, line.soft, line.implied)

    def _root(self, one: int) -> int:
        while self.parent[one] != one:
            self.parent[one] = self.parent[self.parent[one]]
            one = self.parent[one]
        return one

    def _spelled(self, variables: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(one for variable in variables for one in self.whole.get(variable, (variable,)))

    def _apart(self, variables: tuple[int, ...]) -> dict[int, tuple[int, ...]]:
        """What is not known of them, by block."""
        found: dict[int, tuple[int, ...]] = {}
        for one in variables:
            if self.made.low[one] != self.made.high[one]:
                root = self._root(one)
                found[root] = (*found.get(root, ()), one)
        return found

    def _answer(self, members: list[int], lines: list[Line], some: dict[tuple[int, ...], Between]) -> None:
        ranks = {one: rank for rank, one in enumerate(members)}
        block = Block(
            tuple((self.made.low[one], self.made.high[one]) for one in members),
            tuple(line._replace(terms=tuple((ranks[one], factor) for one, factor in line.terms)) for line in lines),
            tuple(tuple(ranks[one] for one in variables) for variables in some),
            self.k,
        )
        some.update(zip(some, ranges(block), strict=True))

    def _together(
        self,
        variables: tuple[int, ...],
        parts: dict[int, tuple[int, ...]],
        wanted: dict[int, dict[tuple[int, ...], Between]],
    ) -> Between:
        variables = self._spelled(variables)
        known = sum(self.made.low[one] for one in variables if self.made.low[one] == self.made.high[one])
        found = [wanted[root][some] for root, some in parts.items()]
        for one in found:
            if one.is_unknown:
                return one
        return Between(known + sum(one.low for one in found), known + sum(one.high for one in found))
