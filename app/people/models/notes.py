"""Free notes about a person. Their words are in `person_note_text`, cleared by anonymisation."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base, Row, Versioned
from app.people.enums import NoteVisibility
from app.people.models.record import Authored


class PersonNote(Row, Versioned, Authored, Base):
    """One note. `for_team_id`: the author's team, sole reader of a « team » note. `hidden_at`: off every screen, kept."""

    __tablename__ = "person_note"
    __table_args__ = (
        CheckConstraint("visibility <> 'team' OR for_team_id IS NOT NULL", name="team_when_for_it"),
        Index("ix_person_note_person", "person_id", "created_at"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    visibility: Mapped[NoteVisibility]
    for_team_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"))
    hidden_at: Mapped[datetime | None]

    text: Mapped[PersonNoteText | None] = relationship(uselist=False, cascade="all, delete-orphan")


class PersonNoteText(Base):
    """The words of a note."""

    __tablename__ = "person_note_text"

    note_id: Mapped[UUID] = mapped_column(ForeignKey("person_note.id"), primary_key=True)
    body: Mapped[str] = mapped_column(Text)
