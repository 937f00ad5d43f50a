"""What can be refused, in words. Actions raise these; forms and pages show them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Index, Table, UniqueConstraint
from sqlalchemy.exc import IntegrityError

from app.kernel.db import Base
from app.kernel.i18n import lazy_gettext as _


class DomainError(Exception):
    """A rule of the domain refuses. `message` is shown to the person at the screen; `field` says where."""

    status = 422

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.field = field


class NotFound(DomainError):
    """Unknown, or not yours: the two cannot be told apart (404)."""

    status = 404

    def __init__(self, message: str = _("Cette page n’existe pas, ou ne vous est pas ouverte.")) -> None:
        super().__init__(message)


class Conflict(DomainError):
    """Something happened meanwhile (409)."""

    status = 409


@dataclass(frozen=True)
class Difference:
    """One field that two people changed: its label, what I typed, what is recorded now."""

    label: str
    mine: str
    theirs: str


class Stale(Conflict):
    """Another person saved in between; both texts are kept and shown."""

    def __init__(self, differences: tuple[Difference, ...] = (), current_version: int | None = None) -> None:
        super().__init__(
            _("Cette fiche a été modifiée pendant que vous écriviez. Rien n’a été perdu : comparez, puis enregistrez.")
        )
        self.differences = differences
        self.current_version = current_version


_constraints: dict[str, tuple[str, str | None]] = {}


def name_constraint(name: str, message: str, field: str | None = None) -> None:
    """Give words to a database constraint, so that its violation lands on the right field."""
    _constraints[name] = (message, field)


def from_integrity(error: IntegrityError) -> DomainError | None:
    """The named conflict behind a violated constraint, or None when nobody gave it words."""
    text = str(error.orig)
    violated = set(_named_by_columns(text))
    for name, (message, field) in _constraints.items():
        if name in text or name in violated:
            return Conflict(message, field)
    return None


def _named_by_columns(text: str) -> Iterator[str]:
    """SQLite says which columns of a unique constraint met, not its name."""
    found = re.search(r"UNIQUE constraint failed: (.+)", text)
    columns = [column.partition(".") for column in found[1].split(", ")] if found else []
    table = Base.metadata.tables.get(columns[0][0]) if columns else None
    if table is None:
        return
    names = [column for _table, _dot, column in columns]
    for item in _unique(table):
        if [column.name for column in item.columns] == names:
            yield str(item.name)


def _unique(table: Table) -> Iterator[UniqueConstraint | Index]:
    yield from (item for item in table.constraints if isinstance(item, UniqueConstraint))
    yield from (item for item in table.indexes if item.unique)


def check_version(current: int, typed: int | None, *differences: Difference) -> None:
    """Raise Stale when the form was filled from an older version than the recorded one."""
    if typed is not None and typed != current:
        kept = tuple(d for d in differences if d.mine != d.theirs)
        raise Stale(kept, current)
