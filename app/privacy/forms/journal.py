"""The journal's filter, in the address (codes and dates only)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from app.kernel.i18n import gettext as _
from app.privacy.enums import Family
from app.privacy.queries import JournalFilter


def read_filter(args: Mapping[str, str]) -> tuple[JournalFilter, str]:
    """The filter asked for, and an error in words when part of it means nothing (that part is then ignored)."""
    problems: list[str] = []
    first, last = _day(args.get("du", ""), problems), _day(args.get("au", ""), problems)
    if first and last and first > last:
        problems.append(_("Le premier jour doit être avant le dernier."))
        first = last = None
    family = args.get("quoi", "")
    before = args.get("avant", "")
    return (
        JournalFilter(
            family=Family(family) if family in set(Family) else None,
            first=first,
            last=last,
            user_id=_uuid(args.get("qui", "")),
            before=int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None,
        ),
        problems[0] if problems else "",
    )


def _day(text: str, problems: list[str]) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        problems.append(_("Cette date n’existe pas. Exemple : 2026-03-31."))
        return None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
