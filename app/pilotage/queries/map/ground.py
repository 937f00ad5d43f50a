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
from app.territory.queries import Territory

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


def ground_of(territory: Territory | None, commune_codes: Iterable[str]) -> Ground:
    """The network's territory; as long as nobody has chosen it, the EPCI where its structures are, whole."""
    if territory is not None and territory.members:
        return _ground(territory.commune_codes)
    counted = Counter(_epci(code) for code in commune_codes)
    least = _LEAST_SHARE * counted.total()
    chosen = sorted(code for code, count in counted.items() if code and count >= least)
    return _ground(tuple(one.code for code in chosen for one in communes.epci_members(code)))


@lru_cache(maxsize=16)
def _ground(codes: tuple[str, ...]) -> Ground:
    members = [commune for code in codes if (commune := communes.by_code(code))]
    if len(members) > _MOST:
        return _of_epci(members)
    level: contours.Level = "fine" if len(codes) <= _FINE else "medium"
    shapes = contours.shapes(codes, level)
    zones = tuple(_zone(one.code, one.name, shapes.get(one.code), [one]) for one in members)
    parts = {part.code: code for code in codes for part in communes.arrondissements(code)}
    return Ground(zones, parts | {code: code for code in codes}, contours.outline(codes, level), by_epci=False)


def _of_epci(members: Iterable[Commune]) -> Ground:
    """EPCI whole; a commune outside every EPCI (four islands) stays itself."""
    groups: dict[str, list[Commune]] = {}
    for one in members:
        groups.setdefault(one.epci_code or one.code, []).append(one)
    shapes = contours.epci_shapes(groups)
    zones = tuple(_zone(code, _name(code), shapes.get(code), found) for code, found in groups.items())
    zone_of = {one.code: code for code, found in groups.items() for one in found}
    parts = {part.code: zone for code, zone in zone_of.items() for part in communes.arrondissements(code)}
    return Ground(zones, zone_of | parts, (), by_epci=True)


def _name(code: str) -> str:
    group, commune = communes.epci(code), communes.by_code(code)
    return communes.epci_short(group) if group else commune.name if commune else code


def _zone(code: str, name: str, shape: Shape | None, members: Sequence[Commune]) -> Zone:
    main = max(members, key=lambda one: one.population or 0)
    at = (main.lon, main.lat) if main.lon is not None and main.lat is not None else None
    return Zone(code, name, shape, at, sum(one.population or 0 for one in members))


def _epci(code: str) -> str | None:
    commune = communes.by_code(code)
    whole = communes.by_code(commune.parent) if commune and commune.parent else commune
    return whole.epci_code if whole else None
