"""What becomes of each table that points at a person: its rows move to the record kept, or stay, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Table, Uuid, bindparam, select, update

from app.kernel.db import Base, db
from app.kernel.merges.models import PersonAlias

# (person kept, person removed).
Move = Callable[[UUID, UUID], None]
# (person kept, person removed, ids of the rows that had moved).
Back = Callable[[UUID, UUID, list[UUID]], None]


@dataclass(frozen=True)
class Moved:
    """A table whose rows follow the person kept.

    `move` when it is not enough to change the person of each row; `back` when undoing is an act of its own (append-only
    events follow): the differences of its rows are then not restored, but their ids are handed to it.
    `by_hand`: the act of merging itself says what becomes of the rows. `recorded=False`: rows that are computed from
    others, and computed again.
    """

    table: str
    columns: tuple[str, ...] = ("person_id",)
    move: Move | None = None
    back: Back | None = None
    by_hand: bool = False
    recorded: bool = True


@dataclass(frozen=True)
class Stays:
    """A table whose rows stay with the record that was removed, and why."""

    table: str
    columns: tuple[str, ...]
    why: str


_moved: dict[str, Moved] = {}
_stays: dict[str, Stays] = {}


def register(*declared: Moved | Stays) -> None:
    """Say what becomes of a table when two people become one. Called by `app/wiring`, in the order of moving."""
    for one in declared:
        if isinstance(one, Moved):
            _moved[one.table] = one
        else:
            _stays[one.table] = one


def declared() -> dict[tuple[str, str], str]:
    """(table, column) → « moved » or why it stays."""
    found = {(one.table, column): "moved" for one in _moved.values() for column in one.columns}
    return found | {(one.table, column): one.why for one in _stays.values() for column in one.columns}


_ANSWERING = select(PersonAlias.kept_id).where(PersonAlias.removed_id == bindparam("removed", type_=Uuid()))


def answering(person_id: UUID) -> UUID:
    """The record that answers for this one today: itself, or the one it was merged into."""
    kept = db.session.scalar(_ANSWERING, {"removed": person_id})
    return kept or person_id


def move_all(kept_id: UUID, removed_id: UUID) -> None:
    """Bring every declared row to the person kept. The caller flushes and records."""
    db.session.flush()
    for one in _moved.values():
        if not one.by_hand:
            (one.move or _mover(one))(kept_id, removed_id)
            db.session.flush()


def _mover(one: Moved) -> Move:
    def move(kept_id: UUID, removed_id: UUID) -> None:
        rows = table(one.table)
        for name in one.columns:
            follow = update(rows).where(rows.c[name] == removed_id).values({name: kept_id})
            db.session.execute(follow)
        db.session.expire_all()

    return move


def moved() -> tuple[Moved, ...]:
    """The tables whose rows move, in the order of their declaration."""
    return tuple(_moved.values())


def back_of(name: str) -> Back | None:
    """How the rows of this table go back, when it is an act of its own."""
    return _moved[name].back


def table(name: str) -> Table:
    """The table of this name."""
    return Base.metadata.tables[name]
