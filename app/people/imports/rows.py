"""One row as somebody to register: tolerant of notations, strict where meaning would be lost. Every fault is told at once.

Reasons are codes: they are kept longer than the file and repeat nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.kernel.i18n import gettext
from app.kernel.i18n import lazy_gettext as _
from app.kernel.phones import InvalidPhone, parse_phone, region_of_postcode
from app.kernel.sensitive import find_forbidden
from app.people.enums import AgeStatus, Genre, possible_ages
from app.people.imports.columns import FIELDS, ImportField
from app.people.names import normalise
from app.territory import communes

Cells = Mapping[ImportField, str]
FIRST_YEAR = 1900
LONGEST = {ImportField.EMAIL: 254, ImportField.PHONE: 30, ImportField.COMMUNE: 200}
LONGEST_NAME = 300
_YEAR = re.compile(r"(?:\d{1,2}[/.-]\d{1,2}[/.-])?(\d{4})(?:-\d{2}-\d{2}.*)?", re.ASCII)
_POSTCODE = re.compile(r"\d{5}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_GENRES = {
    Genre.FEMININ: "f|femme|feminin|mme|madame|mlle|fille",
    Genre.MASCULIN: "h|homme|m|masculin|mr|monsieur|garcon",
    Genre.NON_COMMUNIQUE: "nc|non communique|inconnu|autre|non binaire|ne souhaite pas repondre|ne se prononce pas",
}


class FaultCode(StrEnum):
    """Why a row is left."""

    NOBODY = "nobody"
    FORMULA = "formula"
    TOO_LONG = "too_long"
    FORBIDDEN = "forbidden"
    SHAPE = "shape"
    RANGE = "range"
    CHILD = "child"
    UNKNOWN = "unknown"
    DOUBTFUL = "doubtful"
    TWICE = "twice"
    LEFT = "left"
    REFUSED = "refused"


_WORDS = {
    FaultCode.NOBODY: _("Il n’y a ni nom ni prénom."),
    FaultCode.FORMULA: _("La case contient une formule : remplacez-la par sa valeur."),
    FaultCode.TOO_LONG: _("Le texte est trop long."),
    FaultCode.FORBIDDEN: _(
        "Le texte semble contenir un numéro de sécurité sociale, de carte ou de compte, ou un mot de passe : effacez-le."
    ),
    FaultCode.CHILD: _("Avant 15 ans, l’inscription se fait avec l’enfant et la personne qui le représente."),
    FaultCode.TWICE: _("La même ligne est déjà plus haut dans le fichier."),
    FaultCode.LEFT: _("La note n’est pas importée : écrivez sur la fiche ce qui est utile."),
    FaultCode.REFUSED: _("L’inscription a été refusée : inscrivez cette personne à l’écran."),
}
# Said without the name of a column.
_ALONE = frozenset({FaultCode.NOBODY, FaultCode.TWICE, FaultCode.LEFT, FaultCode.REFUSED})
# The row is registered, its note is not.
NOTE_LEFT = f"{ImportField.NOTES.value}:{FaultCode.LEFT.value}"
_BY_FIELD = {
    (ImportField.BIRTH_YEAR, FaultCode.SHAPE): _("Écrivez l’année avec quatre chiffres, par exemple 1958."),
    (ImportField.BIRTH_YEAR, FaultCode.RANGE): _("L’année doit être entre 1900 et cette année."),
    (ImportField.PHONE, FaultCode.SHAPE): _("Le numéro n’est pas reconnu. Exemple : 06 12 34 56 78."),
    (ImportField.EMAIL, FaultCode.SHAPE): _("L’adresse n’est pas complète. Exemple : nom@exemple.fr."),
    (ImportField.POSTCODE, FaultCode.SHAPE): _("Le code postal doit avoir cinq chiffres."),
    (ImportField.POSTCODE, FaultCode.DOUBTFUL): _("Plusieurs communes ont ce code postal : ajoutez le nom."),
    (ImportField.POSTCODE, FaultCode.UNKNOWN): _("Aucune commune n’a ce code postal."),
    (ImportField.COMMUNE, FaultCode.UNKNOWN): _("La commune n’est pas reconnue : vérifiez son nom et son code postal."),
    (ImportField.INSEE, FaultCode.UNKNOWN): _("Aucune commune n’a ce code Insee aujourd’hui."),
    (ImportField.GENRE, FaultCode.UNKNOWN): _("Écrivez Femme ou Homme, ou laissez vide."),
}


@dataclass(frozen=True)
class ReadRow:
    """A row that can be registered. `values` are those of `PersonData`; `note`: it has a note, which is not kept."""

    values: dict[str, Any]
    note: bool


class RowRefused(ValueError):
    """The row is left; `reasons` are codes: « telephone:shape »."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = reasons


def words_of(reason: str) -> str:
    """A reason in words: « Téléphone : le numéro n’est pas reconnu… »."""
    name, _colon, code = reason.partition(":")
    if name not in set(FIELDS) or code not in set(FaultCode):
        return reason
    column, fault = ImportField(name), FaultCode(code)
    said = str(_BY_FIELD.get((column, fault)) or _WORDS.get(fault) or code)
    return said if fault in _ALONE else _beside(column, said)


def _beside(column: ImportField, said: str) -> str:
    return gettext("%(column)s : %(why)s", column=column.label, why=said[0].lower() + said[1:])


@dataclass
class _Reader:
    """The cells of a row, and what is wrong with them."""

    cells: Cells
    year: int
    region: str
    faults: list[str] = field(default_factory=list)

    def text(self, name: ImportField) -> str:
        return self.cells.get(name, "").strip()

    def refuse(self, name: ImportField, code: FaultCode) -> None:
        self.faults.append(f"{name.value}:{code.value}")


