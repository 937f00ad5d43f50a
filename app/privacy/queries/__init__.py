"""Reads of the data protection desk."""

from app.privacy.queries.journal import PAGE, JournalFilter, JournalLine, JournalPage, journal_page
from app.privacy.queries.requests import (
    AnswerView,
    RequestLine,
    RequestView,
    answer_file,
    due_soon,
    followed_by_code,
    requests_of_person,
    requests_of_structure,
    restricted_since,
    show,
)

__all__ = [
    "PAGE",
    "AnswerView",
    "JournalFilter",
    "JournalLine",
    "JournalPage",
    "RequestLine",
    "RequestView",
    "answer_file",
    "due_soon",
    "followed_by_code",
    "journal_page",
    "requests_of_person",
    "requests_of_structure",
    "restricted_since",
    "show",
]
