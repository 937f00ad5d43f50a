"""Passing the referent follow-up on: one open proposal per person, kept with its answer. Codes only, no free text."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Row
from app.people.enums import HandOverEnd, HandOverReason, HandOverState


class HandOver(Row, Base):
    """« Passer le relais » : proposed by the referent structure, or asked for by one that follows; answered by the other.

    `from_team_id`, `to_team_id`: the team under secrecy that holds the follow-up on that side, which alone reads it.
    """

    __tablename__ = "hand_over"
    __table_args__ = (
        Index(
            "uq_hand_over_open",
            "person_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        CheckConstraint("from_structure_id <> to_structure_id", name="two_structures"),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended_once"),
        Index("ix_hand_over_person", "person_id", "created_at"),
        Index("ix_hand_over_from", "from_structure_id", "state"),
        Index("ix_hand_over_to", "to_structure_id", "state"),
        Index("ix_hand_over_expiry", "state", "expires_on"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    from_structure_id: Mapped[UUID] = mapped_column(ForeignKey("structure.id"))
    from_team_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"))
    to_structure_id: Mapped[UUID] = mapped_column(ForeignKey("structure.id"))
    to_team_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"))
    # Asked for by the structure that would become the referent; else proposed by the one that is.
    asked: Mapped[bool]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[HandOverReason]
    # The person’s word: they were asked, and agree.
    person_agrees: Mapped[bool]
    state: Mapped[HandOverState] = mapped_column(default=HandOverState.OPEN)
    expires_on: Mapped[date]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    end_reason: Mapped[HandOverEnd | None]
    # The side that made it has read the answer.
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    # The person was told who their referent structure is now.
    told_at: Mapped[datetime | None]
    told_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
