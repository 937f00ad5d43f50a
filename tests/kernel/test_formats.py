"""Dates, hours and numbers as the French write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from app.kernel import formats
from app.kernel.i18n import speaking

PARIS, REUNION = "Europe/Paris", "Indian/Reunion"
AFTERNOON = datetime(2026, 3, 3, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        (date(2026, 3, 1), "1er\u00a0mars\u00a02026", "1\u00a0March\u00a02026"),
        (date(2026, 3, 3), "3\u00a0mars\u00a02026", "3\u00a0March\u00a02026"),
        (date(2026, 8, 11), "11\u00a0août\u00a02026", "11\u00a0August\u00a02026"),
        (date(2026, 12, 21), "21\u00a0décembre\u00a02026", "21\u00a0December\u00a02026"),
        (date(2026, 1, 31), "31\u00a0janvier\u00a02026", "31\u00a0January\u00a02026"),
    ],
)
def test_a_day(value: date, french: str, english: str) -> None:
    assert formats.day(value) == french
    with speaking("en"):
        assert formats.day(value) == english


def test_a_short_day() -> None:
    assert formats.short_day(date(2026, 3, 1)) == "01/03/2026"


def test_an_hour_is_that_of_the_network() -> None:
    assert formats.hour(AFTERNOON, PARIS) == "14\u00a0h\u00a030"
    assert formats.hour(AFTERNOON, REUNION) == "17\u00a0h\u00a030"
    assert formats.hour(AFTERNOON.replace(minute=5), PARIS) == "14\u00a0h\u00a005"
    with speaking("en"):
        assert formats.hour(AFTERNOON, PARIS) == "14:30"


def test_a_moment_changes_day_with_the_time_zone() -> None:
    late = datetime(2026, 2, 28, 21, 15, tzinfo=UTC)
    assert formats.moment(late, PARIS) == "28\u00a0février\u00a02026 à 22\u00a0h\u00a015"
    assert formats.moment(late, REUNION) == "1er\u00a0mars\u00a02026 à 1\u00a0h\u00a015"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "aujourd’hui"),
        (1, "demain"),
        (-1, "hier"),
        (3, "dans 3 jours"),
        (-12, "il y a 12 jours"),
        (30, "dans 30 jours"),
        (31, "3\u00a0avril\u00a02026"),
        (-31, "31\u00a0janvier\u00a02026"),
    ],
)
def test_a_day_near_or_far(days: int, words: str) -> None:
    today = date(2026, 3, 3)
    assert formats.relative_day(today + timedelta(days=days), today) == words


@pytest.mark.parametrize(
    ("value", "decimals", "french", "english"),
    [
        (12500, 0, "12\u202f500", "12,500"),
        (1234567, 0, "1\u202f234\u202f567", "1,234,567"),
        (999, 0, "999", "999"),
        (3.5, 1, "3,5", "3.5"),
        (-1200, 0, "-1\u202f200", "-1,200"),
        (0, 0, "0", "0"),
    ],
)
def test_a_number(value: float, decimals: int, french: str, english: str) -> None:
    assert formats.number(value, decimals) == french
    with speaking("en"):
        assert formats.number(value, decimals) == english


@pytest.mark.parametrize(
    ("part", "whole", "words"), [(3, 7, "43\u202f%"), (0, 7, "0\u202f%"), (7, 7, "100\u202f%"), (0, 0, "–")]
)
def test_a_share(part: float, whole: float, words: str) -> None:
    assert formats.percent(part, whole) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0\u00a0min"), (45, "45\u00a0min"), (60, "1\u00a0h"), (90, "1\u00a0h\u00a030"), (125, "2\u00a0h\u00a005")],
)
def test_a_duration(minutes: int, words: str) -> None:
    assert formats.duration(minutes) == words


def test_an_english_duration_is_no_hour_of_the_day() -> None:
    with speaking("en"):
        assert [formats.duration(minutes) for minutes in (45, 60, 90)] == [
            "45\u00a0min",
            "1\u00a0h",
            "1\u00a0h\u00a030\u00a0min",
        ]


@pytest.mark.parametrize(
    ("value", "words"),
    [(timedelta(hours=5), "le jour même"), (timedelta(days=1), "1 jour"), (timedelta(days=9, hours=3), "9 jours")],
)
def test_a_delay(value: timedelta, words: str) -> None:
    assert formats.delay(value) == words
