"""Tables of the shared register."""

from app.people.models.cards import CardNotice, CardTry, SharingCard
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
from app.people.models.protection import NamedStructure, PersonSafety
from app.people.models.record import (
    Authored,
    Consent,
    ConsentRecipient,
    DuplicatePair,
    FollowUp,
    LikenessNotice,
    Notice,
    Person,
    PersonAdaptation,
    PersonIdentity,
    PersonMerge,
    SavedSearch,
    SearchKeyRow,
)

__all__ = [
    "Authored",
    "CardNotice",
    "CardTry",
    "Consent",
    "ConsentRecipient",
    "DuplicatePair",
    "ExportState",
    "FollowUp",
    "ImportState",
    "ImportedPerson",
    "LikenessNotice",
    "LineState",
    "NamedStructure",
    "Notice",
    "PeopleExport",
    "PeopleExportLine",
    "PeopleImport",
    "PeopleImportLine",
    "Person",
    "PersonAdaptation",
    "PersonIdentity",
    "PersonMerge",
    "PersonSafety",
    "SavedSearch",
    "SearchKeyRow",
    "SharingCard",
]
