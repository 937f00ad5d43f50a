"""Reads of the network's territory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from app.kernel.db import db
from app.kernel.i18n import gettext as _
from app.territory import communes
from app.territory.communes import Commune
from app.territory.enums import TerritoryKind
from app.territory.models import ONLY, NetworkTerritory

EVERYTHING = 100_000


@dataclass(frozen=True)
class Territory:
    """What the network covers. `code`: Siren of an EPCI, code of a département, None for a list; `members` in order of code.

    Paris, Lyon and Marseille are members as communes: `holds` answers for their arrondissements.
    """

    kind: TerritoryKind
    code: str | None
    members: tuple[Commune, ...] = field(repr=False)
    version: int = 1

    @property
    def name(self) -> str:
        """« Val de Garonne Agglomération », « Lot-et-Garonne », « Marmande et 2 autres communes »."""
        if self.kind is TerritoryKind.EPCI and (group := communes.epci(self.code or "")):
            return communes.epci_short(group)
        if self.kind is TerritoryKind.DEPARTEMENT and (found := communes.departement(self.code or "")):
            return found.name
        return _listed(self.members)

    @property
    def commune_codes(self) -> tuple[str, ...]:
        """Insee codes of the members."""
        return tuple(commune.code for commune in self.members)

    @property
    def population(self) -> int:
        """Municipal population, unknown ones counted as none."""
        return communes.inhabitants(self.members)

    def holds(self, code: str) -> bool:
        """This commune, or the one this arrondissement belongs to, is a member."""
        return code in _held(self.commune_codes)


def network_territory() -> Territory | None:
    """The network's territory, or None as long as nobody has chosen it. One query."""
    stored = stored_territory()
    return None if stored is None else territory_of(stored.kind, stored.code, stored.communes, stored.version)


def stored_territory() -> NetworkTerritory | None:
    """The row itself, for those who change it."""
    return db.session.get(NetworkTerritory, ONLY)


def territory_of(kind: TerritoryKind, code: str | None, listed: Iterable[str] = (), version: int = 1) -> Territory:
    """The communes an EPCI or a département has today, or those of the list that exist."""
    if kind is TerritoryKind.EPCI:
        members = communes.epci_members(code or "")
    elif kind is TerritoryKind.DEPARTEMENT:
        members = communes.departement_members(code or "")
    else:
        members = tuple(commune for one in sorted(listed) if (commune := communes.by_code(one)))
    return Territory(kind, code, members, version)


def suggestions(text: str, limit: int = 8) -> list[Commune]:
    """Communes this beginning may mean, those of the network's territory first. One query."""
    found = communes.find(text, EVERYTHING)
    ours = network_territory()
    if ours is not None:
        found = tuple(sorted(found, key=lambda commune: not ours.holds(commune.code)))
    return list(found[:limit])


@lru_cache(maxsize=16)
def _held(codes: tuple[str, ...]) -> frozenset[str]:
    return frozenset(codes) | {part.code for code in codes for part in communes.arrondissements(code)}


def _listed(members: tuple[Commune, ...]) -> str:
    if not members:
        return ""
    first, *others = sorted(members, key=lambda commune: -(commune.population or 0))
    if not others:
        return first.name
    if len(others) == 1:
        return _("%(first)s et %(second)s", first=first.name, second=others[0].name)
    return _("%(first)s et %(count)d autres communes", first=first.name, count=len(others))
