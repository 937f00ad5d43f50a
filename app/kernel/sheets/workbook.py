"""An XLSX workbook, read row by row after its envelope was weighed: nothing is unpacked that would not fit in memory."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from itertools import islice
from typing import Any

from openpyxl import load_workbook

from app.kernel.i18n import gettext as _
from app.kernel.sheets.delimited import refuse_blank
from app.kernel.sheets.envelope import OLE, damaged, weigh
from app.kernel.sheets.refusal import SheetRefused

ZIP = b"PK\x03\x04"
MOST_COLUMNS = 60
AT_ONCE = 100

# Line, texts, and the columns that hold a formula or an error.
Row = tuple[int, list[str], frozenset[int]]


def is_workbook(content: bytes) -> bool:
    """A zip or an older office file: not a CSV."""
    return content.startswith((ZIP, OLE))


def rows_of_workbook(content: bytes) -> Iterator[Row]:
    """Every row of the first visible sheet that is not empty. Raises SheetRefused."""
    weigh(content)
    rows, blank = _opened(content), 0
    for number, cells in enumerate(_safely(rows), 1):
        texts = [_text(cell) for cell in cells]
        blank = 0 if any(texts) or any(_is_run(cell) for cell in cells) else blank + 1
        refuse_blank(blank)
        if not blank:
            yield number, texts, frozenset(at for at, cell in enumerate(cells) if _is_run(cell))


def _opened(content: bytes) -> Iterator[tuple[Any, ...]]:
    try:
        with _quiet():
            book = load_workbook(BytesIO(content), read_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except Exception as error:  # (the library raises whatever the damage makes it raise)
        raise damaged() from error
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
            raise damaged() from error
        if not some:
            return
        yield from some


def _quiet() -> Any:
    """The library warns of what it leaves aside (drawings, rules of validation): none of it is read here."""
    return warnings.catch_warnings(action="ignore")


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
