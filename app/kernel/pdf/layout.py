"""From blocks to pieces: sizes, widths, and the element of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from app.kernel.pdf.blocks import (
    Block,
    Column,
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
    Words,
    plain,
)
from app.kernel.pdf.fonts import shown, wrap
from app.kernel.pdf.pen import ACCENT, INK, SIGNAL, SOFT, Style
from app.kernel.pdf.pieces import Beside, Gap, Lines, NewPage, Picture, Piece, Row
from app.kernel.pdf.structure import Node

_HEADINGS = {1: (20, 24, 0), 2: (14, 18, 16), 3: (11.5, 15, 10)}
_TONES = {
    "body": (11, 15.5, INK, False),
    "small": (9, 12, SOFT, False),
    "lead": (12.5, 17.5, INK, False),
    "big": (22, 25, ACCENT, True),
    "warning": (11, 15.5, SIGNAL, True),
}
_CELL = (9.5, 12.5)
_CELL_GAP = 8.0
_BULLET = 14.0


class SkippedLevel(ValueError):
    """A heading jumps over a level: readers of headings would look for the missing one."""


@dataclass(frozen=True)
class _Grid:
    """The columns of a table in a width."""

    columns: Sequence[Column]
    width: float
    head: Row | None = None

    @property
    def widths(self) -> list[float]:
        whole = sum(column.share for column in self.columns)
        left = self.width - _CELL_GAP * (len(self.columns) - 1)
        return [left * column.share / whole for column in self.columns]


class Layout:
    """Turns blocks into pieces of a width, and grows the structure tree as it goes."""

    def __init__(self, root: Node, scale: float) -> None:
        self.root = root
        self.scale = scale
        self._level = 0
        self._makers: dict[type[Any], Callable[[Any, float, Node], Iterator[Piece]]] = {
            Heading: self._heading,
            Paragraph: self._paragraph,
            Items: self._items,
            Table: self._table,
            Facts: self._facts,
            Figure: self._figure,
            Side: self._side,
            Together: self._together,
            Space: self._space,
            PageBreak: self._page_break,
        }

    def pieces(self, blocks: Sequence[Block], width: float, parent: Node | None = None) -> list[Piece]:
        """The pieces of these blocks in a width. Raises SkippedLevel."""
        within = parent or self.root
        return [piece for block in blocks for piece in self._makers[type(block)](block, width, within)]

    def _style(self, size: float, leading: float, colour: Any = INK, bold: bool = False) -> Style:
        return Style(size * self.scale, leading * self.scale, colour, bold)

    def _lines(self, node: Node, words: Words, width: float, style: Style, **values: Any) -> Lines:
        said = plain(words)
        if shown(said) != said:
            node.actual = said
        return Lines(node, wrap(words, width, style.size, style.bold), style, width=width, **values)

    def _heading(self, block: Heading, width: float, parent: Node) -> Iterator[Piece]:
        if not 1 <= block.level <= min(self._level + 1, 6):
            raise SkippedLevel(f"{block.text!r}: H{block.level} after H{self._level}")
        self._level = block.level
        size, leading, before = _HEADINGS.get(block.level, _HEADINGS[3])
        style = self._style(size, leading, ACCENT, True)
        node = parent.add(f"H{block.level}")
        mark = (block.text, block.level - 1)
        yield self._lines(node, block.text, width, style, before=before, stays=True, bookmark=mark)

    def _paragraph(self, block: Paragraph, width: float, parent: Node) -> Iterator[Piece]:
        style = self._style(*_TONES[block.tone])
        before = 2 if block.tone == "big" else 6
        yield self._lines(parent.add("P"), block.words, width, style, before=before)

    def _items(self, block: Items, width: float, parent: Node) -> Iterator[Piece]:
        style, indent = self._style(*_TONES["body"]), _BULLET * self.scale
        within = parent.add("L")
        for rank, item in enumerate(block.items, 1):
            entry = within.add("LI")
            bullet = wrap(f"{rank}." if block.numbered else "•", indent, style.size)[0]
            label = (entry.add("Lbl"), bullet)
            body = entry.add("LBody")
            yield self._lines(body, item, width - indent, style, indent=indent, label=label, before=4)

    def _table(self, block: Table, width: float, parent: Node) -> Iterator[Piece]:
        table = parent.add("Table")
        yield self._caption(table, block.caption, width)
        grid = _Grid(block.columns, width)
        head = self._row(table.add("THead"), grid, [one.label for one in block.columns], heads=True)
        yield head
        body = table.add("TBody")
        for row in block.rows:
            yield self._row(body, replace(grid, head=head), row)

    def _facts(self, block: Facts, width: float, parent: Node) -> Iterator[Piece]:
        table = parent.add("Table")
        if block.caption:
            yield self._caption(table, block.caption, width)
        grid = _Grid((Column("", share=block.label_share), Column("", share=1 - block.label_share)), width)
        body = table.add("TBody")
        for pair in block.pairs:
            yield self._row(body, grid, pair)

    def _caption(self, table: Node, text: str, width: float) -> Lines:
        style = self._style(9.5, 13, INK, True)
        return self._lines(table.add("Caption"), text, width, style, before=10, stays=True)

    def _row(self, group: Node, grid: _Grid, cells: Sequence[Words], *, heads: bool = False) -> Row:
        node, style = group.add("TR"), self._style(*_CELL, INK, heads)
        made = []
        for rank, (words, column, width) in enumerate(zip(cells, grid.columns, grid.widths, strict=True)):
            scope = "Column" if heads else "Row" if rank == 0 else ""
            cell = node.add("TH" if scope else "TD", scope=scope)
            made.append(self._lines(cell, words, width, style, right=column.numeric))
        offsets = [0.0, *accumulate(one + _CELL_GAP for one in grid.widths[:-1])]
        return Row(made, offsets, grid.width, stays=heads, head=grid.head, is_head=heads)

    def _figure(self, block: Figure, width: float, parent: Node) -> Iterator[Piece]:
        node = parent.add("Figure", alt=block.alt)
        wide = min(block.width or width, width)
        yield Picture(node, wide, block.height, block.draw, before=8, stays=bool(block.caption))
        if block.caption:
            style = self._style(*_TONES["small"])
            yield self._lines(parent.add("Caption"), block.caption, width, style, before=3)

    def _side(self, block: Side, width: float, parent: Node) -> Iterator[Piece]:
        made = Beside([], width, block.gap, block.boxed, before=8)
        inside = (width - block.gap * (len(block.columns) - 1)) / len(block.columns) - 2 * made.inner
        made.columns = [self.pieces(column, inside, parent.add("Div")) for column in block.columns]
        yield made

    def _together(self, block: Together, width: float, parent: Node) -> Iterator[Piece]:
        pieces = self.pieces(block.blocks, width, parent)
        for piece in pieces[:-1]:
            piece.stays = True
        yield from pieces

    def _space(self, block: Space, width: float, parent: Node) -> Iterator[Piece]:
        yield Gap(block.height)

    def _page_break(self, block: PageBreak, width: float, parent: Node) -> Iterator[Piece]:
        yield NewPage()
