"""The marks of places as polygons of radius one, and how places that share a spot are moved apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import product
from math import ceil, cos, hypot, pi, sin, sqrt

from app.territory.projection import Box, Point

_GOLDEN = pi * (3 - sqrt(5))
_TRIES = 400
# A spiral around a point: how far, and which way, for each try. The first is the point itself.
_TURNS = tuple((sqrt(rank), cos(rank * _GOLDEN), sin(rank * _GOLDEN)) for rank in range(_TRIES))


class Mark(StrEnum):
    """Shapes of places: told apart without colour."""

    CIRCLE = "circle"
    SQUARE = "square"
    DIAMOND = "diamond"
    TRIANGLE = "triangle"
    DOWN = "down"
    PENTAGON = "pentagon"
    HEXAGON = "hexagon"
    STAR = "star"
    PLUS = "plus"


def _regular(corners: int, turned: float = 0.0, radius: float = 1.0) -> tuple[Point, ...]:
    angles = [turned + 2 * pi * rank / corners - pi / 2 for rank in range(corners)]
    return tuple((round(radius * cos(angle), 3), round(radius * sin(angle), 3)) for angle in angles)


def _star() -> tuple[Point, ...]:
    outer, inner = _regular(5, radius=1.2), _regular(5, turned=pi / 5, radius=0.55)
    return tuple(point for pair in zip(outer, inner, strict=True) for point in pair)


def _plus() -> tuple[Point, ...]:
    a, b = 0.38, 1.0
    return ((-a, -b), (a, -b), (a, -a), (b, -a), (b, a), (a, a), (a, b), (-a, b), (-a, a), (-b, a), (-b, -a), (-a, -a))


# Of about the same surface, so that no kind looks more important. A circle is drawn as such.
POLYGONS: dict[Mark, tuple[Point, ...]] = {
    Mark.SQUARE: _regular(4, turned=pi / 4, radius=1.2),
    Mark.DIAMOND: _regular(4, radius=1.25),
    Mark.TRIANGLE: _regular(3, radius=1.3),
    Mark.DOWN: _regular(3, turned=pi, radius=1.3),
    Mark.PENTAGON: _regular(5, radius=1.15),
    Mark.HEXAGON: _regular(6, radius=1.1),
    Mark.STAR: _star(),
    Mark.PLUS: _plus(),
}


def polygon(mark: Mark, at: Point, size: float) -> tuple[Point, ...]:
    """The corners of a mark; nothing for a circle."""
    x, y = at
    return tuple((x + dx * size, y + dy * size) for dx, dy in POLYGONS.get(mark, ()))


def spread(points: Sequence[tuple[Point, float]], within: Box) -> list[Point]:
    """Places in order of importance, each at the nearest spot, on a spiral, where its mark covers none before it.

    Each is given with the radius that it needs. One that finds no spot nearby stays where it was.
    """
    return list(_spread(tuple(points), within))


@lru_cache(maxsize=64)
def _spread(points: tuple[tuple[Point, float], ...], within: Box) -> tuple[Point, ...]:
    """Kept: the same marks stand at the same spots."""
    taken = _Taken(2 * max((radius for _at, radius in points), default=1.0) or 1.0)
    found: list[Point] = []
    tried: dict[tuple[Point, float], int] = {}
    for at, radius in points:
        # What was no spot for the same mark is none now.
        first = tried.get((at, radius), 0)
        rank, spot = next(_spots(at, radius, first, within, taken), (_TRIES, at))
        tried[at, radius] = rank
        taken.add(spot, radius)
        found.append(spot)
    return tuple(found)


def _spots(at: Point, radius: float, first: int, within: Box, taken: _Taken) -> Iterator[tuple[int, Point]]:
    inner, step = within.inside(radius), radius * 0.55
    left, right, top, bottom = inner.left, inner.right, inner.top, inner.bottom
    for rank in range(first, _TRIES):
        away, across, down = _TURNS[rank]
        x, y = at[0] + step * away * across, at[1] + step * away * down
        if left <= x <= right and top <= y <= bottom and taken.is_free(x, y, radius):
            yield rank, (x, y)


class _Taken:
    """Marks that have their spot, found by cells as wide as the largest."""

    def __init__(self, cell: float) -> None:
        self._cell = cell
        self._near: dict[tuple[int, int], list[tuple[float, float, float]]] = {}

    def add(self, spot: Point, radius: float) -> None:
        """Put down in every cell from which it may be met."""
        column, row = ceil(spot[0] / self._cell), ceil(spot[1] / self._cell)
        for dx, dy in product((-1, 0, 1), repeat=2):
            self._near.setdefault((column + dx, row + dy), []).append((*spot, radius))

    def is_free(self, x: float, y: float, radius: float) -> bool:
        """No mark is nearer than the two radii."""
        met = self._near.get((ceil(x / self._cell), ceil(y / self._cell)), ())
        for other_x, other_y, other in met:  # noqa: SIM110 — a generator takes twice as long, 100,000 times
            if hypot(x - other_x, y - other_y) < radius + other:
                return False
        return True
