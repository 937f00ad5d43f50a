"""The liaison sheet: paper that the person keeps and shows to whom they like. Printed blank: nothing of them is kept here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reportlab.lib.colors import black
from reportlab.pdfgen.canvas import Canvas

from app.kernel import pdf
from app.kernel.i18n import gettext as _
from app.kernel.pdf.blocks import Draw

LARGE = 15 / 11
LINE = 24.0


@dataclass(frozen=True)
class Sheet:
    """Who hands the sheet; `structure` is empty when its name would say too much."""

    structure: str
    network: str
    made_at: datetime


@dataclass(frozen=True)
class Part:
    """A heading and what is to be written by hand under it: (what, lines)."""

    title: str
    fields: tuple[tuple[str, int], ...]


def parts() -> tuple[Part, ...]:
    """The sheet, the same on screen and in the document."""
    return (
        Part(_("Où aller"), ((_("Structure ou service"), 1), (_("Adresse et téléphone"), 2), (_("Jour et heure"), 1))),
        Part(_("Ce que je demande"), ((_("Mon besoin, avec mes mots"), 3), (_("Déjà essayé"), 2))),
        Part(_("Si je veux le dire"), ((_("Mon nom"), 1), (_("Comment me joindre"), 1), (_("Pour être à l’aise"), 1))),
        Part(_("Réponse de la structure"), ((_("Ce qui a été fait"), 2), (_("La suite"), 2))),
    )


def introduction() -> tuple[str, str]:
    """What the sheet is, said to the person."""
    return (
        _("Cette feuille est à vous. Vous la montrez à qui vous voulez, ou à personne."),
        _("Rien de ce qui est écrit ici n’est gardé dans l’application."),
    )


def liaison_sheet(sheet: Sheet) -> bytes:
    """An A4 sheet, tagged, in large print, with lines to write on; the partner’s answer is on the back."""
    blocks: list[pdf.Block] = [pdf.Heading(_("Fiche de liaison"), 1), *(pdf.Paragraph(one) for one in introduction())]
    if sheet.structure:
        blocks.append(pdf.Paragraph(_("Feuille remise par %(name)s.", name=sheet.structure)))
    *front, answer = parts()
    for part in front:
        blocks += _part(part)
    blocks += [pdf.PageBreak(), *_part(answer)]
    return pdf.render(
        pdf.Document(
            title=_("Fiche de liaison"),
            made_at=sheet.made_at,
            footer=sheet.network,
            blocks=tuple(blocks),
            scale=LARGE,
        )
    )


def _part(part: Part) -> list[pdf.Block]:
    return [pdf.Heading(part.title, 2), *(_to_write(label, lines) for label, lines in part.fields)]


def _to_write(label: str, lines: int) -> pdf.Block:
    return pdf.Figure(_("%(what)s : à écrire à la main.", what=label), 16 + lines * LINE, _ruled(label, lines))


def _ruled(label: str, lines: int) -> Draw:
    def draw(canvas: Canvas, x: float, y: float, width: float, height: float) -> None:
        pdf.register()
        canvas.setFillColor(black)
        canvas.setFont(pdf.REGULAR, 13)
        canvas.drawString(x, y + height - 13, pdf.shown(label))
        canvas.setStrokeColor(black)
        canvas.setLineWidth(0.5)
        for rank in range(lines):
            canvas.line(x, y + rank * LINE + 4, x + width, y + rank * LINE + 4)

    return draw
