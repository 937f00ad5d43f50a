"""Dates, hours and numbers as the French write them (and as the English do, in English)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from app.kernel import clock
from app.kernel.i18n import gettext as _
from app.kernel.i18n import language, ngettext

NBSP = "\u00a0"


def locale() -> str:
    """The Babel locale of the present language."""
    return "fr_FR" if language() == "fr" else "en_GB"


def day(value: date) -> str:
    """« 3 mars 2026 », « 1er mars 2026 »."""
    return _day(value, locale())


@lru_cache(maxsize=4000)
def _day(value: date, where: str) -> str:
    text: str = format_date(value, "d MMMM y", locale=where)
    if where == "fr_FR" and value.day == 1:
        text = text.replace("1 ", "1er ", 1)
    return text.replace(" ", NBSP)


def month(value: date) -> str:
    """« mars 2026 »."""
    return _month(value.replace(day=1), locale())


@lru_cache(maxsize=1000)
def _month(first: date, where: str) -> str:
    text: str = format_date(first, "MMMM y", locale=where)
    return text.replace(" ", NBSP)


def short_day(value: date) -> str:
    """« 03/03/2026 » : for tables and prints."""
    return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"


def hour(value: datetime, timezone: str) -> str:
    """« 14 h 30 » on the network's clock."""
    local = clock.local(value, timezone)
    if language() == "fr":
        return f"{local.hour}{NBSP}h{NBSP}{local.minute:02d}"
    text: str = format_time(local, "HH:mm", locale=locale())
    return text


def moment(value: datetime, timezone: str) -> str:
    """« 3 mars 2026 à 14 h 30 »."""
    return _("%(day)s à %(hour)s", day=day(clock.local(value, timezone).date()), hour=hour(value, timezone))


def relative_day(value: date, today: date) -> str:
    """« aujourd’hui », « hier », « dans 3 jours », « il y a 12 jours », else the date."""
    gap = (value - today).days
    near = {0: _("aujourd’hui"), 1: _("demain"), -1: _("hier")}
    if gap in near:
        return near[gap]
    if 0 < gap <= 30:
        return ngettext("dans %(num)d jour", "dans %(num)d jours", gap)
    if -30 <= gap < 0:
        return ngettext("il y a %(num)d jour", "il y a %(num)d jours", -gap)
    return day(value)


def number(value: float, decimals: int = 0) -> str:
    """« 12 500 », « 3,5 »."""
    return _number(value, decimals, locale())


@lru_cache(maxsize=4000)
def _number(value: float, decimals: int, where: str) -> str:
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    text: str = format_decimal(value, pattern, locale=where)
    return text


def percent(part: float, whole: float) -> str:
    """« 43 % »; « – » when there is nothing to divide by."""
    if not whole:
        return "–"
    space = "\u202f" if language() == "fr" else ""
    return f"{number(round(100 * part / whole))}{space}%"


def duration(minutes: int) -> str:
    """« 45 min », « 1 h 30 »; « 1 h 30 min » in English, where « 1 h 30 » would be an hour of the day."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}{NBSP}min"
    if language() == "en" and rest:
        return f"{hours}{NBSP}h{NBSP}{rest:02d}{NBSP}min"
    return f"{hours}{NBSP}h{NBSP}{rest:02d}" if rest else f"{hours}{NBSP}h"


def delay(value: timedelta) -> str:
    """A delay in days, for people: « le jour même », « 3 jours »."""
    return _("le jour même") if value.days < 1 else ngettext("%(num)d jour", "%(num)d jours", value.days)


def opening_days(count: int | None) -> str:
    """« 3 jours ouvrés », « le jour même », « – » when nothing was counted."""
    if count is None:
        return "–"
    return _("le jour même") if count == 0 else ngettext("%(num)d jour ouvré", "%(num)d jours ouvrés", count)
