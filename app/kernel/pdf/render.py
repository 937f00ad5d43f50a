"""Pages from pieces, ink from pages, tags on the ink."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from app.kernel.i18n import gettext as _
from app.kernel.pdf.blocks import Document
from app.kernel.pdf.fonts import REGULAR, register, width_of, wrap
from app.kernel.pdf.layout import Layout
from app.kernel.pdf.pen import SOFT, Pen, Style
from app.kernel.pdf.pieces import NewPage, Piece, Repeated, Row
from app.kernel.pdf.structure import About, Node, tag

FOOT = 24.0
_SMALL = Style(8.5, 11, SOFT)


class TooTall(ValueError):
    """A piece that may not be cut is higher than a page."""


@dataclass(frozen=True)
class Placed:
    """A piece and the height of its top edge on the page."""

    piece: Piece
    top: float


def render(document: Document) -> bytes:
    """The document as a tagged PDF. Raises SkippedLevel, and TooTall for a figure or a row of columns above a page."""
    register()
    root = Node("Document")
    wide, high = A4
    pieces = Layout(root, document.scale).pieces(document.blocks, wide - 2 * document.margin)
    pages = paginate(pieces, high - document.margin, document.margin + FOOT)
    made = BytesIO()
    face: Any = REGULAR  # the stubs say float
    canvas = Canvas(made, pagesize=A4, initialFontName=face, invariant=1, pageCompression=1)
    _draw(Pen(canvas), pages, document)
    canvas.save()
    about = About(document.title, document.author, document.subject, document.language, document.made_at)
    return tag(made.getvalue(), root, about)


def paginate(pieces: list[Piece], top: float, bottom: float) -> list[list[Placed]]:
    """Pieces placed from `top` down to `bottom` on as many pages as they need."""
    pages: list[list[Placed]] = [[]]
    left, at = deque(pieces), top
    while left:
        piece = left.popleft()
        if isinstance(piece, NewPage):
            at = _turn(pages, top, left) if pages[-1] else top
            continue
        first = not pages[-1]
        start = at if first else at - piece.before
        if _fits([piece, *left], start, bottom, top - bottom):
            pages[-1].append(Placed(piece, start))
            at = start - piece.height
            continue
        halves = piece.split(start - bottom) if not piece.stays else None
        if halves:
            pages[-1].append(Placed(halves[0], start))
            left.appendleft(halves[1])
        elif first or _only_head(pages[-1]):
            raise TooTall(f"{piece.height:.0f} points")
        else:
            left.appendleft(piece)
        at = _turn(pages, top, left)
    return pages if pages[-1] or len(pages) == 1 else pages[:-1]


def _fits(pieces: list[Piece], start: float, bottom: float, page: float) -> bool:
    """The first piece fits, and with it what may not be left to the next page (unless a page cannot hold them all)."""
    piece = pieces[0]
    if start - piece.height < bottom:
        return False
    height, rank = piece.height, 0
    while pieces[rank].stays and rank + 1 < len(pieces):
        rank += 1
        height += pieces[rank].before + _least(pieces[rank])
    return start - height >= bottom or height > page


def _least(piece: Piece) -> float:
    """The least of a piece that may begin a page’s end."""
    halves = None if piece.stays else piece.split(min(piece.height - 1, 40))
    return halves[0].height if halves else piece.height


def _turn(pages: list[list[Placed]], top: float, left: deque[Piece]) -> float:
    pages.append([])
    following = left[0] if left else None
    if isinstance(following, Row) and following.head is not None:
        repeated = Repeated(following.head)
        pages[-1].append(Placed(repeated, top))
        return top - repeated.height
    return top


def _only_head(page: list[Placed]) -> bool:
    return all(isinstance(one.piece, Repeated) for one in page)


def _draw(pen: Pen, pages: list[list[Placed]], document: Document) -> None:
    for number, page in enumerate(pages, 1):
        for placed in page:
            placed.piece.draw(pen, document.margin, placed.top)
        _foot(pen, document, number, len(pages))
        pen.turn()


def _foot(pen: Pen, document: Document, number: int, total: int) -> None:
    """The footer and the page number, on every page."""
    width = A4[0] - 2 * document.margin
    counted = wrap(_("Page %(number)d sur %(total)d", number=number, total=total), width, _SMALL.size)[0]
    y = document.margin - 4
    with pen.artifact("Pagination"):
        pen.line(wrap(document.footer, width * 0.8, _SMALL.size)[0], (document.margin, y), _SMALL)
        pen.line(counted, (document.margin + width - width_of(counted, _SMALL.size), y), _SMALL)
