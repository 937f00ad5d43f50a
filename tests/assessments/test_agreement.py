"""Agreement statistics against published and hand-computed values."""

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assessments.engine import (
    bootstrap_interval,
    cohen_kappa,
    landis_koch,
    nanterre_gap,
    raw_agreement,
    total_variation,
    weighted_kappa,
)
from tests.assessments.sheets import INSTRUMENT

BANDS = ("proche", "modere", "eloigne", "tres_eloigne")


def table(rows, names):
    return [
        (a, b) for a, row in zip(names, rows, strict=True) for b, n in zip(names, row, strict=True) for _ in range(n)
    ]


# Cohen 1960’s usual worked example: 20/5/10/15.
GRANTS = table([[20, 5], [10, 15]], ("oui", "non"))
pairs = st.lists(st.tuples(st.sampled_from(BANDS), st.sampled_from(BANDS)), min_size=1)


def test_kappa_of_the_usual_example():
    assert raw_agreement(GRANTS) == Fraction(7, 10)
    assert cohen_kappa(GRANTS) == Fraction(2, 5)


def test_weighted_kappa_by_hand():
    ratings = [("proche", "proche"), ("proche", "modere"), ("eloigne", "eloigne"), ("tres_eloigne", "modere")]
    # observed 0+1+0+4 = 5 of 4; expected Σ(i−j)²/16 over margins {0,0,2,3} × {0,1,2,1} = 36
    assert weighted_kappa(ratings, BANDS) == 1 - Fraction(5, 4) / Fraction(36, 16)


def test_weighted_kappa_on_two_categories_is_kappa():
    assert weighted_kappa(GRANTS, ("oui", "non")) == cohen_kappa(GRANTS)


def test_kappa_is_undefined_without_variety_or_pairs():
    assert cohen_kappa([("a", "a")] * 5) is None
    assert weighted_kappa([("proche", "proche")], BANDS) is None
    assert (cohen_kappa([]), raw_agreement([]), bootstrap_interval([], cohen_kappa, Random(1))) == (None, None, None)
    assert bootstrap_interval([("a", "a")], cohen_kappa, Random(1), draws=5) is None


def test_a_rating_outside_the_scale_is_refused():
    with pytest.raises(ValueError, match="loin"):
        weighted_kappa([("proche", "loin")], BANDS)


@given(pairs)
def test_kappa_is_symmetric_and_at_most_one(sample):
    swapped = [(b, a) for a, b in sample]
    for statistic in (cohen_kappa, lambda some: weighted_kappa(some, BANDS)):
        kappa = statistic(sample)
        assert kappa == statistic(swapped)
        assert kappa is None or -1 <= kappa <= 1


@given(pairs)
def test_perfect_agreement_is_one(sample):
    same = [(a, a) for a, _ in sample]
    assert raw_agreement(same) == 1
    assert cohen_kappa(same) in {1, None}
    assert weighted_kappa(same, BANDS) in {1, None}


def test_bootstrap_is_reproducible_and_holds_the_estimate():
    low, high = bootstrap_interval(GRANTS, cohen_kappa, Random(4), draws=400)
    assert (low, high) == bootstrap_interval(GRANTS, cohen_kappa, Random(4), draws=400)
    assert Fraction(0) < low < Fraction(2, 5) < high < Fraction(1)
    narrow = bootstrap_interval(GRANTS, cohen_kappa, Random(4), draws=400, level=Fraction(1, 2))
    assert low < narrow[0] < narrow[1] < high


def test_bootstrap_takes_the_percentiles():
    class Turn(Random):
        """Resample n is the value n alone."""

        drawn = -1

        def choices(self, population, weights=None, *, cum_weights=None, k=1):
            self.drawn += 1
            return [(str(self.drawn), "")]

    def first(sample):
        return Fraction(sample[0][0])

    assert bootstrap_interval([("0", "")], first, Turn(), draws=1000) == (25, 975)
    assert bootstrap_interval([("0", "")], first, Turn(), draws=10, level=Fraction(1)) == (0, 9)


@pytest.mark.parametrize(
    ("kappa", "label"),
    [
        ("-1/100", "desaccord"),
        ("0", "tres_faible"),
        ("20/100", "tres_faible"),
        ("21/100", "faible"),
        ("40/100", "faible"),
        ("41/100", "modere"),
        ("60/100", "modere"),
        ("61/100", "substantiel"),
        ("80/100", "substantiel"),
        ("81/100", "presque_parfait"),
        ("1", "presque_parfait"),
    ],
)
def test_labels_of_kappa(kappa, label):
    assert landis_koch(Fraction(kappa)) == label


def test_nanterre_gap_is_zero_on_its_own_shares():
    assert nanterre_gap(INSTRUMENT, {"oublies": 50, "naufrages": 43, "refractaires": 6}) == 0
    assert nanterre_gap(INSTRUMENT, {"oublies": 100, "naufrages": 86, "refractaires": 12, "autonome": 40}) == 0


def test_nanterre_gap_by_hand():
    assert nanterre_gap(INSTRUMENT, {"oublies": 1}) == Fraction(49, 99)
    assert nanterre_gap(INSTRUMENT, {"autonome": 3, "indetermine": 1}) is None
    assert nanterre_gap(INSTRUMENT, {}) is None


def test_total_variation_is_half_the_absolute_differences():
    assert total_variation({"a": Fraction(1)}, {"b": Fraction(1)}) == 1
    assert total_variation({"a": Fraction(1, 2), "b": Fraction(1, 2)}, {"a": Fraction(1)}) == Fraction(1, 2)
