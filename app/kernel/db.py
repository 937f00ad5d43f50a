"""The database: declarative base, portable column types, and the mode (read or write) of the running transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import IntFlag, StrEnum
from typing import Any, ClassVar, Literal, TypeVar
from uuid import UUID

import psycopg._queries
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import JSON, DateTime, Engine, Enum, Executable, Integer, MetaData, TypeDecorator, Uuid, event, text
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from app.kernel import clock, ids

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
READ_VERBS = ("SELECT", "WITH", "PRAGMA", "EXPLAIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET", "BEGIN", "SHOW")
LONGEST_VERB = max(map(len, READ_VERBS))

PRAGMAS = (
    "journal_mode=WAL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "synchronous=NORMAL",
    "busy_timeout=15000",
    # Without it REPLACE deletes rows behind the append-only triggers.
    "recursive_triggers=ON",
)

POSTGRESQL = (
    # Compiling a statement takes seconds, and saves milliseconds of what pages ask.
    "jit = off",
    # What a town writes down fits in memory: looking rows up costs hardly more than reading them in order.
    "random_page_cost = 1.1",
    # What is asked again and again is planned once for every hat: planning takes longer than running.
    "plan_cache_mode = force_generic_plan",
)

# Statements of a day's work that a connection keeps planned.
PREPARED = 200

# The driver translates again, each time, what is longer than four thousand characters: ours are few, and the same all day.
psycopg._queries.MAX_CACHED_STATEMENT_LENGTH = 50_000
psycopg._queries.MAX_CACHED_STATEMENT_PARAMS = 500

_mode: ContextVar[str] = ContextVar("transaction_mode", default="write")


class ReadOnlyViolation(RuntimeError):
    """A statement tried to write while a read-only request was running."""


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC datetimes on both databases; a naive value is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


F = TypeVar("F", bound=IntFlag)
S = TypeVar("S", bound=Executable)


class FlagType(TypeDecorator[F]):
    """An IntFlag stored as its integer. The bit of each member is part of the data model and never changes."""

    impl = Integer
    cache_ok = True

    def __init__(self, flag: type[F]) -> None:
        super().__init__()
        self.flag = flag

    def process_bind_param(self, value: F | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> F | None:
        return None if value is None else self.flag(value)


def _values(enum: type[StrEnum]) -> list[str]:
    return [member.value for member in enum]


# Vocabularies are stored as their stable value, checked by the database, never as a native type.
CODE = Enum(StrEnum, native_enum=False, create_constraint=True, values_callable=_values, length=60)


def coded(enum: type[StrEnum], name: str) -> Enum:
    """The type of a second column of the same vocabulary in one table: its CHECK needs a name of its own."""
    return Enum(enum, native_enum=False, create_constraint=True, values_callable=_values, length=60, name=name)


class Base(DeclarativeBase):
    """Base of every table. Column types follow the annotation: UUID, aware datetime, StrEnum, str, int, bool, date."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        UUID: Uuid(),
        datetime: UtcDateTime(),
        StrEnum: CODE,
        dict[str, Any]: JSON(),
        list[str]: JSON(),
    }


class Row:
    """An identified, dated row."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new_id)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Versioned:
    """Something two people may edit at once: each UPDATE raises `version`, a stale one is refused."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.version}


ROWS = "maillage_rows"


class Session(FlaskSession):
    """A session that, in a request that only reads, asks for plain rows without looking for objects among them."""

    def execute(self, statement: Any, params: Any = None, **kw: Any) -> Any:
        if not kw and _reads_rows(statement):
            return self.connection().execute(statement, params)
        return super().execute(statement, params, **kw)

    def scalar(self, statement: Any, params: Any = None, **kw: Any) -> Any:
        if not kw and _reads_rows(statement):
            return self.connection().scalar(statement, params)
        return super().scalar(statement, params, **kw)

    def scalars(self, statement: Any, params: Any = None, **kw: Any) -> Any:
        if not kw and _reads_rows(statement):
            return self.connection().scalars(statement, params)
        return super().scalars(statement, params, **kw)


def rows_only(statement: S) -> S:
    """The same statement, known to select columns and no object."""
    found: S = statement.execution_options(**{ROWS: True})
    return found


def _reads_rows(statement: Executable) -> bool:
    return _mode.get() == "read" and ROWS in statement.get_execution_options()


db = SQLAlchemy(
    session_options={"join_transaction_mode": "create_savepoint", "class_": Session},
    engine_options={"hide_parameters": True},
)


@contextmanager
def mode(name: Literal["read", "write"]) -> Iterator[None]:
    """Transactions begun inside the block read only, or write (BEGIN IMMEDIATE on SQLite)."""
    token = _mode.set(name)
    try:
        yield
    finally:
        _mode.reset(token)


def set_mode(name: Literal["read", "write"]) -> None:
    """The same for the rest of the running request."""
    _mode.set(name)


def is_reading() -> bool:
    """The running transaction only reads."""
    return _mode.get() == "read"


def is_sqlite() -> bool:
    """True when the application's database is SQLite."""
    return db.engine.dialect.name == "sqlite"


def plan_for_values() -> None:
    """Until the transaction ends, PostgreSQL plans for the values given: figures of a year are not those of a day."""
    if not is_sqlite():
        db.session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))


@event.listens_for(Engine, "connect")
def _prepare(connection: Any, record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        for setting in POSTGRESQL:
            connection.execute(f"SET {setting}")
        connection.commit()
        connection.prepared_max = PREPARED
        return
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    connection.create_function("local_day", 2, _local_day, deterministic=True)


def _local_day(moment: str | None, timezone: str) -> str | None:
    """`kernel/timeline.py: local_day` on SQLite, whose moments are written in UTC without saying so."""
    if moment is None:
        return None
    return clock.local(datetime.fromisoformat(moment).replace(tzinfo=UTC), timezone).date().isoformat()


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """The mode is also said to the database itself, which refuses a write hidden in a SELECT."""
    reading = is_reading()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
    elif connection.connection.dbapi_connection is not None:
        connection.connection.dbapi_connection.read_only = reading


@event.listens_for(Engine, "before_cursor_execute")
def _guard(conn: Connection, cursor: Any, statement: str, params: Any, context: Any, many: bool) -> None:  # noqa: PLR0913
    if _mode.get() == "read" and not statement.lstrip()[:LONGEST_VERB].upper().startswith(READ_VERBS):
        raise ReadOnlyViolation(statement.split("(")[0][:80])
