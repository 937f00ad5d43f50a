"""Assessments: raw answers, version and hash of the instrument, the computed result, and the plan. Append-only once done."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.assessments.enums import AssessmentState, Mode, PlanLevel, PlanState
from app.kernel import ids
from app.kernel.db import Base, Row, Versioned, coded
from app.needs.enums import Priority
from app.people.models import Authored

MOST_SECONDS = 1800
CORRECTS = "correction_reason IS NOT NULL"
COMPLETE = text("state = 'done' AND mode = 'complet'")
POSTPONED = text("state = 'postponed'")


class Assessment(Row, Versioned, Authored, Base):
    """One assessment of one person. `profile` is what was computed and never changes; `kept_profile` what the adviser kept.

    `supersedes_id`: the express assessment that this one completes or, with a `correction_reason`, the one it corrects.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        Index("ix_assessment_person", "person_id", "finished_at"),
        # Those to make again.
        Index(
            "ix_assessment_complete", "structure_id", "finished_at", sqlite_where=COMPLETE, postgresql_where=COMPLETE
        ),
        CheckConstraint("(state = 'done') = (finished_at IS NOT NULL)", name="date_when_done"),
        CheckConstraint("(kept_profile IS NULL) = (override_reason IS NULL)", name="reason_of_override"),
        CheckConstraint("(kept_profile IS NULL) = (overridden_at IS NULL)", name="date_of_override"),
        CheckConstraint("(overridden_at IS NULL) = (overridden_by IS NULL)", name="author_of_override"),
        CheckConstraint("correction_reason IS NULL OR supersedes_id IS NOT NULL", name="corrects"),
        Index(
            "uq_assessment_correction",
            "supersedes_id",
            unique=True,
            sqlite_where=text(CORRECTS),
            postgresql_where=text(CORRECTS),
        ),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    # The person's random key when it began, which statistics count: two records that become one stay two past subjects.
    subject_key: Mapped[UUID | None]
    state: Mapped[AssessmentState] = mapped_column(default=AssessmentState.IN_PROGRESS)
    mode: Mapped[Mode]
    instrument_version: Mapped[str] = mapped_column(String(20))
    instrument_hash: Mapped[str] = mapped_column(String(64))
    engine_version: Mapped[str] = mapped_column(String(20))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    profile: Mapped[str | None] = mapped_column(String(20))
    priority: Mapped[Priority | None]
    index_value: Mapped[int | None]
    band: Mapped[str | None] = mapped_column(String(20))
    reliability: Mapped[str | None] = mapped_column(String(20))
    # The complete result in the form of the instrument's documents: codes and numbers, and the instrument's own words.
    result: Mapped[dict[str, Any] | None]
    kept_profile: Mapped[str | None] = mapped_column(String(20))
    override_reason: Mapped[str | None] = mapped_column(String(40))
    overridden_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    overridden_at: Mapped[datetime | None]
    supersedes_id: Mapped[UUID | None] = mapped_column(ForeignKey("assessment.id"))
    correction_reason: Mapped[str | None] = mapped_column(String(40))

    answers: Mapped[list[AssessmentAnswer]] = relationship(cascade="all, delete-orphan")
    plan: Mapped[list[PlanAction]] = relationship(order_by="PlanAction.rank", cascade="all, delete-orphan")


class AssessmentAnswer(Base):
    """One raw answer: stays with the team that asked, never shared. `seconds` on its screen, when known, up to half an hour."""

    __tablename__ = "assessment_answer"
    __table_args__ = (CheckConstraint(f"seconds BETWEEN 0 AND {MOST_SECONDS}", name="seconds"),)

    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    question: Mapped[str] = mapped_column(String(8), primary_key=True)
    code: Mapped[str] = mapped_column(String(30))
    observed: Mapped[bool] = mapped_column(default=False)
    answered_at: Mapped[datetime]
    seconds: Mapped[int | None]


class PlanAction(Row, Versioned, Base):
    """One action of the plan and what became of it."""

    __tablename__ = "plan_action"
    __table_args__ = (
        UniqueConstraint("assessment_id", "code"),
        Index("ix_plan_action_postponed", "postponed_to", "id", sqlite_where=POSTPONED, postgresql_where=POSTPONED),
        CheckConstraint("(state = 'postponed') = (postponed_to IS NOT NULL)", name="date_when_postponed"),
        CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="date_when_decided"),
    )

    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"), index=True)
    code: Mapped[str] = mapped_column(String(30))
    level: Mapped[PlanLevel]
    rank: Mapped[int]
    rules: Mapped[list[str]]
    state: Mapped[PlanState] = mapped_column(default=PlanState.PROPOSED)
    decided_at: Mapped[datetime | None]
    postponed_to: Mapped[date | None]


class PlanEvent(Base):
    """One decision about an action: who, when, from which state to which. Append-only (triggers in migration 0009)."""

    __tablename__ = "plan_event"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new_id)
    plan_action_id: Mapped[UUID] = mapped_column(ForeignKey("plan_action.id"), index=True)
    at: Mapped[datetime]
    user_id: Mapped[UUID]
    from_state: Mapped[PlanState] = mapped_column(coded(PlanState, "from_state"))
    to_state: Mapped[PlanState] = mapped_column(coded(PlanState, "to_state"))
    postponed_to: Mapped[date | None]
