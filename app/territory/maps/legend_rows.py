"""The legend on paper: titles, and keys put in lines as wide as the map."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.territory.maps.scene import Key, Legend, Scene
from app.territory.maps.words import text_width

SIZE = 9.0
INDENT = 23.0
TITLE_STEP = 17.0
KEY_STEP = 15.0
_BETWEEN = 14.0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the legend, in points: a title, or keys with where each begins."""

    height: float
    title: str = ""
    keys: tuple[tuple[Key, float], ...] = ()
    size: float = SIZE
    indent: float = INDENT


def rows(scene: Scene, width: float) -> tuple[Line, ...]:
    """The lines of every legend, from top to bottom."""
    return tuple(line for legend in scene.legends for line in _lines(legend, width))


def _lines(legend: Legend, width: float) -> Iterator[Line]:
    yield Line(TITLE_STEP, title=legend.title)
    line: list[tuple[Key, float]] = []
    x = 0.0
    for key in legend.keys:
        wide = INDENT + text_width(key.label, SIZE) + _BETWEEN
        if line and x + wide - _BETWEEN > width:
            yield Line(KEY_STEP, keys=tuple(line))
            line, x = [], 0.0
        line.append((key, x))
        x += wide
    yield Line(KEY_STEP, keys=tuple(line))
