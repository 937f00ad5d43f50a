"""Users, the hats they wear, their sessions, and the attempts to sign in."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.enums import LinkPurpose
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
    # A provisional password was read by somebody else: it only serves to choose another.
    must_change_password: Mapped[bool] = mapped_column(default=False, server_default=false())
    last_seen_on: Mapped[date | None]

    memberships: Mapped[list[Membership]] = relationship(back_populates="user")


class Membership(Row, Base):
    """A hat: a role in a structure, perhaps in a team, from a date to another; `ended_at` closes it at once.

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
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(back_populates="memberships")
    structure: Mapped[Structure] = relationship()
    team: Mapped[Team | None] = relationship()
    usual_places: Mapped[list[MembershipPlace]] = relationship(cascade="all, delete-orphan")


class MembershipPlace(Base):
    """A place where this hat is usually worn."""

    __tablename__ = "membership_place"

    membership_id: Mapped[UUID] = mapped_column(ForeignKey("membership.id"), primary_key=True)
    place_id: Mapped[UUID] = mapped_column(ForeignKey("place.id"), primary_key=True)


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
    # « Firefox, Windows »: what one recognises in the list of one's own sessions, and nothing finer.
    browser: Mapped[str] = mapped_column(String(40), default="", server_default=text("''"))


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


class AccountLink(Base):
    """A link that serves once: to choose a new password, or to finish signing in. Only the hash of its token is kept."""

    __tablename__ = "account_link"
    __table_args__ = (UniqueConstraint("token_hash"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    purpose: Mapped[LinkPurpose]
    token_hash: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class Invitation(Row, Base):
    """Somebody is invited to wear a hat. The address is forgotten a month after the end."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("token_hash"), CheckConstraint("email = lower(email)", name="email_folded"))

    structure_id: Mapped[UUID] = mapped_column(ForeignKey("structure.id"), index=True)
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"))
    role: Mapped[Role]
    email: Mapped[str] = mapped_column(String(254))
    invited_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    token_hash: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]

    structure: Mapped[Structure] = relationship()
    team: Mapped[Team | None] = relationship()


class SecondFactor(Base):
    """A user's one-time codes (RFC 6238). The key is derived from the installation's secret and `seed`, never stored.

    `last_step` is the last half-minute whose code served: none serves twice.
    """

    __tablename__ = "second_factor"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    seed: Mapped[UUID]
    last_step: Mapped[int] = mapped_column(BigInteger)
    confirmed_at: Mapped[datetime]


class RecoveryCode(Base):
    """A code for the day the telephone is lost: keyed hash, serves once."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class AccessReview(Row, Base):
    """Once a year somebody asks whether each still needs their access: who asked, when, and what came of it."""

    __tablename__ = "access_review"

    structure_id: Mapped[UUID] = mapped_column(ForeignKey("structure.id"), index=True)
    reviewed_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    reviewed_on: Mapped[date]
    kept: Mapped[int]
    ended: Mapped[int]
