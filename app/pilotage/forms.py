"""The period of a table, in the address (no personal data)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from app.kernel.i18n import gettext as _
from app.pilotage.queries import Period

DEFAULT_DAYS = 365


@dataclass(frozen=True)
class PeriodForm:
    """What was typed, the period it means, and the error in words (then the default period is shown)."""

    first: str
    last: str
    period: Period
    error: str = ""

    @property
    def status(self) -> int:
        return 400 if self.error else 200


def read_period(first: str, last: str, today: date, timezone: str) -> PeriodForm:
    """The period asked for; twelve months until today when nothing is."""
    default = Period(today - timedelta(days=DEFAULT_DAYS), today, timezone)
    try:
        start = date.fromisoformat(first) if first else default.first
        end = date.fromisoformat(last) if last else default.last
    except ValueError:
        return PeriodForm(first, last, default, _("Cette date n’existe pas. Exemple : 2026-03-31."))
    if start > end:
        return PeriodForm(first, last, default, _("Le premier jour doit être avant le dernier."))
    return PeriodForm(start.isoformat(), end.isoformat(), Period(start, end, timezone))
