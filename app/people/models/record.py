"""The shared register. Identity, contacts and free text live in side tables that can be cleared, never in `person`."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel import clock, ids
from app.kernel.db import Base, FlagType, Row, Versioned
from app.kernel.grants import Section
from app.people.capacity import InterpretedBy, OwnWord, WhyNotAsked
from app.people.contacts import Contact, of_record
from app.people.enums import (
    AgeStatus,
    ConsentAnswer,
    ConsentKind,
    ConsentWay,
    FollowUpKind,
    Genre,
    NoticeWay,
    PersonState,
    SocialStatus,
)
from app.people.models.contacts import PersonContact
from app.people.models.representation import Mandate


class Authored:
    """Who wrote a row, wearing which hat. `team_id` only when that team is under secrecy: the row is then that team’s.

    `secret`: the author’s structure or team was under professional secrecy; the row never travels by default.
    """

    author_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    structure_id: Mapped[UUID] = mapped_column(ForeignKey("structure.id"), index=True)
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"))
    secret: Mapped[bool] = mapped_column(default=False)


BYTES = String(80).with_variant(String(80, collation="C"), "postgresql")


MINOR = text("state = 'active' AND age_status <> 'adult'")


class Person(Row, Versioned, Base):
    """An accompanied person. Coordinators see `code`, statistics count `subject_key`; neither derives from the id."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("code"),
        UniqueConstraint("subject_key"),
        CheckConstraint("state <> 'active' OR referent_structure_id IS NOT NULL", name="referent"),
        # Whoever follows very many reads those seen last.
        Index("ix_person_contact", "last_contact_on", "id"),
        # A structure’s own list: counted, and read page by page, without touching the rows.
        Index("ix_person_list", "referent_structure_id", "state", "last_contact_on", "id"),
        Index("ix_person_communes", "referent_structure_id", "state", "commune_code", "id"),
        # Who turns 15 or 18.
        Index(
            "ix_person_minor",
            "referent_structure_id",
            "age_status",
            "birth_year",
            "id",
            sqlite_where=MINOR,
            postgresql_where=MINOR,
        ),
    )

    code: Mapped[str] = mapped_column(String(12), default=ids.new_code)
    subject_key: Mapped[UUID] = mapped_column(default=ids.random_key)
    state: Mapped[PersonState] = mapped_column(default=PersonState.ACTIVE)
    referent_structure_id: Mapped[UUID | None] = mapped_column(ForeignKey("structure.id"), index=True)
    birth_year: Mapped[int | None]
    age_status: Mapped[AgeStatus] = mapped_column(default=AgeStatus.ADULT)
    genre: Mapped[Genre] = mapped_column(default=Genre.NON_COMMUNIQUE)
    statut_social: Mapped[SocialStatus] = mapped_column(default=SocialStatus.NON_COMMUNIQUE)
    commune_code: Mapped[str | None] = mapped_column(String(5))
    # Why is never recorded.
    protected: Mapped[bool] = mapped_column(default=False, server_default=false())
    last_contact_on: Mapped[date]
    # Since when the record is frozen (RGPD art. 18): it is read, not written, and nothing more of it is shared.
    restricted_on: Mapped[date | None]
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)

    identity: Mapped[PersonIdentity] = relationship(back_populates="person", uselist=False)
    adaptation: Mapped[PersonAdaptation | None] = relationship(uselist=False)
    contacts: Mapped[list[PersonContact]] = relationship(order_by=PersonContact.rank, viewonly=True)


class PersonIdentity(Base):
    """Names and contacts; cleared by anonymisation. A person under a pseudonym has neither."""

    __tablename__ = "person_identity"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    first_name: Mapped[str] = mapped_column(String(300), default="")
    last_name: Mapped[str] = mapped_column(String(300), default="")
    usual_name: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    no_message: Mapped[bool] = mapped_column(default=False)
    # Written to before being called.
    email_first: Mapped[bool] = mapped_column(default=False, server_default=false())

    person: Mapped[Person] = relationship(back_populates="identity")

    @property
    def reached(self) -> list[Contact]:
        """The number and the address of the record, what to try first before."""
        return of_record(self.phone, self.email, self.no_message, self.email_first)

    @property
    def display_name(self) -> str:
        """« Prénom NOM » as the screen shows it; empty under a pseudonym."""
        return " ".join(part for part in (self.first_name, self.usual_name or self.last_name) if part)


class PersonAdaptation(Base):
    """Adaptation needs and languages: sensitive, optional, cleared by anonymisation."""

    __tablename__ = "person_adaptation"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    needs: Mapped[list[str]]
    languages: Mapped[list[str]]
    interpreter: Mapped[bool] = mapped_column(default=False)


