"""Who stands beside somebody, and the measure that protects an adult: side tables, cleared by anonymisation."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import ids
from app.kernel.db import Base
from app.people.capacity import Matter, Measure, RepresentativeKind, Scope, SignedBy


class PersonRepresentative(Base):
    """Who represents or assists the person, in the order noted. A kind alone says who, when no name was given."""

    __tablename__ = "person_representative"
    __table_args__ = (Index("ix_person_representative_person_id", "person_id", "rank"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.random_key)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    rank: Mapped[int]
    kind: Mapped[RepresentativeKind]
    name: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    email: Mapped[str] = mapped_column(String(254), default="")


class PersonMeasure(Base):
    """The measure of protection of an adult: its kind, and what the judge gave it. No date, no court, no reason."""

    __tablename__ = "person_measure"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[Measure]
    scope: Mapped[Scope]


class Mandate(Base):
    """What a consent of kind « mandat » is for, and who signed it; cleared by anonymisation."""

    __tablename__ = "mandate"

    consent_id: Mapped[UUID] = mapped_column(ForeignKey("consent.id"), primary_key=True)
    matter: Mapped[Matter]
    signed_by: Mapped[SignedBy]
    purpose: Mapped[str] = mapped_column(String(200))
