"""What somebody typed in the search box, read."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from app.kernel.phones import overseas_prefixes
from app.people.names.phonetics import phonetic
from app.people.names.words import MAX_KEY, digits_of, is_initial, joined, normalise

MOST_PIECES = 8
MIN_PHONE_DIGITS = 4
LONGEST_QUERY = 300

_BORN = r"(?:\bnée?s?\b\s*)?(?:\b(?:le|en)\b\s*)?"
_DAY = r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])([ /.\-])(?:0?[1-9]|1[0-2])\2((?:19|20)\d\d)(?!\d)"
_ISO_DAY = r"(?<!\d)((?:19|20)\d\d)-\d{1,2}-\d{1,2}(?!\d)"
_BIRTH = re.compile(rf"({_BORN})(?:{_DAY}|{_ISO_DAY}|(?<!\S)((?:19|20)\d\d)(?!\S))", re.IGNORECASE)
_CIVILITY = re.compile(r"^\s*(?:m\.|mr\.?|mme|mlle|monsieur|madame)\s+", re.IGNORECASE)
_NUMBER = re.compile(r"(?:\+\s*)?\(?\d[\d\s.\-/()]*")


@dataclass(frozen=True, slots=True)
class Piece:
    """One word of the search: a person has it when a token begins with one of `prefixes` or a phonetic key is one of
    `phonetics` (empty for words of one or two letters, which are looked up by beginning only)."""

    text: str
    prefixes: tuple[str, ...]
    phonetics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody typed. Every piece must be found; `phones` are beginnings of phone keys, one of which must be.

    `initials` only help the order. `too_short`: nothing but single letters or a few digits, refused.
    """

    pieces: tuple[Piece, ...] = ()
    initials: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    birth_year: int | None = None
    too_short: bool = False

    @property
    def empty(self) -> bool:
        """Whether there is nothing to look up."""
        return not (self.pieces or self.phones or self.birth_year)


def parse_query(text: str) -> Query:
    """The pieces of name, telephone beginning (any notation, 4 digits at least) and birth year of what was typed."""
    text = _CIVILITY.sub("", unicodedata.normalize("NFKC", text[:LONGEST_QUERY]))
    year, text = _take_birth(text)
    numbers = [found for found in _NUMBER.findall(text) if len(digits_of(found)) >= MIN_PHONE_DIGITS]
    phones = _phone_beginnings(digits_of(numbers[0]), "+" in numbers[0]) if numbers else ()
    words = normalise(_NUMBER.sub(" ", text)).split()
    return _query(words, phones, year, anything=bool(words) or any(c.isdecimal() for c in text))


def _query(words: list[str], phones: tuple[str, ...], year: int | None, anything: bool) -> Query:
    found = [(before, word, previous) for before, word, previous in joined(words)]
    initials = tuple(word for word in words if is_initial(word))
    pieces = tuple(_piece(*each) for each in found if not is_initial(each[1]))[:MOST_PIECES]
    if found and is_initial(found[-1][1]) and any(len(particle) > 1 for particle in found[-1][0]):
        glued = "".join([*found[-1][0], found[-1][1]])
        pieces = (*pieces, Piece(glued, (glued,), ()))[:MOST_PIECES]
    return Query(pieces, initials, phones, year, too_short=anything and not (pieces or phones or year))


def _piece(before: list[str], word: str, previous: str) -> Piece:
    forms = [word, "".join([*before, word]), previous + word]
    prefixes = tuple(dict.fromkeys(form[:MAX_KEY] for form in forms))
    sounds = dict.fromkeys(phonetic(prefix) for prefix in prefixes if len(word) > 2)
    return Piece(word[:MAX_KEY], prefixes, tuple(sound for sound in sounds if sound))


def _take_birth(text: str) -> tuple[int | None, str]:
    """The birth year, and the text without it: « né le 12/05/1958 », « 1958-05-12 », « 1958 » standing alone."""
    found = _BIRTH.search(text)
    if found is None:
        return None, text
    year = found[3] or found[4] or found[5]
    return int(year), f"{text[: found.start()]} {text[found.end() :]}"


def _phone_beginnings(digits: str, international: bool) -> tuple[str, ...]:
    """E.164 beginnings, without « + », that these digits can be; « 0692 » is Réunion's +262 692."""
    if international:
        return (re.sub(r"^330", "33", digits)[:MAX_KEY],)
    if digits.startswith("00"):
        return (digits[2:][:MAX_KEY],)
    if digits.startswith("0"):
        owners = [code for beginning, code in overseas_prefixes().items() if digits.startswith(beginning)]
        return tuple(f"{code}{digits[1:]}"[:MAX_KEY] for code in ["33", *owners])
    return (digits[:MAX_KEY], f"33{digits}"[:MAX_KEY])
