"""Tables of the shared register."""

from app.people.models.cards import CardNotice, CardTry, SharingCard
from app.people.models.contacts import PersonContact
from app.people.models.doubles import DuplicatePair, LikenessNotice, PersonMerge
from app.people.models.files import (
    ExportState,
    ImportedPerson,
    ImportState,
    LineState,
    PeopleExport,
    PeopleExportLine,
    PeopleImport,
    PeopleImportLine,
)
from app.people.models.handing import HandOver
from app.people.models.lists import ListView
from app.people.models.notes import PersonNote, PersonNoteText
from app.people.models.protection import NamedStructure, PersonSafety
from app.people.models.record import (
    Authored,
    Consent,
    ConsentRecipient,
    FollowUp,
    Notice,
    Person,
    PersonAdaptation,
    PersonIdentity,
    SavedSearch,
    SearchKeyRow,
)
from app.people.models.representation import Mandate, PersonMeasure, PersonRepresentative

__all__ = [
    "Authored",
    "CardNotice",
    "CardTry",
    "Consent",
    "ConsentRecipient",
    "DuplicatePair",
    "ExportState",
    "FollowUp",
    "HandOver",
    "ImportState",
    "ImportedPerson",
    "LikenessNotice",
    "LineState",
    "ListView",
    "Mandate",
    "NamedStructure",
    "Notice",
    "PeopleExport",
    "PeopleExportLine",
    "PeopleImport",
    "PeopleImportLine",
    "Person",
    "PersonAdaptation",
    "PersonContact",
    "PersonIdentity",
    "PersonMeasure",
    "PersonMerge",
    "PersonNote",
    "PersonNoteText",
    "PersonRepresentative",
    "PersonSafety",
    "SavedSearch",
    "SearchKeyRow",
    "SharingCard",
]
