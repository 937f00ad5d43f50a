"""Reads of sessions: lists, one session, what the form proposes. Frozen views that hold only what is granted."""

from app.mediation.queries.lists import PAGE_SIZE, Filters, Page, PersonLine, SessionLine, of_person, sessions
from app.mediation.queries.prompt import Prompt, prompt
from app.mediation.queries.session import Recent, SessionView, attachable, attachable_to, get

__all__ = [
    "PAGE_SIZE",
    "Filters",
    "Page",
    "PersonLine",
    "Prompt",
    "Recent",
    "SessionLine",
    "SessionView",
    "attachable",
    "attachable_to",
    "get",
    "of_person",
    "prompt",
    "sessions",
]
