"""The published cells of one period, found by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.pilotage.secrecy import GROUP, UNDER, Cell, Key


@dataclass(frozen=True)
class Line:
    """One line of a breakdown. `value` None: hidden, told with others in a group when there is one."""

    code: str
    value: int | None
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figures:
    """What is told of a period and an area."""

    period: str
    area: str
    cells: dict[Key, Cell] = field(default_factory=dict)

    def has(self, indicator: str) -> bool:
        """The figure is in the publication, told or hidden."""
        return self._key(indicator) in self.cells

    def total(self, indicator: str) -> int | None:
        """The whole of an indicator; None when hidden or absent."""
        return self._value(self._key(indicator))

    def part(self, breakdown: str, indicator: str, code: str) -> int | None:
        """One category; zero when nothing of the whole is in it, None when hidden or not told."""
        if self.total(indicator) == 0:
            return 0
        return self._value(self._key(indicator, breakdown, code))

    def lines(self, breakdown: str, indicator: str) -> list[Line]:
        """The categories, hidden ones included, groups left out."""
        return [line for line in self._lines(breakdown, indicator) if not line.code.startswith((GROUP, UNDER))]

    def at_least(self, breakdown: str, indicator: str, code: str, other: str) -> int | None:
        """The least of a hidden category, when the other of the two is told to be under k; None when nothing is."""
        whole, limit = self.total(indicator), self._value(self._key(indicator, breakdown, f"{UNDER}{other}"))
        return whole - limit + 1 if whole is not None and limit is not None else None

    def groups(self, breakdown: str, indicator: str) -> list[Line]:
        """The categories told together."""
        return [line for line in self._lines(breakdown, indicator) if line.code.startswith(GROUP)]

    def _lines(self, breakdown: str, indicator: str) -> list[Line]:
        return [
            Line(key.category, cell.value, cell.members)
            for key, cell in self.cells.items()
            if (key.indicator, key.breakdown) == (indicator, breakdown)
        ]

    def _key(self, indicator: str, breakdown: str = "", category: str = "") -> Key:
        return Key(self.period, self.area, indicator, breakdown, category)

    def _value(self, key: Key) -> int | None:
        found = self.cells.get(key)
        return found.value if found else None


def figures_of(cells: Iterable[Cell], period: str, area: str) -> Figures:
    """The figures of one period, out of published cells."""
    found = {cell.key: cell for cell in cells if (cell.key.period, cell.key.area) == (period, area)}
    return Figures(period, area, found)
