"""Arrows between two points: a curve bent to the left of its direction, so that A to B and B to A stand apart."""

from __future__ import annotations

from math import hypot, sqrt

from app.territory.projection import Box, Point

Triangle = tuple[Point, Point, Point]

THINNEST, WIDEST = 1.4, 9.0
_BEND, _LEAST_BEND, _MOST_BEND = 0.18, 9.0, 64.0
_CLEAR = 2.5


def width(count: float, most: float) -> float:
    """Width of the line of a count when the largest is `most`: as the square root, so that small ones are still seen."""
    if count <= 0 or most <= 0:
        return THINNEST
    return round(THINNEST + (WIDEST - THINNEST) * sqrt(min(count / most, 1.0)), 2)


def arrow(
    start: Point, end: Point, thickness: float, radii: tuple[float, float] = (0.0, 0.0), within: Box | None = None
) -> tuple[Point, Point, Point, Triangle] | None:
    """Start, control and end of the curve, and its head, for an arrow between the marks at `start` and `end`.

    `radii` are those of the two marks: the arrow begins and ends at their edge. None when the two marks touch. The curve
    stays in the box `within`, since it never leaves the triangle of its three points.
    """
    length = hypot(end[0] - start[0], end[1] - start[1])
    head = 5.0 + 1.5 * thickness
    if length <= radii[0] + radii[1] + 2 * _CLEAR:
        return None
    head = min(head, (length - radii[0] - radii[1] - 2 * _CLEAR) * 0.8)
    control = _kept(_control(start, end, length), within)
    begun = _towards(start, control, radii[0] + _CLEAR)
    tip = _towards(end, control, radii[1] + _CLEAR)
    base = _towards(tip, control, head)
    return begun, control, base, _head(tip, base, max(head * 0.45, thickness * 0.5 + 2.0))


def middle(start: Point, control: Point, end: Point) -> Point:
    """The point halfway along the curve."""
    return tuple((a + 2 * c + b) / 4 for a, c, b in zip(start, control, end, strict=True))  # type: ignore[return-value]


def _control(start: Point, end: Point, length: float) -> Point:
    bend = max(_LEAST_BEND, min(_BEND * length, _MOST_BEND)) * 2 if length > 4 * _LEAST_BEND else length / 3
    across = ((end[1] - start[1]) / length, -(end[0] - start[0]) / length)
    return (start[0] + end[0]) / 2 + across[0] * bend, (start[1] + end[1]) / 2 + across[1] * bend


def _kept(point: Point, within: Box | None) -> Point:
    if within is None:
        return point
    return min(max(point[0], within.left), within.right), min(max(point[1], within.top), within.bottom)


def _towards(point: Point, goal: Point, distance: float) -> Point:
    dx, dy = goal[0] - point[0], goal[1] - point[1]
    length = hypot(dx, dy) or 1.0
    return point[0] + dx / length * distance, point[1] + dy / length * distance


def _head(tip: Point, base: Point, half: float) -> Triangle:
    dx, dy = tip[0] - base[0], tip[1] - base[1]
    length = hypot(dx, dy) or 1.0
    across = (-dy / length * half, dx / length * half)
    return (tip, (base[0] + across[0], base[1] + across[1]), (base[0] - across[0], base[1] - across[1]))
