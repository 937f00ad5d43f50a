"""Tables of the journal. `journal_entry` accepts no update, deletion only below a checkpoint (triggers of 0001)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base

SEQUENCE = BigInteger().with_variant(Integer, "sqlite")
GENESIS = "0" * 64


class JournalEntry(Base):
    """One act. `details` is canonical JSON made of codes, ids and counts only."""

    __tablename__ = "journal_entry"
    __table_args__ = (
        Index("ix_journal_entry_person", "person_id", "seq"),
        Index("ix_journal_entry_user", "user_id", "seq"),
        Index("ix_journal_entry_at", "at"),
    )

    seq: Mapped[int] = mapped_column(SEQUENCE, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(String(60))
    user_id: Mapped[UUID | None]
    membership_id: Mapped[UUID | None]
    structure_id: Mapped[UUID | None]
    object_type: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None]
    grant: Mapped[str] = mapped_column(String(40))
    details: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class JournalHead(Base):
    """The one row that serialises writers: last sequence number and last hash."""

    __tablename__ = "journal_head"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(SEQUENCE)
    hash: Mapped[str] = mapped_column(String(64))


class JournalCheckpoint(Base):
    """What a purge leaves: up to which entry, its hash, how many were deleted. The purge's own entry says the same."""

    __tablename__ = "journal_checkpoint"

    seq: Mapped[int] = mapped_column(SEQUENCE, primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))
    purged: Mapped[int] = mapped_column(SEQUENCE)
    at: Mapped[datetime]
