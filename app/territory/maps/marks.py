"""The marks of places as polygons of radius one, and how places that share a spot are moved apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from math import ceil, cos, hypot, pi, sin, sqrt

from app.territory.projection import Box, Point

_GOLDEN = pi * (3 - sqrt(5))
_TRIES = 400


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
    cell = 2 * max((radius for _at, radius in points), default=1.0) or 1.0
    taken: dict[tuple[int, int], list[tuple[Point, float]]] = {}
    found: list[Point] = []
    for at, radius in points:
        spot = next((one for one in _spiral(at, radius) if _is_free(one, radius, taken, cell, within)), at)
        taken.setdefault(_cell(spot, cell), []).append((spot, radius))
        found.append(spot)
    return found


def _spiral(at: Point, radius: float) -> Iterable[Point]:
    yield at
    for rank in range(1, _TRIES):
        away, angle = radius * 0.55 * sqrt(rank), rank * _GOLDEN
        yield at[0] + away * cos(angle), at[1] + away * sin(angle)


def _is_free(
    spot: Point, radius: float, taken: dict[tuple[int, int], list[tuple[Point, float]]], cell: float, within: Box
) -> bool:
    if not within.inside(radius).holds(spot):
        return False
    column, row = _cell(spot, cell)
    near = (one for dx in (-1, 0, 1) for dy in (-1, 0, 1) for one in taken.get((column + dx, row + dy), ()))
    return all(hypot(spot[0] - x, spot[1] - y) >= radius + other for (x, y), other in near)


def _cell(spot: Point, cell: float) -> tuple[int, int]:
    return ceil(spot[0] / cell), ceil(spot[1] / cell)
