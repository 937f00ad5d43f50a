"""What is given to draw a map: figures with where they belong. The map and its table are made from the same objects."""

from __future__ import annotations

from dataclasses import dataclass

from app.territory.maps.classes import Classes
from app.territory.maps.marks import Mark
from app.territory.projection import LonLat

Shape = tuple[tuple[tuple[LonLat, ...], ...], ...]
"""As `app.territory.contours` gives it: polygons, each an outer ring then its holes, of (longitude, latitude)."""


@dataclass(frozen=True, slots=True)
class AreaFigure:
    """One commune. `value` is None when hidden; `cells` are its row of the table after the name; `detail` a sentence."""

    code: str
    name: str
    shape: Shape | None
    at: LonLat | None
    value: float | None = None
    cells: tuple[str, ...] = ()
    detail: str = ""
    # Larger names are written first, and on small maps only the first are.
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class PlaceFigure:
    """One place or structure. Without a position (unknown, or not to be shown), it stands in a frame beside the map."""

    key: str
    name: str
    at: LonLat | None
    mark: Mark = Mark.CIRCLE
    # What its size says (a count), or None for a plain mark.
    value: float | None = None
    cells: tuple[str, ...] = ()
    detail: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class FlowFigure:
    """One direction between two places, by their keys. `count` makes its width, `value` its class (None: no value)."""

    sender: str
    recipient: str
    count: int
    value: float | None
    cells: tuple[str, ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class AreaLayer:
    """Communes. `headers` name the columns of the table, the first being the commune’s; no headers, no table."""

    rows: tuple[AreaFigure, ...]
    caption: str = ""
    headers: tuple[str, ...] = ()
    # Columns of the table that are words, the names apart.
    words: tuple[int, ...] = ()
    classes: Classes | None = None
    nothing: str = ""
    with_names: bool = True


@dataclass(frozen=True, slots=True)
class PlaceLayer:
    """Places. `kinds` are the lines of the legend (what each mark means)."""

    rows: tuple[PlaceFigure, ...]
    caption: str = ""
    headers: tuple[str, ...] = ()
    # Columns of the table that are words, the names apart.
    words: tuple[int, ...] = ()
    kinds: tuple[tuple[Mark, str], ...] = ()
    legend: str = ""
    elsewhere: str = ""
    # A place whose mark is filled.
    strong: str = ""


@dataclass(frozen=True, slots=True)
class FlowLayer:
    """Flows, the widest drawn last. `classes` tell the values; `nothing` is the legend of those without one."""

    rows: tuple[FlowFigure, ...]
    caption: str = ""
    headers: tuple[str, ...] = ()
    # Columns of the table that are words, the names apart.
    words: tuple[int, ...] = ()
    classes: Classes | None = None
    nothing: str = ""
    widths: str = ""
    # What is added at the foot of the table, so that it says as much as the whole.
    rest: tuple[str, ...] = ()
