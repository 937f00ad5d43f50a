"""From raw codes to what they mean: explicit, deduced, missing or not applicable.

Rules (assessment.md §3): an explicit answer wins over a deduced one; a missing code is not an
answer, so a deduction fills it; skips look at explicit answers only, so they never chain; when
two skips deduce the same answer the first of the file wins. Questions outside the mode are
checked, then left aside.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.assessments.engine.conditions import Facts
from app.assessments.engine.errors import (
    ForbiddenField,
    UnknownCode,
    UnknownMode,
    UnknownQuestion,
)
from app.assessments.engine.instrument import (
    ADAPTABLE,
    NOT_APPLICABLE,
    NOT_ASKED,
    REASON,
    Instrument,
    Mode,
    Option,
    Question,
    Skip,
)


@dataclass(frozen=True)
class Reading:
    """An understood answer sheet; every mapping is by question, in the order of the mode."""

    instrument: Instrument
    mode: Mode
    given: Mapping[str, str]
    deduced: Mapping[str, str]
    missing: Mapping[str, str]
    excluded: tuple[str, ...]

    @property
    def answers(self) -> Mapping[str, str]:
        """Explicit and deduced answers together."""
        return {**self.given, **self.deduced}

    @property
    def reason(self) -> Option | None:
        """The stated reason, None when unanswered."""
        code = self.given.get(REASON)
        return None if code is None else self.instrument.by_id[REASON].by_code[code]

    def applicable(self, dimension: str | None = None) -> tuple[Question, ...]:
        """Questions of the mode, of one dimension if named, not-applicable ones removed."""
        asked = (self.instrument.by_id[question] for question in self.mode.questions)
        return tuple(
            question
            for question in asked
            if question.id not in self.excluded and (dimension is None or question.dimension == dimension)
        )


def find_mode(instrument: Instrument, mode: object) -> Mode:
    """The mode of this code; UnknownMode."""
    if not isinstance(mode, str) or mode not in instrument.modes:
        raise UnknownMode(mode)
    return instrument.modes[mode]


def accepted_codes(instrument: Instrument, question: Question) -> frozenset[str]:
    """Its options, the missing codes, and « ne s’applique pas » where it exists."""
    special = {NOT_APPLICABLE} if question.id in ADAPTABLE else set()
    return frozenset(question.by_code) | instrument.missing | special


def check_input(instrument: Instrument, mode: str, answers: Mapping[str, str]) -> None:
    """Refuse an unknown mode, question or code, and any forbidden field."""
    find_mode(instrument, mode)
    for field in answers:
        if field in instrument.forbidden_fields:
            raise ForbiddenField(field)
    _check_codes(instrument, answers)


def _check_codes(instrument: Instrument, answers: Mapping[str, object]) -> None:
    for name, code in answers.items():
        question = instrument.by_id.get(name)
        if question is None:
            raise UnknownQuestion(name)
        if not isinstance(code, str) or code not in accepted_codes(instrument, question):
            raise UnknownCode(name, code)


def _allowed(instrument: Instrument, answers: Mapping[str, str]) -> dict[str, str]:
    return {q: code for q, code in answers.items() if q not in instrument.forbidden_fields}


def read_answers(instrument: Instrument, mode: str, answers: Mapping[str, str]) -> Reading:
    """Understand a sheet; forbidden fields are dropped unread. AssessmentInputError."""
    chosen = find_mode(instrument, mode)
    sheet = _allowed(instrument, answers)
    _check_codes(instrument, sheet)
    return understand(instrument, chosen, sheet)


def understand(instrument: Instrument, mode: Mode, sheet: Mapping[str, str]) -> Reading:
    """Understand a sheet already checked."""
    given = _explicit(instrument, mode, sheet)
    deduced = _deduce(instrument, mode, given)
    excluded = tuple(q for q in mode.questions if sheet.get(q) == NOT_APPLICABLE)
    absent = (q for q in mode.questions if q not in {*given, *deduced, *excluded})
    missing = {question: sheet.get(question, NOT_ASKED) for question in absent}
    return Reading(instrument, mode, given, deduced, missing, excluded)


def _explicit(instrument: Instrument, mode: Mode, sheet: Mapping[str, str]) -> dict[str, str]:
    return {
        question: sheet[question]
        for question in mode.questions
        if sheet.get(question) in instrument.by_id[question].by_code
    }


def _active(instrument: Instrument, given: Mapping[str, str]) -> tuple[Skip, ...]:
    facts = Facts(given)
    return tuple(skip for skip in instrument.skips if skip.when.holds(facts))


def _deduce(instrument: Instrument, mode: Mode, given: Mapping[str, str]) -> dict[str, str]:
    deduced: dict[str, str] = {}
    for skip in _active(instrument, given):
        for question, code in skip.deduced.items():
            if question in mode.questions and question not in given:
                deduced.setdefault(question, code)
    return {question: deduced[question] for question in mode.questions if question in deduced}


def erase_skipped(instrument: Instrument, mode: str, answers: Mapping[str, str]) -> dict[str, str]:
    """The sheet without what its own filter answers skip.

    To be applied after each change, so that an answer given before a filter changed is deduced
    again instead of winning over the deduction. Skips apply in the order of the file: an erased
    answer no longer triggers the next one. AssessmentInputError.
    """
    asked = find_mode(instrument, mode).questions
    kept = _allowed(instrument, answers)
    _check_codes(instrument, kept)
    for skip in instrument.skips:
        if skip.when.holds(Facts({q: code for q, code in kept.items() if q in asked})):
            kept = {q: code for q, code in kept.items() if q not in skip.deduced}
    return kept


def visible_questions(instrument: Instrument, mode: str, answers: Mapping[str, str]) -> tuple[Question, ...]:
    """The questions still to be shown, answered or not, in the order of the mode."""
    chosen = find_mode(instrument, mode)
    reading = understand(instrument, chosen, erase_skipped(instrument, mode, answers))
    return tuple(instrument.by_id[q] for q in chosen.questions if q not in reading.deduced)
