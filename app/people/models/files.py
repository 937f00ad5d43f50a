"""Files of people: those sent to be imported, and those prepared to be taken away. Both are kept for a day at most."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import ids
from app.kernel.db import Base, Row
from app.kernel.i18n import lazy_gettext as _
from app.kernel.labels import Labelled


class ImportState(Labelled):
    """Where a file of people is."""

    COLUMNS = "columns", _("Colonnes à vérifier")
    COMPARING = "comparing", _("Lecture en cours")
    READY = "ready", _("À confirmer")
    RUNNING = "running", _("Inscription en cours")
    DONE = "done", _("Terminé")
    UNDOING = "undoing", _("Annulation en cours")
    UNDONE = "undone", _("Annulé")
    REFUSED = "refused", _("Illisible")
    ABANDONED = "abandoned", _("Abandonné")
    EXPIRED = "expired", _("Effacé, resté sans suite")

    @property
    def moving(self) -> bool:
        """The worker is at it."""
        return self in {ImportState.COMPARING, ImportState.RUNNING, ImportState.UNDOING}


class LineState(StrEnum):
    """What becomes of one line of the file."""

    NEW = "new"
    ALIKE = "alike"
    KNOWN = "known"
    FAULTY = "faulty"
    MADE = "made"
    ASIDE = "aside"
    REMOVED = "removed"
    KEPT = "kept"


class ExportState(Labelled):
    """Where a prepared file is."""

    WAITING = "waiting", _("En préparation")
    READY = "ready", _("Prêt")
    EXPIRED = "expired", _("Effacé")


class PeopleImport(Row, Base):
    """A file of people sent from the screen. `content` and the values of its lines live until the import ends, and a
    day at most; what stays are counts, lines and reasons, without a word of the file."""

    __tablename__ = "people_import"
    __table_args__ = (Index("ix_people_import_mine", "membership_id", "created_at"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    membership_id: Mapped[UUID] = mapped_column(ForeignKey("membership.id"))
    structure_id: Mapped[UUID] = mapped_column(ForeignKey("structure.id"))
    language: Mapped[str] = mapped_column(String(2), default="fr")
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    state: Mapped[ImportState] = mapped_column(default=ImportState.COLUMNS)
    # Why the whole file was refused, in words.
    refusal: Mapped[str] = mapped_column(String(500), default="")
    # Field → column of the file, counted from 0.
    matching: Mapped[dict[str, Any]] = mapped_column(default=dict)
    total: Mapped[int] = mapped_column(default=0)
    notes: Mapped[int] = mapped_column(default=0)
    to_do: Mapped[int] = mapped_column(default=0)
    # The last line dealt with, by the import then by its undoing.
    done_line: Mapped[int] = mapped_column(default=0)
    confirmed_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class PeopleImportLine(Base):
    """One line of a file. `typed`: what was read, emptied when the import ends. `person_id`: whom the line made, or looks
    like."""

    __tablename__ = "people_import_line"
    __table_args__ = (
        Index("ix_people_import_line_state", "import_id", "state", "line"),
        Index("ix_people_import_line_person", "person_id"),
    )

    import_id: Mapped[UUID] = mapped_column(ForeignKey("people_import.id"), primary_key=True)
    line: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    state: Mapped[LineState]
    row_key: Mapped[str] = mapped_column(String(64), default="")
    typed: Mapped[dict[str, Any] | None]
    # Codes only: « birth_year:range », « same_name », « session_log ».
    reasons: Mapped[list[str]]
    score: Mapped[int] = mapped_column(default=0)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class ImportedPerson(Base):
    """Somebody registered from a file. `row_key`: a keyed hash of the line, by which the same line makes nobody twice."""

    __tablename__ = "imported_person"
    __table_args__ = (
        UniqueConstraint("row_key"),
        Index("ix_imported_person_person", "person_id"),
        Index("ix_imported_person_structure", "structure_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.random_key)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    structure_id: Mapped[UUID] = mapped_column(ForeignKey("structure.id"))
    row_key: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]


class PeopleExport(Row, Base):
    """A file of people prepared for whoever asked, for a day. `document` is emptied then; the count and columns stay."""

    __tablename__ = "people_export"
    __table_args__ = (
        Index("ix_people_export_mine", "membership_id", "created_at"),
        CheckConstraint("format IN ('csv', 'xlsx')", name="format"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    membership_id: Mapped[UUID] = mapped_column(ForeignKey("membership.id"))
    structure_id: Mapped[UUID] = mapped_column(ForeignKey("structure.id"))
    # The perimeter of whoever asked, on that day: another one opens nothing of this file.
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"))
    language: Mapped[str] = mapped_column(String(2), default="fr")
    state: Mapped[ExportState] = mapped_column(default=ExportState.WAITING)
    columns: Mapped[list[str]]
    format: Mapped[str] = mapped_column(String(4))
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    made_at: Mapped[datetime | None]
    document: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)


class PeopleExportLine(Base):
    """Somebody of a prepared file: what is written of them until the file is drawn, then only that they are in it."""

    __tablename__ = "people_export_line"
    __table_args__ = (Index("ix_people_export_line_person", "person_id"),)

    export_id: Mapped[UUID] = mapped_column(ForeignKey("people_export.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    cells: Mapped[list[str]]
