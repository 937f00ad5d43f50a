"""Why this profile, and what already works (assessment.md §4.9)."""

from dataclasses import dataclass
from fractions import Fraction

from app.assessments.engine.answers import Reading
from app.assessments.engine.instrument import FULL, REASON, Question
from app.assessments.engine.scoring import Scores, points

MAX_WHY = 5
MIN_WHY_POINTS = 2

# What helps from outside first, then what the person has and does; never a sensitive answer.
STRENGTHS = ("H1", "T2", "A1", "A2", "C1", "C3", "R2", "L2")


@dataclass(frozen=True)
class Why:
    """One answer that explains the profile, with its text; `deduced` when it was not asked."""

    question: str
    answer: str
    text: str
    deduced: bool

    def to_document(self) -> dict[str, object]:
        return {
            "question": self.question,
            "reponse": self.answer,
            "texte": self.text,
            "deduite": self.deduced,
        }


def why(reading: Reading, profile: str, dimensions: Scores) -> tuple[Why, ...]:
    """Up to 5: the stated reason if it is of this family, then by contribution.

    Contribution of an answer of at least 2 points = its share of the weight and points of its
    dimension × the dimension's score; equal ones in the order of the full questionnaire. Nothing
    without a family to explain.
    """
    families = {family.code: family for family in reading.instrument.scoring.families}
    if profile not in families:
        return ()
    heavy = _heavy(reading, families[profile].dimensions)
    heavy.sort(key=lambda question: -_contribution(reading, question, dimensions))
    told = [*_stated(reading, profile), *(_answer(reading, question) for question in heavy)]
    return tuple(told[:MAX_WHY])


def _heavy(reading: Reading, dimensions: tuple[str, ...]) -> list[Question]:
    """Answers of 2 points or more, in the order of the full questionnaire in every mode."""
    order = reading.instrument.modes[FULL].questions
    asked = [q for q in reading.applicable() if q.dimension in dimensions]
    heavy = [q for q in asked if (points(reading, q) or 0) >= MIN_WHY_POINTS]
    return sorted(heavy, key=lambda question: order.index(question.id))


def _contribution(reading: Reading, question: Question, dimensions: Scores) -> Fraction:
    """w·p / (3·Σw of the known answers of the dimension) × D; 0 when D is unknown."""
    known = sum(other.weight for other in reading.applicable(question.dimension) if other.id in reading.answers)
    earned = question.weight * (points(reading, question) or 0)
    score = dimensions[str(question.dimension)] or 0
    return Fraction(earned * score, reading.instrument.scoring.points_max * known)


def _stated(reading: Reading, profile: str) -> list[Why]:
    reason = reading.reason
    if reason is None or reason.family != profile:
        return []
    return [Why(REASON, reason.code, f"La personne le dit : « {reason.label} »", False)]


def _answer(reading: Reading, question: Question) -> Why:
    code = reading.answers[question.id]
    text = f"{question.text} → {question.by_code[code].label}"
    return Why(question.id, code, text, question.id in reading.deduced)


def strengths(reading: Reading) -> tuple[str, ...]:
    """Questions whose answer shows no distance at all (0 point), in a fixed order."""
    scored = {question.id: points(reading, question) for question in reading.applicable()}
    return tuple(question for question in STRENGTHS if scored.get(question) == 0)
