"""The faces of documents, and text cut into lines that fit."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from app.kernel.pdf.blocks import Bold, Words

REGULAR = "AtkinsonHyperlegible-Regular"
BOLD = "AtkinsonHyperlegible-Bold"
_FOLDER = Path(__file__).resolve().parents[2] / "static" / "fonts"
_NEAREST = {
    "→": "›",
    "←": "‹",
    "≤": "<=",
    "≥": ">=",
    "✓": "×",
    "●": "•",
    "○": "·",
    "\t": " ",
    "\u200b": "",
    "\ufeff": "",
}
_BREAKS = re.compile(r"( +|\n)")


@lru_cache(maxsize=1)
def register() -> None:
    """Make the faces known to ReportLab (once)."""
    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(_FOLDER / f"{name}.ttf")))


@lru_cache(maxsize=1)
def _known() -> frozenset[int]:
    register()
    return frozenset(_glyphs(REGULAR)) & frozenset(_glyphs(BOLD))


def _glyphs(name: str) -> dict[int, int]:
    font: Any = pdfmetrics.getFont(name)
    found: dict[int, int] = font.face.charToGlyph
    return found


def shown(text: str) -> str:
    """The text with characters that the faces have: the nearest one, the letter without its accent, else « ? »."""
    composed = unicodedata.normalize("NFC", text)
    if all(character == "\n" or ord(character) in _known() for character in composed):
        return composed
    return "".join(_nearest(character) for character in composed)


def _nearest(character: str) -> str:
    if character == "\n" or ord(character) in _known():
        return character
    if character in _NEAREST:
        return _NEAREST[character]
    bare = unicodedata.normalize("NFKD", character)
    kept = "".join(part for part in bare if ord(part) in _known() and not unicodedata.combining(part))
    return kept or ("" if unicodedata.category(character) in {"Cf", "Cc", "Mn"} else "?")


@dataclass(frozen=True)
class Segment:
    """Characters of one face on one line."""

    text: str
    face: str


Line = tuple[Segment, ...]
Word = list[Segment]


def width_of(line: Line | Word, size: float) -> float:
    """Width in points."""
    return float(sum(pdfmetrics.stringWidth(part.text, part.face, size) for part in line))


def wrap(words: Words, width: float, size: float, bold: bool = False) -> tuple[Line, ...]:
    """The lines of a text in a width; a word wider than the line is cut. Nothing gives one empty line."""
    register()
    lines: list[Word] = [[]]
    for word in _words(words, bold):
        if word is None:
            lines.append([])
            continue
        _place(lines, word, width, size)
    return tuple(_joined(line) for line in lines)


def _place(lines: list[Word], word: Word, width: float, size: float) -> None:
    spaced = [Segment(" ", word[0].face), *word] if lines[-1] else word
    if width_of([*lines[-1], *spaced], size) <= width:
        lines[-1].extend(spaced)
        return
    if lines[-1]:
        lines.append([])
    for part in _cut(word, width, size):
        if lines[-1]:
            lines.append([])
        lines[-1].extend(part)


def _cut(word: Word, width: float, size: float) -> list[Word]:
    """The word in pieces that fit, one piece when it fits."""
    if width_of(word, size) <= width:
        return [word]
    pieces: list[Word] = [[]]
    for segment in word:
        for character in segment.text:
            one = Segment(character, segment.face)
            if pieces[-1] and width_of([*pieces[-1], one], size) > width:
                pieces.append([])
            pieces[-1].append(one)
    return pieces


def _words(words: Words, bold: bool) -> list[Word | None]:
    """Words in order, None where a line is broken. A word may change face in its middle."""
    found: list[Word | None] = []
    word: Word = []
    for run in [words] if isinstance(words, str) else words:
        text = run.text if isinstance(run, Bold) else run
        face = BOLD if bold or isinstance(run, Bold) else REGULAR
        for piece in _BREAKS.split(shown(text)):
            if piece.strip(" \n"):
                word.append(Segment(piece, face))
            elif piece:
                found += [word] if word else []
                found += [None] if piece == "\n" else []
                word = []
    return [*found, word] if word else found


def _joined(line: Word) -> Line:
    """Neighbours of one face made one segment."""
    joined: list[Segment] = []
    for segment in line:
        if joined and joined[-1].face == segment.face:
            joined[-1] = Segment(joined[-1].text + segment.text, segment.face)
        else:
            joined.append(segment)
    return tuple(joined)
