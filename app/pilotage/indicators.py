"""Formulas of the network's indicators (domain/indicators.md, family 4). Pure: figures in, figures out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

ANSWER_WITHIN = 9
BetweenDays = Callable[[date, date], int]


@dataclass(frozen=True)
class Answer:
    """One referral as its delays count it: days of sending, of the answer (None while there is none), and of reference.

    `until` is the day on which silence is counted: the end without an answer (expired, withdrawn), else today.
    """

    sent: date
    answered: date | None
    until: date


@dataclass(frozen=True)
class Delays:
    """Answer delays in opening days. Percentiles are of the answered; `unanswered` beside, so that silence does not flatter."""

    sent: int
    answered: int
    unanswered: int
    within: int
    due: int
    median: int | None
    p90: int | None

    @property
    def share_within(self) -> float | None:
        """Share (0–1) answered within 9 opening days, of those whose 9 days have passed or who were answered."""
        return self.within / self.due if self.due else None


def delays(answers: Iterable[Answer], between: BetweenDays) -> Delays:
    """Delays of a set of referrals. `between(a, b)` counts the opening days after a, up to b."""
    found = list(answers)
    spans = sorted(between(one.sent, one.answered) for one in found if one.answered is not None)
    silent = [between(one.sent, one.until) for one in found if one.answered is None]
    within = sum(span <= ANSWER_WITHIN for span in spans)
    due = len(spans) + sum(span >= ANSWER_WITHIN for span in silent)
    return Delays(len(found), len(spans), len(silent), within, due, percentile(spans, 50), percentile(spans, 90))


def percentile(ordered: list[int], rank: int) -> int | None:
    """Nearest-rank percentile (the smallest value that `rank` % of the values do not exceed); None of nothing."""
    if not ordered:
        return None
    position = -(-rank * len(ordered) // 100)
    return ordered[max(position, 1) - 1]
