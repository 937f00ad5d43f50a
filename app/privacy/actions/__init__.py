"""Writes of privacy: anonymising, rights requests and their answers."""

from app.privacy.actions.answers import ANSWER_JOB, ask_answer, make_answer, note_download, purge_answers
from app.privacy.actions.erasing import anonymise
from app.privacy.actions.requests import (
    MERGED,
    AnswerData,
    ExtensionData,
    RequestData,
    answer_request,
    extend_request,
    record_by_code,
    record_request,
    unfreeze,
)
from app.privacy.actions.retention import Retained, archive, retain

__all__ = [
    "ANSWER_JOB",
    "MERGED",
    "AnswerData",
    "ExtensionData",
    "RequestData",
    "Retained",
    "anonymise",
    "answer_request",
    "archive",
    "ask_answer",
    "extend_request",
    "make_answer",
    "note_download",
    "purge_answers",
    "record_by_code",
    "record_request",
    "retain",
    "unfreeze",
]
