"""The hand that draws: everything it puts on a page is marked as content of an element, or as an artifact."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from app.kernel.pdf.fonts import Line
from app.kernel.pdf.structure import Mark, Node

INK = HexColor("#211e1a")
SOFT = HexColor("#4b453c")
ACCENT = HexColor("#1d4b45")
SIGNAL = HexColor("#8c3d08")
WASH = HexColor("#f6f1e6")
RULE = HexColor("#dccfb6")
STRONG_RULE = HexColor("#857862")


@dataclass(frozen=True)
class Style:
    """Size and leading in points."""

    size: float
    leading: float
    colour: Any = INK
    bold: bool = False


class Pen:
    """A canvas that numbers its marks."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.page = 0
        self._next = 0

    def turn(self) -> None:
        """End the page."""
        self.canvas.showPage()
        self.page += 1
        self._next = 0

    @contextmanager
    def content(self, node: Node) -> Iterator[None]:
        """What is drawn inside is part of the element."""
        mark = Mark(self.page, self._next)
        self._next += 1
        node.children.append(mark)
        with self._marked(f"/{node.tag} <</MCID {mark.number}>> BDC"):
            yield

    @contextmanager
    def artifact(self, kind: str = "Layout") -> Iterator[None]:
        """What is drawn inside means nothing to a reader."""
        with self._marked(f"/Artifact <</Type /{kind}>> BDC"):
            yield

    @contextmanager
    def _marked(self, opening: str) -> Iterator[None]:
        code: list[str] = self.canvas._code  # type: ignore[attr-defined]
        code.append(opening)
        yield
        code.append("EMC")

    def line(self, line: Line, at: tuple[float, float], style: Style, *, more: bool = False) -> None:
        """One line of text from a point; `more` leaves a space after it, so that words of two lines do not join."""
        text = self.canvas.beginText(*at)
        text.setFillColor(style.colour)
        for rank, segment in enumerate(line, 1):
            text.setFont(segment.face, style.size)
            text.textOut(segment.text + (" " if more and rank == len(line) else ""))
        self.canvas.drawText(text)

    def rule(self, x: float, y: float, width: float, *, strong: bool = False) -> None:
        """A horizontal line."""
        with self.artifact():
            self.canvas.setStrokeColor(STRONG_RULE if strong else RULE)
            self.canvas.setLineWidth(1 if strong else 0.6)
            self.canvas.line(x, y, x + width, y)

    def box(self, x: float, y: float, width: float, height: float) -> None:
        """A quiet background with rounded corners."""
        with self.artifact("Background"):
            self.canvas.setFillColor(WASH)
            self.canvas.setStrokeColor(RULE)
            self.canvas.setLineWidth(0.6)
            self.canvas.roundRect(x, y, width, height, 5, stroke=1, fill=1)
