"""Other ways to reach somebody than the number and the address of their record."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import ids
from app.kernel.db import Base
from app.people.contacts import Contact, ContactKind

FIRST = text("first")


class PersonContact(Base):
    """One more way to reach somebody, in the order it was noted; cleared by anonymisation. One at most is tried first."""

    __tablename__ = "person_contact"
    __table_args__ = (
        CheckConstraint("value <> ''", name="said"),
        Index("ix_person_contact_person_id", "person_id", "rank"),
        Index("uq_person_contact_first", "person_id", unique=True, sqlite_where=FIRST, postgresql_where=FIRST),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.random_key)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    rank: Mapped[int]
    kind: Mapped[ContactKind]
    value: Mapped[str] = mapped_column(String(300))
    who: Mapped[str] = mapped_column(String(100), default="")
    how: Mapped[str] = mapped_column(String(200), default="")
    no_message: Mapped[bool] = mapped_column(default=False)
    first: Mapped[bool] = mapped_column(default=False)

    @property
    def contact(self) -> Contact:
        """What it says."""
        names = ("kind", "value", "who", "how", "no_message", "first")
        return Contact(**{name: getattr(self, name) for name in names})
