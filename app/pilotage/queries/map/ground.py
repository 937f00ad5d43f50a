"""The ground of the map: the communes of the network's territory, or its EPCI when they are too many to be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.territory import communes, contours, maps
from app.territory.communes import Commune
from app.territory.contours import Line, Shape
from app.territory.projection import LonLat

# Under this many communes, fine contours; beyond the second number, EPCI.
_FINE, _MOST = 120, 400
# An EPCI with fewer than one structure in ten is where a partner has its desk, not where the network is.
_LEAST_SHARE = 0.1
SMALL_COMMUNE = 2000


@dataclass(frozen=True)
class Zone:
    """What is coloured: a commune or an EPCI. `small`: so few people live there that a count could name one of them."""

    code: str
    name: str
    shape: Shape | None
    at: LonLat | None
    population: int

    @property
    def small(self) -> bool:
        return self.population < SMALL_COMMUNE


@dataclass(frozen=True)
class Ground:
    """Zones, the zone of each commune, the border around them."""

    zones: tuple[Zone, ...]
    zone_of: dict[str, str]
    outline: tuple[Line, ...]
    by_epci: bool

    def plain(self) -> maps.AreaLayer:
        """Zones without a value, under arrows and marks."""
        return maps.AreaLayer(tuple(self.figure(zone) for zone in self.zones))

    @staticmethod
    def figure(zone: Zone) -> maps.AreaFigure:
        return maps.AreaFigure(zone.code, zone.name, zone.shape, zone.at, detail=zone.name, weight=zone.population)


def ground_of(commune_codes: Iterable[str]) -> Ground:
    """The EPCI where the network's structures are, each with all its communes."""
    counted = Counter(_epci(code) for code in commune_codes)
    least = _LEAST_SHARE * counted.total()
    return _ground(tuple(sorted(code for code, count in counted.items() if code and count >= least)))


@lru_cache(maxsize=16)
def _ground(epci_codes: tuple[str, ...]) -> Ground:
    members = [one for code in epci_codes for one in communes.epci_members(code)]
    if len(members) > _MOST:
        return _of_epci(epci_codes)
    codes = [one.code for one in members]
    level: contours.Level = "fine" if len(codes) <= _FINE else "medium"
    shapes = contours.shapes(codes, level)
    zones = tuple(_zone(one.code, one.name, shapes.get(one.code), [one]) for one in members)
    zone_of = {code: code for code in codes} | {
        part.code: code for code in codes for part in communes.arrondissements(code)
    }
    return Ground(zones, zone_of, contours.outline(codes, level), by_epci=False)


def _of_epci(epci_codes: tuple[str, ...]) -> Ground:
    shapes = contours.epci_shapes(epci_codes)
    zones: list[Zone] = []
    zone_of: dict[str, str] = {}
    for code in epci_codes:
        found, members = communes.epci(code), communes.epci_members(code)
        zones.append(_zone(code, found.name if found else code, shapes.get(code), members))
        zone_of |= {member.code: code for member in members}
    return Ground(tuple(zones), zone_of, (), by_epci=True)


def _zone(code: str, name: str, shape: Shape | None, members: Sequence[Commune]) -> Zone:
    main = max(members, key=lambda one: one.population or 0)
    at = (main.lon, main.lat) if main.lon is not None and main.lat is not None else None
    return Zone(code, name, shape, at, sum(one.population or 0 for one in members))


def _epci(code: str) -> str | None:
    commune = communes.by_code(code)
    whole = communes.by_code(commune.parent) if commune and commune.parent else commune
    return whole.epci_code if whole else None
