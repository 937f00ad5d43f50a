"""Published cells as a table, one a line, for whoever wants to count again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from app.pilotage.secrecy import Cell

COLUMNS = ("periode", "zone", "indicateur", "ventilation", "categorie", "valeur", "masque", "ensemble")


def cells_csv(cells: Iterable[Cell]) -> bytes:
    """UTF-8, commas, codes of the grid, in its order. A hidden value is empty, and `masque` says 1: zero is 0."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for cell in sorted(cells, key=lambda cell: cell.key):
        hidden = cell.value is None
        rows.writerow((*cell.key, "" if hidden else cell.value, int(hidden), " ".join(cell.members)))
    return text.getvalue().encode()
