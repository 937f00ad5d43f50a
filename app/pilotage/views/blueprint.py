"""Where these screens are hung."""

from __future__ import annotations

from flask import Blueprint, current_app

from app.kernel.opening_days import OpeningDays
from config import Settings

bp = Blueprint("pilotage", __name__, url_prefix="/pilotage")


def opening_days() -> OpeningDays:
    """The opening days of this network."""
    settings: Settings = current_app.extensions["settings"]
    return OpeningDays(settings.holidays_region, settings.closed_weekdays)
