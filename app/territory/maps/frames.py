"""Where things go on the drawing: the territory in the large frame, overseas and what has no place in frames below it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.kernel.i18n import gettext as _
from app.territory import communes
from app.territory.maps.figures import AreaFigure, PlaceFigure
from app.territory.maps.scene import Inset
from app.territory.projection import Box, LonLat, Point, Projection, fit

# Of each area, its code and the points that the map must hold.
Ground = tuple[tuple[str, tuple[LonLat, ...]], ...]

PADDING = 14.0
_SHORTEST, _TALLEST = 0.5, 1.0
_INSET_HEIGHT = 132.0
_SLOT = 168.0
_TRAY_LINE = 46.0
_TRAY_TITLE = 22.0


@dataclass(frozen=True, slots=True)
class Frame:
    """A part of the drawing with its own projection."""

    box: Box
    project: Projection
    title: str

    def holds(self, at: LonLat) -> bool:
        """True when the place falls in the frame."""
        return self.box.holds(self.project(at))


@dataclass(frozen=True, slots=True)
class Frames:
    """The frames of a drawing, the large one first; `tray` is where places without a position stand."""

    width: float
    height: float
    frames: tuple[Frame, ...]
    tray: Box | None

    def of(self, at: LonLat) -> Frame | None:
        """The first frame that shows this place, or None."""
        return next((frame for frame in self.frames if frame.holds(at)), None)

    def insets(self, title: str) -> tuple[Inset, ...]:
        """The frames to draw: those of overseas, and the tray."""
        found = [Inset(frame.box, frame.title) for frame in self.frames[1:]]
        return (*found, Inset(self.tray, title)) if self.tray else tuple(found)


def lay_out(width: float, areas: Sequence[AreaFigure], places: Sequence[PlaceFigure]) -> Frames:
    """Frames for these figures: as tall as the territory asks, between half its width and its width."""
    ground = tuple(sorted((area.code, tuple(points_of(area))) for area in areas))
    on_it = any(points for _code, points in ground)
    frames = _frames(width, ground, () if on_it else tuple(one.at for one in places if one.at))
    bottom = frames[-1].box.bottom
    lost = sum(not any(frame.holds(one.at) for frame in frames) if one.at else True for one in places)
    tray = _tray(width, bottom, lost)
    return Frames(width, tray.bottom if tray else bottom, frames, tray)


@lru_cache(maxsize=64)
def _frames(width: float, ground: Ground, places: tuple[LonLat, ...]) -> tuple[Frame, ...]:
    """Kept: a territory has the same frames whatever is drawn on it."""
    groups = _groups(ground) or [("", list(places))]
    main = groups[0][1] or [(0.0, 46.5)]
    height = width * min(max(_shape_of(main), _SHORTEST), _TALLEST)
    large = Frame(Box(0, 0, width, height), fit(main, Box(0, 0, width, height), PADDING), "")
    return (large, *(_inset_frames(width, height, groups[1:]) if len(groups) > 1 else ()))


def slots(tray: Box, count: int) -> list[Point]:
    """Where each of `count` places stands in the tray, in reading order."""
    a_line = _a_line(tray.width)
    found = []
    for rank in range(count):
        row, column = divmod(rank, a_line)
        found.append((tray.left + 18.0 + column * _SLOT, tray.top + _TRAY_TITLE + _TRAY_LINE * (row + 0.45)))
    return found


def points_of(area: AreaFigure) -> Iterable[LonLat]:
    """Every point of its outer rings, else its position."""
    if area.shape:
        return (point for polygon in area.shape for point in polygon[0])
    return (area.at,) if area.at else ()


def territory_of(code: str) -> str:
    """« 974 » for Réunion, the collectivity for the others overseas, « FR » for the mainland and Corsica."""
    return code[:3] if code.startswith(("97", "98")) else "FR"


def _groups(ground: Ground) -> list[tuple[str, list[LonLat]]]:
    found: dict[str, list[LonLat]] = {}
    sizes: dict[str, int] = {}
    for code, points in ground:
        key = territory_of(code)
        found.setdefault(key, []).extend(points)
        sizes[key] = sizes.get(key, 0) + 1
    ordered = sorted((key for key in found if found[key]), key=lambda key: (-sizes[key], key))
    return [(_title(key), found[key]) for key in ordered]


def _title(key: str) -> str:
    known = communes.departement(key)
    return known.name if known else _("France")


def _shape_of(places: Sequence[LonLat]) -> float:
    """Height over width of the territory; a single point is a landscape."""
    measured = fit(places, Box(0, 0, 1000, 1000))
    points = [measured(place) for place in places]
    across = max(x for x, _y in points) - min(x for x, _y in points)
    down = max(y for _x, y in points) - min(y for _x, y in points)
    return down / across if across else (_SHORTEST if not down else _TALLEST)


def _inset_frames(width: float, top: float, groups: Sequence[tuple[str, list[LonLat]]]) -> list[Frame]:
    across = min(width / len(groups), 190.0)
    found = []
    for rank, (title, places) in enumerate(groups):
        box = Box(rank * across, top, across, _INSET_HEIGHT).inside(4.0)
        drawn = Box(box.left, box.top + 18.0, box.width, box.height - 18.0)
        found.append(Frame(box, fit(places, drawn, 8.0), title))
    return found


def _tray(width: float, top: float, count: int) -> Box | None:
    if not count:
        return None
    lines = -(-count // _a_line(width))
    return Box(4.0, top + 4.0, width - 8.0, _TRAY_TITLE + _TRAY_LINE * lines)


def _a_line(width: float) -> int:
    return max(1, int((width - 8.0) // _SLOT))
