"""Statements built once: putting a statement together takes longer than running it.

A statement depends on a hat, a day and codes, never on what is read: ids and words are `bindparam`s, filled when it runs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Hashable
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, Select, String, TypeDecorator, Uuid, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm.util import AliasedClass
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from app.kernel import grants
from app.kernel.db import rows_only

P = ParamSpec("P")
S = TypeVar("S")
# Statements kept, of all hats together: some eighty kilobytes each. A hat’s day has about fifty.
MOST = 1500


def built(make: Callable[P, S]) -> Callable[P, S]:
    """Keep what `make` puts together for each of its arguments, all hashable, as long as grants say the same.

    SQLAlchemy's statements never change once made, and keep their own cache key.
    """

    @wraps(make)
    def kept(*args: P.args, **kwargs: P.kwargs) -> S:
        found: S = _made(make, args, tuple(kwargs.items()), grants.edition())
        return found

    return kept


def forget() -> None:
    """Let go of every statement, for tests that change a rule."""
    _made.cache_clear()
    grants.forget()


@lru_cache(maxsize=MOST)
def _made(
    make: Callable[..., Any], args: tuple[Hashable, ...], kwargs: tuple[tuple[str, Hashable], ...], edition: Hashable
) -> Any:
    found = make(*args, **dict(kwargs))
    return rows_only(found) if isinstance(found, Select) and _selects_columns(found) else found


def _selects_columns(statement: Select[Any]) -> bool:
    return not any(isinstance(one["expr"], type | AliasedClass) for one in statement.column_descriptions)


def among(column: Any, name: str = "ids") -> ColumnElement[bool]:
    """SQL: this column of ids is among those given, when the statement runs, under this name.

    One parameter however many there are, so that the database knows the statement again.
    """
    return _Among(column, bindparam(name, type_=_Ids()))


def aside(column: Any) -> ColumnElement[Any]:
    """SQL: this column, not to be looked up: rows are to come in the order of an index (SQLite asks to be told)."""
    return _Aside(column)


class _Aside(FunctionElement[Any]):
    name = "aside"
    inherit_cache = True

    def __init__(self, column: Any) -> None:
        super().__init__(column)
        self.type = column.type


@compiles(_Aside)
def _as_it_is(element: _Aside, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(next(iter(element.clauses)), **kw)


@compiles(_Aside, "sqlite")
def _set_aside(element: _Aside, compiler: SQLCompiler, **kw: Any) -> str:
    return f"+{compiler.process(next(iter(element.clauses)), **kw)}"


class _Ids(TypeDecorator[Collection[UUID]]):
    """Ids in one parameter: an array on PostgreSQL, JSON on SQLite, which keeps an id as 32 digits."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String() if dialect.name == "sqlite" else ARRAY(Uuid()))

    def process_bind_param(self, value: Collection[UUID] | None, dialect: Dialect) -> Any:
        found = sorted(value or ())
        return json.dumps([one.hex for one in found]) if dialect.name == "sqlite" else found


class _Among(FunctionElement[bool]):
    name = "among"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """A condition as it stands: written « = 1 » on SQLite, it would not be looked up in an index."""
        return self


@compiles(_Among)
def _of_array(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, ids = element.clauses
    return f"({compiler.process(column, **kw)} = ANY ({compiler.process(ids, **kw)}))"


@compiles(_Among, "sqlite")
def _of_json(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, ids = element.clauses
    return f"({compiler.process(column, **kw)} IN (SELECT value FROM json_each({compiler.process(ids, **kw)})))"  # noqa: S608
