"""The national schema « Lieux de médiation numérique » v1.0.2: columns, closed lists, records, opening hours."""

from app.network.schema import hours
from app.network.schema.columns import (
    COLUMNS,
    FREE_LISTS,
    LISTS,
    MODEL_FIELDS,
    PLACEHOLDER_PIVOT,
    REQUIRED,
    RESUME_LENGTH,
    SEVERAL,
    in_the_lists_spelling,
)
from app.network.schema.record import (
    Change,
    LeftOut,
    PlaceLike,
    cells_of,
    changes,
    official,
    phone_fits,
)

__all__ = [
    "COLUMNS",
    "FREE_LISTS",
    "LISTS",
    "MODEL_FIELDS",
    "PLACEHOLDER_PIVOT",
    "REQUIRED",
    "RESUME_LENGTH",
    "SEVERAL",
    "Change",
    "LeftOut",
    "PlaceLike",
    "cells_of",
    "changes",
    "hours",
    "in_the_lists_spelling",
    "official",
    "phone_fits",
]
