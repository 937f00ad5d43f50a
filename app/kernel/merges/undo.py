"""What a merge changed, row by row, and putting it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, and_, delete, insert, or_, select, update

from app.kernel import clock
from app.kernel.db import Base, db
from app.kernel.merges import registry
from app.kernel.merges.models import MergeUndo, PersonAlias
from app.kernel.merges.plain import Encoded, decoded, encoded
from app.kernel.merges.registry import Back

# Raised at each write and never taken back: a form opened before an undo must be seen as older.
NEVER_RESTORED = frozenset({"version", "updated_at"})

Place = tuple[str, tuple[str, ...]]


@dataclass(frozen=True)
class Shot:
    """One row: its key and all its columns, as plain values."""

    key: Encoded
    values: Encoded


Photo = dict[Place, Shot]


def photograph(kept_id: UUID, removed_id: UUID) -> Photo:
    """Every recorded row of both people."""
    found: Photo = {}
    for one in registry.moved():
        if one.recorded:
            rows = registry.table(one.table)
            theirs = or_(*(rows.c[name].in_((kept_id, removed_id)) for name in one.columns))
            for row in db.session.execute(select(rows).where(theirs)).all():
                shot = _shot(rows, encoded(rows, row))
                found[one.table, tuple(str(value) for value in shot.key.values())] = shot
    return found


def _shot(rows: Table, values: Encoded) -> Shot:
    return Shot({column.name: values[column.name] for column in rows.primary_key}, values)


def record(merge_id: UUID, before: Photo, after: Photo, until: datetime) -> None:
    """Keep what differs between the two photographs, parents before children."""
    order = {rows.name: rank for rank, rows in enumerate(Base.metadata.sorted_tables)}
    changed = [place for place in before.keys() | after.keys() if before.get(place) != after.get(place)]
    changed.sort(key=lambda place: (order[place[0]], place[1]))
    for rank, place in enumerate(changed):
        was, is_now = _difference(before.get(place), after.get(place))
        if was or is_now:
            key = (before.get(place) or after[place]).key
            kept = {"table_name": place[0], "key": key, "before": was, "after": is_now}
            db.session.add(MergeUndo(merge_id=merge_id, rank=rank, until=until, **kept))
    db.session.flush()


def _difference(was: Shot | None, is_now: Shot | None) -> tuple[Encoded | None, Encoded | None]:
    """Whole rows when one was added or taken away; else the columns that changed."""
    if was is None or is_now is None:
        return was.values if was else None, is_now.values if is_now else None
    changed = [name for name, value in was.values.items() if value != is_now.values[name]]
    names = [name for name in changed if name not in NEVER_RESTORED]
    return {name: was.values[name] for name in names}, {name: is_now.values[name] for name in names}


@dataclass(frozen=True)
class _Kept:
    table: str
    key: Encoded
    before: Encoded | None
    after: Encoded | None


def restore(merge_id: UUID, kept_id: UUID, removed_id: UUID) -> int:
    """Put back what the merge changed; what was written since then stays as it is. Returns how many rows."""
    db.session.flush()
    query = select(MergeUndo).where(MergeUndo.merge_id == merge_id).order_by(MergeUndo.rank)
    changes = [_Kept(one.table_name, one.key, one.before, one.after) for one in db.session.scalars(query)]
    for change in reversed(changes):
        if change.before is None:
            rows = registry.table(change.table)
            db.session.execute(delete(rows).where(_is(rows, change.key)))
    for change in changes:
        if registry.back_of(change.table) is None:
            _put_back(registry.table(change.table), change)
    db.session.expire_all()
    _hand_back(changes, kept_id, removed_id)
    return len(changes)


def _put_back(rows: Table, change: _Kept) -> None:
    """A row that was taken away comes back whole; in one that changed, only what nobody changed since."""
    if change.before is None:
        return
    current = db.session.execute(select(rows).where(_is(rows, change.key))).first()
    if current is None and change.after is None:
        db.session.execute(insert(rows).values(decoded(rows, change.before)))
    elif current is not None and change.after is not None:
        _write_back(rows, change, encoded(rows, current), change.after)


def _write_back(rows: Table, change: _Kept, seen: Encoded, left: Encoded) -> None:
    before = change.before or {}
    values: dict[str, Any] = decoded(rows, {name: was for name, was in before.items() if seen[name] == left[name]})
    if values:
        raised = {"version": rows.c.version + 1} if "version" in rows.c else {}
        db.session.execute(update(rows).where(_is(rows, change.key)).values(**values, **raised))


def _hand_back(changes: Iterable[_Kept], kept_id: UUID, removed_id: UUID) -> None:
    moved: dict[Back, list[UUID]] = {}
    for change in changes:
        back = registry.back_of(change.table)
        if back is not None and change.before is not None and change.after is not None:
            moved.setdefault(back, []).append(UUID(change.key["id"]))
    for back, rows in moved.items():
        back(kept_id, removed_id, rows)


def _is(rows: Table, key: Encoded) -> Any:
    return and_(*(rows.c[name] == value for name, value in decoded(rows, key).items()))


def forget(people: Iterable[UUID], merges: Iterable[UUID]) -> None:
    """Erase the undo data of these merges, and who answers for these people (the record is anonymised)."""
    known = list(people)
    db.session.execute(delete(MergeUndo).where(MergeUndo.merge_id.in_(list(merges))))
    theirs = or_(PersonAlias.kept_id.in_(known), PersonAlias.removed_id.in_(known))
    db.session.execute(delete(PersonAlias).where(theirs))


def purge() -> None:
    """Forget the undo data that are older than 30 days (worker)."""
    db.session.execute(delete(MergeUndo).where(MergeUndo.until < clock.now()))
