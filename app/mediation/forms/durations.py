"""Reading a duration as people write it."""

from __future__ import annotations

import re

_HOURS = re.compile(r"(\d{1,2})\s*(?:h|heures?|:)\s*(?:(\d{1,2})\s*(?:m|min|mn|minutes?)?)?")
_MINUTES = re.compile(r"(\d{1,4})\s*(?:m|min|mn|minutes?|')?")


def minutes_of(text: str) -> int | None:
    """« 90 », « 90 min », « 1h30 », « 1 h 30 », « 1:30 », « 2 heures » in minutes; None when it is not a duration."""
    text = text.strip().lower().replace("’", "'")
    if found := _HOURS.fullmatch(text):
        hours, rest = int(found[1]), int(found[2] or 0)
        return hours * 60 + rest if rest < 60 else None
    found = _MINUTES.fullmatch(text)
    return int(found[1]) if found else None
