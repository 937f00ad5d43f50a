"""What a hat has to do, of every room, asked of the database at once; put in words only for the lines that are shown.

A room registers a `Source` among the task providers: what is due in SQL, whether it presses, and how it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Date,
    Integer,
    Select,
    Uuid,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)

from app.kernel import grants, pages, panels
from app.kernel.access import Actor
from app.kernel.db import UtcDateTime, db
from app.kernel.grants import NOTHING, Section, role_sections
from app.kernel.panels import Task
from app.kernel.statements import built
from app.kernel.timeline import BAR, joined

# A count on the first screen stops here: « plus de 100 ».
MOST_COUNTED = 100
# When too many of those read turn out to be hidden from the hat, they are read again, so many times more.
WIDER = 8


@dataclass(frozen=True)
class Row:
    """Something due, as its room selected it, of a person whom the hat may read, if it is about one."""

    id: UUID
    person_id: UUID | None
    other_id: UUID | None
    day: date | None
    at: datetime | None
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """One thing to do, in words: who it is about only where the actor may read it."""

    title: str
    text: str
    url: str


@dataclass(frozen=True)
class When:
    """The network’s calendar day and time zone."""

    today: date
    timezone: str


@dataclass(frozen=True)
class Names:
    """Names of the people whose identity is open, and of structures as the hat may read them, by id."""

    people: Mapping[UUID, str]
    structures: Mapping[UUID, str]

    def person(self, row: Row) -> str:
        """Who the row is about; empty where their identity is not open."""
        return self.people.get(row.person_id, "") if row.person_id else ""

    def other(self, row: Row) -> str:
        """The structure that the row names; empty when it names none."""
        return self.structures.get(row.other_id, "") if row.other_id else ""


@dataclass(frozen=True)
class Branch:
    """The first `most` rows of `query` (made with `row`), in this order, of people of whom the hat reads `section`.

    `NOTHING`: whoever they are about, it is told to this hat. `most` is None for those that are few.
    """

    query: Select[Any]
    section: Section
    order: tuple[Any, ...] = ()
    most: int | None = None


@dataclass(frozen=True)
class Source:
    """A kind of thing to do. `due`: its day and whether it is urgent, None when nothing is due yet.

    `rows(actor, today)` depends on nothing else: statements are kept. `most`: of all its branches together, one after the
    other, or in `order`.
    """

    rows: Callable[[Actor, date], Sequence[Branch]]
    due: Callable[[Row, When], tuple[date, bool] | None]
    tell: Callable[[Actor, Row, Names], Told]
    most: int | None = None
    order: Callable[[Entry], Any] | None = None


@dataclass(frozen=True)
class Entry:
    """One thing to do, before it is put in words."""

    due: date
    urgent: bool
    row: Row | None
    tell: Callable[[Actor, Names], Told]


Namer = Callable[[Actor, set[UUID]], Mapping[UUID, str]]
_namers: list[Namer] = []


def named_by(people: Namer, structures: Namer) -> None:
    """Who names people and structures. Called only by `app/wiring`."""
    _namers[:] = [people, structures]


def row(  # noqa: PLR0913
    row_id: Any,
    *,
    person: Any = None,
    other: Any = None,
    day: Any = None,
    at: Any = None,
    codes: Sequence[Any] = (),
) -> Select[Any]:
    """The columns of every row, in their order; `codes` are read as text."""
    selected: Select[Any] = select(
        type_coerce(row_id, Uuid()).label("id"),
        _typed(person, Uuid()).label("person_id"),
        _typed(other, Uuid()).label("other_id"),
        _typed(day, Date()).label("day"),
        _typed(at, UtcDateTime()).label("at"),
        joined(codes).label("codes"),
    )
    return selected


def _typed(value: Any, kind: Any) -> Any:
    return cast(null(), kind) if value is None else type_coerce(value, kind)


def counted(query: Select[Any], structure_id: UUID) -> Branch:
    """One row, whose only code says how many there are, as far as one beyond `MOST_COUNTED` (`count_of`)."""
    some = query.limit(literal_column(str(MOST_COUNTED + 1))).subquery()
    return Branch(row(literal(structure_id, Uuid()), codes=(func.count(),)).select_from(some), NOTHING)


def count_of(row: Row) -> int:
    """How many a row of `counted` says there are."""
    return int(row.codes[0])


def some_today(row: Row, when: When) -> tuple[date, bool] | None:
    """Due today when there are any."""
    return (when.today, False) if count_of(row) else None


def entries(actor: Actor) -> list[Entry]:
    """What this hat has to do, urgent first, then by date; in one statement for all that is asked of the database."""
    when = When(pages.today(), pages.timezone())
    sources = tuple(one for one in panels.task_providers if isinstance(one, Source))
    found = dict(zip(sources, rows(actor, when.today, sources), strict=True))
    each = (
        _of_source(one, found[one], when) if isinstance(one, Source) else _of_tasks(one(actor))
        for one in panels.task_providers
    )
    return sorted(chain.from_iterable(each), key=lambda one: (not one.urgent, one.due))


def _of_source(source: Source, found: Iterable[Row], when: When) -> list[Entry]:
    pressing = [(one, source.due(one, when)) for one in found]
    made = [Entry(due[0], due[1], one, _told(source, one)) for one, due in pressing if due is not None]
    return (sorted(made, key=source.order) if source.order else made)[: source.most]


def _told(source: Source, one: Row) -> Callable[[Actor, Names], Told]:
    return lambda actor, names: source.tell(actor, one, names)


def _of_tasks(tasks: Iterable[Task]) -> list[Entry]:
    return [Entry(one.due, one.urgent, None, _said(Told(one.title, one.text, one.url))) for one in tasks]


def _said(told: Told) -> Callable[[Actor, Names], Told]:
    return lambda _actor, _names: told


def tasks(actor: Actor, shown: Sequence[Entry]) -> list[Task]:
    """These things in words: two statements at most for the names."""
    about = [one.row for one in shown if one.row is not None]
    ids = ({one.person_id for one in about if one.person_id}, {one.other_id for one in about if one.other_id})
    people, structures = (namer(actor, some) if some else {} for namer, some in zip(_namers, ids, strict=True))
    names = Names(people, structures)
    return [_task(one, one.tell(actor, names)) for one in shown]


def _task(one: Entry, told: Told) -> Task:
    return Task(one.due, told.title, told.text, told.url, one.urgent)


def rows(actor: Actor, today: date, sources: tuple[Source, ...]) -> list[list[Row]]:
    """What is due of each source, in order. One statement, or two when much of it is hidden from the hat."""
    wider = 1
    while True:
        found, short = _read(actor, today, sources, wider)
        if not short:
            return found
        wider *= WIDER


def _read(actor: Actor, today: date, sources: tuple[Source, ...], wider: int) -> tuple[list[list[Row]], bool]:
    asked = _statement(actor, today, sources, wider)
    if asked is None:
        return [[] for _one in sources], False
    read: dict[int, list[Any]] = {}
    for one in db.session.execute(asked):
        read.setdefault(one.branch, []).append(one)
    opened = {place: [one for one in some if one.open] for place, some in read.items()}
    branches = _branches(actor, today, sources)
    short = any(
        _is_short(branch, len(read.get(place, ())), len(opened.get(place, ())), wider)
        for place, branch in chain(*branches)
    )
    return [_kept(some, opened) for some in branches], short


def _is_short(branch: Branch, read: int, opened: int, wider: int) -> bool:
    """Others may be due further, since some of those that were read are hidden from the hat."""
    return branch.most is not None and read == branch.most * wider and opened < branch.most


def _kept(branches: Iterable[tuple[int, Branch]], opened: Mapping[int, list[Any]]) -> list[Row]:
    each = (sorted(opened.get(place, ()), key=lambda one: one.rank)[: branch.most] for place, branch in branches)
    return [_row(one) for one in chain.from_iterable(each)]


def _row(one: Any) -> Row:
    return Row(one.id, one.person_id, one.other_id, one.day, one.at, tuple(one.codes.split(BAR)))


@built
def _branches(actor: Actor, today: date, sources: tuple[Source, ...]) -> list[list[tuple[int, Branch]]]:
    """The branches of each source that this role may read, numbered."""
    numbers = iter(range(1000))
    mine = role_sections(actor.role)
    return [[(next(numbers), one) for one in source.rows(actor, today) if one.section in mine] for source in sources]


@built
def _statement(actor: Actor, today: date, sources: tuple[Source, ...], wider: int) -> Select[Any] | None:
    """The first rows of every branch, and whether the person each is about is open to the hat."""
    branches = [one for some in _branches(actor, today, sources) for one in some]
    if not branches:
        return None
    lines = union_all(*(_first(place, branch, wider) for place, branch in branches)).subquery("due")
    if not any(branch.section for _place, branch in branches):
        return select(lines, literal(1).label("open"))
    opened = or_(lines.c.section == int(NOTHING), grants.opens_each(actor, lines.c.person_id, lines.c.section))
    return select(lines, opened.label("open"))


def _first(place: int, branch: Branch, wider: int) -> Select[Any]:
    rank = func.row_number().over(order_by=branch.order) if branch.order else literal(0, Integer)
    query = branch.query.add_columns(
        literal_column(str(place), Integer).label("branch"),
        rank.label("rank"),
        literal_column(str(int(branch.section)), Integer).label("section"),
    ).order_by(*branch.order)
    if branch.most is not None:
        query = query.limit(literal_column(str(branch.most * wider)))
    return select(query.subquery(f"due_{place}"))
