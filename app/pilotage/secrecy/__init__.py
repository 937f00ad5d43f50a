"""Statistical secrecy: small counts, few advisers, and what several publications tell together. Pure."""

from app.pilotage.secrecy.bounds import UNDER, recovered
from app.pilotage.secrecy.cells import (
    FEWEST_AUTHORS,
    GROUP,
    LEAST_K,
    Cell,
    Count,
    Counted,
    Key,
    Part,
    Recoverable,
    Total,
    cells,
    is_bare,
    is_covered,
    protect,
    settle,
)

__all__ = [
    "FEWEST_AUTHORS",
    "GROUP",
    "LEAST_K",
    "UNDER",
    "Cell",
    "Count",
    "Counted",
    "Key",
    "Part",
    "Recoverable",
    "Total",
    "cells",
    "is_bare",
    "is_covered",
    "protect",
    "recovered",
    "settle",
]
