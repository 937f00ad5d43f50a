"""Files of a spreadsheet, read and written: CSV and XLSX, with flat memory and refusals in plain words."""

from app.kernel.sheets.cells import guarded, is_formula, unguarded
from app.kernel.sheets.delimited import Lines, cells_of_line
from app.kernel.sheets.reading import Record, read_records
from app.kernel.sheets.refusal import SheetRefused
from app.kernel.sheets.writing import csv_bytes, xlsx_bytes

__all__ = [
    "Lines",
    "Record",
    "SheetRefused",
    "cells_of_line",
    "csv_bytes",
    "guarded",
    "is_formula",
    "read_records",
    "unguarded",
    "xlsx_bytes",
]
