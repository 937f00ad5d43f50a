"""Referrals: what was asked, frozen at sending; one append-only event per change; what remains to be told or decided."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel import ids
from app.kernel.db import Base, Row, Versioned, coded
from app.needs.enums import Demarche, NeedKind, Priority
from app.people.models import Authored
from app.referrals.enums import (
    Act,
    DeclineReason,
    EndCause,
    LinkEnd,
    LinkStep,
    Outcome,
    Side,
    State,
    TaskKind,
    ToldWay,
)

OPEN = "state IN ('draft', 'sent', 'asked', 'accepted', 'in_progress')"
SENT = text("sent_at IS NOT NULL")
UNANSWERED = text("state IN ('sent', 'asked')")
WAITING = text("state IN ('sent', 'asked', 'accepted', 'in_progress')")


class Referral(Row, Versioned, Authored, Base):
    """A request to one structure about one need of one person. `structure_id` (Authored) is the sender.

    The coded fields (need, urgency, profile, area, adaptation) are copied at sending and never change: they are all that
    travels before acceptance.
    """

    __tablename__ = "referral"
    __table_args__ = (
        Index(
            "uq_referral_open",
            "need_id",
            "recipient_id",
            unique=True,
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
        Index("ix_referral_person", "person_id", "state"),
        Index("ix_referral_recipient", "recipient_id", "state"),
        Index("ix_referral_sender", "structure_id", "state"),
        Index("ix_referral_clock", "next_clock_at"),
        # The coordinator's figures, read from these alone: every direction in turn, who should answer, what waits.
        Index(
            "ix_referral_flows",
            "structure_id",
            "recipient_id",
            "sent_at",
            "answered_at",
            "ended_at",
            "state",
            "outcome",
            "need_kind",
            sqlite_where=SENT,
            postgresql_where=SENT,
        ),
        Index(
            "ix_referral_unanswered",
            "recipient_id",
            "state",
            "sent_at",
            "at_risk",
            "need_kind",
            sqlite_where=UNANSWERED,
            postgresql_where=UNANSWERED,
        ),
        Index(
            "ix_referral_waiting",
            "at_risk",
            "sent_at",
            "id",
            "state",
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        ),
        CheckConstraint("state IN ('draft', 'void') OR consent_id IS NOT NULL", name="consent_when_sent"),
        CheckConstraint("state IN ('draft', 'void') OR sent_at IS NOT NULL", name="date_when_sent"),
        CheckConstraint("(state = 'closed') = (outcome IS NOT NULL)", name="outcome_when_closed"),
        CheckConstraint("(state = 'declined') = (decline_reason IS NOT NULL)", name="reason_when_declined"),
        CheckConstraint("(state = 'withdrawn') = (end_cause IS NOT NULL)", name="cause_when_withdrawn"),
        CheckConstraint(
            "state NOT IN ('sent', 'asked', 'accepted', 'in_progress') OR next_clock_at IS NOT NULL", name="clock"
        ),
        CheckConstraint("recipient_id <> structure_id", name="elsewhere"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    need_id: Mapped[UUID] = mapped_column(ForeignKey("need.id"))
    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("structure.id"))
    consent_id: Mapped[UUID | None] = mapped_column(ForeignKey("consent.id"))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral.id"))
    path_id: Mapped[UUID] = mapped_column(index=True)
    state: Mapped[State] = mapped_column(default=State.DRAFT)
    holder_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))

    # Frozen at sending.
    need_kind: Mapped[NeedKind]
    need_demarche: Mapped[Demarche | None]
    urgency: Mapped[Priority]
    profile: Mapped[str | None] = mapped_column(String(20))
    area_code: Mapped[str | None] = mapped_column(String(12))
    area_label: Mapped[str] = mapped_column(String(200), default="")
    adaptation: Mapped[list[str]]

    sent_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None]
    decline_reason: Mapped[DeclineReason | None]
    suggested_id: Mapped[UUID | None] = mapped_column(ForeignKey("structure.id"))
    end_cause: Mapped[EndCause | None]

    # The clock of the present state: next thing to do (`reminder`, `at_risk`, `expiry`) and when.
    clock_from: Mapped[datetime | None]
    next_clock: Mapped[str | None] = mapped_column(String(12))
    next_clock_at: Mapped[datetime | None]
    at_risk: Mapped[bool] = mapped_column(default=False)

    events: Mapped[list[ReferralEvent]] = relationship(order_by="ReferralEvent.rank")
    texts: Mapped[list[ReferralText]] = relationship(order_by="ReferralText.at")


class ReferralEvent(Base):
    """One change: who, which side, what, from where to where, when, reason code. Append-only (triggers in migration 0008).

    `rank` counts the events of one referral from 1: their order, and what a screen knew when it was shown.
    """

    __tablename__ = "referral_event"
    __table_args__ = (UniqueConstraint("referral_id", "rank"), Index("ix_referral_event_at", "at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    rank: Mapped[int]
    at: Mapped[datetime]
    user_id: Mapped[UUID | None]
    membership_id: Mapped[UUID | None]
    side: Mapped[Side]
    act: Mapped[Act]
    from_state: Mapped[State | None] = mapped_column(coded(State, "from_state"))
    to_state: Mapped[State]
    reason: Mapped[str | None] = mapped_column(String(40))
    details: Mapped[dict[str, Any]]
    # Salted hash of the words that went with the act, when it must be proved that they were not changed.
    text_hash: Mapped[str | None] = mapped_column(String(64))


class ReferralText(Base):
    """Words of a referral: the message that opens with acceptance, a question, an answer, a message. Cleared by anonymisation."""

    __tablename__ = "referral_text"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    event_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral_event.id"))
    at: Mapped[datetime]
    side: Mapped[Side]
    act: Mapped[Act]
    user_id: Mapped[UUID | None]
    body: Mapped[str] = mapped_column(Text)


class ReferralTask(Row, Versioned, Base):
    """Something the sender still has to do: tell the person, or decide what comes next. Leaves the list only when done."""

    __tablename__ = "referral_task"
    __table_args__ = (
        Index("ix_referral_task_open", "structure_id", "done_at"),
        CheckConstraint("kind <> 'tell_person' OR done_at IS NULL OR told_way IS NOT NULL", name="told_how"),
    )

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("referral_event.id"))
    structure_id: Mapped[UUID] = mapped_column(ForeignKey("structure.id"))
    kind: Mapped[TaskKind]
    due_on: Mapped[date]
    done_at: Mapped[datetime | None]
    done_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    told_way: Mapped[ToldWay | None]
    decision: Mapped[str | None] = mapped_column(String(40))


class PartnerLink(Row, Base):
    """A link given to a partner without an account, for one step of a referral; one at a time (rule 11).

    Its id is a random key; what is kept of the token and of the second code are keyed hashes. `tries` counts every try,
    `forgiven` those up to the last right one: tries made at once are never forgotten by one another.
    """

    __tablename__ = "partner_link"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        CheckConstraint("forgiven >= 0 AND tries - forgiven BETWEEN 0 AND 3", name="tries"),
        CheckConstraint("(ended_at IS NULL) = (end_cause IS NULL)", name="ended_for_a_reason"),
        Index(
            "uq_partner_link_open",
            "referral_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_partner_link_referral", "referral_id", "created_at"),
    )

    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    step: Mapped[LinkStep]
    token_hash: Mapped[str] = mapped_column(String(64))
    # Emptied when the link ends.
    code_hash: Mapped[str] = mapped_column(String(64))
    made_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    tries: Mapped[int] = mapped_column(default=0)
    forgiven: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_cause: Mapped[LinkEnd | None]


class PartnerTry(Base):
    """A wrong second code, so that links cannot be tried one after the other. Kept 15 minutes."""

    __tablename__ = "partner_try"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.random_key)
    address_hash: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
