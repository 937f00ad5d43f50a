"""What a map shows, in the units of its drawing (y downwards), ready to be put in a page or on a sheet of paper."""

from __future__ import annotations

from dataclasses import dataclass

from app.territory.maps import svg
from app.territory.maps.marks import Mark, polygon
from app.territory.projection import Box, Point

Ring = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """A commune (or wider). `step` is its tone, from 0 (light) to 4; None for zero and for hidden, which look the same.

    Without a contour, or when it would be too small to see, `rings` is empty and a dot stands at `centre`. `path`: the
    same as SVG path data.
    """

    code: str
    rings: tuple[Ring, ...]
    path: str
    centre: Point
    step: int | None
    detail: str


@dataclass(frozen=True, slots=True)
class Place:
    """Something at a point. `size` is the radius of its mark; `words` are written in it when it is large enough."""

    key: str
    at: Point
    mark: Mark
    size: float
    words: str
    detail: str
    strong: bool = False

    @property
    def points(self) -> str:
        """SVG points of its polygon; empty for a circle."""
        return svg.points(polygon(self.mark, self.at, self.size))


@dataclass(frozen=True, slots=True)
class Flow:
    """An arrow: a quadratic curve from `start` to `end` bent by `control`, then its head. `step` is its class, or None."""

    start: Point
    control: Point
    end: Point
    head: tuple[Point, Point, Point]
    width: float
    step: int | None
    detail: str
    sender: str
    recipient: str

    @property
    def path(self) -> str:
        """SVG path data of the curve."""
        return svg.curve(self.start, self.control, self.end)

    @property
    def points(self) -> str:
        """SVG points of the head."""
        return svg.points(self.head)


@dataclass(frozen=True, slots=True)
class Label:
    """Words placed so that they cover nothing of their kind. `at` is the left, middle or right end of the baseline.

    `narrow`: only for a map shown small (a phone), where fewer words stand, twice as large; else only for a large one.
    """

    text: str
    at: Point
    anchor: str
    size: float
    strong: bool
    narrow: bool


@dataclass(frozen=True, slots=True)
class Inset:
    """A frame of its own: an overseas territory, or what has no place on the map."""

    box: Box
    title: str


@dataclass(frozen=True, slots=True)
class Key:
    """One line of the legend. `kind`: area, flow, width or mark; `step`, `width` or `mark` say which drawing."""

    kind: str
    label: str
    step: int | None = None
    width: float = 0.0
    mark: Mark = Mark.CIRCLE
    strong: bool = False

    @property
    def points(self) -> str:
        """SVG points of its mark in a square of 24; empty for a circle."""
        return svg.points(polygon(self.mark, (12.0, 12.0), 8.0))


@dataclass(frozen=True, slots=True)
class Legend:
    """A titled list of keys."""

    title: str
    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Twin:
    """The same figures as a table. The first cell of a row names it; `numeric` are the columns of numbers."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """A whole map. `key` makes the ids of a page that holds several; `description` is the text alternative."""

    key: str
    width: float
    height: float
    title: str
    description: str
    areas: tuple[Area, ...] = ()
    outlines: tuple[Ring, ...] = ()
    flows: tuple[Flow, ...] = ()
    places: tuple[Place, ...] = ()
    labels: tuple[Label, ...] = ()
    insets: tuple[Inset, ...] = ()
    legends: tuple[Legend, ...] = ()
    twins: tuple[Twin, ...] = ()

    @property
    def says_something(self) -> bool:
        """Whether anything drawn has a figure: otherwise the page says in words that there is none."""
        coloured = any(one.step is not None for one in self.areas)
        return coloured or bool(self.flows) or any(one.words for one in self.places)

    @property
    def borders(self) -> tuple[str, ...]:
        """SVG path data of the outlines."""
        return tuple(svg.line(ring) for ring in self.outlines)
