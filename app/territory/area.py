"""The area of a person that other structures may read before a referral is accepted.

A small commune would name the person: under 2,000 inhabitants, its EPCI is shown instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from app.territory.communes import Commune, by_code, departement, epci, epci_label, epci_members, inhabitants

SMALL_COMMUNE = 2000


class UnknownArea(LookupError):
    """The code belongs to no commune and no département."""


@dataclass(frozen=True, slots=True)
class Area:
    """Where somebody lives, as widely as it may be told. `code` is that of the commune, EPCI (Siren) or département."""

    kind: Literal["commune", "epci", "departement"]
    code: str
    label: str


def public_area(code: str, *, wide: bool = False) -> Area:
    """The commune of this Insee code, its EPCI under 2,000 inhabitants, its département when neither can be told.

    `wide`: never the commune, whatever its population (a protected person). An unknown population counts as small, and
    so does an EPCI that would itself be under 2,000. Raises UnknownArea.
    """
    commune = by_code(code)
    if commune and not wide and (commune.population or 0) >= SMALL_COMMUNE:
        return Area("commune", commune.code, commune.name)
    group = epci(commune.epci_code) if commune and commune.epci_code else None
    if group and _inhabitants(group.code) >= SMALL_COMMUNE:
        return Area("epci", group.code, epci_label(group))
    return _departement_area(commune, code)


def _departement_area(commune: Commune | None, code: str) -> Area:
    found = departement(commune.departement if commune else departement_code(code))
    if found is None:
        raise UnknownArea(code)
    return Area(
        "departement",
        found.code,
        f"{found.name} (département)" if found.code < "975" or found.code == "976" else found.name,
    )


def departement_code(code: str) -> str:
    """The département that an Insee commune code begins with: « 47 », « 2A », « 974 »."""
    code = code.strip().upper()
    return code[:3] if code.startswith(("97", "98")) else code[:2]


@lru_cache(maxsize=2048)
def _inhabitants(epci_code: str) -> int:
    return inhabitants(epci_members(epci_code))
