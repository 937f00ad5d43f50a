"""The distance index and its band (assessment.md §4.6)."""

from fractions import Fraction

from app.assessments.engine.instrument import Instrument
from app.assessments.engine.scoring import Scores, round_half_up


def distance_index(instrument: Instrument, dimensions: Scores) -> int | None:
    """round((worst blocking dimension + weighted mean of known dimensions) / 2), half up, 0–100.

    None without a required dimension, or when too little of the index weight is known.
    """
    rule = instrument.scoring.index
    known = {code: score for code, score in dimensions.items() if score is not None}
    if not known.keys() >= set(rule.required):
        return None
    mean = _weighted_mean(instrument, known, rule.min_known_weight)
    if mean is None:
        return None
    worst = max(known[code] for code in rule.worst_of if code in known)
    return round_half_up((worst + mean) / 2)


def _weighted_mean(instrument: Instrument, known: dict[str, int], min_share: Fraction) -> Fraction | None:
    weights = {dimension.id: dimension.index_weight for dimension in instrument.dimensions}
    known_weight = sum(weights[code] for code in known)
    if known_weight == 0 or known_weight < min_share * sum(weights.values()):
        return None
    return Fraction(sum(weights[code] * score for code, score in known.items()), known_weight)


def band(instrument: Instrument, index: int | None) -> str | None:
    """The code of the band; None without an index."""
    if index is None:
        return None
    return next(b.code for b in instrument.scoring.bands if b.low <= index <= b.high)
