"""Find a commune from what somebody typed: a piece of name, a postcode, both, or a name and its département."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from app.territory.communes.reference import (
    Commune,
    all_communes,
    all_epcis,
    by_postcode,
    departement,
    epci_members,
)
from app.territory.communes.spelling import spelled, without_article

_POSTCODE = re.compile(r"(?<!\d)(\d{5}|\d{2} \d{3})(?!\d)")
_DEPARTEMENT = re.compile(r"\(?\b(\d{2,3}|2[ab])\)?$", re.IGNORECASE)
_CLOSE_ENOUGH = 85
_LONGEST = 100
_AFTER_ALL = "\uffff"
_EXACT, _BEGINNING, _LATER_WORD = range(3)

Ranked = list[tuple[int, Commune]]


@dataclass(frozen=True, slots=True)
class _Typed:
    """What the text says: a name, and perhaps a postcode or a département that the commune must have."""

    name: str
    postcode: str | None = None
    departement: str | None = None

    def keeps(self, commune: Commune) -> bool:
        return self.departement in (None, commune.departement) and (
            self.postcode is None or self.postcode in commune.postcodes
        )


def find(text: str, limit: int = 8, within: Collection[str] | None = None) -> tuple[Commune, ...]:
    """Communes matching a name or the beginning of a postcode, best first.

    Order: exact name, beginning, later word; then by population. Accents, case, hyphens, articles and « st » do not
    matter; « 47200 Marmande » and « Marmande (47) » are read. When no name matches, the communes of an EPCI so named,
    else the closest spellings. `within` keeps only these Insee codes. Nothing close gives an empty tuple.
    """
    for search in (_ranked, _in_epci, _misspelt):
        kept = [pair for pair in search(text[:_LONGEST]) if within is None or pair[1].code in within]
        if kept:
            kept.sort(key=lambda pair: (pair[0], -(pair[1].population or 0), pair[1].code))
            return tuple(commune for _, commune in kept[:limit])
    return ()


def resolve(text: str) -> Commune | None:
    """The only commune this text can mean, or None: exact names only, helped by a postcode or a département.

    « 75012 Paris » is the arrondissement, « Paris » the commune; « Saint-Denis » alone is None.
    """
    text = text[:_LONGEST]
    ranked = _ranked(text)
    found = {commune.code: commune for rank, commune in ranked if rank == _EXACT}
    if _read(text).postcode:
        found |= {commune.code: commune for _, commune in ranked if commune.parent in found}
    wholes = {commune.parent for commune in found.values()}
    precise = [commune for commune in found.values() if commune.code not in wholes]
    if len(precise) > 1:
        # « Vergné » rather than « La Vergne ».
        precise = [commune for commune in precise if _names()[commune.code] == _read(text).name]
    return precise[0] if len(precise) == 1 else None


def _read(text: str) -> _Typed:
    if spotted := _POSTCODE.search(text):
        rest = text[: spotted.start()] + " " + text[spotted.end() :]
        return _Typed(spelled(rest), postcode=spotted[1].replace(" ", ""))
    spotted = _DEPARTEMENT.search(text.strip())
    if spotted and spotted.start() > 0 and departement(spotted[1].upper()):
        return _Typed(spelled(text.strip()[: spotted.start()]), departement=spotted[1].upper())
    return _Typed(spelled(text))


def _ranked(text: str) -> Ranked:
    whole, typed = spelled(text), _read(text)
    if typed.postcode and not typed.name:
        return [(_EXACT, commune) for commune in by_postcode(typed.postcode)]
    if whole.replace(" ", "").isdigit():
        return _by_postcode_start(whole)
    ranks = {code: rank for code, rank in _by_name(typed.name).items() if typed.keeps(all_communes()[code])}
    if typed.departement and "(" not in text:
        # « Paris 12 » is an arrondissement, not a Paris of Aveyron; « Marseille (13) » is the commune.
        ranks |= _by_name(whole)
    return [(rank, all_communes()[code]) for code, rank in ranks.items()]


def _by_postcode_start(digits: str) -> Ranked:
    if len(digits) < 2:
        return []
    return [(_EXACT, c) for c in all_communes().values() if any(p.startswith(digits) for p in c.postcodes)]


def _by_name(name: str) -> dict[str, int]:
    """Best rank by code, for the names holding a word that begins as the text does."""
    found: dict[str, int] = {}
    if not name:
        return found
    endings = _endings()
    first, last = (bisect_left(endings, (bound, "", False)) for bound in (name, name + _AFTER_ALL))
    for ending, code, from_start in endings[first:last]:
        found[code] = min(found.get(code, _LATER_WORD), _rank(name, ending, from_start))
    return found


def _rank(name: str, ending: str, from_start: bool) -> int:
    if not from_start:
        return _LATER_WORD
    return _EXACT if ending == name else _BEGINNING


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    return {code: spelled(commune.name) for code, commune in all_communes().items()}


@lru_cache(maxsize=1)
def _endings() -> list[tuple[str, str, bool]]:
    """(end of a name from one of its words, code, whether the name begins there), sorted for bisection."""
    found: list[tuple[str, str, bool]] = []
    for code, name in _names().items():
        bare = without_article(name)
        found += [(name, code, True), (bare, code, True)]
        found += [(bare[at + 1 :], code, False) for at, character in enumerate(bare) if character == " "]
        if name.endswith(" arrondissement"):
            found.append((name.removesuffix(" arrondissement"), code, True))
    return sorted(found)


def _in_epci(text: str) -> Ranked:
    name = spelled(text)
    if len(name) < 4:
        return []
    named = [code for code, found in all_epcis().items() if name in spelled(found.name)]
    return [(_LATER_WORD, commune) for code in named for commune in epci_members(code)]


def _misspelt(text: str) -> Ranked:
    typed = _read(text)
    if len(typed.name) < 4:
        return []
    hits = process.extract(typed.name, _names(), scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH, limit=None)
    close = [(100 - round(score), all_communes()[code]) for _, score, code in hits]
    return [pair for pair in close if typed.keeps(pair[1])]
