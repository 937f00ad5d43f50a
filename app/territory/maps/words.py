"""Numbers as the map writes them, and how wide words are in the product’s face."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from babel.numbers import format_decimal

from app.kernel.i18n import language

# Advance widths of Atkinson Hyperlegible Regular, in thousandths of its size, by groups of letters about as wide.
_WIDTHS = {
    240: " \u00a0\u202f,.:;'’|l",
    290: "ij!()I",
    330: "ftr[]-",
    460: "vyzxs1*–",
    510: "kc7J?aueL",
    560: "hnFogdbpT2E3q«»",
    610: "VYS69P+Z48RBX5A",
    660: "0K#CDwU",
    710: "NH&GOQ",
    840: "Mm@W",
    930: "œ%æ",
}
_WIDTH = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_OTHER, _BOLD = 600, 1.06


def text_width(text: str, size: float, strong: bool = False) -> float:
    """Width of the words at this size, in the same unit, to a few hundredths: enough to keep them apart."""
    return _units(text) * size / 1000 * (_BOLD if strong else 1.0)


@lru_cache(maxsize=4096)
def _units(text: str) -> int:
    bare = unicodedata.normalize("NFD", text)
    return sum(_WIDTH.get(letter, _OTHER) for letter in bare if not unicodedata.combining(letter))


def number(value: float) -> str:
    """« 12 500 », « 3,5 »: as many decimals as it has, one at most."""
    text: str = format_decimal(round(value, 1), "#,##0.#", locale="fr_FR" if language() == "fr" else "en_GB")
    return text
