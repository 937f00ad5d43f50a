"""Agreement between two raters, and distance to the 2017 Nanterre shares (assessment.md §6.3).

Everything is exact (Fractions); the bootstrap takes its randomness from the caller.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from random import Random

from app.assessments.engine.instrument import Instrument

Pairs = Sequence[tuple[str, str]]
Statistic = Callable[[Pairs], Fraction | None]

# Landis & Koch 1977: upper bounds excluded, but for the last.
LABELS = (
    (Fraction(0), "desaccord"),
    (Fraction(21, 100), "tres_faible"),
    (Fraction(41, 100), "faible"),
    (Fraction(61, 100), "modere"),
    (Fraction(81, 100), "substantiel"),
)


def raw_agreement(pairs: Pairs) -> Fraction | None:
    """Share of pairs where both raters said the same; None without pairs."""
    if not pairs:
        return None
    return Fraction(sum(first == second for first, second in pairs), len(pairs))


def cohen_kappa(pairs: Pairs) -> Fraction | None:
    """(observed − expected) / (1 − expected), on nominal categories.

    None without pairs, or when both raters only ever used one same category.
    """
    return _kappa(pairs, lambda first, second: Fraction(first != second))


def weighted_kappa(pairs: Pairs, ordered: Sequence[str]) -> Fraction | None:
    """Kappa with quadratic weights on `ordered` categories, lowest first.

    None as for `cohen_kappa`. ValueError when a rating is not one of the categories.
    """
    rank = {category: position for position, category in enumerate(ordered)}
    unknown = {rating for pair in pairs for rating in pair} - rank.keys()
    if unknown:
        raise ValueError(f"categories not in the scale: {sorted(unknown)}")
    return _kappa(pairs, lambda first, second: Fraction((rank[first] - rank[second]) ** 2))


def _kappa(pairs: Pairs, disagreement: Callable[[str, str], Fraction]) -> Fraction | None:
    if not pairs:
        return None
    firsts = Counter(first for first, _ in pairs)
    seconds = Counter(second for _, second in pairs)
    observed = sum((disagreement(*pair) * n for pair, n in Counter(pairs).items()), Fraction(0)) / len(pairs)
    expected = sum(
        (disagreement(a, b) * n * m for a, n in firsts.items() for b, m in seconds.items()),
        Fraction(0),
    ) / (len(pairs) ** 2)
    return None if expected == 0 else 1 - observed / expected


def bootstrap_interval(
    pairs: Pairs,
    statistic: Statistic,
    rng: Random,
    draws: int = 1000,
    level: Fraction = Fraction(95, 100),
) -> tuple[Fraction, Fraction] | None:
    """Percentile interval of the statistic over `draws` resamples with replacement.

    Resamples where it is undefined are left out; None when it is defined in none.
    """
    if not pairs:
        return None
    drawn = (statistic(rng.choices(pairs, k=len(pairs))) for _ in range(draws))
    values = sorted(value for value in drawn if value is not None)
    if not values:
        return None
    tail = (1 - level) / 2
    return values[_rank(tail, len(values))], values[_rank(1 - tail, len(values))]


def _rank(share: Fraction, count: int) -> int:
    return min(count - 1, (share * count).__floor__())


def landis_koch(kappa: Fraction) -> str:
    """The usual label of a kappa; 0.61 is the target (assessment.md §6.3.3)."""
    return next((label for bound, label in LABELS if kappa < bound), "presque_parfait")


def total_variation(first: Mapping[str, Fraction], second: Mapping[str, Fraction]) -> Fraction:
    """Half the sum of absolute differences between two distributions, from 0 to 1."""
    keys = first.keys() | second.keys()
    zero = Fraction(0)
    return sum((abs(first.get(key, zero) - second.get(key, zero)) for key in keys), zero) / 2


def shares(counts: Mapping[str, int]) -> dict[str, Fraction] | None:
    """Counts as shares of their total; None when all are zero."""
    total = sum(counts.values())
    return {key: Fraction(count, total) for key, count in counts.items()} if total else None


def nanterre_gap(instrument: Instrument, counts: Mapping[str, int]) -> Fraction | None:
    """Total variation distance between the profiles of the typology and 50/43/6.

    Counts by profile; those outside the typology are left aside, and both sides are brought to
    100 %. A tendency, never a target. None when no counted profile is in the typology.
    """
    reference = {p.code: p.nanterre_pct for p in instrument.profiles if p.nanterre_pct}
    observed = shares({code: counts.get(code, 0) for code in reference})
    expected = shares(reference)
    if observed is None or expected is None:
        return None
    return total_variation(observed, expected)
