"""Writes of privacy: anonymising, rights requests and their answers."""

from app.privacy.actions.answers import ANSWER_JOB, ask_answer, make_answer, note_download, purge_answers
from app.privacy.actions.erasing import anonymise
from app.privacy.actions.nightly import RETENTION_JOB, SLICE_JOB, purge_reports, retain_slice, retain_tonight
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
from app.privacy.actions.retention import Retained, archive, retain, unarchive
from app.privacy.actions.selections import keep_selection

__all__ = [
    "ANSWER_JOB",
    "MERGED",
    "RETENTION_JOB",
    "SLICE_JOB",
    "AnswerData",
    "ExtensionData",
    "RequestData",
    "Retained",
    "anonymise",
    "answer_request",
    "archive",
    "ask_answer",
    "extend_request",
    "keep_selection",
    "make_answer",
    "note_download",
    "purge_answers",
    "purge_reports",
    "record_by_code",
    "record_request",
    "retain",
    "retain_slice",
    "retain_tonight",
    "unarchive",
    "unfreeze",
]
