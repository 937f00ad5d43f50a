"""Rights requests, their words, and the copy of the data that answers one, for a short time."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Row, Versioned, coded
from app.privacy.enums import (
    AskedWay,
    CopyState,
    ExtensionReason,
    IdentityCheck,
    RefusalReason,
    RequestState,
    RightKind,
    RightOutcome,
)


class RightsRequest(Row, Versioned, Base):
    """A person uses a right. One month to answer, two more with a reason that they are told (RGPD art. 12.3).

    `structure_id`: the structure that must answer, referent when it was asked. Words are in `rights_request_text`.
    """

    __tablename__ = "rights_request"
    __table_args__ = (
        Index("ix_rights_request_structure", "structure_id", "state", "due_on"),
        Index("ix_rights_request_person", "person_id"),
        CheckConstraint("due_on > received_on", name="clock"),
        CheckConstraint("(state = 'answered') = (outcome IS NOT NULL)", name="outcome_when_answered"),
        CheckConstraint("(state = 'answered') = (answered_on IS NOT NULL)", name="date_when_answered"),
        CheckConstraint("(answered_on IS NULL) = (answered_by IS NULL)", name="author_of_answer"),
        CheckConstraint("(extended_on IS NULL) = (extension_reason IS NULL)", name="reason_of_extension"),
        CheckConstraint("(outcome IN ('partly', 'refused')) = (refusal_reason IS NOT NULL)", name="reason_of_refusal"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    structure_id: Mapped[UUID] = mapped_column(ForeignKey("structure.id"))
    kind: Mapped[RightKind]
    state: Mapped[RequestState] = mapped_column(default=RequestState.OPEN)
    received_on: Mapped[date]
    due_on: Mapped[date]
    way: Mapped[AskedWay]
    identity_check: Mapped[IdentityCheck]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    extended_on: Mapped[date | None]
    extension_reason: Mapped[ExtensionReason | None]
    told_way: Mapped[AskedWay | None] = mapped_column(coded(AskedWay, "told_way"))
    outcome: Mapped[RightOutcome | None]
    refusal_reason: Mapped[RefusalReason | None]
    answered_on: Mapped[date | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    answer_way: Mapped[AskedWay | None] = mapped_column(coded(AskedWay, "answer_way"))


class RightsRequestText(Base):
    """What was asked and what was answered, in words; cleared by anonymisation."""

    __tablename__ = "rights_request_text"

    request_id: Mapped[UUID] = mapped_column(ForeignKey("rights_request.id"), primary_key=True)
    asked: Mapped[str] = mapped_column(Text, default="")
    answered: Mapped[str] = mapped_column(Text, default="")


class AccessCopy(Row, Base):
    """The copy of everything held about a person, for 72 hours; `data` and `document` are then emptied."""

    __tablename__ = "access_copy"
    __table_args__ = (
        Index("ix_access_copy_request", "request_id", "created_at"),
        Index("ix_access_copy_end", "expires_at"),
    )

    request_id: Mapped[UUID] = mapped_column(ForeignKey("rights_request.id"))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    membership_id: Mapped[UUID] = mapped_column(ForeignKey("membership.id"))
    state: Mapped[CopyState] = mapped_column(default=CopyState.WAITING)
    expires_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    data: Mapped[dict[str, Any] | None]
    document: Mapped[bytes | None] = mapped_column(LargeBinary)


class RetentionReport(Row, Base):
    """What the worker found one day in the records of a structure, and did when it may. Counts only; kept two years.

    `soon`: whose record is archived within two months; `reminded`: the structure was told that day.
    """

    __tablename__ = "retention_report"
    __table_args__ = (UniqueConstraint("structure_id", "day"),)

    structure_id: Mapped[UUID] = mapped_column(ForeignKey("structure.id"))
    day: Mapped[date]
    active: Mapped[bool]
    soon: Mapped[int]
    to_archive: Mapped[int]
    to_anonymise: Mapped[int]
    held_back: Mapped[int]
    archived: Mapped[int] = mapped_column(default=0)
    anonymised: Mapped[int] = mapped_column(default=0)
    reminded: Mapped[bool] = mapped_column(default=False)
