"""Tagged A4 documents: what is written is described with blocks, `render` makes the bytes.

    from app.kernel import pdf

    made = pdf.render(pdf.Document(
        title="Réponse à votre demande d’accès",        # window title and metadata
        made_at=clock.now(),                             # same blocks and same date: same bytes
        footer="Réseau du Val",                          # with the page number, at the foot of each page
        blocks=(
            pdf.Heading("Vos données", 1),               # 1 to 6, no level skipped; each one is a bookmark
            pdf.Paragraph(("Année de naissance : ", pdf.Bold("1958"))),
            pdf.Items(("Une demande en cours", "Deux séances")),
            pdf.Facts((("Commune", "Marmande"), ("Langue", "français")), caption="Vos coordonnées"),
            pdf.Table("Séances", (pdf.Column("Jour"), pdf.Column("Minutes", numeric=True)), (("3 mars 2026", "45"),)),
            pdf.Figure("Carte des communes : …", height=200, draw=draw_map),   # draw(canvas, x, y, width, height)
            pdf.Side(((pdf.Paragraph("à gauche"),), (pdf.Paragraph("à droite"),)), boxed=True),
            pdf.PageBreak(),
        ),
    ))

Lengths are points (72 an inch); `scale=18 / 11` prints large. Fonts are embedded; a character they lack is drawn with the
nearest one and read as it was written. Lines, boxes, footers and repeated table heads are artifacts. The first cell of a
row is its header. Never call `render` inside a write transaction: it takes tenths of a second.
"""

from app.kernel.pdf.blocks import (
    Block,
    Bold,
    Column,
    Document,
    Facts,
    Figure,
    Heading,
    Items,
    PageBreak,
    Paragraph,
    Side,
    Space,
    Table,
    Together,
    plain,
)
from app.kernel.pdf.fonts import BOLD, REGULAR, register, shown
from app.kernel.pdf.render import render

__all__ = [
    "BOLD",
    "REGULAR",
    "Block",
    "Bold",
    "Column",
    "Document",
    "Facts",
    "Figure",
    "Heading",
    "Items",
    "PageBreak",
    "Paragraph",
    "Side",
    "Space",
    "Table",
    "Together",
    "plain",
    "register",
    "render",
    "shown",
]
