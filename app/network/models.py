"""Structures, their teams and their places."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel import clock, ids
from app.kernel.db import Base, Row, Versioned
from app.network.enums import ChangeKind, ImportState, LegalBasis, StructureKind


class Structure(Row, Versioned, Base):
    """A partner of the network, controller of its own data. Shares nothing before `agreement_signed_on`."""

    __tablename__ = "structure"
    __table_args__ = (UniqueConstraint("import_key"),)

    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[StructureKind] = mapped_column(default=StructureKind.OTHER)
    siret: Mapped[str | None] = mapped_column(String(14))
    # What identifies the structure in an imported file, so that a second import finds it again.
    import_key: Mapped[str | None] = mapped_column(String(300))
    commune_code: Mapped[str | None] = mapped_column(String(5))
    agreement_signed_on: Mapped[date | None]
    agreement_ended_on: Mapped[date | None]
    legal_basis: Mapped[LegalBasis | None]
    dpo_contact: Mapped[str | None] = mapped_column(String(200))
    under_secrecy: Mapped[bool] = mapped_column(default=False)
    sensitive: Mapped[bool] = mapped_column(default=False)
    closed_on: Mapped[date | None]

    teams: Mapped[list[Team]] = relationship(back_populates="structure")
    places: Mapped[list[Place]] = relationship(back_populates="structure")

    @property
    def active(self) -> bool:
        return self.closed_on is None


class Team(Row, Base):
    """A perimeter inside a structure; under professional secrecy, nothing of theirs travels by default."""

    __tablename__ = "team"
    __table_args__ = (UniqueConstraint("structure_id", "name"),)

    structure_id: Mapped[UUID] = mapped_column(ForeignKey("structure.id"))
    name: Mapped[str] = mapped_column(String(120))
    under_secrecy: Mapped[bool] = mapped_column(default=False)

    structure: Mapped[Structure] = relationship(back_populates="teams")


class Place(Row, Versioned, Base):
    """A place of digital mediation, in the national schema v1.0.2. Lists keep the schema's values in their order."""

    __tablename__ = "place"
    __table_args__ = (UniqueConstraint("external_id"), Index("ix_place_commune", "commune_code"))

    structure_id: Mapped[UUID] = mapped_column(ForeignKey("structure.id"), index=True)
    external_id: Mapped[str] = mapped_column(String(200))
    pivot: Mapped[str] = mapped_column(String(14))
    name: Mapped[str] = mapped_column(String(300))
    commune_name: Mapped[str] = mapped_column(String(200))
    postcode: Mapped[str] = mapped_column(String(5))
    commune_code: Mapped[str | None] = mapped_column(String(5))
    address: Mapped[str] = mapped_column(String(300))
    address_more: Mapped[str | None] = mapped_column(String(300))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    services: Mapped[list[str]]
    # The other columns of the schema, under their own names, so that an export gives back what was imported.
    details: Mapped[dict[str, Any]]
    updated_on: Mapped[date]
    imported_at: Mapped[datetime | None]
    closed_on: Mapped[date | None]

    structure: Mapped[Structure] = relationship(back_populates="places")


class Offer(Row, Versioned, Base):
    """Something a structure proposes: for whom, how, at what price. Lists keep their order; `place_id` None: everywhere."""

    __tablename__ = "offer"

    structure_id: Mapped[UUID] = mapped_column(ForeignKey("structure.id"), index=True)
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("place.id"))
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(String(2000), default="")
    services: Mapped[list[str]]
    publics: Mapped[list[str]]
    fees: Mapped[list[str]]
    ways: Mapped[list[str]]
    closed_on: Mapped[date | None]


class DirectoryChange(Base):
    """What was done to a place or an offer, column by column: the history that the page shows. Never changed."""

    __tablename__ = "directory_change"
    __table_args__ = (Index("ix_directory_change_object", "object_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new_id)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    kind: Mapped[ChangeKind]
    object_id: Mapped[UUID]
    # None: done by a command, or by the clock.
    user_id: Mapped[UUID | None]
    structure_id: Mapped[UUID | None]
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey("place_import.id"), index=True)
    # Column → [before, after].
    changes: Mapped[dict[str, Any]]


class PlaceImport(Row, Base):
    """A file of places sent from the screen. Its bytes are erased once it has been read in, and after a day at most."""

    __tablename__ = "place_import"

    user_id: Mapped[UUID]
    membership_id: Mapped[UUID]
    structure_id: Mapped[UUID]
    filename: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2), default="fr")
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    state: Mapped[ImportState] = mapped_column(default=ImportState.RECEIVED)
    # Why the whole file was refused, in words.
    refusal: Mapped[str] = mapped_column(String(500), default="")
    # The comparison shown before confirming: {"differences": […], "rejected": […], "new": […]}.
    preview: Mapped[dict[str, Any]] = mapped_column(default=dict)
    total: Mapped[int] = mapped_column(default=0)
    to_create: Mapped[int] = mapped_column(default=0)
    to_update: Mapped[int] = mapped_column(default=0)
    done_line: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    confirmed_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
