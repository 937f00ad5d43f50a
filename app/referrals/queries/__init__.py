"""Reads of referrals: frozen views that hold only what each side may see."""

from app.referrals.queries.checks import Gaps, gaps
from app.referrals.queries.choosing import Choice, choices, place_words
from app.referrals.queries.detail import Detail, EventLine, TaskLine, WordsLine, detail
from app.referrals.queries.lists import ListPage, ReferralLine, inbox, inbox_count, of_person, sent
from app.referrals.queries.load import (
    all_of_person,
    consent_of,
    due,
    happened_since,
    last_session,
    live_of_consent,
    live_of_person,
    live_of_structure,
    locked,
    mail_targets,
    next_structures,
    stamp_of,
)
from app.referrals.queries.preview import Preview, future_preview, preview_of
from app.referrals.queries.sending import Sending, sending
from app.referrals.queries.todo import Todo, TodoPage, pending_for_person, task_of, todo, todo_count, todo_pages

__all__ = [
    "Choice",
    "Detail",
    "EventLine",
    "Gaps",
    "ListPage",
    "Preview",
    "ReferralLine",
    "Sending",
    "TaskLine",
    "Todo",
    "TodoPage",
    "WordsLine",
    "all_of_person",
    "choices",
    "consent_of",
    "detail",
    "due",
    "future_preview",
    "gaps",
    "happened_since",
    "inbox",
    "inbox_count",
    "last_session",
    "live_of_consent",
    "live_of_person",
    "live_of_structure",
    "locked",
    "mail_targets",
    "next_structures",
    "of_person",
    "pending_for_person",
    "place_words",
    "preview_of",
    "sending",
    "sent",
    "stamp_of",
    "task_of",
    "todo",
    "todo_count",
    "todo_pages",
]
