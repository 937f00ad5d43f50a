"""The map of a summary, from the frozen figures: the same for the page and for the paper."""

from __future__ import annotations

from app.kernel.i18n import gettext as _
from app.pilotage.formulas.pages import Mapped
from app.pilotage.formulas.sentences import number
from app.territory import communes, contours, maps
from app.territory.communes import Commune
from app.territory.contours import Shape
from app.territory.maps import AreaFigure, AreaLayer, Scene

# Above this many communes, their detail cannot be seen.
MOST_FINE = 120
SCREEN, PAPER = 760.0, 350.0


def scene(mapped: Mapped, k: int, width: float = SCREEN) -> Scene | None:
    """The communes of the territory by people accompanied; hidden and zero look the same. None for a single commune.

    Names are larger on a narrower drawing: on paper it is half as wide as on a screen, and must be read.
    """
    if not mapped.values:
        return None
    found = [one for code in mapped.values if (one := communes.by_code(code))]
    codes = [one.code for one in found]
    level: contours.Level = "fine" if len(codes) <= MOST_FINE else "medium"
    shapes = contours.shapes(codes, level)
    layer = AreaLayer(
        rows=tuple(_figure(one, shapes.get(one.code), mapped.values[one.code]) for one in found),
        classes=maps.of_counts(mapped.legend, mapped.values.values(), least=k),
        nothing=mapped.nothing,
    )
    look = maps.Look("communes", mapped.title, mapped.description)
    return maps.compose(look, layer, outline=contours.outline(codes, level), width=width)


def _figure(commune: Commune, shape: Shape | None, value: int | None) -> AreaFigure:
    at = (commune.lon, commune.lat) if commune.lon is not None and commune.lat is not None else None
    said = _("%(name)s : %(count)s", name=commune.name, count=number(value)) if value else commune.name
    return AreaFigure(commune.code, commune.name, shape, at, value, detail=said, weight=commune.population or 0)
