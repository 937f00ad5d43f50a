"""Words and numbers of ours, written in a statement instead of travelling with it as parameters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, cast, literal_column

_OURS = re.compile(r"[A-Za-z0-9_/|+-]*")


def constant(code: str) -> ColumnElement[str]:
    """SQL: a code of the program. ValueError for anything that would need a quote: never for what somebody typed."""
    if not _OURS.fullmatch(code):
        raise ValueError(code)
    return cast(literal_column(f"'{code}'"), String)


def whole(number: int) -> ColumnElement[int]:
    """SQL: a whole number of the program."""
    return literal_column(str(int(number)), Integer)


def same(column: Any, code: str) -> ColumnElement[bool]:
    """SQL: the column is this code of the program, in the words of a partial index, which is then known to serve."""
    if not _OURS.fullmatch(code):
        raise ValueError(code)
    found: ColumnElement[bool] = column == literal_column(f"'{code}'", String)
    return found


def one_of(column: Any, codes: Iterable[str]) -> ColumnElement[bool]:
    """SQL: the column is one of these codes of the program, in the words and order of a partial index."""
    known = tuple(codes)
    if not all(_OURS.fullmatch(code) for code in known):
        raise ValueError(known)
    found: ColumnElement[bool] = column.in_([literal_column(f"'{code}'", String) for code in known])
    return found
