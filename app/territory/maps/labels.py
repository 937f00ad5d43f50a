"""Words that do not cover one another: each in turn takes the first free place around its point, or is left out.

Greedy placement by priority among eight positions (Imhof, « Positioning Names on Maps », The American Cartographer, 1975:
right of the point first, then left, above, below). Boxes already taken are kept in cells, so that many labels stay quick.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from app.territory.maps.scene import Label
from app.territory.maps.words import text_width
from app.territory.projection import Box, Point

_CELL = 48.0
# Height of a line, and of what rises over the baseline, in sizes of the letters.
_LINE, _RISE = 1.15, 0.86
_GAP = 3.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """Words wanted around a point. `radius` is that of its mark; 0 with `centred`: the middle of an area comes first.

    `reach`: further away, in turn, when nothing nearer is free (a large town whose middle is under marks).
    """

    text: str
    at: Point
    radius: float = 0.0
    centred: bool = False
    strong: bool = False
    reach: tuple[float, ...] = ()


@dataclass
class Taken:
    """Boxes that are taken, found by cells."""

    cells: dict[tuple[int, int], list[Box]] = field(default_factory=dict)

    def add(self, box: Box) -> None:
        for cell in _cells(box):
            self.cells.setdefault(cell, []).append(box)

    def is_free(self, box: Box) -> bool:
        return not any(box.meets(other) for cell in _cells(box) for other in self.cells.get(cell, ()))


def place(wanted: Iterable[Wanted], within: Box, size: float, taken: Taken, narrow: bool = False) -> Iterator[Label]:
    """Labels in order of priority, none over another, over what is taken, or out of the box."""
    for one in wanted:
        found = _first_free(one, within, size, taken, narrow)
        if found:
            yield found


def box_of(label: Label) -> Box:
    """What the label covers."""
    return _box(label.at, label.anchor, text_width(label.text, label.size, label.strong), label.size)


def _box(at: Point, anchor: str, width: float, size: float) -> Box:
    left = at[0] if anchor == "start" else at[0] - (width / 2 if anchor == "middle" else width)
    return Box(left, at[1] - _RISE * size, width, _LINE * size)


def _first_free(one: Wanted, within: Box, size: float, taken: Taken, narrow: bool) -> Label | None:
    width = text_width(one.text, size, one.strong)
    for at, anchor in _positions(one, size):
        box = _box(at, anchor, width, size)
        if _is_within(box, within) and taken.is_free(box):
            taken.add(box)
            return Label(one.text, at, anchor, size, one.strong, narrow)
    return None


def _positions(one: Wanted, size: float) -> Iterator[tuple[Point, str]]:
    x, y = one.at
    level = y + (_RISE - _LINE / 2) * size
    if one.centred:
        yield (x, level), "middle"
        yield (x, level - size), "middle"
        yield (x, level + size), "middle"
    for away in (one.radius, *one.reach):
        yield from _around(one.at, away + _GAP, size)


def _around(at: Point, away: float, size: float) -> Iterator[tuple[Point, str]]:
    x, y = at
    level = y + (_RISE - _LINE / 2) * size
    yield (x + away, level), "start"
    yield (x - away, level), "end"
    yield (x, y - away - (_LINE - _RISE) * size), "middle"
    yield (x, y + away + _RISE * size), "middle"
    for down in (-0.75, 0.75):
        yield (x + away * 0.8, level + down * size), "start"
        yield (x - away * 0.8, level + down * size), "end"


def _is_within(box: Box, within: Box) -> bool:
    return within.holds((box.left, box.top)) and within.holds((box.right, box.bottom))


def _cells(box: Box) -> Iterator[tuple[int, int]]:
    for column in range(int(box.left // _CELL), int(box.right // _CELL) + 1):
        for row in range(int(box.top // _CELL), int(box.bottom // _CELL) + 1):
            yield column, row
