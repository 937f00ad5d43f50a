"""One assessment scored, step by step in the order of assessment.md §4."""

from collections.abc import Mapping

from app.assessments.engine.answers import Reading, read_answers
from app.assessments.engine.conditions import Facts
from app.assessments.engine.explain import strengths, why
from app.assessments.engine.index import band, distance_index
from app.assessments.engine.instrument import UNDETERMINED, URGENCY, Instrument
from app.assessments.engine.mappings import coop_autonomy, france_travail_situations
from app.assessments.engine.plan import build_plan
from app.assessments.engine.priority import alerts, priority
from app.assessments.engine.profile import Decision, decide, sub_causes
from app.assessments.engine.reliability import reliability
from app.assessments.engine.result import Result
from app.assessments.engine.scoring import (
    Scores,
    coverage,
    coverage_pct,
    score_dimensions,
    score_families,
)

# Stored with each assessment: a result is never silently recomputed (assessment.md §7).
ENGINE_VERSION = "1.0.0"


def score(instrument: Instrument, mode: str, answers: Mapping[str, str]) -> Result:
    """Score raw answers (question → code) in a mode.

    Forbidden fields are dropped unread; use `check_input` to refuse them. An unknown mode,
    question or code raises an AssessmentInputError carrying its name.
    """
    return score_reading(read_answers(instrument, mode, answers))


def score_reading(reading: Reading) -> Result:
    """Score an answer sheet already understood."""
    instrument = reading.instrument
    dimensions = score_dimensions(reading)
    families = score_families(reading, dimensions)
    raw = decide(reading, families.final)
    share = coverage(reading)
    decision, provisional = conclude(raw, share < instrument.scoring.min_coverage)
    facts = Facts(reading.answers, dimensions)
    found = alerts(instrument, facts)
    index = distance_index(instrument, dimensions) if reading.mode.has_index else None
    causes = _causes(reading, dimensions)
    full_facts = _full_facts(reading, decision.profile, facts)
    return Result(
        instrument=instrument.id,
        version=instrument.version,
        mode=reading.mode.code,
        dimensions=dimensions,
        index=index,
        band=band(instrument, index),
        families=families.final,
        measured_families=families.measured,
        profile=decision.profile,
        provisional_profile=provisional,
        secondaries=decision.secondaries,
        causes=causes.get(decision.profile, ()),
        causes_by_family=causes,
        reason=reading.reason.code if reading.reason else None,
        margin=decision.margin,
        reliability=reliability(reading, families, decision, bool(found)),
        coverage_pct=coverage_pct(share),
        priority=priority(instrument, facts),
        alerts=found,
        urgency_unknown=dimensions[URGENCY] is None,
        missing=reading.missing,
        deduced=reading.deduced,
        not_applicable=reading.excluded,
        why=why(reading, decision.profile, dimensions),
        strengths=strengths(reading),
        plan=build_plan(instrument, full_facts),
        coop_autonomy=coop_autonomy(reading),
        france_travail_situations=france_travail_situations(instrument, full_facts),
    )


def conclude(decision: Decision, covers_too_little: bool) -> tuple[Decision, str | None]:
    """R6: under half of the weight, undetermined, the computed profile being provisional.

    Nothing is concluded then but the other families present: no margin, no reliability.
    """
    if not covers_too_little or decision.profile == UNDETERMINED:
        return decision, None
    return Decision(UNDETERMINED, decision.secondaries), decision.profile


def _causes(reading: Reading, dimensions: Scores) -> dict[str, tuple[str, ...]]:
    families = reading.instrument.scoring.families
    return {family.code: sub_causes(reading, family.code, dimensions) for family in families}


def _full_facts(reading: Reading, profile: str, facts: Facts) -> Facts:
    named = {
        "priorite": priority(reading.instrument, facts),
        "profil": profile,
        "motif": reading.reason.code if reading.reason else None,
        "mode": reading.mode.code,
    }
    return Facts(facts.answers, facts.dimensions, named)