class SearchKeyRow(Base):
    """Normalised tokens, phonetic keys, phone digits and birth year by which somebody is found again."""

    __tablename__ = "search_key"
    __table_args__ = (Index("ix_search_key_value", "kind", "value", "person_id"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    # Looked up by beginning, as a range of bytes: in the order of no language.
    value: Mapped[str] = mapped_column(BYTES, primary_key=True)


class SavedSearch(Base):
    """What was searched, behind an opaque token, for 15 minutes: a name never travels in an address."""

    __tablename__ = "saved_search"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.random_key)
    user_id: Mapped[UUID]
    criteria: Mapped[str] = mapped_column(String(300))
    expires_at: Mapped[datetime] = mapped_column(index=True)


class FollowUp(Row, Base):
    """A structure follows a person. Exactly one open referent follow-up per active person."""

    __tablename__ = "follow_up"
    __table_args__ = (
        Index(
            "uq_follow_up_referent",
            "person_id",
            unique=True,
            sqlite_where=text("kind = 'referent' AND ended_on IS NULL"),
            postgresql_where=text("kind = 'referent' AND ended_on IS NULL"),
        ),
        Index(
            "uq_follow_up_open",
            "person_id",
            "structure_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
        Index("ix_follow_up_person", "person_id", "ended_on"),
        Index("ix_follow_up_structure", "structure_id", "ended_on", "kind"),
        Index("ix_follow_up_holder", "holder_id", "ended_on"),
        Index("ix_follow_up_team", "team_id", "ended_on"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    structure_id: Mapped[UUID] = mapped_column(ForeignKey("structure.id"))
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"))
    kind: Mapped[FollowUpKind]
    # What the consent behind an « other » follow-up opens of what the others wrote; everything for the referent.
    sections: Mapped[Section] = mapped_column(FlagType(Section))
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    # « Interlocuteur » : the colleague whom the person knows; opens no right. Nobody is orphaned when they leave.
    holder_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))


class Notice(Row, Base):
    """The information notice reached the person: which version, in which language, how. Not a consent."""

    __tablename__ = "notice"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    text_version: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(2))
    way: Mapped[NoticeWay]
    given_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))


GIVEN = "kind = 'register' AND answer = 'given' AND withdrawn_at IS NULL"
ENDING = text(f"{GIVEN} AND ends_on IS NOT NULL")
PENDING = text("kind = 'register' AND answer = 'pending'")
AGREED_AS_MINOR = text(f"{GIVEN} AND age_status <> 'adult'")


class Consent(Row, Base):
    """What the person agreed to, or refused, and who recorded it. Withdrawal is dated, never deleted."""

    __tablename__ = "consent"
    __table_args__ = (
        Index("ix_consent_person", "person_id", "kind"),
        # Who is asked again: before the end of the agreement, when nobody could answer, once grown up.
        Index("ix_consent_ending", "ends_on", "person_id", sqlite_where=ENDING, postgresql_where=ENDING),
        Index("ix_consent_pending", "starts_on", "person_id", sqlite_where=PENDING, postgresql_where=PENDING),
        Index(
            "ix_consent_minor",
            "person_id",
            "age_status",
            sqlite_where=AGREED_AS_MINOR,
            postgresql_where=AGREED_AS_MINOR,
        ),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[ConsentKind]
    answer: Mapped[ConsentAnswer]
    way: Mapped[ConsentWay]
    text_version: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(2))
    sections: Mapped[Section] = mapped_column(FlagType(Section))
    people_present: Mapped[str] = mapped_column(String(60), default="")
    interpreter: Mapped[bool] = mapped_column(default=False)
    interpreted_by: Mapped[InterpretedBy | None]
    # What a child, or an adult under a measure, said themselves; why they were not asked.
    own_word: Mapped[OwnWord | None]
    why_not_asked: Mapped[WhyNotAsked | None]
    # The age on the record that day: past 15, then past 18, the person is asked again.
    age_status: Mapped[AgeStatus | None]
    # From 15 to 17: the version of what they were told their representative can know.
    told_version: Mapped[str] = mapped_column(String(20), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    structure_id: Mapped[UUID] = mapped_column(ForeignKey("structure.id"))

    mandate: Mapped[Mandate | None] = relationship(viewonly=True)
    recipients: Mapped[list[ConsentRecipient]] = relationship(order_by="ConsentRecipient.rank", lazy="selectin")

    @property
    def holds(self) -> bool:
        """Given and not withdrawn (its dates are checked by the queries)."""
        return self.answer is ConsentAnswer.GIVEN and self.withdrawn_at is None


class ConsentRecipient(Base):
    """A structure named by a consent, in the person's order (three at most for a referral)."""

    __tablename__ = "consent_recipient"
    __table_args__ = (UniqueConstraint("consent_id", "rank"), CheckConstraint("rank BETWEEN 1 AND 3", name="rank"))

    consent_id: Mapped[UUID] = mapped_column(ForeignKey("consent.id"), primary_key=True)
    structure_id: Mapped[UUID] = mapped_column(ForeignKey("structure.id"), primary_key=True)
    rank: Mapped[int]
