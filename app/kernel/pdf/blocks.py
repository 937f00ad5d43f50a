"""What a document says, before any ink: blocks in reading order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from reportlab.pdfgen.canvas import Canvas


@dataclass(frozen=True)
class Bold:
    """Words in bold inside a text."""

    text: str


Run = str | Bold
Words = str | Sequence[Run]
Draw = Callable[[Canvas, float, float, float, float], None]
Tone = Literal["body", "small", "lead", "big", "warning"]


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 6, also a bookmark."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `\\n` breaks a line."""

    words: Words
    tone: Tone = "body"


@dataclass(frozen=True)
class Items:
    """A list, with bullets or numbers."""

    items: Sequence[Words]
    numbered: bool = False


@dataclass(frozen=True)
class Column:
    """A column of a table; `share` is its part of the width."""

    label: str
    numeric: bool = False
    share: float = 1.0


@dataclass(frozen=True)
class Table:
    """A table. The first cell of each row is its header; the head is repeated on each page."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Words]]


@dataclass(frozen=True)
class Facts:
    """Labels and values, one a line."""

    pairs: Sequence[tuple[str, Words]]
    caption: str = ""
    label_share: float = 0.4


@dataclass(frozen=True)
class Figure:
    """A drawing with its text alternative. `draw` gets the canvas, the lower left corner, the width and the height."""

    alt: str
    height: float
    draw: Draw
    width: float | None = None
    caption: str = ""


@dataclass(frozen=True)
class Side:
    """Blocks side by side, each column as wide as the others, never cut between two pages."""

    columns: Sequence[Sequence[Block]]
    boxed: bool = False
    gap: float = 12


@dataclass(frozen=True)
class Together:
    """Blocks kept on one page when a page can hold them."""

    blocks: Sequence[Block]


@dataclass(frozen=True)
class Space:
    """Empty height."""

    height: float


@dataclass(frozen=True)
class PageBreak:
    """What follows begins a page."""


Block = Heading | Paragraph | Items | Table | Facts | Figure | Side | Together | Space | PageBreak


@dataclass(frozen=True)
class Document:
    """A whole document. `scale` multiplies every size of text."""

    title: str
    blocks: Sequence[Block]
    made_at: datetime
    author: str = ""
    subject: str = ""
    language: str = "fr"
    footer: str = ""
    scale: float = 1.0
    margin: float = 51


def plain(words: Words) -> str:
    """The words without their weight."""
    if isinstance(words, str):
        return words
    return "".join(run.text if isinstance(run, Bold) else run for run in words)