def parse_row(cells: Cells, formulas: Collection[ImportField], year: int, region: str = "FR") -> ReadRow:
    """Somebody to register. `year`: the present one; `region`: whose notation of telephones. Raises RowRefused."""
    reader = _Reader(cells, year, region)
    _check(reader, formulas)
    if reader.faults:
        raise RowRefused(reader.faults)
    born = _birth_year(reader)
    values = {
        "first_name": reader.text(ImportField.FIRST_NAME),
        "last_name": reader.text(ImportField.LAST_NAME),
        "birth_year": born,
        "age_status": _age(reader, born).value,
        "commune_code": _commune(reader),
        "phone": _phone(reader),
        "email": _email(reader),
        "genre": _genre(reader).value,
    }
    if reader.faults:
        raise RowRefused(reader.faults)
    return ReadRow(values, bool(reader.text(ImportField.NOTES)))


def _check(reader: _Reader, formulas: Collection[ImportField]) -> None:
    for name in _kept():
        text = reader.text(name)
        if name in formulas:
            reader.refuse(name, FaultCode.FORMULA)
        elif len(text) > LONGEST.get(name, LONGEST_NAME):
            reader.refuse(name, FaultCode.TOO_LONG)
        elif find_forbidden(text):
            reader.refuse(name, FaultCode.FORBIDDEN)
    if not reader.faults and not (reader.text(ImportField.FIRST_NAME) or reader.text(ImportField.LAST_NAME)):
        reader.refuse(ImportField.LAST_NAME, FaultCode.NOBODY)


def _kept() -> Iterator[ImportField]:
    """Notes are not kept: whatever they hold stops nobody."""
    return (name for name in FIELDS if name is not ImportField.NOTES)


def _birth_year(reader: _Reader) -> int | None:
    text = reader.text(ImportField.BIRTH_YEAR)
    if not text:
        return None
    found = _YEAR.fullmatch(text)
    if found is None:
        reader.refuse(ImportField.BIRTH_YEAR, FaultCode.SHAPE)
        return None
    year = int(found[1])
    if not FIRST_YEAR <= year <= reader.year:
        reader.refuse(ImportField.BIRTH_YEAR, FaultCode.RANGE)
        return None
    return year


def _age(reader: _Reader, born: int | None) -> AgeStatus:
    """The youngest age that the year allows: it protects most, and the birthday task asks. Nobody under 15 comes by a file."""
    possible = possible_ages(born, reader.year) if born else frozenset({AgeStatus.ADULT})
    if AgeStatus.UNDER_15 in possible:
        reader.refuse(ImportField.BIRTH_YEAR, FaultCode.CHILD)
    return AgeStatus.FROM_15 if AgeStatus.FROM_15 in possible else AgeStatus.ADULT


def _commune(reader: _Reader) -> str | None:
    code, name = _padded(reader.text(ImportField.INSEE)).upper(), reader.text(ImportField.COMMUNE)
    postcode = _postcode(reader)
    if code and communes.by_code(code):
        return code
    found = _by_words(postcode, name)
    if found is None:
        _refuse_place(reader, code, name, postcode)
    return found


def _postcode(reader: _Reader) -> str:
    text = _padded("".join(reader.text(ImportField.POSTCODE).split()))
    if text and not _POSTCODE.fullmatch(text):
        reader.refuse(ImportField.POSTCODE, FaultCode.SHAPE)
        return ""
    return text


def _padded(code: str) -> str:
    """A spreadsheet takes the zero of « 01000 » away."""
    return code.zfill(5) if len(code) == 4 else code


def _by_words(postcode: str, name: str) -> str | None:
    if name and postcode:
        return communes.agreed(postcode, name)
    if name:
        only = communes.resolve(name)
        return only.code if only else None
    served = [one for one in communes.by_postcode(postcode) if one.parent is None] if postcode else []
    return served[0].code if len(served) == 1 else None


def _refuse_place(reader: _Reader, code: str, name: str, postcode: str) -> None:
    if name:
        reader.refuse(ImportField.COMMUNE, FaultCode.UNKNOWN)
    elif code:
        reader.refuse(ImportField.INSEE, FaultCode.UNKNOWN)
    elif postcode:
        served = communes.by_postcode(postcode)
        reader.refuse(ImportField.POSTCODE, FaultCode.DOUBTFUL if served else FaultCode.UNKNOWN)


def _phone(reader: _Reader) -> str:
    text = reader.text(ImportField.PHONE)
    if not text:
        return ""
    try:
        return parse_phone(text, region_of_postcode(_padded(reader.text(ImportField.POSTCODE)), reader.region))
    except InvalidPhone:
        reader.refuse(ImportField.PHONE, FaultCode.SHAPE)
        return ""


def _email(reader: _Reader) -> str:
    text = reader.text(ImportField.EMAIL)
    if text and not _EMAIL.fullmatch(text):
        reader.refuse(ImportField.EMAIL, FaultCode.SHAPE)
    return text


def _genre(reader: _Reader) -> Genre:
    text = " ".join(re.sub(r"[^a-z]+", " ", normalise(reader.text(ImportField.GENRE))).split())
    found = next((genre for genre, words in _GENRES.items() if re.fullmatch(words, text)), None)
    if text and found is None:
        reader.refuse(ImportField.GENRE, FaultCode.UNKNOWN)
    return found or Genre.NON_COMMUNIQUE
