"""Codes and words of this feature: the journal’s (`journal`) and those of rights requests (`rights`)."""

from __future__ import annotations

from app.privacy.enums.journal import ACTIONS, DETAILS, GRANTS, Family, detail_of, words_of
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
    "DETAILS",
    "GRANTS",
    "AskedWay",
    "CopyState",
    "ExtensionReason",
    "Family",
    "IdentityCheck",
    "RefusalReason",
    "RequestState",
    "RightKind",
    "RightOutcome",
    "detail_of",
    "words_of",
]
