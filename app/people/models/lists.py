"""Views of the list of people that a user kept: a name of their own, and codes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Row


class ListView(Row, Base):
    """Filters and order of the list of people, under a name; one of them may open by itself. Of one user in one structure."""

    __tablename__ = "list_view"
    __table_args__ = (
        UniqueConstraint("user_id", "structure_id", "name"),
        Index(
            "uq_list_view_default",
            "user_id",
            "structure_id",
            unique=True,
            sqlite_where=text("is_default"),
            postgresql_where=text("is_default"),
        ),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    structure_id: Mapped[UUID] = mapped_column(ForeignKey("structure.id"))
    name: Mapped[str] = mapped_column(String(60))
    # Codes alone: the same as in the address of the list.
    criteria: Mapped[dict[str, Any]]
    is_default: Mapped[bool] = mapped_column(default=False)
