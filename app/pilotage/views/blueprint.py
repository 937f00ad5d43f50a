"""Where these screens are hung."""

from __future__ import annotations

from functools import lru_cache

from flask import Blueprint, current_app

from app.kernel.db import plan_for_values
from app.kernel.opening_days import OpeningDays
from config import Settings

bp = Blueprint("pilotage", __name__, url_prefix="/pilotage")
bp.before_request(plan_for_values)


def opening_days() -> OpeningDays:
    """The opening days of this network."""
    settings: Settings = current_app.extensions["settings"]
    return _opening_days(settings.holidays_region, frozenset(settings.closed_weekdays))


@lru_cache(maxsize=8)
def _opening_days(region: str, closed: frozenset[int]) -> OpeningDays:
    """Kept: it remembers the days that it has looked up."""
    return OpeningDays(region, closed)
