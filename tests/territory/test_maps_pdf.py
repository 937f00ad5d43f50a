"""A map on paper: vectors, words written once, with the fonts of the document."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from app.territory import communes, contours, maps
from app.territory.maps import pdf

FONTS = Path(__file__).resolve().parents[2] / "app" / "static" / "fonts"
WIDTH = 480.0


@pytest.fixture(scope="module")
def fonts() -> pdf.Fonts:
    names = pdf.Fonts("MapTest", "MapTestBold")
    for name, weight in ((names.regular, "Regular"), (names.bold, "Bold")):
        pdfmetrics.registerFont(TTFont(name, FONTS / f"AtkinsonHyperlegible-{weight}.ttf"))
    return names


def val_de_garonne() -> maps.Scene:
    found = communes.epci_members("200030674")
    shapes = contours.shapes([one.code for one in found])
    rows = tuple(
        maps.AreaFigure(one.code, one.name, shapes.get(one.code), (one.lon or 0, one.lat or 0), rank, (str(rank),))
        for rank, one in enumerate(found)
    )
    layer = maps.AreaLayer(
        rows, classes=maps.of_counts("Personnes accompagnées", range(43), 11), nothing="Aucune, ou masqué"
    )
    outline = contours.outline([one.code for one in found])
    return maps.compose(maps.Look("carte", "Titre", "Description."), layer, outline=outline)


def drawn(scene: maps.Scene, fonts: pdf.Fonts) -> bytes:
    out = BytesIO()
    canvas = Canvas(out, pageCompression=1)
    pdf.draw(canvas, scene, 50, 60, WIDTH, fonts)
    canvas.save()
    return out.getvalue()


def test_the_map_of_43_communes_is_small_vectors_with_their_words(fonts: pdf.Fonts) -> None:
    scene = val_de_garonne()
    content = drawn(scene, fonts)
    assert len(content) < 60_000
    document = pypdfium2.PdfDocument(content)
    try:
        page = document[0]
        kinds = [one.type for one in page.get_objects()]
        text = page.get_textpage().get_text_range()
    finally:
        document.close()
    assert kinds.count(2) >= 43
    assert 3 not in kinds
    assert text.count("Marmande") == 1
    assert "de 11 à " in text
    assert "Aucune, ou masqué" in text


def test_it_takes_the_height_it_says(fonts: pdf.Fonts) -> None:
    scene = val_de_garonne()
    document = pypdfium2.PdfDocument(drawn(scene, fonts))
    try:
        bounds = [one.get_bounds() for one in document[0].get_objects()]
    finally:
        document.close()
    assert min(bottom for _left, bottom, _right, _top in bounds) >= 59
    assert max(top for _left, _bottom, _right, top in bounds) <= 61 + pdf.height(scene, WIDTH)
    assert min(left for left, _bottom, _right, _top in bounds) >= 49
    assert max(right for _left, _bottom, right, _top in bounds) <= 51 + WIDTH
