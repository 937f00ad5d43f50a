"""The lowest and highest count that each cell may have, by linear programming. Pure.

The attacker’s problem of Fischetti and Salazar (« Solving the cell suppression problem on tabular data with linear
constraints », Management Science 47, 2001), which tau-Argus and sdcTable audit in the same way: minimise, then maximise
each cell under everything published. Sums that hold nothing in common any more are looked at apart, and remembered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor
from typing import NamedTuple

from app.pilotage.secrecy.simplex import NOTHING, Tableau


class Between(NamedTuple):
    """`low` is exact above 1, else 1 at most; `high` is exact below the threshold asked, else it or more."""

    low: int
    high: int
    mark: int = 0

    @property
    def is_unknown(self) -> bool:
        """Nothing says that it is wide enough; `mark` tells the sums that were looked at."""
        return self.low > self.high


UNKNOWN = Between(1, 0)
# A year is four quarters.
_FEW = 4


class Line(NamedTuple):
    """low <= sum of factor × variable <= high."""

    terms: tuple[tuple[int, int], ...]
    low: int
    high: int
    soft: bool
    implied: bool


@dataclass(frozen=True)
class Block:
    """Variables between bounds, the sums that bind them, and what is asked: sums of them."""

    bounds: tuple[tuple[int, int], ...]
    lines: tuple[Line, ...]
    asked: tuple[tuple[int, ...], ...]
    k: int


@lru_cache(maxsize=512)
def ranges(block: Block) -> tuple[Between, ...]:
    """One range for each thing asked. Where sums contradict each other, those that are soft give way, by as little as needed.

    Something that takes too long to know, or that contradicts what is not soft, is UNKNOWN: an empty range.
    """
    return _Audit(block).ranges()


class _Audit:
    def __init__(self, block: Block) -> None:
        self.block = block
        self.tableau = Tableau(())
        self.unknown = Between(1, 0, hash((block.bounds, block.lines)))

    def ranges(self) -> tuple[Between, ...]:
        if not (self._is_possible(()) or self._is_possible([line for line in self.block.lines if line.soft])):
            return (self.unknown,) * len(self.block.asked)
        self.tableau.centre()
        return tuple(
            self._range(self._name(variables)) if len(variables) <= _FEW else self._given(variables)
            for variables in self.block.asked
        )

    def _is_possible(self, giving: Sequence[Line]) -> bool:
        """A first solution, where each of these lines gives way by what it needs."""
        self.tableau = Tableau(self.block.bounds)
        named = [(line, self.tableau.add(line.terms, line.low, line.high)) for line in self.block.lines]
        soft = {one for line, one in named if line in giving}
        wrong = self.tableau.solve(one for line, one in named if line.low == line.high and one not in soft)
        return soft.issuperset(wrong)

    def _name(self, variables: tuple[int, ...]) -> int:
        return variables[0] if len(variables) == 1 else self.tableau.add([(one, 1) for one in variables])

    def _given(self, variables: tuple[int, ...]) -> Between:
        """Many categories together: known when nothing left free moves their sum; else as wide as their bounds say."""
        bounds = [self.block.bounds[one] for one in variables]
        low, high = (sum(side) for side in zip(*bounds, strict=True))
        if self.tableau.is_given([(one, 1) for one in variables]):
            low = high = round(sum(self.tableau.value[one] for one in variables))
        return Between(low, high)

    def _range(self, one: int) -> Between:
        enough = self.block.k - 1
        if not (self._at_most(one, 1) and self._at_least(one, enough)):
            self._search(one)
            return self.unknown if self.tableau.is_tired else self._seen(one)
        return self._seen(one)

    def _seen(self, one: int) -> Between:
        """A solution with fractions says less than it reached."""
        return Between(ceil(self.tableau.least[one] - NOTHING), floor(self.tableau.most[one] + NOTHING))

    def _search(self, one: int) -> None:
        """By halves: the lowest above 1; the highest, up to what makes the range as wide as 1 to k - 1."""
        no = 1
        while (low := self._seen(one).low) - no > 1:
            middle = (low + no) // 2
            no = no if self._at_most(one, middle) else middle
        no = max(low, 1) + self.block.k - 2
        if not self._at_least(one, no):
            while no - (high := self._seen(one).high) > 1:
                middle = (high + no) // 2
                no = no if self._at_least(one, middle) else middle

    def _at_most(self, one: int, value: int) -> bool:
        return self._seen(one).low <= value or (self.tableau.push(one, -1, value) and self._seen(one).low <= value)

    def _at_least(self, one: int, value: int) -> bool:
        return self._seen(one).high >= value or (self.tableau.push(one, 1, value) and self._seen(one).high >= value)
