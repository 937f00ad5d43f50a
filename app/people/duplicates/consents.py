"""What the shared register may still open when two records of one person become one.

The rule, which nobody chooses on screen:
- a refusal, or an agreement taken back, on either record: nothing is shared any more, whatever the dates;
- two agreements: only what both opened, and until the first of their ends;
- an agreement on one record while the other was never asked about (or its agreement ran out): silence is no answer, the
  agreement stays as it was given.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Said(StrEnum):
    """The person's last word about the shared register, on one record."""

    NOTHING = "nothing"
    GIVEN = "given"
    REFUSED = "refused"


@dataclass(frozen=True)
class Answer:
    """What was said, the sections it opens (a mask) and its last day (None: no end)."""

    said: Said
    sections: int = 0
    until: date | None = None


def narrower(one: Answer, other: Answer) -> Answer:
    """The answer that holds for the merged record. Symmetric."""
    if Said.REFUSED in (one.said, other.said):
        return Answer(Said.REFUSED)
    if Said.NOTHING in (one.said, other.said):
        return other if one.said is Said.NOTHING else one
    ends = [until for until in (one.until, other.until) if until is not None]
    return Answer(Said.GIVEN, one.sections & other.sections, min(ends, default=None))
