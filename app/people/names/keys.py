"""The keys that a person is found by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from app.people.names.phonetics import phonetic
from app.people.names.words import MAX_KEY, digits_of, normalise, tokens

KeyKind = Literal["token", "phonetic", "phone", "birth_year"]


# The kind under which `sort_key` is kept beside the others.
ORDER = "order"
# Between the last name and the first: before every letter and space, so that « Le » comes before « Le Goff ».
BETWEEN = "\x1f"


def sort_key(first_name: str | None, last_name: str | None, usual_name: str | None = None) -> str:
    """What a list of people is sorted by, byte by byte: last name then first, 80 characters at most; empty without a name."""
    last, first = normalise(usual_name or last_name or "")[:MAX_KEY], normalise(first_name or "")[: MAX_KEY - 1]
    return f"{last}{BETWEEN}{first}" if last else first


@dataclass(frozen=True, slots=True, order=True)
class SearchKey:
    """One key of one person; `value` is at most 40 characters."""

    kind: KeyKind
    value: str


def search_keys(
    first_name: str | None,
    last_name: str | None,
    usual_name: str | None = None,
    phones: Iterable[str] = (),
    birth_year: int | None = None,
) -> frozenset[SearchKey]:
    """Every key a person is found by; phones in E.164. A name of 300 characters gives keys of 40 at most."""
    words = {token for name in (first_name, last_name, usual_name) for token in tokens(name or "")}
    sounds = {phonetic(word) for word in words if len(word) > 2} - {""}
    found = {SearchKey("token", word) for word in words} | {SearchKey("phonetic", sound) for sound in sounds}
    found |= {SearchKey("phone", digits[:MAX_KEY]) for phone in phones if (digits := digits_of(phone))}
    if birth_year is not None:
        found.add(SearchKey("birth_year", str(birth_year)))
    return frozenset(found)
