"""The legend and the tables of a map, from the same layers as the drawing."""

from __future__ import annotations

from app.kernel.i18n import gettext as _
from app.territory.maps import flows as arrows
from app.territory.maps.classes import Classes, readable
from app.territory.maps.figures import AreaLayer, FlowLayer, PlaceLayer
from app.territory.maps.scene import Key, Legend, Twin
from app.territory.maps.words import number


def legends(areas: AreaLayer, places: PlaceLayer, flows: FlowLayer | None) -> tuple[Legend, ...]:
    """What the colours, widths and marks mean; only what is drawn."""
    found = [_of_classes("area", areas.classes, areas.nothing)]
    if flows:
        found += [_of_classes("flow", flows.classes, flows.nothing), _of_widths(flows)]
    found.append(_of_marks(places))
    return tuple(one for one in found if one is not None and one.keys)


def twins(areas: AreaLayer, places: PlaceLayer, flows: FlowLayer | None) -> tuple[Twin, ...]:
    """One table per layer that has headers."""
    names = {one.key: one.name for one in places.rows}
    found = []
    if flows and flows.headers:
        rows = [(names.get(one.sender, "–"), names.get(one.recipient, "–"), *one.cells) for one in flows.rows]
        if flows.rest:
            rows.append(flows.rest)
        found.append(Twin(flows.caption, flows.headers, tuple(rows), _numeric(flows, 2)))
    for layer in (areas, places):
        if layer.headers:
            lines = tuple((one.name, *one.cells) for one in layer.rows)
            found.append(Twin(layer.caption, layer.headers, lines, _numeric(layer, 1)))
    return tuple(found)


def _numeric(layer: AreaLayer | PlaceLayer | FlowLayer, names: int) -> tuple[int, ...]:
    return tuple(rank for rank in range(names, len(layer.headers)) if rank not in layer.words)


def _of_classes(kind: str, classes: Classes | None, nothing: str) -> Legend | None:
    if classes is None:
        return None
    keys = [Key(kind, label, _step(kind, classes, rank)) for rank, label in enumerate(classes.labels)]
    if nothing:
        keys.append(Key(kind, nothing, None))
    return Legend(classes.title, tuple(keys))


def _step(kind: str, classes: Classes, rank: int) -> int:
    return classes.tone(rank) if kind == "area" else rank


def _of_widths(flows: FlowLayer) -> Legend | None:
    most = max((one.count for one in flows.rows), default=0)
    if not most or not flows.widths:
        return None
    counts = sorted({1, readable(most / 4), most})
    keys = tuple(Key("width", number(count), width=arrows.width(count, most)) for count in counts)
    return Legend(flows.widths, keys)


def _of_marks(places: PlaceLayer) -> Legend | None:
    keys = [Key("mark", label, mark=mark) for mark, label in places.kinds]
    if places.strong and any(one.strong for one in places.rows):
        keys.append(Key("mark", places.strong, strong=True))
    return Legend(places.legend or _("Lieux"), tuple(keys)) if keys else None
