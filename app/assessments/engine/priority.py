"""Triage of delay, not of people (assessment.md §4.7), and coherence alerts (§4.8)."""

from app.assessments.engine.conditions import Facts
from app.assessments.engine.instrument import Instrument


def priority(instrument: Instrument, facts: Facts) -> str:
    """The first level whose condition holds; the last one always does."""
    return next(level.code for level in instrument.priorities if level.when.holds(facts))


def alerts(instrument: Instrument, facts: Facts) -> tuple[str, ...]:
    """Codes of the answers' contradictions, in the order of the file; scores do not change."""
    return tuple(alert.code for alert in instrument.alerts if alert.when.holds(facts))
