"""A stream of bytes as numbered lines of the schema, with flat memory and an early refusal of what is not such a file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from app.kernel.i18n import gettext as _
from app.network.schema import COLUMNS, REQUIRED

MAX_LINE = 256 * 1024
MAX_HEADER = 16 * 1024
# Spreadsheets may write empty rows after the last one; not for ever.
MAX_BLANK = 100_000
BOM = b"\xef\xbb\xbf"


class FileRefused(ValueError):
    """The whole file cannot be read; the message says why and what to do."""


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
    counted = _Counted(stream)
    header = counted.first()
    delimiter = ";" if header.count(";") > header.count(",") else ","
    columns = [name.strip().strip('"').lower() for name in _cells(header, delimiter)]
    _check_columns(columns)
    reader, blank = csv.reader(counted, delimiter=delimiter), 0
    while True:
        start = counted.lines + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise FileRefused(_("Ligne %(line)d : une cellule est trop longue ou mal fermée.", line=start)) from error
        if cells is None:
            return
        blank = 0 if any(cell.strip() for cell in cells) else blank + 1
        if blank > MAX_BLANK:
            raise FileRefused(_("Ce fichier n’est presque que des lignes vides : effacez-les, puis recommencez."))
        if not blank:
            yield Line(start, dict(zip(columns, cells, strict=False)), len(cells), tuple(columns))


def _cells(header: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([header], delimiter=delimiter))
    except csv.Error as error:
        raise FileRefused(
            _("Ce fichier n’est pas un tableau CSV : sa première ligne n’est pas une ligne de titres.")
        ) from error


def _check_columns(columns: list[str]) -> None:
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


class _Counted:
    """Decoded lines of a binary stream, counted, none longer than MAX_LINE."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.lines = 0

    def first(self) -> str:
        raw = self._stream.readline(MAX_HEADER + 1)
        if not raw.strip():
            raise FileRefused(_("Ce fichier est vide."))
        if len(raw) > MAX_HEADER or b"\x00" in raw:
            raise FileRefused(
                _("Ce fichier n’est pas un tableau CSV : sa première ligne n’est pas une ligne de titres.")
            )
        self.lines = 1
        return _decoded(raw.removeprefix(BOM)).rstrip("\r\n")

    def __iter__(self) -> Iterator[str]:
        while raw := self._stream.readline(MAX_LINE + 1):
            self.lines += 1
            if len(raw) > MAX_LINE:
                raise FileRefused(_("La ligne %(line)d est trop longue pour un tableau CSV.", line=self.lines))
            yield _decoded(raw)


def _decoded(raw: bytes) -> str:
    """UTF-8, or Windows' latin-1 where the line is not UTF-8."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")
