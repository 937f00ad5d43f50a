"""Reads of needs: frozen views that hold only what is granted."""

from app.needs.queries.due import due_needs
from app.needs.queries.history import lines
from app.needs.queries.pieces import PieceLine, pieces_of
from app.needs.queries.reading import (
    NeedLine,
    NeedView,
    get,
    is_open,
    needs_of,
    open_counts,
    open_needs_choices,
    open_of,
    title,
    titles,
    waits,
)

__all__ = [
    "NeedLine",
    "NeedView",
    "PieceLine",
    "due_needs",
    "get",
    "is_open",
    "lines",
    "needs_of",
    "open_counts",
    "open_needs_choices",
    "open_of",
    "pieces_of",
    "title",
    "titles",
    "waits",
]
