"""Needs (« demandes »): what joins three sessions and a referral about one housing file."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base, Row, Versioned
from app.needs.enums import (
    Demarche,
    NeedKind,
    NeedResult,
    NeedState,
    Origin,
    PieceKind,
    PieceState,
    Priority,
    RightOutcome,
)
from app.people.models import Authored

OPEN = text("state = 'open'")
UNMET = text("state = 'open' OR result IN ('non_resolue', 'abandonnee', 'sans_suite')")
URGENT = text("state = 'open' AND priority = 'P1' AND due_on IS NULL")


class Need(Row, Versioned, Authored, Base):
    """One request of one person. Closed with a result. Its free text is in `need_text`."""

    __tablename__ = "need"
    __table_args__ = (
        Index("ix_need_person", "person_id", "state"),
        # The first screen: the soonest due of a structure, and the latest that are for today.
        Index("ix_need_due", "structure_id", "due_on", "created_at", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_need_urgent", "structure_id", "created_at", sqlite_where=URGENT, postgresql_where=URGENT),
        # The coordinator's map: needs without a solution, person by person.
        Index(
            "ix_need_unmet",
            "person_id",
            "created_at",
            "state",
            "result",
            "kind",
            "structure_id",
            sqlite_where=UNMET,
            postgresql_where=UNMET,
        ),
        CheckConstraint("(state = 'closed') = (result IS NOT NULL)", name="result_when_closed"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="date_when_closed"),
        CheckConstraint("demarche IS NULL OR kind = 'demarche_en_ligne'", name="demarche_only_online"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[NeedKind]
    demarche: Mapped[Demarche | None]
    organismes: Mapped[list[str]]
    # « Ce qui bloque » : codes only.
    blockers: Mapped[list[str]] = mapped_column(default=list, server_default=text("'[]'"))
    origin: Mapped[Origin] = mapped_column(default=Origin.SPONTANEE)
    priority: Mapped[Priority] = mapped_column(default=Priority.P3)
    due_on: Mapped[date | None]
    state: Mapped[NeedState] = mapped_column(default=NeedState.OPEN)
    result: Mapped[NeedResult | None]
    right_outcome: Mapped[RightOutcome | None]
    trip_avoided: Mapped[bool | None]
    closed_at: Mapped[datetime | None]

    pieces: Mapped[list[NeedPiece]] = relationship(cascade="all, delete-orphan", order_by="NeedPiece.kind")
    text: Mapped[NeedText | None] = relationship(uselist=False, cascade="all, delete-orphan")


class NeedText(Base):
    """What was said of the need, in words; cleared by anonymisation."""

    __tablename__ = "need_text"

    need_id: Mapped[UUID] = mapped_column(ForeignKey("need.id"), primary_key=True)
    note: Mapped[str] = mapped_column(Text)


class NeedPiece(Row, Base):
    """A document asked for a need: still missing, seen (when, by whom), or not needed after all. No copy is ever kept."""

    __tablename__ = "need_piece"
    __table_args__ = (
        UniqueConstraint("need_id", "kind"),
        CheckConstraint("(state = 'seen') = (seen_on IS NOT NULL)", name="day_when_seen"),
    )

    need_id: Mapped[UUID] = mapped_column(ForeignKey("need.id"))
    kind: Mapped[PieceKind]
    state: Mapped[PieceState] = mapped_column(default=PieceState.MISSING)
    seen_on: Mapped[date | None]
    noted_at: Mapped[datetime]
    noted_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
