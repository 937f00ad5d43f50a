"""Reads of the data protection desk."""

from app.privacy.queries.consents import ConsentPage, ConsentRow, consent_page
from app.privacy.queries.desk import DeskView, desk
from app.privacy.queries.journal import PAGE, PRINTED, JournalLine, JournalPage, journal_on_paper, journal_page
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
from app.privacy.queries.selections import Criteria, day_of, selection

__all__ = [
    "PAGE",
    "PRINTED",
    "AnswerView",
    "ConsentPage",
    "ConsentRow",
    "Criteria",
    "DeskView",
    "JournalLine",
    "JournalPage",
    "RequestLine",
    "RequestView",
    "answer_file",
    "consent_page",
    "day_of",
    "desk",
    "due_soon",
    "followed_by_code",
    "journal_on_paper",
    "journal_page",
    "requests_of_person",
    "requests_of_structure",
    "restricted_since",
    "selection",
    "show",
]
