"""Where a right on a person's record comes from: providers, registered in `app/wiring`. Nothing else opens one."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import IntFlag, StrEnum
from functools import cached_property, lru_cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    CompoundSelect,
    Integer,
    Select,
    Subquery,
    Uuid,
    bindparam,
    false,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.sql.elements import ColumnElement

from app.kernel import clock
from app.kernel.access import ADVISING, Actor, Role
from app.kernel.constants import constant, whole
from app.kernel.db import db, rows_only


class Section(IntFlag):
    """Sections of a record (`domain/access.md`). Bits are stored in consents: never renumber."""

    IDENTITY = 1
    CONTACT = 2
    NEEDS = 4
    SESSIONS = 8
    ASSESSMENT = 16
    ANSWERS = 32
    PLAN = 64
    NOTES = 128
    REPRESENTATIVE = 256
    ADAPTATION = 512


EVERYTHING = Section(1023)
NOTHING = Section(0)
# Raw answers stay with the team that asked; adaptation and representative are sensitive (vocabularies.md).
SHAREABLE = EVERYTHING & ~Section.ANSWERS
DESK_SECTIONS = Section.IDENTITY | Section.CONTACT | Section.NEEDS | Section.SESSIONS | Section.PLAN
SHARED_BY_DEFAULT = DESK_SECTIONS | Section.ASSESSMENT


HALF_HOUR = 1800
PERSON = "granted_person_id"


# Stand for ids in `Granted.anyone`: the parameter, and something that no statement can compare with.
SOMEBODY = cast("UUID", bindparam(PERSON, type_=Uuid()))
LEFT_OUT = cast("UUID", object())


class Right(StrEnum):
    READ = "read"
    WRITE = "write"


@dataclass(frozen=True)
class Grant:
    """What one source opens on one person: sections to read, whether one may write, and where it comes from."""

    person_id: UUID
    sections: Section
    right: Right
    source: str
    source_id: UUID


@dataclass(frozen=True)
class Granted:
    """The union of the grants of an actor on a person. Falsy when nothing is open."""

    person_id: UUID
    grants: tuple[Grant, ...]

    @property
    def sections(self) -> Section:
        found = NOTHING
        for grant in self.grants:
            found |= grant.sections
        return found

    @property
    def may_write(self) -> bool:
        return any(grant.right is Right.WRITE for grant in self.grants)

    @property
    def source(self) -> str:
        return self.grants[0].source if self.grants else ""

    @cached_property
    def anyone(self) -> Granted:
        """The same rights on somebody whom a built statement is told when it runs (`named`).

        What the grants come from is left out: a statement that would look at it fails.
        """
        kinds = {(one.sections, one.right, one.source) for one in self.grants}
        return Granted(SOMEBODY, tuple(Grant(SOMEBODY, *kind, LEFT_OUT) for kind in sorted(kinds)))

    @property
    def named(self) -> dict[str, UUID]:
        """The parameter of such a statement."""
        return {PERSON: self.person_id}

    def opens(self, wanted: Section) -> bool:
        return wanted in self.sections

    def __bool__(self) -> bool:
        return bool(self.grants)


Columns = tuple[UUID, int, str, str, UUID]
Provider = Callable[[Actor], Select[Any]]
_providers: list[Provider] = []
# Until told: every half hour, when a day may begin in some time zone.
_days: list[Callable[[], Hashable]] = [lambda: int(clock.now().timestamp() // HALF_HOUR)]


def register(provider: Provider) -> None:
    """Add a provider: a function of the actor returning `row(...)` selects. Called only by `app/wiring`."""
    if provider not in _providers:
        _providers.append(provider)


def dated(days: Callable[[], Hashable]) -> None:
    """Say which days providers may depend on (`app/wiring`): their statements are built again when these change."""
    _days[0] = days


def row(person_id: Any, sections: Any, right: Right, source: str, source_id: Any) -> Select[Any]:
    """The columns every provider selects, in their order. `sections` is a Section or a stored column."""
    mask = whole(sections) if isinstance(sections, int) else type_coerce(sections, Integer)
    columns = (
        type_coerce(person_id, Uuid()).label("person_id"),
        mask.label("sections"),
        constant(right.value).label("right"),
        constant(source).label("source"),
        type_coerce(source_id, Uuid()).label("source_id"),
    )
    selected: Select[Any] = select(*cast("tuple[Any]", columns))
    return selected


def role_sections(role: Role) -> Section:
    """What a role may read at most inside a follow-up (`domain/access.md`, users)."""
    if role in ADVISING:
        return EVERYTHING
    return DESK_SECTIONS if role is Role.DESK else NOTHING


def granted_rows(actor: Actor) -> Subquery:
    """Every grant of the actor, one row each, as a subquery to join on `person_id`."""
    return _built(actor).everyone


@dataclass(frozen=True)
class _Built:
    """The statements of one hat: every grant, each provider’s, and those on the one person that `PERSON` names."""

    everyone: Subquery
    each: tuple[Subquery, ...]
    of_one: CompoundSelect[Any]


def edition() -> tuple[Hashable, ...]:
    """What statements about grants depend on besides the hat: the providers, and the day."""
    return tuple(_providers), _days[0]()


def _built(actor: Actor) -> _Built:
    """Built once per hat and day: building a statement takes longer than running it."""
    return _statements(actor, tuple(_providers), _days[0]())


@lru_cache(maxsize=512)
def _statements(actor: Actor, providers: tuple[Provider, ...], days: Hashable) -> _Built:
    selects = [provider(actor) for provider in providers]
    if not role_sections(actor.role):
        selects = [one.where(false()) for one in selects]
    return _Built(
        everyone=union_all(*selects).subquery("granted"),
        each=tuple(one.subquery(f"granted_{rank}") for rank, one in enumerate(selects, 1)),
        of_one=rows_only(union_all(*(one.where(one.selected_columns["person_id"] == SOMEBODY) for one in selects))),
    )


def forget() -> None:
    """Let go of the statements of every hat."""
    _statements.cache_clear()


def visible_ids(
    actor: Actor, wanted: Section = Section.IDENTITY, *, without: Provider | None = None
) -> Select[tuple[UUID]]:
    """Ids of all the people of whom the actor may read `wanted`. It takes time in proportion to their number: where a
    query already has few people, `opens` is for each of them. `without`: what every other provider opens."""
    rows = granted_rows(actor) if without is None else _rows_without(actor, without)
    found = select(rows.c.person_id).where(includes(rows.c.sections, wanted))
    return found if wanted in role_sections(actor.role) else found.where(false())


def _rows_without(actor: Actor, provider: Provider) -> Subquery:
    """The grants of every provider but one; none at all when it is alone."""
    each = zip(_providers, _built(actor).each, strict=True)
    left = [select(rows) for one, rows in each if one is not provider]
    return (
        union_all(*left).subquery("granted_otherwise")
        if left
        else select(_built(actor).each[0]).where(false()).subquery()
    )


def opens(
    actor: Actor, person_id: Any, wanted: Section = Section.IDENTITY, right: Right | None = None
) -> ColumnElement[bool]:
    """SQL: the actor may read `wanted` (and write, with `right`) of the person whom this column of the query names.

    Asked person by person through indexes, however many the actor follows.
    """
    if wanted not in role_sections(actor.role):
        return false()
    return or_(*(_opened(rows, person_id, wanted, right) for rows in _built(actor).each))


def opens_each(actor: Actor, person_id: Any, wanted: ColumnElement[int]) -> ColumnElement[bool]:
    """SQL: the actor may read of the person whom one column names the sections that another one holds.

    What the role reads at most is for the caller to check (`role_sections`).
    """
    found = (_reading(rows, person_id, rows.c.sections.op("&")(wanted) == wanted) for rows in _built(actor).each)
    # PostgreSQL reads every grant of a hat at once when it takes it for cheaper; a skipped row of none forbids it.
    return or_(*(one.offset(whole(0)).exists() for one in found))


def _opened(rows: Subquery, person_id: Any, wanted: Section, right: Right | None) -> ColumnElement[bool]:
    query = _reading(rows, person_id, includes(rows.c.sections, wanted))
    return (query if right is None else query.where(rows.c.right == right.value)).exists()


def _reading(rows: Subquery, person_id: Any, read: ColumnElement[bool]) -> Select[Any]:
    # Inside a subquery of its own, so that no table of the query around is taken for one of the grant's.
    query = select(whole(1)).select_from(rows).where(rows.c.person_id == person_id, read)
    return query.correlate_except(rows)


def includes(mask: Any, wanted: Section) -> ColumnElement[bool]:
    """SQL: the stored mask contains every wanted section."""
    found: ColumnElement[bool] = mask.op("&")(whole(wanted)) == whole(wanted)
    return found


def on_person(actor: Actor, person_id: UUID) -> Granted:
    """The actor's grants on one person; falsy when there is none (unknown or not yours: the same query, one answer)."""
    found = db.session.execute(_built(actor).of_one, {PERSON: person_id}).all()
    cap = role_sections(actor.role)
    grants = [Grant(r.person_id, Section(r.sections) & cap, Right(r.right), r.source, r.source_id) for r in found]
    return Granted(person_id, tuple(g for g in grants if g.sections))
