"""Pieces of a page: each knows its height, may be cut in two, and draws itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from app.kernel.pdf.blocks import Draw
from app.kernel.pdf.fonts import Line, width_of
from app.kernel.pdf.pen import Pen, Style
from app.kernel.pdf.structure import Node

FEWEST_LINES = 2
PAD = 4.0


class Piece(Protocol):
    """`before`: space above unless at the top of a page; `stays`: never the last of a page when something follows."""

    before: float
    stays: bool

    @property
    def height(self) -> float: ...

    def split(self, room: float) -> tuple[Piece, Piece] | None:
        """Two pieces, the first at most `room` high; None when it may not be cut there."""

    def draw(self, pen: Pen, x: float, top: float) -> None: ...


@dataclass
class Lines:
    """Lines of one element, with an optional label (a bullet) before the first."""

    node: Node
    lines: tuple[Line, ...]
    style: Style
    before: float = 0
    stays: bool = False
    indent: float = 0
    label: tuple[Node, Line] | None = None
    width: float = 0
    right: bool = False
    last: bool = True
    bookmark: tuple[str, int] | None = None

    @property
    def height(self) -> float:
        return len(self.lines) * self.style.leading

    def split(self, room: float) -> tuple[Piece, Piece] | None:
        return _halves(self, int(room / self.style.leading), FEWEST_LINES)

    def cut(self, count: int) -> tuple[Lines, Lines]:
        """The first `count` lines, and the others."""
        first = replace(self, lines=self.lines[:count], last=False)
        return first, replace(self, lines=self.lines[count:], before=0, label=None, bookmark=None)

    def draw(self, pen: Pen, x: float, top: float) -> None:
        if self.bookmark:
            _bookmark(pen, self.bookmark, top)
        if self.label:
            with pen.content(self.label[0]):
                pen.line(self.label[1], (x, self._baseline(top, 0)), self.style)
        if any(self.lines):
            with pen.content(self.node):
                self.write(pen, x, top)

    def write(self, pen: Pen, x: float, top: float) -> None:
        """The ink alone, without its mark."""
        for rank, line in enumerate(self.lines):
            start = x + self.indent + (self.width - width_of(line, self.style.size) if self.right else 0)
            more = not self.last or rank < len(self.lines) - 1
            pen.line(line, (start, self._baseline(top, rank)), self.style, more=more)

    def _baseline(self, top: float, rank: int) -> float:
        return top - rank * self.style.leading - (self.style.leading + self.style.size * 0.72) / 2


def _halves(lines: Lines, count: int, fewest: int) -> tuple[Lines, Lines] | None:
    count = min(count, len(lines.lines) - fewest)
    return lines.cut(count) if count >= fewest else None


def _bookmark(pen: Pen, bookmark: tuple[str, int], top: float) -> None:
    text, level = bookmark
    key = f"titre-{pen.page}-{top:.1f}-{len(text)}"
    pen.canvas.bookmarkPage(key, fit="XYZ", left=0, top=top + 6)
    pen.canvas.addOutlineEntry(text, key, level=level)


@dataclass
class Row:
    """One row of a table; `offsets` are the left edges of its cells."""

    cells: Sequence[Lines]
    offsets: Sequence[float]
    width: float
    stays: bool = False
    head: Row | None = None
    is_head: bool = False
    before: float = 0

    @property
    def height(self) -> float:
        return max(cell.height for cell in self.cells) + 2 * PAD

    def split(self, room: float) -> tuple[Piece, Piece] | None:
        leading = self.cells[0].style.leading
        count = int((room - 2 * PAD) / leading)
        if count < FEWEST_LINES or self.is_head:
            return None
        pairs = [cell.cut(min(count, len(cell.lines))) for cell in self.cells]
        first = replace(self, cells=[one for one, _ in pairs], stays=False)
        return first, replace(self, cells=[other for _, other in pairs])

    def draw(self, pen: Pen, x: float, top: float) -> None:
        for cell, offset in zip(self.cells, self.offsets, strict=True):
            cell.draw(pen, x + offset, top - PAD)
        pen.rule(x, top - self.height, self.width, strong=self.is_head)


@dataclass
class Repeated:
    """The head of a table that goes on: seen, not read again."""

    row: Row
    before: float = 0
    stays: bool = True

    @property
    def height(self) -> float:
        return self.row.height

    def split(self, room: float) -> tuple[Piece, Piece] | None:
        return None

    def draw(self, pen: Pen, x: float, top: float) -> None:
        for cell, offset in zip(self.row.cells, self.row.offsets, strict=True):
            with pen.artifact("Pagination"):
                cell.write(pen, x + offset, top - PAD)
        pen.rule(x, top - self.height, self.row.width, strong=True)


@dataclass
class Picture:
    """A drawing."""

    node: Node
    width: float
    tall: float
    paint: Draw
    before: float = 0
    stays: bool = False

    @property
    def height(self) -> float:
        return self.tall

    def split(self, room: float) -> tuple[Piece, Piece] | None:
        return None

    def draw(self, pen: Pen, x: float, top: float) -> None:
        bottom = top - self.tall
        self.node.box = (x, bottom, x + self.width, top)
        with pen.content(self.node):
            pen.canvas.saveState()
            self.paint(pen.canvas, x, bottom, self.width, self.tall)
            pen.canvas.restoreState()


@dataclass
class Beside:
    """Columns of pieces, drawn side by side."""

    columns: Sequence[Sequence[Piece]]
    width: float
    gap: float
    boxed: bool
    before: float = 0
    stays: bool = False
    pad: float = field(default=8.0)

    @property
    def height(self) -> float:
        return max(stacked(column) for column in self.columns) + 2 * self.inner

    @property
    def inner(self) -> float:
        """Space between a box and its words."""
        return self.pad if self.boxed else 0

    @property
    def column_width(self) -> float:
        return (self.width - self.gap * (len(self.columns) - 1)) / len(self.columns)

    def split(self, room: float) -> tuple[Piece, Piece] | None:
        return None

    def draw(self, pen: Pen, x: float, top: float) -> None:
        for rank, column in enumerate(self.columns):
            left = x + rank * (self.column_width + self.gap)
            if self.boxed:
                pen.box(left, top - self.height, self.column_width, self.height)
            at = top - self.inner
            for order, piece in enumerate(column):
                at -= piece.before if order else 0
                piece.draw(pen, left + self.inner, at)
                at -= piece.height


@dataclass
class Gap:
    """Nothing, of some height."""

    height: float
    before: float = 0
    stays: bool = False

    def split(self, room: float) -> tuple[Piece, Piece] | None:
        return None

    def draw(self, pen: Pen, x: float, top: float) -> None:
        """Nothing is drawn."""


@dataclass
class NewPage(Gap):
    """The end of a page."""

    height: float = 0


def stacked(pieces: Sequence[Piece]) -> float:
    """Height of pieces one above the other."""
    return sum(piece.height + (piece.before if rank else 0) for rank, piece in enumerate(pieces))
