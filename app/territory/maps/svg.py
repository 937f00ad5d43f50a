"""Path data of SVG, as short as they can be said: relative moves, no useless zero."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.territory.projection import Point


def closed(rings: Iterable[Sequence[Point]]) -> str:
    """Rings filled together, their holes with them (`fill-rule` evenodd)."""
    return "".join(_moves(ring[:-1] if ring[0] == ring[-1] else ring) + "z" for ring in rings)


def line(points: Sequence[Point]) -> str:
    """An open line, or a closed one when it ends where it began."""
    return closed([points]) if points and points[0] == points[-1] else _moves(points)


def curve(start: Point, control: Point, end: Point) -> str:
    """A quadratic curve."""
    return f"M{_pair(*start)}Q{_pair(*control)} {_pair(*end)}"


def points(corners: Iterable[Point]) -> str:
    """The `points` of a polygon."""
    return " ".join(f"{short(x)},{short(y)}" for x, y in corners)


def short(value: float) -> str:
    """« 12.5 », « .5 », « 0 »: one decimal at most."""
    text = f"{value:.1f}".removesuffix(".0")
    if text in ("0", "-0"):
        return "0"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def _moves(points: Sequence[Point]) -> str:
    x, y = (round(value, 1) for value in points[0])
    parts = [f"M{_pair(x, y)}"]
    for point in points[1:]:
        # From and to what is written, so that roundings never add up.
        to_x, to_y = (round(value, 1) for value in point)
        parts.append(("l" if len(parts) == 1 else " ") + _pair(to_x - x, to_y - y))
        x, y = to_x, to_y
    return "".join(parts)


def _pair(x: float, y: float) -> str:
    second = short(y)
    return short(x) + (second if second.startswith("-") else f" {second}")
