"""Profile, secondary profiles, margin and sub-causes (assessment.md §4.4 and 4.5)."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.assessments.engine.answers import Reading
from app.assessments.engine.conditions import Facts
from app.assessments.engine.instrument import (
    NO_DIFFICULTY,
    REFUSERS,
    UNDETERMINED,
    Instrument,
    Scoring,
)
from app.assessments.engine.scoring import Scores


@dataclass(frozen=True)
class Decision:
    """The profile by R1–R6, before coverage is looked at.

    `margin`: score of the primary family minus the highest other family that could have been
    primary (0 when there is none); negative when the stated reason won; None without a family.
    """

    profile: str
    secondaries: tuple[str, ...] = ()
    margin: int | None = None


def ranked(scoring: Scoring, families: list[str], scores: Mapping[str, int]) -> list[str]:
    """Highest first; exact ties in the order of R5."""
    return sorted(families, key=lambda code: (-scores[code], scoring.tie_order.index(code)))


def is_present(instrument: Instrument, family: str, score: int | None, facts: Facts) -> bool:
    """R1: F at the threshold. R2: refusers also need a refusal, never a mere preference."""
    scoring = instrument.scoring
    if score is None or score < scoring.presence:
        return False
    return family != REFUSERS or scoring.refuser_present.holds(facts)


def decide(reading: Reading, families: Scores) -> Decision:
    """Primary and secondary profiles from the final family scores."""
    instrument, facts = reading.instrument, Facts(reading.answers)
    present = {
        code: score
        for code, score in families.items()
        if score is not None and is_present(instrument, code, score, facts)
    }
    if not present:
        return Decision(_nobody(families))
    return _primary(reading, present, facts)


def _nobody(families: Scores) -> str:
    """R6: no marked difficulty only when every family is known."""
    return UNDETERMINED if None in families.values() else NO_DIFFICULTY


def _primary(reading: Reading, present: Mapping[str, int], facts: Facts) -> Decision:
    scoring = reading.instrument.scoring
    eligible = _eligible(scoring, present, facts)
    order = ranked(scoring, eligible, present)
    primary = _stated(reading, present, order) or order[0]
    rivals = [present[code] for code in eligible if code != primary]
    others = [code for code in present if code != primary]
    margin = present[primary] - max(rivals, default=0)
    return Decision(primary, tuple(ranked(scoring, others, present)), margin)


def _eligible(scoring: Scoring, present: Mapping[str, int], facts: Facts) -> list[str]:
    """R3: refusers come before another present family only on an outright refusal."""
    if len(present) == 1 or scoring.refuser_first.holds(facts):
        return list(present)
    return [code for code in present if code != REFUSERS]


def _stated(reading: Reading, present: Mapping[str, int], order: list[str]) -> str | None:
    """R4: the stated reason's family wins within the tolerance of the highest."""
    family = reading.reason.family if reading.reason else None
    if family not in order:
        return None
    gap = present[order[0]] - present[family]
    return family if gap <= reading.instrument.scoring.reason_tolerance else None


def sub_causes(reading: Reading, family: str, dimensions: Scores) -> tuple[str, ...]:
    """Dimensions of the family at the threshold or above, highest first, then the stated one.

    Without any of these, the highest dimension above zero; ties in the order of the family.
    """
    found = _ordered_causes(reading, family, dimensions)
    threshold = reading.instrument.scoring.cause_threshold
    causes = [cause for cause, score in found if score >= threshold]
    reason = reading.reason
    if reason is not None and reason.family == family and reason.cause not in causes:
        causes.append(str(reason.cause))
    return tuple(causes or [cause for cause, score in found[:1] if score > 0])


def _ordered_causes(reading: Reading, family: str, dimensions: Scores) -> list[tuple[str, int]]:
    order = next(f for f in reading.instrument.scoring.families if f.code == family).dimensions
    by_id = reading.instrument.by_dimension
    known = [(str(by_id[d].cause), score) for d in order if (score := dimensions[d]) is not None]
    return sorted(known, key=lambda pair: -pair[1])
