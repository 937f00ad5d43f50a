"""Users, the hats they wear, their sessions, and the attempts to sign in."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.access import Role
from app.kernel.db import Base, Row, Versioned
from app.network.models import Structure, Team


class User(Row, Versioned, Base):
    """Somebody who works in the network. `email` is stored folded to lower case."""

    __tablename__ = "user_account"
    __table_args__ = (UniqueConstraint("email"), CheckConstraint("email = lower(email)", name="email_folded"))

    email: Mapped[str] = mapped_column(String(254))
    display_name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2), default="fr")
    closed_at: Mapped[datetime | None]

    memberships: Mapped[list[Membership]] = relationship(back_populates="user")


class Membership(Row, Base):
    """A hat: a role in a structure, perhaps in a team, from a date to another.

    An elected official can hold no other membership (triggers in migration 0003).
    """

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("user_id", "structure_id", "role", "starts_on"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    structure_id: Mapped[UUID] = mapped_column(ForeignKey("structure.id"), index=True)
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"))
    role: Mapped[Role]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    user: Mapped[User] = relationship(back_populates="memberships")
    structure: Mapped[Structure] = relationship()
    team: Mapped[Team | None] = relationship()


class UserSession(Base):
    """A signed-in browser. The cookie holds a random key; only its hash is kept here."""

    __tablename__ = "user_session"
    __table_args__ = (UniqueConstraint("key_hash"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    membership_id: Mapped[UUID | None] = mapped_column(ForeignKey("membership.id"))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SignInFailure(Base):
    """A failed attempt: keyed hashes of the account typed and of the address, for the limit's window only."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (
        Index("ix_sign_in_failure_account", "account_hash", "at"),
        Index("ix_sign_in_failure_address", "address_hash", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_hash: Mapped[str] = mapped_column(String(64))
    address_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
