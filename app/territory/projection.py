"""From longitudes and latitudes to a box of pixels or points, and as few points as the eye can tell apart.

Equidistant cylindrical projection with its standard parallel in the middle of the territory (Snyder, « Map Projections: A
Working Manual », USGS Professional Paper 1395, 1987, p. 90-91): x = R (lon - lon0) cos(lat0), y = R (lat - lat0). Over an
EPCI or a département, scale varies by less than 2 % and angles stay right to the eye; over France by 10 % at the tips.
Pure: no database, no clock, no web.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians

LonLat = tuple[float, float]
Point = tuple[float, float]

# A territory of one point is shown as if it were this wide: about 5 km.
SMALLEST_DEGREES = 0.045
# A pole has no parallel: cos(lat0) is not taken smaller.
_SMALLEST_COS = 0.05


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in the units of the drawing, y downwards."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def inside(self, padding: float) -> Box:
        """The box without its margins; never thinner than nothing."""
        kept = min(padding, self.width / 2, self.height / 2)
        return Box(self.left + kept, self.top + kept, self.width - 2 * kept, self.height - 2 * kept)

    def holds(self, point: Point, slack: float = 0.0) -> bool:
        """True when the point is in the box, give or take `slack`."""
        x, y = point
        return self.left - slack <= x <= self.right + slack and self.top - slack <= y <= self.bottom + slack

    def meets(self, other: Box) -> bool:
        """True when the two share some surface."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


@dataclass(frozen=True, slots=True)
class Projection:
    """A fitted projection: call it with a (longitude, latitude). `scale` is in units per degree of latitude."""

    lon0: float
    lat0: float
    scale: float
    x0: float
    y0: float

    def __call__(self, place: LonLat) -> Point:
        lon, lat = place
        east = around(lon, self.lon0) - self.lon0
        return self.x0 + east * self.stretch * self.scale, self.y0 - (lat - self.lat0) * self.scale

    @property
    def stretch(self) -> float:
        """Length of a degree of longitude over that of a degree of latitude."""
        return _stretch(self.lat0)

    def path(self, line: Iterable[LonLat], step: float = 0.0) -> tuple[Point, ...]:
        """A line or ring, at the level of detail of `step` units (see `thin`)."""
        return thin((self(place) for place in line), step)


def fit(places: Iterable[LonLat], box: Box, padding: float = 0.0) -> Projection:
    """The projection that shows all these places as large as possible in the middle of the box, north up, not stretched.

    A single place is shown in the middle, at the scale of a commune. Raises ValueError when there is no place.
    """
    found = list(places)
    if not found:
        raise ValueError("a map needs at least one place")
    west, span = _arc([lon for lon, _lat in found])
    south, north = min(lat for _lon, lat in found), max(lat for _lon, lat in found)
    lat0 = (south + north) / 2
    inner = box.inside(padding)
    width, height = span * _stretch(lat0), north - south
    if max(width, height) < SMALLEST_DEGREES:
        width = height = SMALLEST_DEGREES
    scale = min(inner.width / width if width else float("inf"), inner.height / height if height else float("inf"))
    return Projection(
        around(west + span / 2, 0.0), lat0, scale, inner.left + inner.width / 2, inner.top + inner.height / 2
    )


def around(lon: float, lon0: float) -> float:
    """The same meridian, at most 180° from `lon0`: Fiji is just west of Wallis, not at the other end of the world."""
    return lon0 + (lon - lon0 + 180.0) % 360.0 - 180.0


def thin(points: Iterable[Point], step: float) -> tuple[Point, ...]:
    """Points brought to a grid of `step` units, those that fall on the one before left out, in the same order.

    The grid moves the same point of two neighbours to the same place: their border stays one line, without gap nor
    overlap, which dropping points ring by ring would not do. `step` 0 keeps everything.
    """
    kept: list[Point] = []
    for x, y in points:
        point = (round(x / step) * step, round(y / step) * step) if step else (x, y)
        if not kept or point != kept[-1]:
            kept.append(point)
    return tuple(kept)


def area(ring: Sequence[Point]) -> float:
    """Surface of a ring, whichever way it turns."""
    following = (*ring[1:], ring[0]) if ring else ()
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, following, strict=True))) / 2


def _stretch(lat: float) -> float:
    return max(cos(radians(lat)), _SMALLEST_COS)


def _arc(longitudes: Sequence[float]) -> tuple[float, float]:
    """West end and width of the smallest arc that holds them all: what is left beside the widest gap."""
    ordered = sorted({lon % 360.0 for lon in longitudes})
    gaps = [(after - before, after) for before, after in pairwise(ordered)]
    gap, west = max([*gaps, (ordered[0] + 360.0 - ordered[-1], ordered[0])])
    return west, max(360.0 - gap, 0.0)
