"""One history of a person: each room says in SQL which of its rows are open, and in words what each one tells.

One statement whatever its length: the rows of every room are united, ordered and cut by the database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    Text,
    Uuid,
    bindparam,
    case,
    cast,
    func,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from app.kernel.access import Actor
from app.kernel.constants import constant
from app.kernel.db import UtcDateTime, db, rows_only
from app.kernel.grants import Granted
from app.kernel.statements import built

PAGE_SIZE = 20
# Between codes, which never hold one.
BAR = "|"


class local_day(GenericFunction[date]):  # noqa: N801
    """SQL: the calendar day of a moment in a time zone. On SQLite a function of ours (`kernel/db.py`)."""

    type = Date()
    inherit_cache = True


@compiles(local_day, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    moment, zone = (compiler.process(one, **kw) for one in element.clauses)
    return f"CAST(timezone({zone}, {moment}) AS DATE)"


@dataclass(frozen=True)
class Entry:
    """One row as the room selected it. `author_id` only of a colleague; `other_id`: another structure to be named."""

    kind: str
    step: str
    id: UUID
    day: date
    at: datetime
    structure_id: UUID | None
    author_id: UUID | None
    other_id: UUID | None
    codes: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class Told:
    """What a row tells, already checked. `note`: typed words; `acts`: (words, address) of what may be done with it."""

    title: str
    text: str = ""
    note: str = ""
    url: str = ""
    acts: tuple[tuple[str, str], ...] = ()


Rows = Callable[[Actor, Granted, str], Sequence[Select[Any]]]
Tell = Callable[[Granted, Entry, Mapping[UUID, str]], Told]


@dataclass(frozen=True)
class Source:
    """A kind of line: its code in addresses, its name on the filter, an icon of `ui.icon`, its rows and its words.

    `rows(actor, granted, timezone)` selects with `row(...)`, built once for all people (`Granted.anyone`);
    `tell(granted, entry, structure names)` says it.
    """

    kind: str
    label: str
    icon: str
    rows: Rows
    tell: Tell


@dataclass(frozen=True)
class Page:
    """A page of a history, counted from 1, newest first."""

    entries: tuple[Entry, ...]
    number: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages; one when there is nothing."""
        return max(1, -(-self.total // PAGE_SIZE))


sources: list[Source] = []


def register(*added: Source) -> None:
    """Add kinds of lines, in the order of the filter. Called only by `app/wiring`."""
    known = {one.kind for one in sources}
    sources.extend(one for one in added if one.kind not in known)


def source_of(kind: str) -> Source | None:
    """The kind of this code, or None."""
    return next((one for one in sources if one.kind == kind), None)


def row(  # noqa: PLR0913
    kind: str,
    step: str,
    row_id: Any,
    at: Any,
    timezone: str,
    *,
    day: Any = None,
    structure: Any = None,
    author: Any = None,
    other: Any = None,
    codes: Sequence[Any] = (),
    words: Any = None,
) -> Select[Any]:
    """The columns of every line, in their order. `day`: when it is not that of `at`; `codes`: columns, read as text."""
    selected: Select[Any] = select(
        constant(kind).label("kind"),
        constant(step).label("step"),
        type_coerce(row_id, Uuid()).label("id"),
        type_coerce(local_day(at, constant(timezone)) if day is None else day, Date()).label("day"),
        type_coerce(at, UtcDateTime()).label("at"),
        _uuid(structure).label("structure_id"),
        _uuid(author).label("author_id"),
        _uuid(other).label("other_id"),
        joined(codes).label("codes"),
        cast(null() if words is None else words, Text()).label("words"),
    )
    return selected


def _uuid(value: Any) -> ColumnElement[Any]:
    return cast(null(), Uuid()) if value is None else type_coerce(value, Uuid())


def joined(codes: Sequence[Any]) -> ColumnElement[str]:
    """SQL: columns read as text, between bars."""
    told = [func.coalesce(cast(code, String), constant("")) for code in codes]
    if not told:
        return constant("")
    found: ColumnElement[str] = told[0]
    for code in told[1:]:
        found = found + constant(BAR) + code
    return found


def flag(condition: ColumnElement[bool]) -> ColumnElement[str]:
    """SQL: a condition as a code, « 1 » or nothing."""
    return case((condition, constant("1")), else_=constant(""))


def page(actor: Actor, granted: Granted, kind: str, number: int, timezone: str) -> Page:
    """A page of what is open of a person's history, of one kind or (empty code) of all. Beyond the last one, the last."""
    built_once = _statements(actor, granted.anyone, kind, timezone)
    if built_once is None:
        return Page((), 1, 0)
    lines, count = built_once
    found, total = _read(lines, granted, max(1, number))
    if not found and number > 1:
        total = db.session.scalar(count, granted.named) or 0
        number = max(1, -(-total // PAGE_SIZE))
        found, total = _read(lines, granted, number)
    return Page(tuple(_entry(actor, one) for one in found), max(1, number), total)


@built
def _statements(actor: Actor, anyone: Granted, kind: str, timezone: str) -> tuple[Select[Any], Select[int]] | None:
    """A page of the lines, and their count; None when this hat reads nothing of this kind."""
    wanted = [one for one in sources if kind in ("", one.kind)]
    selects = [select_ for one in wanted for select_ in one.rows(actor, anyone, timezone)]
    if not selects:
        return None
    lines = union_all(*selects).subquery("history")
    order = (lines.c.day.desc(), lines.c.at.desc(), lines.c.kind, lines.c.step, lines.c.id.desc())
    start = bindparam("start", type_=Integer())
    page = select(lines, func.count().over().label("total")).order_by(*order).limit(PAGE_SIZE).offset(start)
    return rows_only(page), rows_only(select(func.count()).select_from(lines))


def _read(lines: Select[Any], granted: Granted, number: int) -> tuple[list[Any], int]:
    found = list(db.session.execute(lines, {**granted.named, "start": (number - 1) * PAGE_SIZE}))
    return found, found[0].total if found else 0


def _entry(actor: Actor, one: Any) -> Entry:
    ours = one.structure_id == actor.structure_id
    codes = tuple(one.codes.split(BAR))
    who = one.author_id if ours else None
    return Entry(
        one.kind, one.step, one.id, one.day, one.at, one.structure_id, who, one.other_id, codes, one.words or ""
    )
