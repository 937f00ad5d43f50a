"""Screens of privacy: the journal, rights requests."""

from app.privacy.views import desk, journal, requests
from app.privacy.views.blueprint import bp
from app.privacy.views.requests import banner, panel, tasks

__all__ = ["banner", "bp", "desk", "journal", "panel", "requests", "tasks"]
