"""How alike two records are: the table of what must and must not be proposed, and what holds for any two records."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.people.duplicates import LISTED, STRONG, Answer, Known, Reason, Said, compare, likeness_keys, narrower

AMINA = Known("Amina", "Benali", "", 1958, ("+33612345678",), "47157")
R = Reason

# (what, one, other, listed, strong, a reason that must be said)
CASES = [
    ("the same words", AMINA, AMINA, True, True, R.SAME_NAME),
    (
        "accents, case, hyphens",
        Known("Zoé", "LE-GALL", "", 1970),
        Known("zoe", "Le Gall", "", 1970),
        True,
        True,
        R.SAME_NAME,
    ),
    (
        "sounds the same",
        Known("Mohamed", "Gauthier", "", 1960),
        Known("Mohammed", "Gotier", "", 1960),
        True,
        True,
        R.SOUNDS,
    ),
    (
        "a letter is missing",
        replace(AMINA, last_name="Benalli", phones=()),
        replace(AMINA, last_name="Bénali"),
        True,
        True,
        R.SOUNDS,
    ),
    (
        "a slip of the pen",
        Known("Amina", "Bernali", "", 1958),
        Known("Amina", "Benrali", "", 1958),
        True,
        False,
        R.CLOSE_NAME,
    ),
    ("boxes inverted", Known("Benali", "Amina", "", 1958), Known("Amina", "Benali", "", 1958), True, True, R.INVERTED),
    (
        "maiden and married name",
        Known("Amina", "Benali", "Durand", 1958),
        Known("Amina", "Durand", "", 1958),
        True,
        True,
        R.SAME_NAME,
    ),
    (
        "telephone and name",
        Known("Amina", "Benali", phones=("+33612345678",)),
        replace(AMINA, birth_year=None),
        True,
        True,
        R.SAME_PHONE,
    ),
    ("an age given, one year apart", AMINA, replace(AMINA, birth_year=1959), True, True, R.OTHER_YEAR),
    ("namesakes: the name alone", Known("Marie", "Martin"), Known("Marie", "Martin"), True, False, R.SAME_NAME),
    ("remarried, same telephone", AMINA, replace(AMINA, last_name="Lopez"), True, False, R.OTHER_LAST),
    ("twins", AMINA, replace(AMINA, first_name="Samia"), False, False, R.OTHER_FIRST),
    (
        "twins whose names are close",
        Known("Léa", "Roux", "", 2001),
        Known("Léo", "Roux", "", 2001),
        False,
        False,
        R.OTHER_FIRST,
    ),
    (
        "twins, brother and sister",
        Known("Daniel", "Roux", "", 2001),
        Known("Danielle", "Roux", "", 2001),
        True,
        False,
        R.PART_OF_NAME,
    ),
    (
        "twins, two genders",
        replace(AMINA, gender="feminin"),
        replace(AMINA, gender="masculin"),
        True,
        False,
        R.OTHER_GENDER,
    ),
    (
        "twins, one name in the other",
        Known("Jean", "Roux", "", 2001),
        Known("Jean-Marc", "Roux", "", 2001),
        True,
        False,
        R.PART_OF_NAME,
    ),
    ("father and son, one name", AMINA, replace(AMINA, birth_year=1985), False, False, R.OTHER_YEAR),
    (
        "a couple, one telephone",
        AMINA,
        Known("Karim", "Benali", "", 1955, AMINA.phones, "47157"),
        False,
        False,
        R.OTHER_FIRST,
    ),
    ("one telephone, no name", Known(phones=AMINA.phones), Known(phones=AMINA.phones), False, False, R.SAME_PHONE),
    (
        "two codes without a name",
        Known(birth_year=1958, commune="47157"),
        Known(birth_year=1958, commune="47157"),
        False,
        False,
        R.SAME_YEAR,
    ),
    ("last name and telephone alone", replace(AMINA, first_name=""), AMINA, True, False, R.SAME_LAST),
    ("strangers", AMINA, Known("Jean", "Gauthier", "", 1941), False, False, R.OTHER_FIRST),
]


@pytest.mark.parametrize(
    ("one", "other", "listed", "strong", "reason"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_table(one: Known, other: Known, listed: bool, strong: bool, reason: Reason) -> None:
    found = compare(one, other)
    assert (found.score >= LISTED, found.score >= STRONG) == (listed, strong), found
    assert reason in found.reasons, found


def test_each_reason_has_its_words_in_french() -> None:
    words = [str(reason.label) for reason in Reason]
    assert len(set(words)) == len(words) == len(Reason)


# Few values, so that records meet.
records = st.builds(
    Known,
    first_name=st.sampled_from(["", "Amina", "Aminata", "Samia", "Léa", "Léo", "Jean-Pierre", "Jean", "عائشة"]),
    last_name=st.sampled_from(["", "Benali", "Benalli", "de La Tour", "Latour", "Martin", "Amina"]),
    usual_name=st.sampled_from(["", "Martin", "Durand"]),
    birth_year=st.sampled_from([None, 1958, 1959, 1985]),
    phones=st.lists(st.sampled_from(["+33612345678", "+33600000000"]), max_size=2, unique=True).map(tuple),
    commune=st.sampled_from(["", "47157", "47310"]),
    gender=st.sampled_from(["", "feminin", "masculin"]),
)


@given(records, records)
def test_symmetric_and_bounded(one: Known, other: Known) -> None:
    there, back = compare(one, other), compare(other, one)
    assert there.score == back.score
    assert set(there.reasons) == set(back.reasons)
    assert 0 <= there.score <= 100


@given(records, records)
def test_nobody_is_more_like_somebody_than_themself(one: Known, other: Known) -> None:
    assert compare(one, other).score <= compare(one, one).score


@given(records, records)
def test_what_is_proposed_shares_a_key(one: Known, other: Known) -> None:
    """Candidates are found by keys alone: a pair that would be strong must never be missed."""
    if compare(one, other).score >= STRONG:
        assert _keys(one) & _keys(other)


@given(records)
def test_keys_fit_their_column(one: Known) -> None:
    assert all(0 < len(key) <= 80 for key in _keys(replace(one, first_name=one.first_name * 60, last_name="x" * 300)))


def _keys(one: Known) -> frozenset[str]:
    return likeness_keys((one.first_name, one.last_name, one.usual_name), one.phones, one.birth_year)


def test_a_family_under_one_roof_is_never_strong() -> None:
    """Same telephone, commune and last name; first names and years of a real household."""
    household = [
        replace(AMINA, first_name=name, birth_year=year)
        for name, year in product(("Karim", "Lina", "Samir"), (1985, 2010))
    ]
    assert max(compare(AMINA, one).score for one in household) < LISTED


SOON, LATER = date(2026, 3, 1), date(2026, 9, 1)
NOTHING, REFUSED = Answer(Said.NOTHING), Answer(Said.REFUSED)
WIDE, NARROW = Answer(Said.GIVEN, 0b111, LATER), Answer(Said.GIVEN, 0b101, SOON)
RULE = [
    (NOTHING, NOTHING, NOTHING),
    (NOTHING, WIDE, WIDE),
    (NOTHING, REFUSED, REFUSED),
    (WIDE, REFUSED, REFUSED),
    (REFUSED, REFUSED, REFUSED),
    (WIDE, NARROW, NARROW),
    (Answer(Said.GIVEN, 0b110, SOON), Answer(Said.GIVEN, 0b011, LATER), Answer(Said.GIVEN, 0b010, SOON)),
    (Answer(Said.GIVEN, 0b110), Answer(Said.GIVEN, 0b110, SOON), Answer(Said.GIVEN, 0b110, SOON)),
    (Answer(Said.GIVEN, 0b100), Answer(Said.GIVEN, 0b100), Answer(Said.GIVEN, 0b100)),
]


@pytest.mark.parametrize(("one", "other", "holds"), RULE)
def test_the_narrower_agreement_holds(one: Answer, other: Answer, holds: Answer) -> None:
    assert narrower(one, other) == narrower(other, one) == holds


answers = st.one_of(
    st.just(NOTHING),
    st.just(REFUSED),
    st.builds(Answer, st.just(Said.GIVEN), st.integers(0, 1023), st.sampled_from([None, SOON, LATER])),
)


@given(answers, answers)
def test_a_refusal_is_never_overridden_and_nothing_widens(one: Answer, other: Answer) -> None:
    holds = narrower(one, other)
    assert (holds.said is Said.REFUSED) == (Said.REFUSED in (one.said, other.said))
    for given_one in (one, other):
        if given_one.said is Said.GIVEN and holds.said is Said.GIVEN:
            assert not holds.sections & ~given_one.sections
            assert given_one.until is None or (holds.until is not None and holds.until <= given_one.until)
