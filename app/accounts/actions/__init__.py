"""What one does with accounts: signing in, opening them, giving hats."""

from app.accounts.actions.opening import MIN_PASSWORD, add_membership, add_user
from app.accounts.actions.sign_in import (
    Limits,
    TooManyAttempts,
    authenticate,
    begin_attempt,
    close_session,
    forgive_attempt,
    hasher,
    note_refusal,
    open_session,
    purge_sessions,
    speak,
    touch,
    wear,
)

__all__ = [
    "MIN_PASSWORD",
    "Limits",
    "TooManyAttempts",
    "add_membership",
    "add_user",
    "authenticate",
    "begin_attempt",
    "close_session",
    "forgive_attempt",
    "hasher",
    "note_refusal",
    "open_session",
    "purge_sessions",
    "speak",
    "touch",
    "wear",
]
