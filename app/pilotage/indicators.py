"""Formulas of the network's indicators (domain/indicators.md). Pure: figures in, figures out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from random import Random

from app.assessments.engine import bootstrap_interval, landis_koch, raw_agreement, shares, total_variation
from app.assessments.engine.agreement import Statistic

ANSWER_WITHIN = 9
K = 11
FEWEST_AUTHORS = 3
DOUBLE_WITHIN = timedelta(days=7)
SEED = 2017
# « Raisons de demande d’aide », CCAS de Nanterre, 2017: the seven told shares make 99 % (assessment.md § 6.3.6).
STATED_REASONS_2017 = {
    "competences": 20,
    "equipement": 15,
    "reassurance": 15,
    "langue": 16,
    "complexite": 14,
    "urgence": 13,
    "mefiance": 6,
}
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
    answered = [between(one.sent, one.answered) for one in found if one.answered is not None]
    return delays_of(answered, [between(one.sent, one.until) for one in found if one.answered is None])


def delays_of(answered: Iterable[int], silent: Iterable[int]) -> Delays:
    """The same, from the opening days that answers took and those that silences have lasted."""
    return delays_counted(Counter(answered), Counter(silent))


def delays_counted(answered: Mapping[int, int], silent: Mapping[int, int]) -> Delays:
    """The same, from how many answers took so many opening days, and how many silences have lasted so many."""
    spans = sorted(answered.items())
    heard, unheard = sum(answered.values()), sum(silent.values())
    within = sum(count for span, count in spans if span <= ANSWER_WITHIN)
    due = heard + sum(count for span, count in silent.items() if span >= ANSWER_WITHIN)
    return Delays(heard + unheard, heard, unheard, within, due, _reached(spans, 50), _reached(spans, 90))


def _reached(counted: Sequence[tuple[int, int]], rank: int) -> int | None:
    """Nearest-rank percentile of (value, how many), in order of value."""
    left = max(-(-rank * sum(count for _value, count in counted) // 100), 1)
    for value, count in counted:
        left -= count
        if left <= 0:
            return value
    return None


def percentile(ordered: list[int], rank: int) -> int | None:
    """Nearest-rank percentile (the smallest value that `rank` % of the values do not exceed); None of nothing."""
    return _reached([(value, 1) for value in ordered], rank)


@dataclass(frozen=True)
class Rating:
    """One finished assessment that none of the same length replaces. Only ratings of one `scale` are compared."""

    person: Hashable
    author: Hashable
    at: datetime
    scale: str
    profile: str
    band: str | None
    index: int | None


RatedTwice = tuple[Rating, Rating]


def double_assessments(ratings: Iterable[Rating]) -> list[RatedTwice]:
    """The same person assessed on one scale by two authors within seven days, the earlier first.

    Each rating is in one pair at most, so that pairs may be drawn again independently.
    """
    pairs: list[RatedTwice] = []
    alone: dict[tuple[Hashable, str], list[Rating]] = {}
    for rating in sorted(ratings, key=lambda one: one.at):
        waiting = alone.setdefault((rating.person, rating.scale), [])
        first = next((one for one in waiting if _are_double(one, rating)), None)
        if first is None:
            waiting.append(rating)
        else:
            waiting.remove(first)
            pairs.append((first, rating))
    return pairs


def _are_double(first: Rating, second: Rating) -> bool:
    return first.author != second.author and second.at - first.at <= DOUBLE_WITHIN


@dataclass(frozen=True)
class Agreement:
    """How often two ratings agree. Shares and kappas are exact; None when undefined. `word` is Landis & Koch’s code."""

    pairs: int
    raw: Fraction | None
    kappa: Fraction | None
    interval: tuple[Fraction, Fraction] | None
    word: str


def agreement(pairs: Sequence[tuple[str, str]], kappa: Statistic) -> Agreement | None:
    """Agreement of at least k pairs, its interval drawn from a fixed seed (the page says the same twice); None under k."""
    if len(pairs) < K:
        return None
    value = kappa(pairs)
    again = Random(SEED)  # noqa: S311 — a draw of statistics, not a secret
    drawn = bootstrap_interval(pairs, kappa, again) if value is not None else None
    return Agreement(len(pairs), raw_agreement(pairs), value, drawn, "" if value is None else landis_koch(value))


@dataclass(frozen=True)
class Cell:
    """One count of a breakdown and the advisers that it rests on."""

    code: str
    count: int
    authors: frozenset[Hashable]

    @property
    def is_bare(self) -> bool:
        """It would tell the work of one or two advisers."""
        return 0 < len(self.authors) < FEWEST_AUTHORS


def hidden_cells(cells: Sequence[Cell]) -> frozenset[str]:
    """The cells of a whole whose total is shown that are not told.

    Those of fewer than three advisers, then the smallest others, until what a subtraction recovers (the sum of the
    hidden) rests on three advisers and on two cells at least.
    """
    hidden = [cell for cell in cells if cell.is_bare]
    others = sorted((cell for cell in cells if cell.count and not cell.is_bare), key=lambda one: one.count)
    while hidden and others and not _is_covered(hidden):
        hidden.append(others.pop(0))
    return frozenset(cell.code for cell in hidden)


def _is_covered(hidden: Sequence[Cell]) -> bool:
    return len(hidden) > 1 and len(frozenset().union(*(cell.authors for cell in hidden))) >= FEWEST_AUTHORS


def reference_gap(counts: Mapping[str, int], reference: Mapping[str, int]) -> Fraction | None:
    """Total variation distance, 0–1, to a published distribution; both are brought to 100 %. A tendency, never a target.

    Counts of codes that the reference does not know are left aside; None when none is left.
    """
    observed = shares({code: counts.get(code, 0) for code in reference})
    expected = shares(reference)
    return total_variation(observed, expected) if observed and expected else None
