"""The sharing card on paper: one of the size of a bank card, to cut out, and a leaflet that says how it works."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import segno
from reportlab.lib.colors import Color, HexColor, black, white
from reportlab.pdfgen.canvas import Canvas

from app.kernel import pdf
from app.kernel.i18n import gettext as _
from app.kernel.pdf.blocks import Draw
from app.people import cards

# ISO/IEC 7810, ID-1: 85.60 × 53.98 mm.
MM = 72 / 25.4
WIDE, HIGH = 85.6 * MM, 53.98 * MM
# Room around the card for its cut marks.
MARK, AWAY = 9.0, 3.0
ROOM = MARK + AWAY
QR_SIDE = 25 * MM
PAD = 5.5 * MM
ACCENT = HexColor("#1d4b45")
LARGE = 15 / 11


@dataclass(frozen=True)
class Paper:
    """What is printed: nothing of the person. `structure` and `phone` are empty when they would say too much."""

    code: str
    network: str
    structure: str
    phone: str
    made_at: datetime


def sharing_card(paper: Paper) -> bytes:
    """An A4 sheet: the card and its cut marks, then the leaflet in large print. The QR code holds the code alone."""
    figure = pdf.Figure(_alternative(paper), HIGH + 2 * ROOM, _drawing(paper), width=WIDE + 2 * ROOM)
    return pdf.render(
        pdf.Document(
            title=_("Carte de partage"),
            made_at=paper.made_at,
            footer=paper.network,
            blocks=(pdf.Heading(_("Votre carte de partage"), 1), figure, *_leaflet(paper)),
            scale=LARGE,
        )
    )


def _alternative(paper: Paper) -> str:
    return _(
        "Carte à découper, de la taille d’une carte bancaire. Code : %(code)s. Le carré à scanner contient le même code.",
        code=cards.shown_code(paper.code),
    )


def _leaflet(paper: Paper) -> tuple[pdf.Block, ...]:
    return (
        pdf.Heading(_("À quoi elle sert"), 2),
        pdf.Paragraph(_("Dans une autre structure du réseau, elle évite de tout raconter à nouveau.")),
        pdf.Heading(_("Comment elle marche"), 2),
        pdf.Items(
            (
                _("Vous montrez la carte. Vous êtes là."),
                _("Vous dites votre année de naissance et votre mot."),
                _("La structure lit ce que vous avez accepté de partager. Rien d’autre."),
                _("Votre structure est prévenue."),
            ),
            numbered=True,
        ),
        pdf.Heading(_("Pour rester en sécurité"), 2),
        pdf.Items(
            (
                _("N’écrivez pas votre mot sur la carte. Ne le dites pas à quelqu’un que vous ne connaissez pas."),
                _("Il n’y a pas votre nom sur la carte. Sans vous et sans votre mot, elle n’ouvre rien."),
                _("Après 3 erreurs, elle se bloque. On vous en fait une autre."),
            )
        ),
        pdf.Heading(_("Si vous la perdez, ou si vous n’en voulez plus"), 2),
        pdf.Paragraph(_contact(paper)),
        pdf.Paragraph(_("Elle ne marche plus tout de suite. Cela ne change rien à l’aide que vous recevez.")),
    )


def _contact(paper: Paper) -> str:
    if not paper.structure:
        return _("Dites-le à la structure qui vous a remis cette carte.")
    if not paper.phone:
        return _("Dites-le à %(structure)s.", structure=paper.structure)
    return _("Dites-le à %(structure)s, ou appelez le %(phone)s.", structure=paper.structure, phone=paper.phone)


def _drawing(paper: Paper) -> Draw:
    def draw(canvas: Canvas, x: float, y: float, _width: float, _height: float) -> None:
        pdf.register()
        left, bottom = x + ROOM, y + ROOM
        _cut_marks(canvas, left, bottom)
        canvas.setStrokeColor(HexColor("#dccfb6"))
        canvas.setLineWidth(0.4)
        canvas.roundRect(left, bottom, WIDE, HIGH, 3.2 * MM)
        _qr(canvas, paper.code, left + WIDE - PAD - QR_SIDE, bottom + (HIGH - QR_SIDE) / 2)
        _words(canvas, paper, left + PAD, bottom)

    return draw


def _cut_marks(canvas: Canvas, left: float, bottom: float) -> None:
    canvas.setStrokeColor(black)
    canvas.setLineWidth(0.4)
    for x in (left, left + WIDE):
        for start, away in ((bottom, -1), (bottom + HIGH, 1)):
            canvas.line(x, start + away * AWAY, x, start + away * ROOM)
    for y in (bottom, bottom + HIGH):
        for start, away in ((left, -1), (left + WIDE, 1)):
            canvas.line(start + away * AWAY, y, start + away * ROOM, y)


def _qr(canvas: Canvas, code: str, left: float, bottom: float) -> None:
    """Drawn square by square; the quiet zone of four modules is inside the side."""
    rows = list(segno.make(code, error="m", micro=False).matrix_iter(border=4))
    side = QR_SIDE / len(rows)
    canvas.setFillColor(white)
    canvas.rect(left, bottom, QR_SIDE, QR_SIDE, stroke=0, fill=1)
    canvas.setFillColor(black)
    for rank, row in enumerate(rows):
        for at, dark in enumerate(row):
            if dark:
                canvas.rect(left + at * side, bottom + QR_SIDE - (rank + 1) * side, side, side, stroke=0, fill=1)


def _words(canvas: Canvas, paper: Paper, left: float, bottom: float) -> None:
    room = WIDE - 2 * PAD - QR_SIDE - 2 * MM
    top = bottom + HIGH - PAD
    _line(canvas, _("Carte de partage"), pdf.BOLD, 12.5, left, top - 9, room, ACCENT)
    _line(canvas, paper.network, pdf.REGULAR, 8, left, top - 20, room, black)
    for rank, group in enumerate(cards.shown_code(paper.code).split()):
        _line(canvas, group, pdf.BOLD, 25, left, bottom + HIGH / 2 - 1 - rank * 27, room, black)
    contact = [text for text in (paper.structure, paper.phone) if text]
    for rank, text in enumerate(reversed(contact)):
        _line(canvas, text, pdf.REGULAR, 8, left, bottom + PAD - 3 + rank * 10, WIDE - 2 * PAD, black)


def _line(canvas: Canvas, text: str, face: str, size: float, x: float, y: float, room: float, colour: Color) -> None:  # noqa: PLR0913
    """One line, as small as it must be to fit."""
    said = pdf.shown(text)
    width = canvas.stringWidth(said, face, size)
    canvas.setFillColor(colour)
    canvas.setFont(face, size if width <= room else size * room / width)
    canvas.drawString(x, y, said)
