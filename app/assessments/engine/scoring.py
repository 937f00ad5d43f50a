"""Dimensions, coverage and families (assessment.md §4.1 to 4.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.assessments.engine.answers import Reading
from app.assessments.engine.conditions import MAX_SCORE
from app.assessments.engine.instrument import REASON, Family, Instrument, Question

HALF = Fraction(1, 2)

Scores = Mapping[str, int | None]


def round_half_up(value: Fraction) -> int:
    """The nearest whole number, halves going up."""
    return (value + HALF).__floor__()


def points(reading: Reading, question: Question) -> int | None:
    """Points of the answer, explicit or deduced; None when there is none."""
    code = reading.answers.get(question.id)
    return None if code is None else question.by_code[code].points


def score_dimension(reading: Reading, dimension: str) -> int | None:
    """D = round(100 × Σ w·p / (3 × Σ w)) over known answers, half up.

    None when less than half of the weight that applies in this mode is known.
    """
    asked = reading.applicable(dimension)
    known = [(q.weight, points(reading, q)) for q in asked]
    known_weight = sum(weight for weight, earned in known if earned is not None)
    total = sum(question.weight for question in asked)
    scoring = reading.instrument.scoring
    if known_weight == 0 or known_weight < scoring.min_dimension_coverage * total:
        return None
    earned = sum(weight * earned for weight, earned in known if earned is not None)
    return round_half_up(Fraction(MAX_SCORE * earned, scoring.points_max * known_weight))


def score_dimensions(reading: Reading) -> dict[str, int | None]:
    """Every dimension, in the order of the instrument."""
    return {d.id: score_dimension(reading, d.id) for d in reading.instrument.dimensions}


def coverage(reading: Reading) -> Fraction:
    """Known share of the weight of the mode; the stated reason weighs `poids_couverture_M1`."""
    weights = {q.id: _coverage_weight(reading.instrument, q) for q in reading.applicable()}
    known = sum(weight for question, weight in weights.items() if question in reading.answers)
    return Fraction(known, sum(weights.values()))


def _coverage_weight(instrument: Instrument, question: Question) -> int:
    return instrument.scoring.reason_weight if question.id == REASON else question.weight


def coverage_pct(share: Fraction) -> int:
    """The share as a whole percentage, half up."""
    return round_half_up(MAX_SCORE * share)


@dataclass(frozen=True)
class FamilyScores:
    """F of each family: as measured, then with the floor of the stated reason."""

    measured: Scores
    final: Scores


def score_families(reading: Reading, dimensions: Scores) -> FamilyScores:
    """F = the worst known dimension of the family; None under the number needed (§4.2).

    The stated reason raises its family to at least its floor, even when F was unknown (§4.3).
    """
    measured = {family.code: _worst(reading, family, dimensions) for family in reading.instrument.scoring.families}
    return FamilyScores(measured, with_reason(reading, measured))


def _worst(reading: Reading, family: Family, dimensions: Scores) -> int | None:
    known = [score for d in family.dimensions if (score := dimensions[d]) is not None]
    return max(known) if len(known) >= _needed(reading, family) else None


def _needed(reading: Reading, family: Family) -> int:
    """The express mode, which has no index, asks one dimension per family."""
    if reading.mode.has_index:
        return family.min_known
    return reading.instrument.scoring.min_known_express


def with_reason(reading: Reading, measured: Scores) -> Scores:
    """The family scores once the stated reason has its floor."""
    reason = reading.reason
    if reason is None or reason.family is None:
        return measured
    floor = reading.instrument.scoring.reason_floor
    return {**measured, reason.family: max(floor, measured[reason.family] or 0)}
