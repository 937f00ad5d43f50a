"""Rows as plain JSON values, and back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, Row, Table, Uuid

from app.kernel.db import UtcDateTime

Encoded = dict[str, Any]


def encoded(rows: Table, row: Row[Any]) -> Encoded:
    """The columns of one row, as JSON keeps them."""
    return {column.name: _plain(row._mapping[column]) for column in rows.columns}


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return int(value) if isinstance(value, int) and not isinstance(value, bool) else value


def decoded(rows: Table, values: Encoded) -> dict[str, Any]:
    """What JSON kept, as the columns take it."""
    return {name: _typed(rows.c[name], value) for name, value in values.items()}


def _typed(column: Column[Any], value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return next((read(value) for kind, read in _READ.items() if isinstance(column.type, kind)), value)


_READ: dict[type, Callable[[str], Any]] = {
    Uuid: UUID,
    UtcDateTime: datetime.fromisoformat,
    Date: date.fromisoformat,
}
