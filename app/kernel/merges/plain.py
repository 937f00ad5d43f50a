"""Rows as plain JSON values, and back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Row, Table

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
    kind = column.type.python_type
    if value is None or kind not in (UUID, date, datetime):
        return value
    return UUID(value) if kind is UUID else kind.fromisoformat(value)
