"""Screens of sessions: logging one, the list, one session, attaching a person, the block of the person's page."""

from app.mediation.views import attach, lists, log, panel, session
from app.mediation.views.blueprint import bp
from app.mediation.views.panel import person_panel

__all__ = ["attach", "bp", "lists", "log", "panel", "person_panel", "session"]
