"""A summary on paper: the words of its page, in its order, and the same map."""

from __future__ import annotations

from collections.abc import Iterator

from reportlab.pdfgen.canvas import Canvas

from app.kernel import pdf
from app.kernel.formats import day
from app.kernel.i18n import gettext as _
from app.kernel.pdf import Block
from app.pilotage.formulas.pages import Keyed, Page, Part, Words
from app.pilotage.queries.summaries import SummaryView
from app.territory.maps import Scene
from app.territory.maps import pdf as maps_pdf

MAP_WIDTH, MAP_HEIGHT = 430.0, 226.0
# A table of no more rows than this is not cut between two sheets.
_WHOLE = 14
_FONTS = maps_pdf.Fonts(pdf.REGULAR, pdf.BOLD)


def summary(view: SummaryView, scene: Scene | None) -> bytes:
    """The tagged A4 document. The same summary gives the same bytes, whenever it is printed."""
    page = view.page
    return pdf.render(
        pdf.Document(
            title=f"{page.title} – {view.network}",
            blocks=tuple(_blocks(view, scene)),
            made_at=view.published_at,
            author=view.author,
            subject=page.map.title,
            language=page.language,
            footer=f"{view.network} – {page.title}",
        )
    )


def _blocks(view: SummaryView, scene: Scene | None) -> Iterator[Block]:
    page = view.page
    yield pdf.Heading(page.title, 1)
    yield pdf.Paragraph(byline(view), "small")
    for paragraph in page.lead:
        yield pdf.Paragraph(paragraph, "lead")
    yield pdf.Side(tuple(tuple(_key(one)) for one in page.keys), boxed=True, gap=8)
    for sentence in page.not_compared:
        yield pdf.Paragraph(sentence, "small")
    if scene is not None:
        yield pdf.Together((pdf.Heading(page.map.title, 2), _map(page, scene)))
    elif page.map.description:
        yield pdf.Paragraph(page.map.description, "small")
    yield from _comment(view)
    for part in page.parts:
        yield from _part(part)
    if view.proposals:
        yield pdf.Heading(_("Ce qui est proposé"), 2)
        yield pdf.Paragraph(view.proposals)
    yield from _definitions(page)


def byline(view: SummaryView) -> str:
    """Who published it, when, about where."""
    said = _("Publiée le %(day)s par %(author)s.", day=day(view.published_on), author=view.author)
    return f"{view.network}, {view.territory}. {said}" if view.territory else f"{view.network}. {said}"


def _comment(view: SummaryView) -> Iterator[Block]:
    yield pdf.Heading(_("Le commentaire de la coordination"), 2)
    yield pdf.Paragraph(view.comment)


def _key(one: Keyed) -> Iterator[Block]:
    yield pdf.Paragraph(one.label, "small")
    yield pdf.Paragraph(one.value, "big")
    for trend in one.trends:
        yield pdf.Paragraph(trend, "small")


def _map(page: Page, scene: Scene) -> Block:
    def draw(canvas: Canvas, x: float, y: float, width: float, _height: float) -> None:
        maps_pdf.draw(canvas, scene, x, y, width, _FONTS)

    drawn = scene.height * MAP_WIDTH / scene.width
    legend = maps_pdf.height(scene, MAP_WIDTH) - drawn
    width = MAP_WIDTH * min(1, (MAP_HEIGHT - legend) / drawn)
    tall = maps_pdf.height(scene, width)
    return pdf.Figure(f"{page.map.title}. {page.map.description}", tall, draw, width, page.map.description)


def _part(part: Part) -> Iterator[Block]:
    yield pdf.Heading(part.title, 2)
    for sentence in part.sentences:
        yield pdf.Paragraph(sentence)
    for table in part.tables:
        yield from _table(table)


def _table(table: Words) -> Iterator[Block]:
    if table.rows:
        first, *others = table.columns
        columns = (pdf.Column(first, share=3), *(pdf.Column(label, numeric=True) for label in others))
        made = pdf.Table(table.caption, columns, table.rows)
        yield pdf.Together((made,)) if len(table.rows) <= _WHOLE else made
    if table.note:
        yield pdf.Paragraph(table.note, "small")


def _definitions(page: Page) -> Iterator[Block]:
    yield pdf.Heading(_("Définitions"), 2)
    for _code, label, text, unit, source, rule in page.definitions:
        yield pdf.Together(
            (
                pdf.Heading(label, 3),
                pdf.Paragraph(f"{text} {rule}"),
                pdf.Paragraph(_("Unité : %(unit)s. Source : %(source)s.", unit=unit, source=source), "small"),
            )
        )
    yield pdf.Heading(_("Ce qui est masqué"), 2)
    yield pdf.Items(page.notes)
