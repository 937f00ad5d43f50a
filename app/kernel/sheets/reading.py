"""A file of a spreadsheet, whatever its format, as numbered records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from app.kernel.sheets.cells import is_formula, unguarded
from app.kernel.sheets.delimited import Lines
from app.kernel.sheets.workbook import is_workbook, rows_of_workbook


@dataclass(frozen=True)
class Record:
    """One row: its line in the file, its cells as text, and the columns where a spreadsheet would run something."""

    line: int
    cells: tuple[str, ...]
    formulas: frozenset[int] = frozenset()


def read_records(content: bytes) -> Iterator[Record]:
    """Every row that is not empty, the line of titles first. Raises SheetRefused."""
    if is_workbook(content):
        for line, cells, formulas in rows_of_workbook(content):
            texts = [_clean(cell) for cell in cells]
            last = max((at for at, text in enumerate(texts) if text or at in formulas), default=-1)
            yield Record(line, tuple(texts[: last + 1]), formulas)
        return
    lines = Lines(BytesIO(content))
    yield Record(1, tuple(_clean(cell) for cell in lines.header))
    for line, typed in lines.rows():
        run = frozenset(at for at, cell in enumerate(typed) if is_formula(cell.strip()))
        yield Record(line, tuple(_clean(unguarded(cell.strip())) for cell in typed), run)


def _clean(text: str) -> str:
    """One line, spaces folded, never a character that cannot be shown."""
    return " ".join("".join(one for one in text if one.isprintable() or one.isspace()).split())
