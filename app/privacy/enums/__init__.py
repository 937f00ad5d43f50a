"""Codes and words of this feature: the journal’s (`journal`, `desk`) and those of rights requests (`rights`)."""

from __future__ import annotations

from app.privacy.enums.desk import OBJECTS, ConsentState, Desk, UnarchiveReason
from app.privacy.enums.journal import ACTIONS, GRANTS, Family, words_of
from app.privacy.enums.rights import (
    AskedWay,
    CopyState,
    ExtensionReason,
    IdentityCheck,
    RefusalReason,
    RequestState,
    RightKind,
    RightOutcome,
)

__all__ = [
    "ACTIONS",
    "GRANTS",
    "OBJECTS",
    "AskedWay",
    "ConsentState",
    "CopyState",
    "Desk",
    "ExtensionReason",
    "Family",
    "IdentityCheck",
    "RefusalReason",
    "RequestState",
    "RightKind",
    "RightOutcome",
    "UnarchiveReason",
    "words_of",
]
