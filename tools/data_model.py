"""Write docs/data-model.md from the models: `python -m tools.data_model`. A test compares it with the file."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import cast

from sqlalchemy import Column, Table, UniqueConstraint
from sqlalchemy.orm import Mapper

from app import wiring  # noqa: F401  (imports every other model)
from app.kernel.db import Base

TARGET = Path(__file__).resolve().parents[1] / "docs" / "data-model.md"
HEAD = """# Data model

Generated from the models by `python -m tools.data_model`; a test keeps it equal to them. One section per room.
Vocabularies are stored as their stable code and checked by the database. Times are UTC. `→` is a foreign key.

Kept for ever and never touched by merge, archive or anonymisation: `participation_fact`, `referral_event`.
Append-only by triggers: `journal_entry` (deletion only below a checkpoint), `journal_checkpoint`, `referral_event`,
`published_cell`.
Cleared by anonymisation: `person_identity`, `person_contact`, `person_representative`, `person_measure`, `mandate`,
`person_adaptation`, `search_key`, `need_text`, `session_text`, `referral_text`, `assessment_answer`, `sharing_card`,
`card_notice`. Short-lived: `submission` (2 days), `saved_form`
(1 hour), `saved_search`, `card_try` and `partner_try` (15 minutes), `outbox_message` (30 days), `job` (7 days), `sign_in_failure`
(15 minutes), `user_session` (a week), `place_import` files (a day), access copies (72 hours), `merge_undo` (30 days).
"""


def document() -> str:
    """The whole document."""
    rooms: dict[str, list[Mapper[object]]] = {}
    for mapper in Base.registry.mappers:
        rooms.setdefault(mapper.class_.__module__.split(".")[1], []).append(mapper)
    return "\n".join([HEAD, *(_room(name, rooms[name]) for name in sorted(rooms))])


def _room(name: str, mappers: list[Mapper[object]]) -> str:
    tables = sorted(mappers, key=lambda mapper: str(mapper.local_table))
    return f"## {name}\n\n" + "\n".join(_table(mapper) for mapper in tables)


def _table(mapper: Mapper[object]) -> str:
    table = cast(Table, mapper.local_table)
    words = " ".join((inspect.getdoc(mapper.class_) or "").split())
    rows = "\n".join(_column(column) for column in table.columns)
    unique = sorted(
        ", ".join(c.name for c in one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)
    )
    partial = sorted(_partial(index) for index in table.indexes if index.unique)
    rules = "".join(f"Unique: {line}.\n" for line in [*unique, *partial])
    return f"### `{table.name}`\n\n{words}\n\n| column | type | |\n|---|---|---|\n{rows}\n\n{rules}"


def _partial(index: object) -> str:
    where = index.dialect_options["sqlite"].get("where")  # type: ignore[attr-defined]
    columns = ", ".join(column.name for column in index.columns)  # type: ignore[attr-defined]
    return f"{columns} where {where}" if where is not None else columns


def _column(column: Column[object]) -> str:
    marks = ["key"] if column.primary_key else []
    marks += [f"→ {key.target_fullname.split('.')[0]}" for key in column.foreign_keys]
    marks += ["may be empty"] if column.nullable else []
    return f"| `{column.name}` | {_type(column)} | {', '.join(marks)} |"


def _type(column: Column[object]) -> str:
    values = getattr(column.type, "enums", None)
    if values and len(values) <= 8:
        return "code: " + " ".join(f"`{value}`" for value in values)
    if values:
        return f"code ({len(values)} values, {column.type.name})"  # type: ignore[attr-defined]
    return type(column.type).__name__.lower().replace("utcdatetime", "UTC time").replace("flagtype", "sections (bits)")


if __name__ == "__main__":
    TARGET.write_text(document())
