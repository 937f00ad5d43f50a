"""Tables of the shared register."""

from app.people.models.cards import CardNotice, CardTry, SharingCard
from app.people.models.notes import PersonNote, PersonNoteText
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
    "FollowUp",
    "LikenessNotice",
    "NamedStructure",
    "Notice",
    "Person",
    "PersonAdaptation",
    "PersonIdentity",
    "PersonMerge",
    "PersonNote",
    "PersonNoteText",
    "PersonSafety",
    "SavedSearch",
    "SearchKeyRow",
    "SharingCard",
]
