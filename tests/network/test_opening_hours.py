"""Opening hours: what OpenStreetMap writes, what the French read, what the table keeps."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import i18n
from app.network.forms.week import fits
from app.network.queries.pages import opening_words, times_words
from app.network.schema import hours

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "lieux" / "lieux-paca.csv"
SPACES = str.maketrans({"\u00a0": " "})


def words(text: str) -> list[str]:
    week = hours.read(text)
    assert week is not None
    return [f"{days} {times}".translate(SPACES) for days, times in opening_words(week)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Mo-Fr 09:00-12:00,14:00-18:30", ["Du lundi au vendredi de 9 h à 12 h et de 14 h à 18 h 30"]),
        ("Sa 09:30-12:00", ["Le samedi de 9 h 30 à 12 h"]),
        ("Mo,Tu 09:00-12:00", ["Le lundi et le mardi de 9 h à 12 h"]),
        ("Tu,Th 10:00-11:00", ["Le mardi de 10 h à 11 h", "Le jeudi de 10 h à 11 h"]),
        # A later rule replaces the earlier one on its days.
        ("Mo-Fr 08:00-17:00; We off", ["Le lundi et le mardi de 8 h à 17 h", "Le jeudi et le vendredi de 8 h à 17 h"]),
        ("Mo-Tu 08:00-12:00; Tu 14:00-17:00", ["Le lundi de 8 h à 12 h", "Le mardi de 14 h à 17 h"]),
        # After a comma, it adds to it.
        ("Mo-Tu 08:00-12:00, Tu 14:00-17:00", ["Le lundi de 8 h à 12 h", "Le mardi de 8 h à 12 h et de 14 h à 17 h"]),
        ("Fr-Mo 10:00-12:00", ["Le lundi de 10 h à 12 h", "Du vendredi au dimanche de 10 h à 12 h"]),
        ("24/7", ["Tous les jours toute la journée"]),
        ("09:00-12:00", ["Tous les jours de 9 h à 12 h"]),
        ("Mo-Su 10:00-24:00", ["Tous les jours de 10 h à 24 h"]),
        ("Mo 09:00-12:00; PH off", ["Le lundi de 9 h à 12 h", "Les jours fériés fermé"]),
    ],
)  # fmt: skip
def test_hours_as_the_french_write_them(text: str, said: list[str]) -> None:
    assert words(text) == said


def test_hours_in_english() -> None:
    week = hours.read("Mo 09:00-12:30")
    assert week is not None
    with i18n.speaking("en"):
        assert "09:00" in times_words(week.days[0])


@pytest.mark.parametrize(
    "text",
    ["", "off", "sunrise-sunset", "Mo 09:00+", "week 1-53/2 Sa 09:00-12:00", "Mo 9h-12h", "Mo 22:00-02:00", "Mo[1] 09:00-10:00",
     "Apr-Sep Mo 09:00-12:00", "Mo 09:00-25:00", "Mo 09:60-10:00", "sur rendez-vous", 'Mo 09:00-12:00 "sur RDV"', "SH off",
     "Mo 08:45-12:00-13:45", "Sa 10:00"],
)  # fmt: skip
def test_what_a_week_cannot_say_is_not_guessed(text: str) -> None:
    assert hours.read(text) is None


SPANS = st.lists(st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda s: s[0] < s[1]), max_size=3)


def separate(spans: list[tuple[int, int]]) -> hours.Spans:
    kept: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if not kept or first > kept[-1][1]:
            kept.append((first, last))
    return tuple(kept)


WEEKS = st.builds(
    hours.Week,
    st.lists(SPANS.map(separate), min_size=7, max_size=7).map(tuple),
    st.none() | SPANS.map(separate),
)


@given(week=WEEKS)
def test_a_week_written_is_read_back(week: hours.Week) -> None:
    text = hours.write(week)
    if any(week.days) or week.holidays is not None:
        assert hours.read(text) == week
    else:
        assert text == ""


@pytest.mark.shared_data
def test_nearly_all_real_hours_are_understood() -> None:
    if not REAL.exists():
        pytest.skip(f"shared data absent: {REAL.name}")
    with REAL.open(encoding="utf-8-sig", newline="") as source:
        real = {row["horaires"] for row in csv.DictReader(source) if row["horaires"]}
    unread = {text for text in real if hours.read(text) is None}
    # Times without an end, or with two (« 08:45-12:00-13:45 »), are shown as they are written.
    assert len(unread) <= len(real) // 20
    assert sum(not fits(hours.read(text)) for text in real) <= len(real) // 10
    for text in real - unread:
        week = hours.read(text)
        assert week is not None
        assert hours.read(hours.write(week)) == week
        assert words(text)
