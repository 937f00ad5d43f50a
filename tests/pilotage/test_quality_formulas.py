"""Pairs, secrecy and distance to a reference: truth tables and properties."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assessments.engine import cohen_kappa
from app.pilotage.indicators import (
    STATED_REASONS_2017,
    Cell,
    Rating,
    agreement,
    double_assessments,
    hidden_cells,
    reference_gap,
)

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def rating(person: str, author: str, day: float, scale: str = "complet 1") -> Rating:
    return Rating(person, author, START + timedelta(days=day), scale, "autonome", None, None)


@pytest.mark.parametrize(
    ("ratings", "expected"),
    [
        ([], 0),
        ([("p", "a", 0), ("p", "b", 7)], 1),
        ([("p", "a", 0), ("p", "b", 7.1)], 0),
        ([("p", "a", 0), ("p", "a", 1)], 0),
        ([("p", "a", 0), ("q", "b", 1)], 0),
        ([("p", "b", 7), ("p", "a", 0)], 1),
        ([("p", "a", 0), ("p", "b", 1), ("p", "c", 2)], 1),
        ([("p", "a", 0), ("p", "b", 1), ("p", "c", 2), ("p", "d", 3)], 2),
        ([("p", "a", 0), ("p", "a", 6), ("p", "b", 10)], 1),
        ([("p", "a", 0, "complet 1"), ("p", "b", 1, "express 1")], 0),
        ([("p", "a", 0, "complet 1"), ("p", "b", 1, "complet 2")], 0),
    ],
)
def test_pairs(ratings: list[tuple[str, str, float]], expected: int) -> None:
    assert len(double_assessments(rating(*one) for one in ratings)) == expected


many = st.lists(
    st.builds(rating, st.sampled_from("pq"), st.sampled_from("abc"), st.integers(0, 30), st.sampled_from(["x", "y"])),
    max_size=30,
)


@given(many)
def test_a_pair_is_always_two_authors_of_one_person_on_one_scale_and_nobody_is_used_twice(found: list[Rating]) -> None:
    pairs = double_assessments(found)
    for first, second in pairs:
        assert (first.person, first.scale) == (second.person, second.scale)
        assert first.author != second.author
        assert timedelta(0) <= second.at - first.at <= timedelta(days=7)
    used = [id(one) for pair in pairs for one in pair]
    assert len(used) == len(set(used))


def test_agreement_begins_at_eleven_pairs_and_says_the_same_twice() -> None:
    pairs = [("a", "a")] * 6 + [("b", "b")] * 3 + [("a", "b")]
    assert agreement(pairs, cohen_kappa) is None
    found = agreement([*pairs, ("b", "b")], cohen_kappa)
    assert found is not None
    assert (found.pairs, found.raw, found.word) == (11, Fraction(10, 11), "presque_parfait")
    assert found == agreement([*pairs, ("b", "b")], cohen_kappa)


def test_agreement_on_one_only_category_has_no_kappa() -> None:
    found = agreement([("a", "a")] * 11, cohen_kappa)
    assert found is not None
    assert (found.raw, found.kappa, found.interval, found.word) == (1, None, None, "")


def cells(*authors: str) -> list[Cell]:
    """One cell by word: one count by letter, one adviser by different letter."""
    return [Cell(str(rank), len(names), frozenset(names)) for rank, names in enumerate(authors)]


@pytest.mark.parametrize(
    ("authors", "hidden"),
    [
        ([], ""),
        (["abc", "abcd"], ""),
        (["abc", ""], ""),
        (["a", "abc", "abcabc"], "01"),
        (["a", "b", "abc"], "012"),
        (["ab", "bc", "abc"], "01"),
        (["a", "a", "abcabc", "abc"], "013"),
        (["aaaaaaaaa", "", "abc"], "02"),
        (["ab", "ba"], "01"),
    ],
)
def test_hidden_cells(authors: list[str], hidden: str) -> None:
    assert "".join(sorted(hidden_cells(cells(*authors)))) == hidden


@given(st.lists(st.text("abcdef", max_size=8), max_size=8))
def test_no_cell_nor_subtraction_tells_the_work_of_one_or_two(authors: list[str]) -> None:
    found = cells(*authors)
    hidden = hidden_cells(found)
    assert all(not cell.is_bare for cell in found if cell.code not in hidden)
    behind = frozenset().union(*(cell.authors for cell in found if cell.code in hidden))
    visible = [cell for cell in found if cell.count and cell.code not in hidden]
    assert not hidden or not visible or (len(hidden) > 1 and len(behind) >= 3)


def test_the_reference_itself_is_at_no_distance() -> None:
    assert sum(STATED_REASONS_2017.values()) == 99
    assert reference_gap(STATED_REASONS_2017, STATED_REASONS_2017) == 0
    assert reference_gap({**STATED_REASONS_2017, "aucune": 500}, STATED_REASONS_2017) == 0
    assert reference_gap({"langue": 3}, STATED_REASONS_2017) == Fraction(83, 99)
    assert reference_gap({"aucune": 3}, STATED_REASONS_2017) is None


@given(st.dictionaries(st.sampled_from(sorted(STATED_REASONS_2017)), st.integers(0, 500)), st.integers(1, 9))
def test_a_gap_is_a_share_and_does_not_depend_on_how_many(counts: dict[str, int], times: int) -> None:
    gap = reference_gap(counts, STATED_REASONS_2017)
    assert gap is None or 0 <= gap <= 1
    assert gap == reference_gap({code: times * n for code, n in counts.items()}, STATED_REASONS_2017)
