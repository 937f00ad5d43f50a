"""The whole network and the parts of its territory that a summary may be about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.pilotage.formulas.places import NETWORK, Place
from app.pilotage.queries.summaries.census import ELSEWHERE, UNKNOWN
from app.pilotage.secrecy import COMMUNE, EPCI, WHOLE
from app.territory import communes
from app.territory.communes import Commune
from app.territory.queries import Territory


@dataclass(frozen=True)
class Zone:
    """An area of the grid. `key`: « reseau », « epci-200030674 », « commune-47157 »; `codes`: its communes."""

    key: str
    codes: tuple[str, ...] = field(repr=False)
    place: Place = NETWORK

    @property
    def is_whole(self) -> bool:
        return self.key == WHOLE


def zones(ours: Territory | None) -> list[Zone]:
    """The parts of the territory: its intercommunalities when it has several, then its communes, by name.

    None of a territory that nobody chose, or of one commune. An intercommunality with one commune in it is that commune.
    """
    if ours is None or len(ours.members) < 2:
        return []
    groups: dict[str, list[str]] = {}
    for commune in ours.members:
        groups.setdefault(commune.epci_code or "", []).append(commune.code)
    several = len(groups) > 1
    found = [_epci(code, held) for code, held in groups.items() if several and code and len(held) > 1]
    return [*_by_name(found), *_by_name([_commune(one) for one in ours.members])]


def zone(key: str, ours: Territory | None) -> Zone | None:
    """A part of the territory by its key; None of anything else."""
    return next((one for one in zones(ours) if one.key == key), None)


def place_of(key: str) -> Place:
    """The words of an area that was published, even when the territory has changed since."""
    if key.startswith(COMMUNE):
        code = key.removeprefix(COMMUNE)
        found = communes.by_code(code)
        return Place("commune", found.name if found else code)
    if key.startswith(EPCI):
        code = key.removeprefix(EPCI)
        group = communes.epci(code)
        return Place("epci", communes.epci_short(group) if group else code)
    return NETWORK


def places(codes: Sequence[str], ours: Territory | None) -> Mapping[str, frozenset[str]]:
    """What each area holds: the network, everybody; a part, those who live in its communes."""
    parts = {one.key: frozenset(one.codes) for one in zones(ours)}
    return {WHOLE: frozenset((*codes, ELSEWHERE, UNKNOWN)), **parts}


def _epci(code: str, held: Sequence[str]) -> Zone:
    place = place_of(f"{EPCI}{code}")
    return Zone(f"{EPCI}{code}", tuple(held), Place("epci", place.name, len(held), len(communes.epci_members(code))))


def _commune(commune: Commune) -> Zone:
    return Zone(f"{COMMUNE}{commune.code}", (commune.code,), Place("commune", commune.name, 1, 1))


def _by_name(found: Sequence[Zone]) -> list[Zone]:
    return sorted(found, key=lambda one: (communes.spelled(one.place.name), one.key))
