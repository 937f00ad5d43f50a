"""Screens of privacy: the journal, rights requests."""

from app.privacy.views import desk, journal, requests, waiting
from app.privacy.views.blueprint import bp
from app.privacy.views.requests import banner, panel, tasks
from app.privacy.views.waiting import desk_tasks

__all__ = ["banner", "bp", "desk", "desk_tasks", "journal", "panel", "requests", "tasks", "waiting"]
