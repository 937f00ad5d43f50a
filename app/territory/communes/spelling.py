"""One spelling for the names of places, so that « St Étienne », « saint-etienne » and « SAINT ETIENNE » meet."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})
_EDGES = re.compile(r"[^a-z0-9]+")
_ORDINAL = re.compile(r"\b(\d+) ?(?:er|ere|re|e|eme|ieme)\b")
_WORDS = {
    "st": "saint",
    "ste": "sainte",
    "sts": "saints",
    "stes": "saintes",
    "arr": "arrondissement",
    "ardt": "arrondissement",
}
_ARTICLES = ("le ", "la ", "les ", "l ", "aux ", "las ", "los ")
_SHORT_LINKS = (("s/s", " sous "), ("s/", " sur "))


def spelled(text: str) -> str:
    """Lower-case ASCII words separated by one space, abbreviations written out, ordinals reduced to their number."""
    bare = _without_accents(text.lower())
    for short, long in _SHORT_LINKS:
        bare = bare.replace(short, long)
    bare = _EDGES.sub(" ", bare).strip()
    if any(character.isdigit() for character in bare):
        bare = _ORDINAL.sub(r"\1", bare)
    return " ".join(_WORDS.get(word, word) for word in bare.split() if word != "cedex")


def without_article(name: str) -> str:
    """« havre » from « le havre »: a spelled name without the article it begins with."""
    return next((name[len(article) :] for article in _ARTICLES if name.startswith(article)), name)


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(c for c in decomposed if not unicodedata.combining(c))
