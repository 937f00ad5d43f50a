"""Who answers for a record that was removed, and what is needed to undo a merge."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import ids
from app.kernel.db import Base

# Undo data hold names and contacts: they live this long, and no longer than the person's record.
UNDO_LIFETIME = timedelta(days=30)


class PersonAlias(Base):
    """The record that was removed, and the one that answers for it: old addresses go on working."""

    __tablename__ = "person_alias"

    removed_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kept_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)


class MergeUndo(Base):
    """One row as it was before a merge and as the merge left it: only the columns that changed. Kept 30 days."""

    __tablename__ = "merge_undo"
    __table_args__ = (UniqueConstraint("merge_id", "rank"), Index("ix_merge_undo_until", "until"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new_id)
    merge_id: Mapped[UUID] = mapped_column(ForeignKey("person_merge.id"))
    rank: Mapped[int]
    until: Mapped[datetime]
    table_name: Mapped[str] = mapped_column(String(60))
    key: Mapped[dict[str, Any]]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
