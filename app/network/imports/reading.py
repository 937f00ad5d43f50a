"""A stream of bytes as numbered lines of the schema, with flat memory and an early refusal of what is not such a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from app.kernel.i18n import gettext as _
from app.kernel.sheets import Lines
from app.kernel.sheets import SheetRefused as FileRefused
from app.network.schema import COLUMNS, REQUIRED

__all__ = ["FileRefused", "Line", "read_lines"]


@dataclass(frozen=True)
class Line:
    """One record: the number of its first line in the file (the header is 1), its values by column, its number of cells."""

    number: int
    values: dict[str, str]
    cells: int
    columns: tuple[str, ...]

    @property
    def expected(self) -> int:
        return len(self.columns)


def read_lines(stream: BinaryIO) -> Iterator[Line]:
    """The records of the file, one at a time. Tolerates a BOM, latin-1, CRLF, `;` between cells. Raises FileRefused."""
    lines = Lines(stream)
    columns = tuple(name.strip().strip('"').lower() for name in lines.header)
    _check_columns(list(columns))
    for start, cells in lines.rows():
        yield Line(start, dict(zip(columns, cells, strict=False)), len(cells), columns)


def _check_columns(columns: list[str]) -> None:
    if not set(columns) & set(COLUMNS):
        raise FileRefused(
            _(
                "Ce n’est pas un fichier de lieux : sa première ligne n’a aucune des colonnes du schéma national « Lieux de "
                "médiation numérique » (%(names)s). Choisissez le fichier CSV tel qu’il a été téléchargé.",
                names=", ".join(REQUIRED),
            )
        )
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise FileRefused(
            _(
                "Ce fichier n’a pas les colonnes du schéma national « Lieux de médiation numérique » : il manque %(names)s.",
                names=", ".join(missing),
            )
        )
    twice = sorted({name for name in columns if name in COLUMNS and columns.count(name) > 1})
    if twice:
        raise FileRefused(_("Une colonne est présente deux fois : %(names)s.", names=", ".join(twice)))
