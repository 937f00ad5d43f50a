"""Writes on sessions: logging one, counting a workshop, correcting, attaching a person afterwards."""

from app.mediation.actions.bulk import log_anonymous_in, log_session_in, log_workshop_in
from app.mediation.actions.correct import attach, correct_session
from app.mediation.actions.data import (
    MOST_PARTICIPANTS,
    Anonymous,
    Counts,
    SessionData,
    count_faults,
    faults,
    need_behind,
)
from app.mediation.actions.log import log_anonymous, log_session, log_workshop

__all__ = [
    "MOST_PARTICIPANTS",
    "Anonymous",
    "Counts",
    "SessionData",
    "attach",
    "correct_session",
    "count_faults",
    "faults",
    "log_anonymous",
    "log_anonymous_in",
    "log_session",
    "log_session_in",
    "log_workshop",
    "log_workshop_in",
    "need_behind",
]
