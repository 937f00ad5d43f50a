"""The periods of the grid: a quarter of the calendar, or a whole year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from app.kernel.i18n import gettext as _

_KEY = re.compile(r"(20\d\d)(?:-T([1-4]))?")


@dataclass(frozen=True, order=True)
class Term:
    """`quarter` is 1 to 4, or 0 for the whole year. Its key is « 2026-T2 », or « 2026 »."""

    year: int
    quarter: int = 0

    @property
    def key(self) -> str:
        return f"{self.year}-T{self.quarter}" if self.quarter else str(self.year)

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.quarter - 2 if self.quarter else 1, 1)

    @property
    def last(self) -> date:
        return self.following.first - timedelta(days=1)

    @property
    def previous(self) -> Term:
        """The period of the same length just before."""
        if not self.quarter:
            return Term(self.year - 1)
        return Term(self.year, self.quarter - 1) if self.quarter > 1 else Term(self.year - 1, 4)

    @property
    def following(self) -> Term:
        """The period of the same length just after."""
        if not self.quarter:
            return Term(self.year + 1)
        return Term(self.year, self.quarter + 1) if self.quarter < 4 else Term(self.year + 1, 1)

    @property
    def year_before(self) -> Term:
        """The same period, one year earlier."""
        return Term(self.year - 1, self.quarter)

    @property
    def label(self) -> str:
        """« 2e trimestre 2026 », « année 2026 »."""
        return _labels(self.quarter) % {"year": self.year}

    @property
    def with_article(self) -> str:
        """« le 2e trimestre 2026 », « 2026 »: after « que pour »."""
        if self.quarter:
            return _("le %(term)s", term=self.label)
        return str(self.year)

    @property
    def opening(self) -> str:
        """« Au 2e trimestre 2026 », « En 2026 »: how a sentence begins."""
        if self.quarter:
            return _("Au %(term)s", term=self.label)
        return _("En %(year)d", year=self.year)


def read_term(key: str) -> Term | None:
    """The period of a key, or None when it is not one."""
    found = _KEY.fullmatch(key)
    return Term(int(found[1]), int(found[2] or 0)) if found else None


def containing(day: date) -> Term:
    """The quarter of a day."""
    return Term(day.year, (day.month + 2) // 3)


def _labels(quarter: int) -> str:
    return (
        _("année %(year)d"),
        _("1er trimestre %(year)d"),
        _("2e trimestre %(year)d"),
        _("3e trimestre %(year)d"),
        _("4e trimestre %(year)d"),
    )[quarter]
