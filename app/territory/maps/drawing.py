"""From figures to a scene: frames, contours, marks moved apart, arrows, words, legend and tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.kernel.i18n import gettext as _
from app.territory.maps import flows as arrows
from app.territory.maps import labels, legend, marks, svg
from app.territory.maps.figures import AreaFigure, AreaLayer, FlowLayer, PlaceFigure, PlaceLayer, Shape
from app.territory.maps.frames import Frames, lay_out, slots
from app.territory.maps.scene import Area, Flow, Label, Place, Ring, Scene
from app.territory.projection import Box, LonLat, Point, Projection, area

WIDTH = 760.0
DETAIL = 0.5
# Smaller than this, in square units, an island or a hole cannot be seen.
_SPECK = 1.0
_TEXT, _SMALL_SCREEN_TEXT = 14.0, 25.0
# Names of communes: on a small screen, among places, alone. More would be a grey cloth.
_NARROW_LABELS, _NAMES_AMONG_PLACES, _MOST_NAMES = 9, 14, 48
# Among places, the towns by which a map is read are named before them, a little away when marks cover their middle.
_TOWNS, _TOWN_REACH = 3, (12.0, 26.0, 42.0)
_SIZES = ((40, 8.0), (120, 6.5), (10_000, 5.0))
_SMALLEST_VALUE, _LARGEST_VALUE = 9.5, 22.0
# One referral that waits, when nothing waits more, is not a large mark.
_LEAST_SCALE = 5.0


@dataclass(frozen=True, slots=True)
class Look:
    """What the scene is called. `key` makes the ids of the page; `description` is the text alternative."""

    key: str
    title: str
    description: str


def compose(  # noqa: PLR0913
    look: Look,
    areas: AreaLayer | None = None,
    places: PlaceLayer | None = None,
    flows: FlowLayer | None = None,
    outline: Iterable[Sequence[LonLat]] = (),
    width: float = WIDTH,
) -> Scene:
    """The scene of these layers. Flows join places by their keys; one whose place is missing is in the table alone."""
    areas, places = areas or AreaLayer(()), places or PlaceLayer(())
    frames = lay_out(width, areas.rows, places.rows)
    drawn_areas = tuple(_area(one, frames, areas) for one in areas.rows)
    drawn_places = _places(places.rows, frames)
    shown = tuple(one for one in drawn_areas if one is not None)
    return Scene(
        look.key,
        frames.width,
        round(frames.height, 1),
        look.title,
        look.description,
        areas=shown,
        outlines=tuple(_outlines(outline, frames)),
        flows=_flows(flows, drawn_places, frames) if flows else (),
        places=tuple(drawn_places.values()),
        labels=_labels(areas, places, {one.code: one.centre for one in shown}, drawn_places, frames),
        insets=frames.insets(places.elsewhere or _("Sans lieu sur la carte")),
        legends=legend.legends(areas, places, flows),
        twins=legend.twins(areas, places, flows),
    )


def _area(figure: AreaFigure, frames: Frames, layer: AreaLayer) -> Area | None:
    at = figure.at or _somewhere_in(figure)
    frame = frames.of(at) if at else None
    if at is None or frame is None:
        return None
    tone = _tone(figure.value, layer)
    rings, path = _contour(figure.shape or (), frame.project)
    return Area(figure.code, rings, path, frame.project(at), tone, figure.detail or figure.name)


def _tone(value: float | None, layer: AreaLayer) -> int | None:
    rank = layer.classes.of(value) if layer.classes else None
    return layer.classes.tone(rank) if layer.classes and rank is not None else None


def _somewhere_in(figure: AreaFigure) -> LonLat | None:
    return figure.shape[0][0][0] if figure.shape else None


@lru_cache(maxsize=4096)
def _contour(shape: Shape, project: Projection) -> tuple[tuple[Ring, ...], str]:
    """Its rings, and their path data, kept: territories change once a year."""
    projected = (project.path(ring, DETAIL) for polygon in shape for ring in polygon)
    rings = tuple(ring for ring in projected if len(ring) > 3 and area(ring) >= _SPECK)
    return rings, svg.closed(rings)


def _outlines(lines: Iterable[Sequence[LonLat]], frames: Frames) -> Iterable[Ring]:
    for line in lines:
        frame = frames.of(line[0]) if line else None
        path = frame.project.path(line, DETAIL) if frame else ()
        if len(path) > 1:
            yield path


def _places(figures: Sequence[PlaceFigure], frames: Frames) -> dict[str, Place]:
    """Places by key: on the map moved apart, the others in the tray in their order."""
    sizes = _sizes(figures)
    at_home: dict[int, list[tuple[PlaceFigure, Point]]] = {}
    astray: list[PlaceFigure] = []
    for one in figures:
        frame = frames.of(one.at) if one.at else None
        if frame is None or one.at is None:
            astray.append(one)
        else:
            at_home.setdefault(frames.frames.index(frame), []).append((one, frame.project(one.at)))
    spots: dict[str, Point] = {}
    for rank, group in at_home.items():
        moved = marks.spread([(at, sizes[one.key] + 1.5) for one, at in group], frames.frames[rank].box)
        spots |= {one.key: spot for (one, _at), spot in zip(group, moved, strict=True)}
    if frames.tray:
        spots |= dict(zip((one.key for one in astray), slots(frames.tray, len(astray)), strict=True))
    return {one.key: _place(one, spots[one.key], sizes[one.key]) for one in figures if one.key in spots}


def _place(figure: PlaceFigure, at: Point, size: float) -> Place:
    words = figure.cells[0] if figure.value and figure.cells else ""
    return Place(figure.key, at, figure.mark, size, words, figure.detail or figure.name, figure.strong)


def _sizes(figures: Sequence[PlaceFigure]) -> dict[str, float]:
    """Radius of each mark: the same for all, or by the square root of its value."""
    plain = next(size for most, size in _SIZES if len(figures) <= most)
    most = max([_LEAST_SCALE, *(one.value or 0 for one in figures)])
    spanned = _LARGEST_VALUE - _SMALLEST_VALUE
    return {one.key: _SMALLEST_VALUE + spanned * (one.value / most) ** 0.5 if one.value else plain for one in figures}


def _flows(layer: FlowLayer, places: dict[str, Place], frames: Frames) -> tuple[Flow, ...]:
    within = Box(0, 0, frames.width, frames.height).inside(arrows.WIDEST)
    most = max((one.count for one in layer.rows), default=0)
    drawn: list[Flow] = []
    for one in sorted(layer.rows, key=lambda row: -row.count):
        sender, recipient = places.get(one.sender), places.get(one.recipient)
        if sender is None or recipient is None or sender is recipient:
            continue
        thickness = arrows.width(one.count, most)
        found = arrows.arrow(sender.at, recipient.at, thickness, (sender.size, recipient.size), within)
        if found:
            step = layer.classes.of(one.value) if layer.classes else None
            drawn.append(Flow(*found, thickness, step, one.detail, one.sender, one.recipient))
    return tuple(drawn)


def _labels(
    areas: AreaLayer, places: PlaceLayer, centres: dict[str, Point], drawn: dict[str, Place], frames: Frames
) -> tuple[Label, ...]:
    """Names of a few towns, of places, of the larger communes; once for a large map, once for a small one (towns first)."""
    here = [(one, drawn[one.key]) for one in places.rows if one.key in drawn]
    marked = tuple(labels.Wanted(one.name, mark.at, mark.size, strong=True) for one, mark in here)
    known = sorted((one for one in areas.rows if one.code in centres), key=lambda one: (-one.weight, one.name))
    named = tuple(_town(one, centres, rank, among=bool(here)) for rank, one in enumerate(known) if areas.with_names)
    if not (here or centres or not areas.rows):
        return _nothing_known(frames)
    within = Box(0, 0, frames.width, frames.height).inside(2.0)
    most = _NAMES_AMONG_PLACES if here else _as_many_as_read(frames.width)
    large = (*named[:_TOWNS], *marked, *named[_TOWNS:most])
    aside = (one for one in marked if frames.tray and frames.tray.holds(one.at))
    small = (*aside, *named[:_NARROW_LABELS], *marked[:_NARROW_LABELS])
    return (
        *_written(large, within, _TEXT, _taken(drawn, frames, 1.0)),
        *_written(small, within, _SMALL_SCREEN_TEXT, _taken(drawn, frames, 1.6), narrow=True),
    )


def _as_many_as_read(width: float) -> int:
    """Fewer names on a drawing made for a smaller map, where words are as large: they would hide what they name."""
    return max(_TOWNS, round(_MOST_NAMES * min(1.0, width / WIDTH) ** 2))


def _town(one: AreaFigure, centres: dict[str, Point], rank: int, *, among: bool) -> labels.Wanted:
    reach = _TOWN_REACH if among and rank < _TOWNS else ()
    return labels.Wanted(one.name, centres[one.code], centred=not among, reach=reach)


@lru_cache(maxsize=64)
def _written(
    wanted: tuple[labels.Wanted, ...], within: Box, size: float, boxes: tuple[Box, ...], narrow: bool = False
) -> tuple[Label, ...]:
    """Kept: on the map of a territory that does not change, the same words stand at the same places."""
    taken = labels.Taken()
    for box in boxes:
        taken.add(box)
    return tuple(labels.place(wanted, within, size, taken, narrow))


def _nothing_known(frames: Frames) -> tuple[Label, ...]:
    """Communes of New Caledonia and Polynesia have neither contour nor position in the reference data."""
    at = (frames.width / 2, frames.height / 2)
    text = _("Aucun contour connu : les chiffres sont dans le tableau.")
    sizes = ((_TEXT, False), (_SMALL_SCREEN_TEXT, True))
    return tuple(Label(text, at, "middle", size, strong=False, narrow=narrow) for size, narrow in sizes)


def _taken(drawn: dict[str, Place], frames: Frames, grown: float) -> tuple[Box, ...]:
    reaches = ((one.at, one.size * grown) for one in drawn.values())
    marked = (Box(at[0] - reach, at[1] - reach, 2 * reach, 2 * reach) for at, reach in reaches)
    return (*marked, *(Box(inset.box.left, inset.box.top, inset.box.width, 18.0) for inset in frames.insets("")))


__all__ = ["Look", "compose"]
