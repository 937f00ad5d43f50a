"""Delays: of the answered, with the silent beside, so that silence does not flatter."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.opening_days import OpeningDays
from app.pilotage.indicators import Answer, delays, percentile

START = date(2026, 3, 2)


def after(days: int) -> date:
    return START + timedelta(days=days)


def calendar_days(start: date, end: date) -> int:
    return (end - start).days


@pytest.mark.parametrize(
    ("values", "median", "p90"),
    [
        ([], None, None),
        ([4], 4, 4),
        ([1, 9], 1, 9),
        ([1, 2, 3], 2, 3),
        (list(range(1, 11)), 5, 9),
        ([0, 0, 0, 30], 0, 30),
    ],
)
def test_percentiles_are_values_that_were_seen(values: list[int], median: int | None, p90: int | None) -> None:
    assert (percentile(values, 50), percentile(values, 90)) == (median, p90)


def test_the_silent_count_once_their_nine_days_have_passed() -> None:
    answers = [
        Answer(START, after(3), after(60)),
        Answer(START, after(12), after(60)),
        Answer(START, None, after(60)),
        Answer(START, None, after(2)),
    ]
    found = delays(answers, calendar_days)
    assert (found.sent, found.answered, found.unanswered) == (4, 2, 2)
    assert (found.within, found.due) == (1, 3)
    assert found.share_within == pytest.approx(1 / 3)
    assert (found.median, found.p90) == (3, 12)


def test_delays_count_opening_days() -> None:
    friday, tuesday = date(2026, 4, 3), date(2026, 4, 7)
    found = delays([Answer(friday, tuesday, tuesday)], OpeningDays("47").between)
    assert found.median == 1, "Easter Monday is closed"


@given(st.lists(st.tuples(st.integers(0, 90), st.booleans()), max_size=40), st.integers(0, 90))
def test_an_answer_never_makes_the_figures_worse(spans: list[tuple[int, bool]], late: int) -> None:
    """Answering what was silent never lowers the number answered, nor raises the number unanswered."""
    answers = [Answer(START, after(span) if said else None, after(90)) for span, said in spans]
    before = delays([*answers, Answer(START, None, after(90))], calendar_days)
    then = delays([*answers, Answer(START, after(late), after(90))], calendar_days)
    assert then.answered == before.answered + 1
    assert then.unanswered == before.unanswered - 1
    assert (then.sent, then.due) == (before.sent, before.due)
    assert then.within >= before.within
