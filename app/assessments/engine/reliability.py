"""How sure the profile is with respect to missing answers (assessment.md §4.8)."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.assessments.engine.answers import Reading, understand
from app.assessments.engine.conditions import Facts
from app.assessments.engine.instrument import (
    NO_DIFFICULTY,
    NOT_APPLICABLE,
    REASON,
    REFUSERS,
    RELIABILITIES,
    UNDETERMINED,
    Instrument,
)
from app.assessments.engine.profile import Decision, is_present
from app.assessments.engine.scoring import (
    FamilyScores,
    Scores,
    score_dimensions,
    score_families,
)

LOW, MEDIUM, HIGH = RELIABILITIES


@dataclass(frozen=True)
class End:
    """The sheet with every missing answer at one end; the stated reason is left as it is."""

    families: Scores
    facts: Facts


def reliability(reading: Reading, families: FamilyScores, decision: Decision, has_alerts: bool) -> str | None:
    """`elevee`, `moyenne` or `faible`; None when the profile is undetermined."""
    if decision.profile == UNDETERMINED:
        return None
    if (
        reading.mode.reliability_cap == HIGH
        and not has_alerts
        and not _rests_on_reason(reading, families, decision.profile)
        and cannot_change(reading, decision.profile)
    ):
        return HIGH
    return MEDIUM if _is_medium(reading, families, decision) else LOW


def _rests_on_reason(reading: Reading, families: FamilyScores, profile: str) -> bool:
    """The family would not reach the threshold without the floor of the stated reason."""
    if profile == NO_DIFFICULTY:
        return False
    return (families.measured[profile] or 0) < reading.instrument.scoring.presence


def _is_medium(reading: Reading, families: FamilyScores, decision: Decision) -> bool:
    """Every family known, and the margin or the stated reason supports the profile.

    Without a present family nothing disputes the profile, so knowing all families is enough.
    """
    if None in families.final.values():
        return False
    if decision.margin is None:
        return True
    agrees = reading.reason is not None and reading.reason.family == decision.profile
    return agrees or decision.margin > reading.instrument.scoring.reason_tolerance


def cannot_change(reading: Reading, profile: str) -> bool:
    """True when no completion of the missing answers gives another profile.

    Every missing answer is tried at both ends. The winner, at its lowest, must stay present and
    beat by more than the tolerance each rival that could be present, at its highest; an
    unstated reason may lift any rival to its floor and name it.
    """
    best, worst = _end(reading, first=True), _end(reading, first=False)
    rivals = _possible_rivals(reading, profile, worst)
    if profile == NO_DIFFICULTY:
        return not rivals
    lowest = best.families[profile]
    if lowest is None or not is_present(reading.instrument, profile, lowest, best.facts):
        return False
    return _beats(reading, profile, lowest, rivals, best.facts)


def _beats(reading: Reading, profile: str, lowest: int, rivals: Mapping[str, int], best: Facts) -> bool:
    """Refusers who may turn out only to prefer the counter (R3) beat nobody."""
    scoring = reading.instrument.scoring
    if profile == REFUSERS and not scoring.refuser_first.holds(best):
        return not rivals
    return all(lowest - highest > scoring.reason_tolerance for highest in rivals.values())


def _end(reading: Reading, first: bool) -> End:
    questions = reading.instrument.by_id
    filled = {name: questions[name].options[0 if first else -1].code for name in reading.missing if name != REASON}
    sheet = {**reading.given, **filled, **dict.fromkeys(reading.excluded, NOT_APPLICABLE)}
    complete = understand(reading.instrument, reading.mode, sheet)
    families = score_families(complete, score_dimensions(complete))
    return End(families.final, Facts(complete.answers))


def _possible_rivals(reading: Reading, profile: str, worst: End) -> dict[str, int]:
    """Other families that some completion makes present and first, with their highest score."""
    floor = reading.instrument.scoring.reason_floor if REASON in reading.missing else 0
    highest = {code: max(score or 0, floor) for code, score in worst.families.items() if code != profile}
    return {
        code: score
        for code, score in highest.items()
        if _may_win(reading.instrument, profile, code, score, _facts_for(reading, code, worst))
    }


def _may_win(instrument: Instrument, profile: str, rival: str, score: int, facts: Facts) -> bool:
    """Being present is enough against nobody; refusers must also come first (R3) against a family."""
    if not is_present(instrument, rival, score, facts):
        return False
    unopposed = rival != REFUSERS or profile == NO_DIFFICULTY
    return unopposed or instrument.scoring.refuser_first.holds(facts)


def _facts_for(reading: Reading, family: str, end: End) -> Facts:
    """The facts of this end, with the reason naming the family when it is not stated."""
    if REASON not in reading.missing:
        return end.facts
    options = reading.instrument.by_id[REASON].options
    named = next(option.code for option in options if option.family == family)
    return Facts({**end.facts.answers, REASON: named})
