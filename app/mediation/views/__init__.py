"""Screens of sessions: logging one, the list, one session, attaching a person, their lines of the history."""

from app.mediation.views import attach, lists, log, panel, session
from app.mediation.views.blueprint import bp
from app.mediation.views.panel import history

__all__ = ["attach", "bp", "history", "lists", "log", "panel", "session"]
