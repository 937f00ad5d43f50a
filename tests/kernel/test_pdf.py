"""Tagged documents: words, tags, fonts, bookmarks, pages."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from app.kernel import pdf
from app.kernel.pdf.fonts import width_of, wrap
from app.kernel.pdf.layout import SkippedLevel
from app.kernel.pdf.render import TooTall
from tests.support.pdf import fonts, marks_drawn, outline, pages_text, tree, words

AT = datetime(2026, 3, 3, 9, tzinfo=UTC)
LONG = "Une phrase assez longue pour que la ligne se coupe plusieurs fois sur la page. " * 8


def draw(canvas: Canvas, x: float, y: float, width: float, height: float) -> None:
    canvas.setFillColorRGB(0.1, 0.3, 0.3)
    canvas.rect(x, y, width, height, fill=1)


def document(*blocks: pdf.Block, **changes: object) -> pdf.Document:
    values: dict[str, object] = {"title": "Essai", "blocks": blocks, "made_at": AT, "footer": "Réseau d’essai"}
    return pdf.Document(**{**values, **changes})  # type: ignore[arg-type]


EVERYTHING = (
    pdf.Heading("Vos données", 1),
    pdf.Paragraph(("Née en ", pdf.Bold("1958"), ". ", LONG)),
    pdf.Heading("Vos demandes", 2),
    pdf.Items(("Une demande", LONG)),
    pdf.Facts((("Commune", "Marmande"), ("Langue", "français")), caption="Coordonnées"),
    pdf.Figure("Carte de trois communes", 100, draw, caption="La carte"),
    pdf.Side(((pdf.Paragraph("gauche"),), (pdf.Paragraph("droite"),)), boxed=True),
    pdf.Heading("Vos séances", 2),
    pdf.Table(
        "Séances",
        (pdf.Column("Jour"), pdf.Column("Minutes", numeric=True)),
        [(f"{day} mars 2026", str(15 * day)) for day in range(1, 60)],
    ),
)


@pytest.fixture(scope="module")
def made() -> bytes:
    return pdf.render(document(*EVERYTHING, author="Une personne", subject="Essai"))


def test_every_mark_belongs_to_one_element_and_all_ink_is_marked(made: bytes) -> None:
    owned = [mark for element in tree(made).all() for mark in element.marks]
    assert len(owned) == len(set(owned))
    assert set(owned) == marks_drawn(made)


def test_the_parent_tree_leads_from_each_mark_to_its_element(made: bytes) -> None:
    with pikepdf.open(BytesIO(made)) as file:
        numbers = file.Root.StructTreeRoot.ParentTree.Nums
        by_page = {int(numbers[at]): numbers[at + 1] for at in range(0, len(numbers), 2)}
        for rank, page in enumerate(file.pages):
            assert int(page.obj.StructParents) == rank
            assert page.obj.Tabs == "/S"
            for number, element in enumerate(by_page[rank]):
                inside = [(kid.Pg.objgen, int(kid.MCID)) for kid in element.K if kid.get("/Type") == "/MCR"]
                assert (page.obj.objgen, number) in inside


def test_the_tree_says_what_each_thing_is(made: bytes) -> None:
    root = tree(made)
    assert root.tag == "Document"
    assert [one.tag for one in root.all("H1", "H2")] == ["H1", "H2", "H2"]
    items = root.all("L")[0]
    assert [[part.tag for part in item.children] for item in items.children] == [["Lbl", "LBody"]] * 2
    assert [one.alt for one in root.all("Figure")] == ["Carte de trois communes"]
    facts, sessions = root.all("Table")
    assert [one.scope for one in facts.all("TH")] == ["Row", "Row"]
    assert [one.scope for one in sessions.all("TH")][:3] == ["Column", "Column", "Row"]
    assert len(sessions.all("TR")) == 60
    assert all(len(row.children) == 2 for row in sessions.all("TR"))


def test_language_title_and_metadata(made: bytes) -> None:
    with pikepdf.open(BytesIO(made)) as file:
        assert str(file.Root.Lang) == "fr"
        assert bool(file.Root.MarkInfo.Marked)
        assert bool(file.Root.ViewerPreferences.DisplayDocTitle)
        assert (str(file.docinfo.Title), str(file.docinfo.Author)) == ("Essai", "Une personne")
        assert str(file.docinfo.CreationDate) == "D:20260303090000+00'00'"
        with file.open_metadata() as metadata:
            assert metadata["dc:title"] == "Essai"


def test_bookmarks_are_the_headings(made: bytes) -> None:
    assert outline(made) == ["Vos données", "  Vos demandes", "  Vos séances"]


def test_fonts_are_embedded_and_nothing_else_slips_in(made: bytes) -> None:
    found = fonts(made)
    assert found
    assert all("AtkinsonHyperlegible" in name for name in found)
    assert set(found.values()) == {(True, True)}


def test_words_of_two_lines_do_not_join(made: bytes) -> None:
    assert " ".join(words("Née en 1958. " + LONG)) in " ".join(words("\n".join(pages_text(made))))


def test_the_head_of_a_table_is_seen_on_each_page_and_read_once(made: bytes) -> None:
    texts = pages_text(made)
    assert sum("Minutes" in text for text in texts) == len([text for text in texts if "mars 2026" in text]) > 1
    heads = [one for one in tree(made).all("TH") if one.scope == "Column"]
    assert [len(one.marks) for one in heads] == [1, 1]


def test_the_footer_counts_the_pages(made: bytes) -> None:
    texts = pages_text(made)
    assert [f"Page {rank} sur {len(texts)}" in text for rank, text in enumerate(texts, 1)] == [True] * len(texts)


def test_the_same_document_gives_the_same_bytes(made: bytes) -> None:
    assert pdf.render(document(*EVERYTHING, author="Une personne", subject="Essai")) == made


def test_nothing_is_drawn_outside_the_margins(made: bytes) -> None:
    opened = pypdfium2.PdfDocument(made)
    for page in opened:
        picture = page.render(scale=1, grayscale=True).to_pil()
        for side in ((0, 0, 48, picture.height), (picture.width - 48, 0, picture.width, picture.height)):
            assert picture.crop(side).getextrema() == (255, 255)
        page.close()
    opened.close()


def test_a_character_without_glyph_is_drawn_otherwise_and_read_as_written() -> None:
    made = pdf.render(
        document(pdf.Heading("Essai", 1), pdf.Paragraph("Marmande → Tonneins"), pdf.Paragraph("Ŵanda 🙂"))
    )
    said = [one.actual for one in tree(made).all("P")]
    assert said == ["Marmande → Tonneins", "Ŵanda 🙂"]
    assert "Marmande › Tonneins" in pages_text(made)[0]
    assert "Wanda ?" in pages_text(made)[0]


def test_a_row_higher_than_a_page_goes_on() -> None:
    table = pdf.Table("Notes", (pdf.Column("Jour"), pdf.Column("Note")), (("3 mars", LONG * 12),))
    made = pdf.render(document(pdf.Heading("Essai", 1), table))
    assert len(pages_text(made)) > 1
    assert len(tree(made).all("TD")) == 1
    assert " ".join(words(LONG * 2)) in " ".join(words(pages_text(made)[0]))


def test_a_heading_is_never_alone_at_the_foot_of_a_page() -> None:
    for height in range(560, 690, 6):
        blocks = (pdf.Heading("Un", 1), pdf.Space(height), pdf.Heading("Deux", 2), pdf.Paragraph(LONG))
        texts = pages_text(pdf.render(document(*blocks)))
        page = next(text for text in texts if "Deux" in text)
        assert "Une phrase" in page


def test_a_block_kept_together_moves_whole() -> None:
    kept = pdf.Together((pdf.Heading("Deux", 2), pdf.Figure("Dessin", 200, draw), pdf.Paragraph("Sa légende")))
    texts = pages_text(pdf.render(document(pdf.Heading("Un", 1), pdf.Space(500), kept)))
    assert "Deux" not in texts[0]
    assert "Sa légende" in texts[1]


def test_a_figure_higher_than_a_page_is_refused() -> None:
    with pytest.raises(TooTall):
        pdf.render(document(pdf.Heading("Un", 1), pdf.Figure("Trop", 900, draw)))


def test_a_skipped_level_of_heading_is_refused() -> None:
    with pytest.raises(SkippedLevel):
        pdf.render(document(pdf.Heading("Un", 1), pdf.Heading("Trois", 3)))


def test_large_print_has_larger_letters() -> None:
    small = pdf.render(document(pdf.Heading("Un", 1), pdf.Paragraph(LONG * 6)))
    large = pdf.render(document(pdf.Heading("Un", 1), pdf.Paragraph(LONG * 6), scale=18 / 11))
    assert len(pages_text(large)) > len(pages_text(small))
    assert words("".join(pages_text(large)).replace("\r\n", " "))[:20] == words("".join(pages_text(small)))[:20]


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=200), st.integers(20, 300))
def test_any_text_fits_its_width_and_loses_no_word(text: str, width: int) -> None:
    lines = wrap(text, width, 10)
    assert all(width_of(line, 10) <= width or sum(len(part.text) for part in line) == 1 for line in lines)
    kept = "".join("".join(part.text for part in line).replace(" ", "") for line in lines)
    assert kept == pdf.shown(text).replace(" ", "").replace("\n", "")
