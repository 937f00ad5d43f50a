"""A published summary as a page, on paper and as a table: the same words and figures."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pypdfium2
from bs4 import BeautifulSoup

from app.kernel.db import db
from app.kernel.writes import commit
from app.pilotage.formulas.terms import Term
from app.pilotage.queries.summaries import AREA
from tests.pilotage.quarters import TERM, crowd, published
from tests.support.pdf import fonts, marks_drawn, outline, pages_text, tree, words
from tests.support.queries import count_queries
from tests.support.world import World

# ------------------------------------------------------------------- screens


def test_the_coordinator_prepares_reads_comments_and_publishes(lived: World) -> None:
    client = lived.client("coordinator")
    listed = client.get("/pilotage/syntheses")
    assert "Aucune synthèse publiée" in client.text(listed)
    assert f"/pilotage/syntheses/preparer/{TERM.key}" in listed.get_data(as_text=True)
    form = client.get(f"/pilotage/syntheses/preparer/{TERM.key}")
    assert "78 personnes inscrites ont été accompagnées" in client.text(form)
    refused = client.submit(form, comment="Son NIR est 2 58 01 99 341 012 77.")
    assert refused.status_code == 422
    assert "sécurité sociale" in client.text(refused)
    empty = client.submit(client.get(f"/pilotage/syntheses/preparer/{TERM.key}"), comment=" ")
    assert empty.status_code == 422
    done = client.submit(form, comment="Un trimestre calme.", proposals="Ouvrir un lieu.\nPrêter des ordinateurs.")
    assert done.status_code == 303
    page = lived.client("elected").get(done.location)
    text = lived.client("elected").text(page)
    assert "Un trimestre calme." in text
    assert "Prêter des ordinateurs." in text
    assert client.get(f"/pilotage/syntheses/preparer/{TERM.key}").status_code == 303


def test_the_page_has_its_four_figures_with_their_definitions(lived: World) -> None:
    client = lived.client("elected")
    page = client.get(f"/pilotage/syntheses/{published(lived)}")
    figures_shown = client.select(page, ".key-figure")
    assert [words(one.select_one(".key-figure__value").get_text())[0] for one in figures_shown] == [
        "78",
        "130",
        "0",
        "–",
    ]
    assert all(one.select_one("details.definition p").get_text(strip=True) for one in figures_shown)
    assert client.select(page, ".map svg[role=img]")


def test_small_communes_are_told_together_and_zero_is_not_hidden(lived: World) -> None:
    client = lived.client("elected")
    page = client.get(f"/pilotage/syntheses/{published(lived)}")
    table = next(one for one in client.select(page, "table") if "Par commune" in one.caption.get_text())
    rows = [[words_of(cell) for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")[1:]]
    assert ["Marmande", "40", "80"] in rows
    assert ["Ensemble : Clairac, Seyches", "13", "13"] in rows
    assert not any(row[0] == "Clairac" for row in rows)


def test_a_quarter_without_anything(world: World) -> None:
    client = world.client("elected")
    text = client.text(client.get(f"/pilotage/syntheses/{published(world)}"))
    assert "le réseau n’a noté aucun accompagnement" in text


def test_comparisons_are_with_published_figures(lived: World) -> None:
    with lived.app.app_context():
        crowd(lived, 60, day=date(2024, 2, 6))
        commit()
    published(lived, Term(2024, 1))
    client = lived.client("elected")
    text = client.text(client.get(f"/pilotage/syntheses/{published(lived)}"))
    assert "18 de plus que pour le 1er trimestre 2024 (60)." in text
    assert "Pas de comparaison avec le 2e trimestre 2023" in text
    assert "Pas de comparaison avec le 1er trimestre 2024" not in text


def test_pages_take_few_queries(lived: World) -> None:
    made = published(lived)
    client = lived.client("elected")
    for path, limit in ((f"/pilotage/syntheses/{made}", 4), ("/pilotage/syntheses", 4)):
        client.get(path)
        with lived.app.app_context(), count_queries(db.session) as found:
            client.get(path)
        found.assert_at_most(limit)
    client = lived.client("coordinator")
    client.get("/pilotage/syntheses/preparer/2024-T1")
    with lived.app.app_context(), count_queries(db.session) as found:
        client.get("/pilotage/syntheses/preparer/2024-T1")
    found.assert_at_most(22)


# ------------------------------------------------------------------- paper and table


def test_the_paper_says_every_word_of_the_page_in_order(lived: World) -> None:
    client = lived.client("elected")
    made = published(lived)
    page = client.get(f"/pilotage/syntheses/{made}")
    paper = client.get(f"/pilotage/syntheses/{made}/synthese.pdf").data
    assert spoken(paper) == page_words(page.get_data(as_text=True))


def page_words(markup: str) -> list[str]:
    """What the page says, without what only a screen has: the map’s buttons and its drawing, « ? », links."""
    soup = BeautifulSoup(markup, "html.parser")
    article = soup.select_one("article.summary")
    assert article is not None
    for gone in article.select("details.definition, figure.map, .all-definitions > summary"):
        gone.decompose()
    title = soup.select_one("h1")
    assert title is not None
    return words(title.get_text(" ") + " " + article.get_text(" "))


def spoken(paper: bytes) -> list[str]:
    """What a screen reader says of the document: its tree, alternatives of figures left out, bullets too."""
    texts = marked_texts(paper)
    said = []
    for element in tree(paper).all():
        if element.tag not in {"Figure", "Lbl"}:
            said += [element.actual] if element.actual else [texts[mark] for mark in element.marks]
    return words(" ".join(said))


def marked_texts(paper: bytes) -> dict[tuple[int, int], str]:
    """The characters of each marked content."""
    found: dict[tuple[int, int], str] = {}
    document = pypdfium2.PdfDocument(paper)
    for rank_, page in enumerate(document):
        shown = page.get_textpage()
        for item in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]):
            number = pypdfium2.raw.FPDFPageObj_GetMarkedContentID(item.raw)
            found[rank_, number] = found.get((rank_, number), "") + text_of(item, shown)
        shown.close()
        page.close()
    document.close()
    return found


def text_of(item: pypdfium2.PdfObject, shown: pypdfium2.PdfTextPage) -> str:
    length = pypdfium2.raw.FPDFTextObj_GetText(item.raw, shown.raw, None, 0)
    buffer = (pypdfium2.raw.FPDF_WCHAR * length)()
    pypdfium2.raw.FPDFTextObj_GetText(item.raw, shown.raw, buffer, length)
    return bytes(buffer).decode("utf-16-le").rstrip("\x00")


def test_the_paper_is_tagged_light_and_whole(lived: World) -> None:
    paper = lived.client("elected").get(f"/pilotage/syntheses/{published(lived)}/synthese.pdf").data
    assert len(paper) < 1_000_000
    assert set(fonts(paper).values()) == {(True, True)}
    root = tree(paper)
    assert {mark for element in root.all() for mark in element.marks} == marks_drawn(paper)
    (figure,) = root.all("Figure")
    assert "Marmande (40)" in figure.alt.replace("\u00a0", " ")
    assert outline(paper)[0] == "Synthèse, 2e trimestre 2024"
    assert {"  Le public", "  Les demandes", "  Le réseau", "  Ce qui bloque", "  Définitions"} <= set(outline(paper))
    assert all(one.scope for one in root.all("TH"))
    first = pages_text(paper)[0]
    assert "Personnes accompagnées, par commune" in first


def test_the_map_on_paper_is_made_of_vectors(lived: World) -> None:
    paper = lived.client("elected").get(f"/pilotage/syntheses/{published(lived)}/synthese.pdf").data
    document = pypdfium2.PdfDocument(paper)
    kinds = [item.type for item in document[0].get_objects()]
    document.close()
    assert kinds.count(pypdfium2.raw.FPDF_PAGEOBJ_PATH) > 2
    assert pypdfium2.raw.FPDF_PAGEOBJ_IMAGE not in kinds


def test_the_table_tells_hidden_from_zero(lived: World) -> None:
    answer = lived.client("elected").get(f"/pilotage/syntheses/{published(lived)}/chiffres.csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    found = {(row["indicateur"], row["ventilation"], row["categorie"]): (row["valeur"], row["masque"]) for row in rows}
    assert found["people", "commune", "47157"] == ("40", "0")
    assert found["people", "commune", "47065"] == ("", "1")
    assert found["needs_opened", "", ""] == ("0", "0")
    assert list(found) == sorted(found)


def test_the_names_on_the_map_of_the_paper_can_be_read(lived: World) -> None:
    paper = lived.client("elected").get(f"/pilotage/syntheses/{published(lived)}/synthese.pdf").data
    document = pypdfium2.PdfDocument(paper)
    bounds = [_bounds(page) for page in document]
    document.close()
    named = [top - bottom for text, bottom, top in bounds[0] if text == "Marmande"]
    assert named
    assert min(named) > 6


def _bounds(page: pypdfium2.PdfPage) -> list[tuple[str, float, float]]:
    """(words, bottom, top) of every text of a page, in points."""
    shown = page.get_textpage()
    items = page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT])
    return [(text_of(item, shown), item.get_bounds()[1], item.get_bounds()[3]) for item in items]


def words_of(cell: object) -> str:
    return re.sub(r"[\s\u00a0\u202f]+", " ", cell.get_text()).strip()  # type: ignore[attr-defined]


def test_the_area_of_the_grid_is_the_whole_network() -> None:
    assert AREA == "reseau"
