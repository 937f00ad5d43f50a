"""Statistical secrecy: small counts, few advisers, and what several publications tell together. Pure."""

from app.pilotage.secrecy.areas import Ground
from app.pilotage.secrecy.bounds import recovered
from app.pilotage.secrecy.cells import cells, is_covered, protect
from app.pilotage.secrecy.grid import (
    COMMUNE,
    COMMUNES,
    EPCI,
    FEWEST_AUTHORS,
    GROUP,
    LEAST_K,
    NAMED,
    UNDER,
    WHOLE,
    Cell,
    Count,
    Counted,
    Key,
    Part,
    Total,
    is_bare,
)
from app.pilotage.secrecy.settling import Recoverable, settle, settle_among

__all__ = [
    "COMMUNE",
    "COMMUNES",
    "EPCI",
    "FEWEST_AUTHORS",
    "GROUP",
    "LEAST_K",
    "NAMED",
    "UNDER",
    "WHOLE",
    "Cell",
    "Count",
    "Counted",
    "Ground",
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
    "settle_among",
]
