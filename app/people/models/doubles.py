"""Two records that may be one person, and those that became one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock, ids
from app.kernel.db import Base, Row


class DuplicatePair(Base):
    """Two records of one structure that may be one person. `dismissed_at`: « ce ne sont pas les mêmes », kept."""

    __tablename__ = "duplicate_pair"
    __table_args__ = (
        UniqueConstraint("low_id", "high_id"),
        CheckConstraint("low_id < high_id", name="order"),
        Index("ix_duplicate_pair_list", "structure_id", "dismissed_at", "score"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.random_key)
    low_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    high_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    structure_id: Mapped[UUID] = mapped_column(ForeignKey("structure.id"))
    score: Mapped[int]
    reasons: Mapped[list[str]]
    found_at: Mapped[datetime] = mapped_column(default=clock.now)
    dismissed_at: Mapped[datetime | None]
    dismissed_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))


class LikenessNotice(Base):
    """Silent: the referent structure of `person_id` is told that another one registered somebody close to them.

    `other_id` is never shown; it only keeps the same notice from being written twice. Opens no right to anybody.
    """

    __tablename__ = "likeness_notice"
    __table_args__ = (
        UniqueConstraint("person_id", "other_id"),
        Index("ix_likeness_notice_open", "structure_id", "seen_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.random_key)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    other_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    structure_id: Mapped[UUID] = mapped_column(ForeignKey("structure.id"))
    from_structure_id: Mapped[UUID] = mapped_column(ForeignKey("structure.id"))
    # The registering structure or team is under professional secrecy: its name is not said.
    unnamed: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))


class PersonMerge(Row, Base):
    """Two records that became one: which was kept, by whom, and when it was undone. What changed is in `merge_undo`."""

    __tablename__ = "person_merge"
    __table_args__ = (
        Index(
            "uq_person_merge_removed",
            "removed_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index("ix_person_merge_structure", "structure_id", "created_at"),
        CheckConstraint("kept_id <> removed_id", name="two_people"),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone_by_somebody"),
    )

    kept_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    removed_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    structure_id: Mapped[UUID] = mapped_column(ForeignKey("structure.id"))
    merged_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
