"""Maps, drawn once from figures, shown in a page (SVG) or on paper (PDF), with their table. Pure: no database, no web.

    communes = maps.AreaLayer(
        rows=tuple(maps.AreaFigure(c.code, c.name, shapes.get(c.code), (c.lon, c.lat), value=n, cells=(number(n),),
                                   detail="Marmande : 12 personnes") for …),      # shapes = contours.shapes(codes, "fine")
        caption=_("Personnes accompagnées, par commune"), headers=(_("Commune"), _("Personnes")),
        classes=maps.of_counts(_("Personnes accompagnées"), values, least=11), nothing=_("Aucune, ou masqué"),
    )
    scene = maps.compose(maps.Look("carte", title, description), communes, places, flows, outline=contours.outline(codes))

`value=None` is hidden: it looks like zero on the map; its `cells` say « masqué » in the table. `description` is the text
alternative: two or three plain sentences that say what the map shows. Layers left out are not drawn.
In a page: `{% import 'components/map.html' as map %}` then `{{ map.figure(scene) }}` (map, legend) and `{{ map.twins(scene) }}`
(its tables), with `css/components/map.css` and, for zoom and details, `js/map.js` in the block `scripts`.
In a PDF: `maps.pdf.draw(canvas, scene, x, y, width, fonts)` draws vectors with (x, y) the bottom left corner, without tags
(whoever builds the document wraps it in a figure whose alternative text is `scene.description`); `maps.pdf.height(scene, width)`
is what it takes, legend included; the table is `scene.twins`.
"""

from app.territory.maps.classes import Classes, of_bounds, of_counts
from app.territory.maps.drawing import Look, compose
from app.territory.maps.figures import (
    AreaFigure,
    AreaLayer,
    FlowFigure,
    FlowLayer,
    PlaceFigure,
    PlaceLayer,
    Shape,
)
from app.territory.maps.marks import Mark
from app.territory.maps.scene import Scene, Twin

__all__ = [
    "AreaFigure",
    "AreaLayer",
    "Classes",
    "FlowFigure",
    "FlowLayer",
    "Look",
    "Mark",
    "PlaceFigure",
    "PlaceLayer",
    "Scene",
    "Shape",
    "Twin",
    "compose",
    "of_bounds",
    "of_counts",
]
