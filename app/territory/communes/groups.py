"""EPCI and départements from what somebody typed, and lists of communes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from app.territory.communes.reference import Commune, Epci, all_epcis, by_code, epci, epci_members
from app.territory.communes.search import find, resolve
from app.territory.communes.spelling import spelled

_KINDS = {"CC": "communauté de communes", "CA": "communauté d’agglomération", "CU": "communauté urbaine"}
_LINKED = re.compile(r"(?:de|du|des|d’|entre)(?=\s|(?<=’))", re.IGNORECASE)
_BETWEEN = re.compile(r"[\n;,]+")
_LONGEST = 200


def epci_short(group: Epci) -> str:
    """« Val de Garonne Agglomération »: the name without its kind; the full name when it cannot be cut."""
    kind = _KINDS.get(group.kind)
    if kind is None or not group.name.lower().startswith(kind):
        return group.name
    short = group.name[len(kind) :].strip()
    return group.name if _LINKED.match(short) else short


def epci_label(group: Epci) -> str:
    """« Val de Garonne Agglomération (communauté d’agglomération) »; the full name when it cannot be cut."""
    kind, short = _KINDS.get(group.kind), epci_short(group)
    if kind is None or (group.name.lower().startswith(kind) and short == group.name):
        return group.name
    return f"{short} ({kind})"


def find_epcis(text: str, limit: int = 8) -> tuple[Epci, ...]:
    """EPCI by Siren, by a piece of their name from the beginning of a word, else those of a commune so named.

    Order: names that begin so, then by population; accents, case and hyphens do not matter.
    """
    typed = spelled(text[:_LONGEST])
    if not typed:
        return ()
    if known := epci(typed.replace(" ", "")):
        return (known,)
    named = [group for group in all_epcis().values() if any(f" {typed}" in f" {name}" for name in _names()[group.code])]
    kept = named or _of_communes(text)
    kept.sort(key=lambda group: (not _begins(group, typed), -inhabitants(epci_members(group.code)), group.code))
    return tuple(kept[:limit])


def resolve_epci(text: str) -> Epci | None:
    """The only EPCI this text names in full, with or without its kind, or None."""
    typed = spelled(text[:_LONGEST])
    if known := epci(typed.replace(" ", "")):
        return known
    exact = [group for group in all_epcis().values() if typed and typed in _names()[group.code]]
    return exact[0] if len(exact) == 1 else None


@dataclass(frozen=True, slots=True)
class ReadList:
    """The communes of a list, each once, and what could not be read with what it may mean."""

    found: tuple[Commune, ...]
    unclear: tuple[tuple[str, tuple[Commune, ...]], ...]


def read_list(text: str, *, insee: bool = False) -> ReadList:
    """Names or postcodes, one per line or separated by commas; with `insee`, five characters are an Insee code first."""
    found: dict[str, Commune] = {}
    unclear = []
    for piece in filter(None, (" ".join(part.split()) for part in _BETWEEN.split(text))):
        commune = (by_code(piece) if insee else None) or resolve(piece)
        if commune:
            found[commune.code] = commune
        else:
            unclear.append((piece, find(piece, 4)))
    return ReadList(tuple(found.values()), tuple(unclear))


def inhabitants(communes: Iterable[Commune]) -> int:
    """The sum of known populations."""
    return sum(commune.population or 0 for commune in communes)


def _of_communes(text: str) -> list[Epci]:
    only = resolve(text)
    codes = dict.fromkeys(commune.epci_code for commune in ([only] if only else find(text)))
    return [group for code in codes if code and (group := epci(code))]


def _begins(group: Epci, typed: str) -> bool:
    return any(name.startswith(typed) for name in _names()[group.code])


@lru_cache(maxsize=1)
def _names() -> dict[str, frozenset[str]]:
    return {
        code: frozenset(spelled(name) for name in (group.name, epci_short(group), epci_label(group)))
        for code, group in all_epcis().items()
    }
