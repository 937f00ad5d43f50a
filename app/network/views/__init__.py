"""Screens of the directory."""

from app.network.views import directory, files, offers, places
from app.network.views.blueprint import bp

__all__ = ["bp", "directory", "files", "offers", "places"]
