"""The keys by which two records that may be one person meet: each is rare enough that few people share it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from app.people.names import normalise, phonetic
from app.people.names.words import MAX_KEY, digits_of

MOST_SOUNDS = 5
# The kind of these keys among those of `search_key`.
KIND = "likeness"


def likeness_keys(names: Iterable[str], phones: Iterable[str], birth_year: int | None) -> frozenset[str]:
    """Two sounds of the name together, one sound with the birth year, a whole telephone. At most 80 characters each."""
    sounds = _sounds(names)
    found = {f"n:{one[: MAX_KEY // 2]}:{other[: MAX_KEY // 2]}" for one, other in combinations(sounds, 2)}
    if birth_year is not None:
        found |= {f"y:{birth_year}:{sound[:MAX_KEY]}" for sound in sounds}
    return frozenset(found | {f"p:{digits}" for phone in phones if (digits := digits_of(phone)[:MAX_KEY])})


def _sounds(names: Iterable[str]) -> list[str]:
    """How each word sounds; the word itself when it is not written in Latin letters."""
    words = {word for name in names for word in normalise(name).split() if len(word) > 1}
    return sorted({phonetic(word) or word for word in words})[:MOST_SOUNDS]
