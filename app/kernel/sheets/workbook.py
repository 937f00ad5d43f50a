"""An XLSX workbook, read row by row after its envelope was weighed: nothing is unpacked that would not fit in memory."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from itertools import islice
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook

from app.kernel.i18n import gettext as _
from app.kernel.sheets.delimited import refuse_blank
from app.kernel.sheets.refusal import SheetRefused

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What is inside, once unpacked: a sheet of ten thousand people takes about 10 MB.
MOST_UNPACKED = 48 * 1024**2
MOST_OF_ONE_PART = 8 * 1024**2
MOST_PARTS = 1000
MOST_COLUMNS = 60
AT_ONCE = 100
_LARGE = ("xl/worksheets/", "xl/sharedStrings.xml")
_HEAD = 4096
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

# Line, texts, and the columns that hold a formula or an error.
Row = tuple[int, list[str], frozenset[int]]


def is_workbook(content: bytes) -> bool:
    """A zip or an older office file: not a CSV."""
    return content.startswith((ZIP, OLE))


def rows_of_workbook(content: bytes) -> Iterator[Row]:
    """Every row of the first visible sheet that is not empty. Raises SheetRefused."""
    _weigh(content)
    rows, blank = _opened(content), 0
    for number, cells in enumerate(_safely(rows), 1):
        texts = [_text(cell) for cell in cells]
        blank = 0 if any(texts) or any(_is_run(cell) for cell in cells) else blank + 1
        refuse_blank(blank)
        if not blank:
            yield number, texts, frozenset(at for at, cell in enumerate(cells) if _is_run(cell))


def _weigh(content: bytes) -> None:
    if content.startswith(OLE):
        if _ENCRYPTED in content:
            raise SheetRefused(_("Ce classeur est protégé par un mot de passe : enregistrez-le sans mot de passe."))
        raise SheetRefused(_("Ce classeur est dans un ancien format : enregistrez-le au format XLSX ou CSV."))
    try:
        with ZipFile(BytesIO(content)) as envelope:
            _look_inside(envelope)
    except SheetRefused:
        raise
    except Exception as error:  # (unpacking raises whatever the damage makes it raise)
        raise _damaged() from error


def _look_inside(envelope: ZipFile) -> None:
    parts = envelope.infolist()
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise SheetRefused(_("Ce classeur est protégé par un mot de passe : enregistrez-le sans mot de passe."))
    large = [part for part in parts if not part.filename.startswith(_LARGE) and part.file_size > MOST_OF_ONE_PART]
    if len(parts) > MOST_PARTS or large or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise SheetRefused(_("Ce classeur est trop lourd une fois ouvert : gardez la feuille des personnes seulement."))
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise SheetRefused(_("Ce classeur contient des macros : enregistrez-le au format XLSX sans macro, ou en CSV."))
    if "xl/workbook.xml" not in names:
        raise SheetRefused(_("Ce fichier n’est pas un classeur XLSX : enregistrez-le au format XLSX ou CSV."))
    for part in parts:
        _refuse_entities(envelope.open(part).read(_HEAD) if part.filename.endswith((".xml", ".rels")) else b"")


def _refuse_entities(head: bytes) -> None:
    """No spreadsheet declares a document type: whoever does wants something else of the reader."""
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head or "<!D".encode("utf-16-le") in head:
        raise _damaged()


def _opened(content: bytes) -> Iterator[tuple[Any, ...]]:
    try:
        with _quiet():
            book = load_workbook(BytesIO(content), read_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except Exception as error:  # (the library raises whatever the damage makes it raise)
        raise _damaged() from error
    if not sheets:
        raise SheetRefused(_("Ce fichier est vide."))
    found: Iterator[tuple[Any, ...]] = sheets[0].iter_rows(max_col=MOST_COLUMNS)
    return found


def _safely(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    while True:
        try:
            with _quiet():
                some = list(islice(rows, AT_ONCE))
        except Exception as error:
            raise _damaged() from error
        if not some:
            return
        yield from some


def _quiet() -> Any:
    """The library warns of what it leaves aside (drawings, rules of validation): none of it is read here."""
    return warnings.catch_warnings(action="ignore")


def _damaged() -> SheetRefused:
    return SheetRefused(_("Ce classeur est abîmé ou illisible : ouvrez-le, puis enregistrez-le de nouveau."))


def _is_run(cell: Any) -> bool:
    return getattr(cell, "data_type", "n") in {"f", "e"}


def _text(cell: Any) -> str:
    """The cell as one would type it: whole numbers without a decimal point, days as 1958-03-12. A formula is empty."""
    value = cell.value
    if value is None or _is_run(cell):
        return ""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)
