"""Tables as files: CSV that a French spreadsheet opens by itself, and XLSX. Nothing in them is ever run."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any
from zipfile import ZIP_STORED, ZipFile

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from app.kernel.sheets.cells import guarded

BOM = "\ufeff"
LAST_ASCII = 127
_REFERENCE = re.compile(rb"&#(\d+);")


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with its mark, semicolons, CRLF. See `guarded` for what looks like a formula."""
    out = io.StringIO(newline="")
    out.write(BOM)
    csv.writer(out, delimiter=";").writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue().encode()


def xlsx_bytes(title: str, rows: Iterable[Sequence[str]]) -> bytes:
    """One sheet whose every cell is a text. Nothing in it is compressed, so that looking through the bytes of the
    database for somebody's name also looks here."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append([_cell(sheet, text) for text in row])
    made = io.BytesIO()
    book.save(made)
    book.close()
    return _stored(made)


def _cell(sheet: Any, text: str) -> Any:
    """A text, even where the library would see a formula."""
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"
    return cell


def _stored(made: io.BytesIO) -> bytes:
    plain = io.BytesIO()
    with ZipFile(made) as packed, ZipFile(plain, "w", ZIP_STORED) as unpacked:
        for part in packed.infolist():
            unpacked.writestr(part.filename, _REFERENCE.sub(_letter, packed.read(part)))
    return plain.getvalue()


def _letter(reference: re.Match[bytes]) -> bytes:
    """The letter itself: every part is in UTF-8."""
    sign = int(reference[1])
    return chr(sign).encode() if sign > LAST_ASCII else reference[0]
