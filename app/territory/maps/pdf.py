"""A scene as vectors on a ReportLab canvas. No tags: whoever builds the document says what the figure is.

Tones are darker as classes are higher, and delays differ by their dashes: a black and white print keeps the order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.lib.colors import HexColor

from app.territory.maps.labels import box_of
from app.territory.maps.legend_rows import TITLE_STEP, Line, rows
from app.territory.maps.marks import Mark, polygon
from app.territory.maps.scene import Area, Flow, Key, Label, Place, Scene
from app.territory.projection import Box, Point

# Tones of app/static/css/components/map.css.
_TONES = ("#d3e2d8", "#a9c8bd", "#74a599", "#407c73", "#1d4b45")
_NONE, _BORDER, _INK, _SOFT, _PAPER = "#fbf7ee", "#b9aa8c", "#211e1a", "#4b453c", "#ffffff"
_SIGNAL, _SIGNAL_WASH = "#8c3d08", "#fcead2"
_FLOWS: dict[int | None, str] = {0: "#1d4b45", 1: "#a8720f", 2: "#8c3d08", None: "#857862"}
_DASHES: dict[int | None, Sequence[float]] = {2: (10, 4), None: (3, 4)}


@dataclass(frozen=True, slots=True)
class Fonts:
    """Names under which the document registered its embedded fonts."""

    regular: str
    bold: str


def height(scene: Scene, width: float) -> float:
    """What the map and its legend take, in points, when drawn this wide."""
    return scene.height * width / scene.width + sum(line.height for line in rows(scene, width))


def draw(  # noqa: PLR0913
    canvas: Any, scene: Scene, x: float, y: float, width: float, fonts: Fonts
) -> None:
    """Draw the map with its legend under it; (x, y) is the bottom left corner, in points."""
    lines = rows(scene, width)
    legend = sum(line.height for line in lines)
    pen = _Pen(canvas, fonts, x, y + legend + scene.height * width / scene.width, width / scene.width)
    canvas.saveState()
    canvas.setLineJoin(1)
    _map(pen, scene)
    _legend(pen, lines, y + legend)
    canvas.restoreState()


@dataclass(frozen=True, slots=True)
class _Pen:
    """The canvas, seen from the top left corner of the map in its own units."""

    canvas: Any
    fonts: Fonts
    left: float
    top: float
    scale: float

    def at(self, point: Point) -> Point:
        return self.left + point[0] * self.scale, self.top - point[1] * self.scale

    def shape(
        self, rings: Sequence[Sequence[Point]], fill: str | None, stroke: str | None, thickness: float = 0
    ) -> None:
        path = self.canvas.beginPath()
        for ring in rings:
            path.moveTo(*self.at(ring[0]))
            for point in ring[1:]:
                path.lineTo(*self.at(point))
            if fill or ring[0] == ring[-1]:
                path.close()
        self._inks(fill, stroke, thickness)
        self.canvas.drawPath(path, fill=int(fill is not None), stroke=int(stroke is not None), fillMode=0)

    def circle(self, at: Point, radius: float, fill: str, stroke: str, thickness: float) -> None:
        self._inks(fill, stroke, thickness)
        self.canvas.circle(*self.at(at), radius * self.scale, fill=1, stroke=1)

    def curve(self, flow: Flow) -> None:
        (x0, y0), (xc, yc), (x1, y1) = map(self.at, (flow.start, flow.control, flow.end))
        self.canvas.setDash(*_dash(flow.step, self.scale))
        self._inks(None, _FLOWS[flow.step], flow.width)
        # The cubic curve that is the quadratic one.
        first, second = (
            (x0 + 2 * (xc - x0) / 3, y0 + 2 * (yc - y0) / 3),
            (x1 + 2 * (xc - x1) / 3, y1 + 2 * (yc - y1) / 3),
        )
        self.canvas.bezier(x0, y0, *first, *second, x1, y1)
        self.canvas.setDash()

    def words(  # noqa: PLR0913
        self, text: str, at: Point, size: float, anchor: str = "start", strong: bool = False, ink: str = _INK
    ) -> None:
        write = {"start": "drawString", "middle": "drawCentredString", "end": "drawRightString"}[anchor]
        self.canvas.setFont(self.fonts.bold if strong else self.fonts.regular, size * self.scale)
        self.canvas.setFillColor(HexColor(ink))
        getattr(self.canvas, write)(*self.at(at), text)

    def veil(self, box: Box) -> None:
        """A light ground under words: an outline around them would write them twice in the text of the document."""
        self.canvas.saveState()
        self.canvas.setFillColor(HexColor(_PAPER), alpha=0.88)
        left, bottom = self.at((box.left, box.bottom))
        self.canvas.roundRect(left, bottom, box.width * self.scale, box.height * self.scale, 1.5, fill=1, stroke=0)
        self.canvas.restoreState()

    def _inks(self, fill: str | None, stroke: str | None, thickness: float) -> None:
        if fill:
            self.canvas.setFillColor(HexColor(fill))
        if stroke:
            self.canvas.setStrokeColor(HexColor(stroke))
            self.canvas.setLineWidth(thickness * self.scale)


def _dash(step: int | None, scale: float) -> Sequence[Any]:
    pattern = _DASHES.get(step)
    return ([length * scale for length in pattern],) if pattern else ()


def _tone(step: int | None) -> str:
    return _NONE if step is None else _TONES[step]


def _map(pen: _Pen, scene: Scene) -> None:
    for area in scene.areas:
        _area(pen, area)
    if scene.outlines:
        pen.shape(scene.outlines, None, _SOFT, 1.6)
    for inset in scene.insets:
        box = inset.box
        corners = ((box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom))
        pen.shape([(*corners, corners[0])], None, _SOFT, 0.6)
        pen.words(inset.title, (box.left + 10, box.top + 15), 11.5, ink=_SOFT)
    for flow in scene.flows:
        pen.curve(flow)
        pen.shape([flow.head], _FLOWS[flow.step], _PAPER, 0.5)
    for place in scene.places:
        _place(pen, place)
    for label in scene.labels:
        _label(pen, label)


def _area(pen: _Pen, area: Area) -> None:
    if area.rings:
        pen.shape(area.rings, _tone(area.step), _BORDER, 0.7)
    else:
        pen.circle(area.centre, 5, _tone(area.step), _BORDER, 0.7)


def _place(pen: _Pen, place: Place) -> None:
    plain = (_INK, _PAPER) if not place.words else (_SIGNAL_WASH, _SIGNAL)
    fill, stroke = (_SIGNAL, _PAPER) if place.strong else plain
    _mark(pen, place.mark, place.at, place.size, fill, stroke)
    if place.words and place.size > 9:
        at = (place.at[0], place.at[1] + 4.5)
        pen.words(place.words, at, 13, "middle", strong=True, ink=_PAPER if place.strong else _INK)


def _mark(  # noqa: PLR0913
    pen: _Pen, mark: Mark, at: Point, size: float, fill: str, stroke: str
) -> None:
    corners = polygon(mark, at, size)
    if corners:
        pen.shape([(*corners, corners[0])], fill, stroke, 1.4)
    else:
        pen.circle(at, size, fill, stroke, 1.4)


def _label(pen: _Pen, label: Label) -> None:
    if not label.narrow:
        pen.veil(box_of(label))
        ink = _INK if label.strong else _SOFT
        pen.words(label.text, label.at, label.size, label.anchor, label.strong, ink)


def _legend(pen: _Pen, lines: Sequence[Line], top: float) -> None:
    at = top
    for line in lines:
        at -= line.height
        plain = _Pen(pen.canvas, pen.fonts, pen.left, at, 1.0)
        if line.title:
            plain.words(line.title, (0, -TITLE_STEP / 3), line.size, strong=True)
        for key, x in line.keys:
            _swatch(plain, key, x)
            plain.words(key.label, (x + line.indent, -3.2), line.size)


def _swatch(pen: _Pen, key: Key, x: float) -> None:
    if key.kind == "area":
        corners = ((x, 0.0), (x + 18.0, 0.0), (x + 18.0, -10.0), (x, -10.0))
        pen.shape([(*corners, corners[0])], _tone(key.step), _BORDER, 0.6)
    elif key.kind == "mark":
        _mark(pen, key.mark, (x + 9, -5.5), 5, _SIGNAL if key.strong else _INK, _PAPER)
    else:
        thickness = min(key.width, 9.0) if key.kind == "width" else 2.5
        colour = _SOFT if key.kind == "width" else _FLOWS[key.step]
        pen.canvas.setDash(*(_dash(key.step, 0.6) if key.kind == "flow" else ()))
        pen.shape([((x, -5.5), (x + 18.0, -5.5))], None, colour, thickness)
        pen.canvas.setDash()
