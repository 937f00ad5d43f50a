"""Many rows at once: the same values and defaults as the ORM’s, by COPY on PostgreSQL and executemany on SQLite.

For rows that pure functions of the actions have built and checked; nothing is read back. Written in the order of foreign keys.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import JSON, Column, Dialect, Enum, Table, text
from sqlalchemy.sql.schema import CallableColumnDefault, ScalarElementColumnDefault

from app.kernel.db import Base, db, is_sqlite

Values = Mapping[str, Any]
Maker = Callable[[Values], Any]


class Batch:
    """Rows waiting to be written together, kept as the database will receive them."""

    def __init__(self) -> None:
        self._makers: dict[type[Base], tuple[Maker, ...]] = {}
        self._rows: dict[type[Base], list[tuple[Any, ...]]] = {}
        self.written = 0

    def __len__(self) -> int:
        return sum(len(rows) for rows in self._rows.values())

    def add(self, model: type[Base], values: Values) -> None:
        """One row of this table: `values` by column name, defaults of the model for the others."""
        if model not in self._makers:
            self._makers[model] = _makers(_table(model))
            self._rows[model] = []
        self._rows[model].append(tuple([make(values) for make in self._makers[model]]))

    def write(self) -> int:
        """Send everything to the running transaction, parents first; returns how many rows."""
        db.session.flush()
        count = len(self)
        order = {table: rank for rank, table in enumerate(Base.metadata.sorted_tables)}
        for model in sorted(self._rows, key=lambda model: order[_table(model)]):
            _send(_table(model), self._rows[model])
            self._rows[model] = []
        self.written += count
        return count


def insert(model: type[Base], rows: Iterable[Values]) -> int:
    """Insert many rows of one table in the running transaction; returns how many."""
    batch = Batch()
    for values in rows:
        batch.add(model, values)
    return batch.write()


def analyse() -> None:
    """Let the database count its rows again: a plan made for empty tables would still be followed when they are full."""
    db.session.execute(text("ANALYZE"))


def settle() -> None:
    """After all is committed, what PostgreSQL would do by itself in the hours that follow: count, and tidy its pages."""
    db.session.close()
    if not is_sqlite():
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM (ANALYZE)"))


def _table(model: type[Base]) -> Table:
    return cast(Table, model.__table__)


def _makers(table: Table) -> tuple[Maker, ...]:
    dialect = db.session.get_bind().dialect
    return tuple(_maker(column, dialect) for column in table.columns)


def _maker(column: Column[Any], dialect: Dialect) -> Maker:
    """What makes the stored value of one column from the values of a row."""
    name, default, process = column.name, _default(column), _process(column, dialect)
    if default is None:
        return lambda values: process(values.get(name))
    return lambda values: process(values[name] if name in values else default())


def _default(column: Column[Any]) -> Callable[[], Any] | None:
    found = column.default
    if isinstance(found, CallableColumnDefault):
        call = cast(Callable[[None], Any], found.arg)
        return lambda: call(None)
    if isinstance(found, ScalarElementColumnDefault):
        return lambda: found.arg
    return None


def _process(column: Column[Any], dialect: Dialect) -> Callable[[Any], Any]:
    """As the type does; codes and lists of codes, which are most of the values, more quickly."""
    if isinstance(column.type, Enum):
        return lambda value: None if value is None else value.value
    if isinstance(column.type, JSON):
        return lambda value: _codes(tuple(value)) if isinstance(value, list) else json.dumps(value)
    return column.type.dialect_impl(dialect).bind_processor(dialect) or _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


@lru_cache(maxsize=4096)
def _codes(values: tuple[Any, ...]) -> str:
    return json.dumps(values)


def _send(table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    if not rows:
        return
    connection = db.session.connection()
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(column.name) for column in table.columns)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(table.columns))
        connection.exec_driver_sql(f"INSERT INTO {quote(table.name)} ({names}) VALUES ({marks})", list(rows))  # noqa: S608
        return
    cursor = cast(Any, connection.connection.cursor())
    with cursor, cursor.copy(f"COPY {quote(table.name)} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


__all__ = ["Batch", "analyse", "insert"]
