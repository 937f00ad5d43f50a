"""What keeps a protected person safe. That somebody is protected is on `person`; why is written nowhere."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock
from app.kernel.db import Base


class PersonSafety(Base):
    """The safe way to reach a protected person, and the word the agent says first; cleared by anonymisation."""

    __tablename__ = "person_safety"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    safe_way: Mapped[str] = mapped_column(String(300), default="")
    code_word: Mapped[str] = mapped_column(String(60), default="")


class NamedStructure(Base):
    """A structure that a protected person named: the only ones that go on following them beside the referent."""

    __tablename__ = "named_structure"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    structure_id: Mapped[UUID] = mapped_column(ForeignKey("structure.id"), primary_key=True)
    named_at: Mapped[datetime] = mapped_column(default=clock.now)
    named_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
