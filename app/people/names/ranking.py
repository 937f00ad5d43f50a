"""The order of the candidates that a search found."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from rapidfuzz.distance import JaroWinkler

from app.people.names.phonetics import phonetic
from app.people.names.query import Piece, Query
from app.people.names.words import digits_of, tokens

Reason = Literal["phone", "birth_year", "exact", "prefix", "phonetic", "close"]
Id = TypeVar("Id", bound=Hashable)
Match = tuple[float, Reason]

_SCORES: dict[Reason, float] = {"exact": 100, "prefix": 92, "phonetic": 84, "close": 76}
_CLOSE_ENOUGH = 0.88


@dataclass(frozen=True, slots=True)
class Candidate(Generic[Id]):
    """Somebody who may be the one; phones in E.164."""

    id: Id
    first_name: str | None = None
    last_name: str | None = None
    usual_name: str | None = None
    birth_year: int | None = None
    phones: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """What the names are found by."""
        names = (self.first_name, self.last_name, self.usual_name)
        return tuple(dict.fromkeys(token for name in names for token in tokens(name or "")))

    @property
    def digits(self) -> tuple[str, ...]:
        """The phones as they are looked for."""
        return tuple(digits_of(phone) for phone in self.phones)


@dataclass(slots=True)
class Keyed(Generic[Id]):
    """The same somebody, known by their search keys: the words of the names, the digits of the phones."""

    id: Id
    birth_year: int | None = None
    words: list[str] = field(default_factory=list)
    digits: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Ranked(Generic[Id]):
    """A candidate's place: score from 0 to 100, and the weakest of what made it."""

    id: Id
    score: float
    reason: Reason


def rank(query: Query, candidates: Sequence[Candidate[Id] | Keyed[Id]]) -> list[Ranked[Id]]:
    """Candidates that answer the query, best first; equal scores keep the given order. First and last names may be
    inverted. A piece that is nowhere in a name drops the candidate; a phone or a birth year that differs does too."""
    found = [ranked for candidate in candidates if (ranked := _ranked(query, candidate))]
    return sorted(found, key=lambda ranked: -ranked.score)


def _ranked(query: Query, candidate: Candidate[Id] | Keyed[Id]) -> Ranked[Id] | None:
    if query.birth_year is not None and candidate.birth_year != query.birth_year:
        return None
    if query.phones and not _has_phone(query.phones, candidate.digits):
        return None
    if not query.pieces:
        return Ranked(candidate.id, 100.0, "phone" if query.phones else "birth_year")
    words = candidate.words
    matches = [_match(piece, words) for piece in query.pieces]
    if any(match is None for match in matches):
        return None
    scores = [match for match in matches if match is not None]
    mean = sum(score for score, _ in scores) / len(scores)
    worst = min(scores)[1]
    return Ranked(candidate.id, round(mean - _unsaid(query, words), 3), worst)


def _match(piece: Piece, words: Sequence[str]) -> Match | None:
    if any(form in words for form in piece.prefixes):
        return _SCORES["exact"], "exact"
    return max(
        (found for word in words for form in piece.prefixes if (found := _compare(form, word, piece))), default=None
    )


def _compare(form: str, word: str, piece: Piece) -> Match | None:
    if word.startswith(form):
        return _SCORES["prefix"] + 6 * len(form) / len(word), "prefix"
    if len(form) < 3:
        return None
    likeness = JaroWinkler.similarity(form, word)
    if phonetic(word) in piece.phonetics:
        return _SCORES["phonetic"] + 6 * likeness, "phonetic"
    return (_SCORES["close"] * likeness, "close") if likeness >= _CLOSE_ENOUGH else None


def _unsaid(query: Query, words: Sequence[str]) -> float:
    """A little less for a wrong initial and for names nobody typed, so that the full name comes before longer ones."""
    missing = sum(not any(word.startswith(initial) for word in words) for initial in query.initials)
    return 3.0 * missing + min(2.0, 0.2 * max(0, len(words) - len(query.pieces)))


def _has_phone(beginnings: Sequence[str], phones: Sequence[str]) -> bool:
    return any(digits.startswith(beginning) for digits in phones for beginning in beginnings)
