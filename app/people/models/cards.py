"""Sharing cards: what is kept of them is neither the code nor the word, only keyed hashes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock, ids
from app.kernel.db import Base, Row
from app.people.cards import TRIES
from app.people.enums import CardEnd, CardEvent, Representative


class SharingCard(Row, Base):
    """A card handed to a person, one open card each.

    `tries` counts every try since it was made, `forgiven` those up to the last one that was right: three apart, it is
    locked until it is replaced. Counted this way, tries made at once are never forgotten by one another.
    """

    __tablename__ = "sharing_card"
    __table_args__ = (
        UniqueConstraint("code_hash"),
        CheckConstraint("forgiven >= 0 AND tries - forgiven BETWEEN 0 AND 3", name="tries"),
        CheckConstraint("(ended_at IS NULL) = (end_cause IS NULL)", name="ended_for_a_reason"),
        Index(
            "uq_sharing_card_open",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_sharing_card_person", "person_id", "created_at"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    code_hash: Mapped[str] = mapped_column(String(64))
    # Emptied when the card ends.
    word_hash: Mapped[str] = mapped_column(String(64))
    tries: Mapped[int] = mapped_column(default=0)
    forgiven: Mapped[int] = mapped_column(default=0)
    lock_told_at: Mapped[datetime | None]
    # Who represented a child under 15 and was there when the card was made.
    representative: Mapped[Representative | None]
    structure_id: Mapped[UUID] = mapped_column(ForeignKey("structure.id"))
    made_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]
    end_cause: Mapped[CardEnd | None]

    @property
    def locked(self) -> bool:
        """Three failures in a row."""
        return self.tries - self.forgiven >= TRIES


class CardNotice(Base):
    """The referent structure is told what another one did: opened with a card, locked it, follows no more."""

    __tablename__ = "card_notice"
    __table_args__ = (Index("ix_card_notice_open", "structure_id", "seen_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.random_key)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    event: Mapped[CardEvent]
    structure_id: Mapped[UUID] = mapped_column(ForeignKey("structure.id"))
    # Nobody when a card is locked: three tries may come from three places.
    from_structure_id: Mapped[UUID | None] = mapped_column(ForeignKey("structure.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))


class CardTry(Base):
    """A try that has not succeeded, so that codes cannot be looked for one after the other. Kept 15 minutes."""

    __tablename__ = "card_try"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.random_key)
    user_id: Mapped[UUID]
    address_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(index=True)
