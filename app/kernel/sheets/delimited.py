"""Lines of a CSV file: decoded, counted, none longer than a sane one."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import BinaryIO

from app.kernel.i18n import gettext as _
from app.kernel.sheets.refusal import SheetRefused

MAX_LINE = 256 * 1024
MAX_HEADER = 16 * 1024
# Spreadsheets may write empty rows after the last one; not for ever.
MAX_BLANK = 100_000
BOM = b"\xef\xbb\xbf"


class Lines:
    """A binary stream as decoded lines, then as numbered rows. Tolerates a BOM, latin-1, CRLF, `;` between cells.

    `header`: the first line, cut into cells. `rows()`: the others, with the number of the line where each begins (the
    header is 1); empty rows are left. Both raise SheetRefused.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.count = 0
        first = self._first()
        self.delimiter = max(",;\t", key=first.count)
        self.header = cells_of_line(first, self.delimiter)

    def _first(self) -> str:
        raw = self._stream.readline(MAX_HEADER + 1)
        if not raw.strip():
            raise SheetRefused(_("Ce fichier est vide."))
        if len(raw) > MAX_HEADER or b"\x00" in raw:
            raise SheetRefused(
                _("Ce fichier n’est pas un tableau CSV : sa première ligne n’est pas une ligne de titres.")
            )
        self.count = 1
        return _decoded(raw.removeprefix(BOM)).rstrip("\r\n")

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(line, cells) of every row that is not empty."""
        reader, blank = csv.reader(self, delimiter=self.delimiter), 0
        while True:
            start = self.count + 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                message = _("Ligne %(line)d : une cellule est trop longue ou mal fermée.", line=start)
                raise SheetRefused(message) from error
            if cells is None:
                return
            blank = 0 if any(cell.strip() for cell in cells) else blank + 1
            refuse_blank(blank)
            if not blank:
                yield start, cells

    def __iter__(self) -> Iterator[str]:
        while raw := self._stream.readline(MAX_LINE + 1):
            self.count += 1
            if len(raw) > MAX_LINE:
                raise SheetRefused(_("La ligne %(line)d est trop longue pour un tableau CSV.", line=self.count))
            yield _decoded(raw)


def refuse_blank(count: int) -> None:
    """Raise SheetRefused after too many empty rows."""
    if count > MAX_BLANK:
        raise SheetRefused(_("Ce fichier n’est presque que des lignes vides : effacez-les, puis recommencez."))


def cells_of_line(text: str, delimiter: str) -> list[str]:
    """The cells of a line of titles. Raises SheetRefused."""
    try:
        return next(csv.reader([text], delimiter=delimiter))
    except csv.Error as error:
        raise SheetRefused(
            _("Ce fichier n’est pas un tableau CSV : sa première ligne n’est pas une ligne de titres.")
        ) from error


def _decoded(raw: bytes) -> str:
    """UTF-8, or Windows' latin-1 where the line is not UTF-8."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")
