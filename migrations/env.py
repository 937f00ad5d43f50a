"""Alembic's environment: one URL, given by the command; the same migrations on both databases."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import NullPool, create_engine

from app import wiring  # noqa: F401  (imports every model)
from app.kernel.db import Base, FlagType, UtcDateTime, mode

config = context.config


def _included(_object: Any, name: str | None, kind: str, _reflected: bool, _compared: Any) -> bool:
    """All tables, or only those of the migration being drafted."""
    only = config.attributes.get("tables")
    return only is None or kind != "table" or name in only


def _rendered(kind: str, item: Any, _context: Any) -> str | bool:
    """Column types of ours are written as the plain types they store."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, FlagType):
        return "sa.Integer()"
    return False


def run() -> None:
    """Run the migrations in one transaction."""
    engine = create_engine(config.attributes["url"], poolclass=NullPool)
    with mode("write"), engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            include_object=_included,
            compare_type=True,
            render_item=_rendered,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
