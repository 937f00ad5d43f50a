"""Bytes from the register: the people that a manager takes away. What is in each column, and the section that opens it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.kernel.grants import Section
from app.kernel.i18n import gettext
from app.kernel.i18n import lazy_gettext as _
from app.kernel.phones import format_phone
from app.kernel.sheets import csv_bytes, xlsx_bytes
from app.people.enums import Adaptation
from app.people.models import Person
from app.territory import communes

TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


class ExportColumn(StrEnum):
    """Columns that may be chosen. The first ones bear the titles that « Importer des personnes » recognises."""

    LAST_NAME = "nom"
    FIRST_NAME = "prenom"
    BIRTH_YEAR = "annee_naissance"
    COMMUNE = "commune"
    INSEE = "insee"
    PHONE = "telephone"
    EMAIL = "courriel"
    GENRE = "genre"
    CODE = "code"
    USUAL_NAME = "nom_usage"
    AGE = "age"
    STATUS = "situation"
    REGISTERED = "inscription"
    LAST_CONTACT = "dernier_contact"
    NO_MESSAGE = "message"
    ADAPTATION = "adaptation"
    LANGUAGES = "langues"
    INTERPRETER = "interprete"

    @property
    def label(self) -> str:
        return _COLUMNS[self].label

    @property
    def section(self) -> Section:
        """What the hat must read of the person for this column to be filled."""
        return _COLUMNS[self].section


@dataclass(frozen=True)
class _Column:
    label: str
    section: Section
    read: Callable[[Person], str]


def _day(value: date) -> str:
    return value.strftime("%d/%m/%Y")


def _yes(value: bool) -> str:
    return gettext("oui") if value else gettext("non")


def _commune(person: Person) -> str:
    found = communes.by_code(person.commune_code or "")
    return found.name if found else ""


def _phone(person: Person) -> str:
    return format_phone(person.identity.phone).replace("\u00a0", " ")


def _needs(person: Person) -> str:
    codes = person.adaptation.needs if person.adaptation else []
    return ", ".join(str(Adaptation(code).label) for code in codes)


def _languages(person: Person) -> str:
    return ", ".join(person.adaptation.languages) if person.adaptation else ""


_COLUMNS = {
    ExportColumn.LAST_NAME: _Column(_("Nom"), Section.IDENTITY, lambda one: one.identity.last_name),
    ExportColumn.FIRST_NAME: _Column(_("Prénom"), Section.IDENTITY, lambda one: one.identity.first_name),
    ExportColumn.BIRTH_YEAR: _Column(
        _("Année de naissance"), Section.IDENTITY, lambda one: str(one.birth_year) if one.birth_year else ""
    ),
    ExportColumn.COMMUNE: _Column(_("Commune"), Section.IDENTITY, _commune),
    ExportColumn.INSEE: _Column(_("Code Insee de la commune"), Section.IDENTITY, lambda one: one.commune_code or ""),
    ExportColumn.PHONE: _Column(_("Téléphone"), Section.CONTACT, _phone),
    ExportColumn.EMAIL: _Column(_("Adresse électronique"), Section.CONTACT, lambda one: one.identity.email),
    ExportColumn.GENRE: _Column(_("Genre"), Section.IDENTITY, lambda one: str(one.genre.label)),
    ExportColumn.CODE: _Column(_("Code de la fiche"), Section.IDENTITY, lambda one: one.code),
    ExportColumn.USUAL_NAME: _Column(_("Nom d’usage"), Section.IDENTITY, lambda one: one.identity.usual_name),
    ExportColumn.AGE: _Column(_("Âge"), Section.IDENTITY, lambda one: str(one.age_status.label)),
    ExportColumn.STATUS: _Column(_("Situation"), Section.IDENTITY, lambda one: str(one.statut_social.label)),
    ExportColumn.REGISTERED: _Column(_("Inscription"), Section.IDENTITY, lambda one: _day(one.created_at.date())),
    ExportColumn.LAST_CONTACT: _Column(_("Dernier contact"), Section.IDENTITY, lambda one: _day(one.last_contact_on)),
    ExportColumn.NO_MESSAGE: _Column(
        _("Ne pas laisser de message"), Section.CONTACT, lambda one: _yes(one.identity.no_message)
    ),
    ExportColumn.ADAPTATION: _Column(_("Besoins d’adaptation"), Section.ADAPTATION, _needs),
    ExportColumn.LANGUAGES: _Column(_("Langues"), Section.ADAPTATION, _languages),
    ExportColumn.INTERPRETER: _Column(
        _("Interprète nécessaire"),
        Section.ADAPTATION,
        lambda one: _yes(bool(one.adaptation and one.adaptation.interpreter)),
    ),
}
# The columns of La Coop’s file that the register knows.
USUAL = tuple(ExportColumn)[:8]


def cells_of(person: Person, columns: Sequence[ExportColumn], opened: Section) -> list[str]:
    """What is written of somebody; a cell whose section is not open stays empty."""
    return [_COLUMNS[one].read(person) if one.section in opened else "" for one in columns]


def file_of(kind: str, columns: Sequence[ExportColumn], rows: Iterable[Sequence[str]]) -> bytes:
    """The whole file, `csv` or `xlsx`, titles first."""
    every = [[str(one.label) for one in columns], *rows]
    return csv_bytes(every) if kind == "csv" else xlsx_bytes(gettext("Personnes"), every)
