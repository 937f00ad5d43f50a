"""The reference data of the territory: communes, EPCI, départements.

Shipped in `app/territory/data` (sources, licence and gaps in its `README.md`), read once at the first call.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_DATA = Path(__file__).resolve().parents[1] / "data"


@dataclass(frozen=True, slots=True)
class Epci:
    """A group of communes with its own taxes. `kind`: CC, CA, CU, ME (métropole)."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Departement:
    """A département, or an overseas collectivity (975 and above)."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune, or a municipal arrondissement of Paris, Lyon or Marseille when `parent` holds the commune's code.

    `code` is Insee's; `name` carries its article (« Le Havre ») and curly apostrophes; `population` is municipal;
    `lat` and `lon` (WGS 84 degrees) are those of the town hall, else of the middle of the contour.
    """

    code: str
    name: str
    postcodes: tuple[str, ...]
    population: int | None
    departement: str
    epci_code: str | None
    epci_name: str | None
    lat: float | None
    lon: float | None
    parent: str | None = None


def by_code(code: str) -> Commune | None:
    """The commune of an Insee code (« 47157 », « 2A004 »), or None."""
    return all_communes().get(code.strip().upper())


def by_postcode(postcode: str) -> tuple[Commune, ...]:
    """Communes a postcode serves, the most populated first; « 75012 » gives Paris, then its arrondissement."""
    return _postcodes().get("".join(postcode.split()), ())


def arrondissements(code: str) -> tuple[Commune, ...]:
    """The municipal arrondissements of a commune, in order of code; empty but for Paris, Lyon and Marseille."""
    return _arrondissements().get(code, ())


def epci(code: str) -> Epci | None:
    """The EPCI of a Siren, or None."""
    return all_epcis().get(code)


def epci_members(epci_code: str) -> tuple[Commune, ...]:
    """The communes of an EPCI, in order of code, arrondissements left out; empty when the EPCI is unknown."""
    return _members().get(epci_code, ())


def departement_members(code: str) -> tuple[Commune, ...]:
    """The communes of a département, in order of code, arrondissements left out; empty when it is unknown."""
    return _departement_members().get(code, ())


def departement(code: str) -> Departement | None:
    """The département of a code (« 47 », « 2A », « 974 »), or None."""
    return _departements().get(code)


def departements() -> tuple[Departement, ...]:
    """Every département and overseas collectivity, in order of code."""
    return tuple(_departements().values())


@lru_cache(maxsize=1)
def all_communes() -> dict[str, Commune]:
    """Every commune and arrondissement by code, in order of code. Shared: never change it."""
    names = {code: found.name for code, found in all_epcis().items()}
    return {row[0]: _commune(row, names) for row in _rows("communes")}


def largest_first(communes: Iterable[Commune]) -> tuple[Commune, ...]:
    """Sorted by population, then by code."""
    return tuple(sorted(communes, key=lambda c: (-(c.population or 0), c.code)))


def _commune(row: Sequence[str], epci_names: dict[str, str]) -> Commune:
    code, name, postcodes, population, departement_code, epci_code, lat, lon, parent = row
    return Commune(
        code,
        name,
        tuple(postcodes.split()),
        int(population) if population else None,
        departement_code,
        epci_code or None,
        epci_names.get(epci_code),
        float(lat) if lat else None,
        float(lon) if lon else None,
        parent or None,
    )


@lru_cache(maxsize=1)
def all_epcis() -> dict[str, Epci]:
    """Every EPCI by code. Shared: never change it."""
    return {row[0]: Epci(*row) for row in _rows("epci")}


@lru_cache(maxsize=1)
def _departements() -> dict[str, Departement]:
    return {row[0]: Departement(*row) for row in _rows("departements")}


@lru_cache(maxsize=1)
def _postcodes() -> dict[str, tuple[Commune, ...]]:
    found: dict[str, list[Commune]] = defaultdict(list)
    for commune in all_communes().values():
        for postcode in commune.postcodes:
            found[postcode].append(commune)
    return {postcode: largest_first(served) for postcode, served in found.items()}


@lru_cache(maxsize=1)
def _members() -> dict[str, tuple[Commune, ...]]:
    found: dict[str, list[Commune]] = defaultdict(list)
    for commune in all_communes().values():
        if commune.epci_code and not commune.parent:
            found[commune.epci_code].append(commune)
    return {code: tuple(members) for code, members in found.items()}


@lru_cache(maxsize=1)
def _departement_members() -> dict[str, tuple[Commune, ...]]:
    found: dict[str, list[Commune]] = defaultdict(list)
    for commune in all_communes().values():
        if not commune.parent:
            found[commune.departement].append(commune)
    return {code: tuple(members) for code, members in found.items()}


@lru_cache(maxsize=1)
def _arrondissements() -> dict[str, tuple[Commune, ...]]:
    found: dict[str, list[Commune]] = defaultdict(list)
    for commune in all_communes().values():
        if commune.parent:
            found[commune.parent].append(commune)
    return {code: tuple(parts) for code, parts in found.items()}


def _rows(name: str) -> Iterator[list[str]]:
    text = gzip.decompress((_DATA / f"{name}.csv.gz").read_bytes()).decode("utf-8")
    rows = csv.reader(io.StringIO(text, newline=""))
    next(rows)
    return rows
