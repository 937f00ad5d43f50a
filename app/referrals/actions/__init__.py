"""Verbs of referrals. Each checks the table, changes, writes one event, tells both sides; flush, never commit."""

from app.referrals.actions.answering import accept, answer, ask, decline, give, message, nudge, see, take
from app.referrals.actions.clockwork import check_nightly, run_due_clocks
from app.referrals.actions.core import Meanwhile
from app.referrals.actions.drafting import DraftData, discard, draft, void
from app.referrals.actions.ending import (
    close,
    consent_ended,
    end_for_person,
    end_for_structure,
    moved,
    reopen,
    start,
    withdraw,
)
from app.referrals.actions.following import decide, told
from app.referrals.actions.sending import Agreement, agree, record_refusal, send

__all__ = [
    "Agreement",
    "DraftData",
    "Meanwhile",
    "accept",
    "agree",
    "answer",
    "ask",
    "check_nightly",
    "close",
    "consent_ended",
    "decide",
    "decline",
    "discard",
    "draft",
    "end_for_person",
    "end_for_structure",
    "give",
    "message",
    "moved",
    "nudge",
    "record_refusal",
    "reopen",
    "run_due_clocks",
    "see",
    "send",
    "start",
    "take",
    "told",
    "void",
    "withdraw",
]
