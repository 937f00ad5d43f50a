"""Writes on assessments: start, answer, finish; then the profile kept and what becomes of the plan."""

from app.assessments.actions.answering import Answer, answer, discard, save_sheet, start, to_express
from app.assessments.actions.correcting import correct
from app.assessments.actions.finishing import Decision, Kept, decide, finish, keep_profile

__all__ = [
    "Answer",
    "Decision",
    "Kept",
    "answer",
    "correct",
    "decide",
    "discard",
    "finish",
    "keep_profile",
    "save_sheet",
    "start",
    "to_express",
]
