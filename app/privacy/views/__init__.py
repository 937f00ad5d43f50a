"""Screens of privacy: the journal, rights requests."""

from app.privacy.views import desk, journal, requests, waiting
from app.privacy.views.blueprint import bp
from app.privacy.views.requests import banner, panel
from app.privacy.views.waiting import tasks

__all__ = ["banner", "bp", "desk", "journal", "panel", "requests", "tasks", "waiting"]
