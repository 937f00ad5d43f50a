"""Session logs, who took part, and the facts that statistics count for ever."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base, Row, Versioned
from app.mediation.enums import Autonomy, Channel, NoteVisibility, PlaceKind, Posture, SessionKind
from app.people.enums import AgeBand, Genre, SocialStatus
from app.people.models import Authored


class SessionLog(Row, Versioned, Authored, Base):
    """One session (« séance »). Its notes are in `session_text`; who took part in `participation`."""

    __tablename__ = "session_log"
    __table_args__ = (
        # A structure’s list: counted, and read page by page, without touching the rows.
        Index("ix_session_log_day", "structure_id", "held_on", "id", "team_id"),
        # What the form proposes comes from what its user logged last.
        Index("ix_session_log_author", "author_id", "held_on"),
        CheckConstraint("minutes BETWEEN 1 AND 1439", name="minutes"),
        CheckConstraint("place_kind <> 'lieu_activite' OR place_id IS NOT NULL", name="place_when_there"),
        CheckConstraint(
            "place_kind NOT IN ('domicile', 'autre') OR commune_code IS NOT NULL", name="commune_elsewhere"
        ),
        CheckConstraint("autonomy IS NULL OR kind = 'individuel'", name="autonomy_individual"),
    )

    kind: Mapped[SessionKind]
    held_on: Mapped[date]
    minutes: Mapped[int]
    place_kind: Mapped[PlaceKind]
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("place.id"))
    commune_code: Mapped[str | None] = mapped_column(String(5))
    channel: Mapped[Channel]
    materials: Mapped[list[str]]
    themes: Mapped[list[str]]
    demarches: Mapped[list[str]]
    organismes: Mapped[list[str]]
    acts: Mapped[list[str]]
    autonomy: Mapped[Autonomy | None]
    posture: Mapped[Posture | None]
    title: Mapped[str] = mapped_column(String(120), default="")
    need_id: Mapped[UUID | None] = mapped_column(ForeignKey("need.id"), index=True)

    participations: Mapped[list[Participation]] = relationship(back_populates="session", cascade="all, delete-orphan")
    text: Mapped[SessionText | None] = relationship(uselist=False, cascade="all, delete-orphan")


class SessionText(Base):
    """The note of a session; cleared by anonymisation. `team_id`: the author's team, sole reader of a « team » note."""

    __tablename__ = "session_text"
    __table_args__ = (CheckConstraint("visibility <> 'team' OR team_id IS NOT NULL", name="team_when_for_it"),)

    session_id: Mapped[UUID] = mapped_column(ForeignKey("session_log.id"), primary_key=True)
    note: Mapped[str] = mapped_column(Text)
    visibility: Mapped[NoteVisibility]
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"))


class Participation(Row, Base):
    """One person in one session: one accompaniment. `person_id` is null while nobody of the register is attached."""

    __tablename__ = "participation"
    __table_args__ = (UniqueConstraint("session_id", "person_id"), Index("ix_participation_person", "person_id"))

    session_id: Mapped[UUID] = mapped_column(ForeignKey("session_log.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    session: Mapped[SessionLog] = relationship(back_populates="participations")
    fact: Mapped[ParticipationFact] = relationship(uselist=False, cascade="all, delete-orphan")


class ParticipationFact(Base):
    """What statistics count, written once at the date of the session. Merge, archive and anonymisation never touch it.

    `subject_key` is the person's random key, or a new one for somebody anonymous (who counts as new each time).
    """

    __tablename__ = "participation_fact"
    __table_args__ = (
        Index("ix_participation_fact_day", "held_on", "structure_id"),
        # Different people by commune, counted in this order.
        Index("ix_participation_fact_area", "area_code", "subject_key", "held_on", "structure_id"),
    )

    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"), primary_key=True)
    subject_key: Mapped[UUID] = mapped_column(index=True)
    anonymous: Mapped[bool]
    held_on: Mapped[date]
    structure_id: Mapped[UUID] = mapped_column(ForeignKey("structure.id"))
    age_band: Mapped[AgeBand]
    genre: Mapped[Genre]
    statut_social: Mapped[SocialStatus]
    area_code: Mapped[str | None] = mapped_column(String(5))
