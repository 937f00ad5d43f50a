"""Screens of privacy: the journal, rights requests."""

from app.privacy.views import journal, requests
from app.privacy.views.blueprint import bp
from app.privacy.views.requests import panel, tasks

__all__ = ["bp", "journal", "panel", "requests", "tasks"]
