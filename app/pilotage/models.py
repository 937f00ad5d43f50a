"""Published summaries, frozen, and the ledger of everything ever published."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Row

CURRENT = "withdrawn_at IS NULL"


class Summary(Row, Base):
    """A summary as it was published: pages in every language, comment, author. Never changed, only withdrawn."""

    __tablename__ = "summary"
    __table_args__ = (
        Index(
            "uq_summary_current",
            "period",
            "area",
            unique=True,
            sqlite_where=text(CURRENT),
            postgresql_where=text(CURRENT),
        ),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="author_of_withdrawal"),
    )

    period: Mapped[str] = mapped_column(String(8))
    area: Mapped[str] = mapped_column(String(20))
    published_at: Mapped[datetime]
    published_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    content: Mapped[dict[str, Any]]


class PublishedCell(Base):
    """One cell of the grid, told once and for all (`value` None: hidden). Append-only, even when a summary is withdrawn.

    `members`: the categories that a group tells together.
    """

    __tablename__ = "published_cell"
    __table_args__ = (UniqueConstraint("period", "area", "indicator", "breakdown", "category"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    summary_id: Mapped[UUID] = mapped_column(ForeignKey("summary.id"), index=True)
    period: Mapped[str] = mapped_column(String(8))
    area: Mapped[str] = mapped_column(String(20))
    indicator: Mapped[str] = mapped_column(String(30))
    breakdown: Mapped[str] = mapped_column(String(20))
    category: Mapped[str] = mapped_column(String(40))
    value: Mapped[int | None]
    members: Mapped[list[str]]
