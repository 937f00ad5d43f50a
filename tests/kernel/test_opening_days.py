from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.opening_days import OpeningDays, UnknownRegion

days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
regions = st.sampled_from(["FR", "47", "67", "57", "971", "972", "973", "974", "976", "988"])
closings = st.sampled_from([frozenset({5, 6}), frozenset({0, 6}), frozenset({6}), frozenset[int]()])


@pytest.mark.parametrize(
    ("region", "day", "is_open"),
    [
        ("FR", date(2026, 5, 1), False),
        ("FR", date(2026, 5, 14), False),  # Ascension
        ("FR", date(2026, 5, 25), False),  # Whit Monday
        ("FR", date(2026, 7, 14), False),
        ("FR", date(2026, 7, 15), True),
        ("FR", date(2026, 7, 18), False),  # a Saturday
        ("47", date(2026, 4, 3), True),
        ("67", date(2026, 4, 3), False),  # Good Friday, Alsace-Moselle
        ("57", date(2026, 4, 3), False),
        ("68", date(2025, 12, 26), False),
        ("47", date(2025, 12, 26), True),
        ("971", date(2026, 5, 27), False),  # abolition of slavery
        ("972", date(2026, 5, 22), False),
        ("973", date(2026, 6, 10), False),
        ("974", date(2027, 12, 20), False),
        ("47", date(2027, 12, 20), True),
        ("976", date(2026, 4, 27), False),
        ("988", date(2026, 9, 24), False),
        ("987", date(2026, 11, 20), False),
    ],
)
def test_public_holidays_of_the_territory(region: str, day: date, is_open: bool) -> None:
    assert OpeningDays(region).is_open(day) is is_open


def test_a_network_closed_on_mondays() -> None:
    library = OpeningDays("47", closed_weekdays={0, 6})
    assert library.is_open(date(2026, 3, 7))
    assert not library.is_open(date(2026, 3, 9))
    assert library.add(date(2026, 3, 7), 1) == date(2026, 3, 10)


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        (date(2026, 4, 30), 1, date(2026, 5, 4)),
        (date(2026, 4, 30), 0, date(2026, 4, 30)),
        (date(2026, 5, 1), 0, date(2026, 5, 4)),
        (date(2026, 5, 4), -1, date(2026, 4, 30)),
        (date(2026, 3, 2), 9, date(2026, 3, 13)),
        (date(2026, 3, 2), 45, date(2026, 5, 6)),
        (date(2025, 12, 24), 2, date(2025, 12, 29)),
    ],
)
def test_adding_opening_days(start: date, n: int, end: date) -> None:
    assert OpeningDays("47").add(start, n) == end


def test_counting_opening_days() -> None:
    calendar = OpeningDays("47")
    assert calendar.between(date(2026, 4, 30), date(2026, 5, 11)) == 5
    assert calendar.between(date(2026, 5, 11), date(2026, 4, 30)) == -5
    assert calendar.between(date(2026, 5, 1), date(2026, 5, 3)) == 0


def test_a_clock_is_longer_where_there_are_more_holidays() -> None:
    assert OpeningDays("67").add(date(2026, 4, 1), 2) > OpeningDays("47").add(date(2026, 4, 1), 2)


def test_refused() -> None:
    with pytest.raises(UnknownRegion):
        OpeningDays("99")
    with pytest.raises(ValueError, match="at least one day"):
        OpeningDays("FR", closed_weekdays=range(7))


@given(regions, closings, days, st.integers(min_value=1, max_value=60))
def test_add_and_between_agree(region: str, closed: frozenset[int], start: date, n: int) -> None:
    calendar = OpeningDays(region, closed)
    end = calendar.add(start, n)
    assert calendar.is_open(end)
    assert calendar.between(start, end) == n
    assert calendar.between(start, end - timedelta(days=1)) == n - 1
    before = calendar.add(start, -n)
    assert calendar.is_open(before)
    assert before < start


@given(regions, closings, days, days, days)
def test_between_adds_up(region: str, closed: frozenset[int], first: date, second: date, third: date) -> None:
    calendar = OpeningDays(region, closed)
    whole = calendar.between(first, third)
    assert calendar.between(first, second) + calendar.between(second, third) == whole
    assert abs(whole) <= abs((third - first).days)
