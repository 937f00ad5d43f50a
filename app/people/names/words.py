"""The words of a name, written one way: lower case, no accents, every script kept."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

MAX_KEY = 40

_PARTICLES = frozenset(
    (
        *("de", "du", "des", "da", "do", "dos", "das", "di", "del", "della", "la", "le", "les", "lo", "el", "al", "ul"),
        *("van", "von", "der", "den", "ter", "ten", "zu", "zur", "san"),
        *("ben", "bin", "bint", "ibn", "ould", "ait", "abu", "abou"),
    )
)
_LETTERS = {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
# Arabic letters that writers exchange: alef maksura and yeh, teh marbuta and heh; tatweel only stretches.
_LETTERS |= {"ى": "ي", "ة": "ه", "ـ": ""}
_FOLDED = str.maketrans(_LETTERS)


def normalise(text: str) -> str:
    """Lower case, no accents, ligatures written out, words separated by one space; every script is kept.

    Hyphens, apostrophes, emoji and punctuation separate words; direction marks and other invisible characters vanish.
    """
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold()).translate(_FOLDED)
    kept = "".join(_kept(character) for character in bare)
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def tokens(text: str) -> tuple[str, ...]:
    """What one name is found by: its words but particles, each glued to what precedes it, at most 40 characters each.

    « De La Tour » gives tour, latour, delatour; « Jean-Pierre » jean, pierre, jeanpierre; a particle that ends the name
    (« Ben », « Lê ») is a word like another.
    """
    found: dict[str, None] = {}
    for before, word, previous in joined(normalise(text).split()):
        glued = ["".join([*before[at:], word]) for at in range(len(before) + 1)]
        for token in (word, *reversed(glued), *([previous + word] if previous else [])):
            found[token[:MAX_KEY]] = None
    return tuple(found)


def joined(words: Sequence[str]) -> Iterator[tuple[list[str], str, str]]:
    """(particles just before, word, the word before them or nothing), for each word that is no particle."""
    before: list[str] = []
    previous = ""
    for position, word in enumerate(words):
        last = position == len(words) - 1
        if not last and _is_particle(word):
            before.append(word)
            continue
        yield before, word, previous if not before else ""
        before, previous = [], word


def _is_particle(word: str) -> bool:
    return word in _PARTICLES or is_initial(word)


def is_initial(word: str) -> bool:
    """One letter of an alphabet; one Chinese character is a name."""
    return len(word) == 1 and ord(word) < 0x2E80


@lru_cache(maxsize=4096)
def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] == "L" or category == "Nd":
        return character
    if category[0] == "M":
        return "" if unicodedata.combining(character) else character
    return "" if category == "Cf" else " "


def digits_of(text: str) -> str:
    """The decimal digits of a text, in whatever script, as ASCII."""
    return "".join(str(unicodedata.digit(character)) for character in text if character.isdecimal())
