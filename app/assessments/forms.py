"""Forms of the assessment: one question, all of them on one page, the profile kept, what becomes of an action."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from wtforms import BooleanField, HiddenField, RadioField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from app.assessments import engine, queries
from app.assessments.actions import Answer, Decision, Kept
from app.assessments.engine import Instrument, Question
from app.assessments.enums import PlanState
from app.assessments.queries import ResultView, Sheet
from app.kernel import clock
from app.kernel.forms import DayField, Form, Needed, OptionalRadioField, choices_of
from app.kernel.i18n import gettext
from app.kernel.i18n import lazy_gettext as _

QUIET = ("nsp", "refus", "sans_objet")
OBSERVED = _("Fait observé : j’ai vu la personne le faire")


def quiet_codes(sheet: Sheet, question: Question) -> list[str]:
    """The answers that are not one, in the order they are offered."""
    return quiet_codes_of(sheet.instrument, question)


def quiet_codes_of(instrument: Instrument, question: Question) -> list[str]:
    """The same outside any assessment."""
    known = engine.accepted_codes(instrument, question)
    return [code for code in QUIET if code in known]


def choices(sheet: Sheet, question: Question) -> list[SelectChoice]:
    """Every answer to a question, the quiet ones last."""
    quiet = [SelectChoice(code, str(queries.MISSING[code])) for code in quiet_codes(sheet, question)]
    return [*(SelectChoice(option.code, option.label) for option in question.options), *quiet]


class _Versioned(Form):
    version = HiddenField()

    @property
    def typed_version(self) -> int:
        """The version the form was filled from; 0, which is no version, when it is unreadable."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() else 0


class StartForm(Form):
    """One of two large buttons."""

    mode = HiddenField()
    express = HiddenField()


class ButtonForm(Form):
    """One button."""


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="assessment.asked")


def asked_now(assessment_id: UUID, question_id: str) -> str:
    """Proof of the instant when a question of this assessment was shown; travels in its form."""
    return str(_signer().dumps([assessment_id.hex, question_id, int(clock.now().timestamp())]))


def seconds_since(token: str, assessment_id: UUID, question_id: str) -> int | None:
    """How long ago this question was shown; None when the proof is absent, forged or about another question."""
    try:
        assessment, question, at = _signer().loads(token)
    except (BadData, TypeError, ValueError):
        return None
    if (assessment, question) != (assessment_id.hex, question_id):
        return None
    return int(clock.now().timestamp()) - int(at)


class AnswerForm(Form):
    """One question, with the answer already given, and the instant when it was shown."""

    asked = HiddenField()
    answer = OptionalRadioField("", [Needed(_("Choisissez une réponse, ou passez cette question."))])
    observed = BooleanField(OBSERVED)

    def __init__(self, sheet: Sheet, question: Question, **kwargs: Any) -> None:
        kept = {"answer": sheet.answers.get(question.id), "observed": question.id in sheet.observed}
        super().__init__(data={**kept, "asked": asked_now(sheet.id, question.id)}, **kwargs)
        self._about = (sheet.id, question.id)
        if self.restored:
            # The time spent signing in again is not the question's.
            self.asked.data = ""
        self.answer.label.text = question.text
        self.answer.choices = choices(sheet, question)
        if not question.proofs:
            del self.observed

    def to_answer(self) -> Answer:
        """The code chosen, and the time it took."""
        seconds = seconds_since(str(self.asked.data or ""), *self._about)
        return Answer(str(self.answer.data), "observed" in self and bool(self.observed.data), seconds)


class SheetForm(_Versioned):
    """All the questions of a mode on one page. A question left empty keeps the answer it had."""

    @classmethod
    def of(cls, sheet: Sheet) -> SheetForm:
        """The form of this assessment, with the answers already given."""
        asked = [sheet.instrument.by_id[name] for name in sheet.instrument.modes[sheet.mode.value].questions]
        fields: dict[str, Any] = {}
        for question in asked:
            fields[question.id] = OptionalRadioField(question.text, choices=choices(sheet, question))
            if question.proofs:
                fields[f"{question.id}_vu"] = BooleanField(OBSERVED)
        kept: dict[str, Any] = {**sheet.answers, **{f"{name}_vu": True for name in sheet.observed}}
        form: SheetForm = type("SheetForm", (cls,), fields)(data={**kept, "version": sheet.version})
        form.asked = asked
        return form

    asked: list[Question]

    def to_answers(self) -> dict[str, Answer]:
        """What was chosen, by question."""
        chosen = {question.id: self[question.id].data for question in self.asked}
        return {name: Answer(str(code), self._seen(name)) for name, code in chosen.items() if code}

    def _seen(self, name: str) -> bool:
        return f"{name}_vu" in self and bool(self[f"{name}_vu"].data)


def _reasons() -> list[SelectChoice]:
    return [SelectChoice(code, str(text)) for code, text in queries.REASONS.items()]


class ProfileForm(_Versioned):
    """Another profile than the computed one, and why."""

    profile = RadioField(_("Profil retenu"), [Needed(_("Choisissez un profil."))])
    reason = OptionalRadioField(_("Pourquoi ?"), choices=_reasons)

    def __init__(self, view: ResultView, **kwargs: Any) -> None:
        super().__init__(data={"version": view.version, "profile": view.profile}, **kwargs)
        known = queries.instrument_of(view.instrument_version).profiles
        self.profile.choices = [SelectChoice(one.code, one.label) for one in known]

    def to_kept(self) -> Kept:
        """What the adviser keeps."""
        return Kept(str(self.profile.data), self.reason.data or "")


class CorrectionForm(Form):
    """Why a finished assessment is corrected."""

    reason = OptionalRadioField(_("Pourquoi ?"), [Needed(_("Dites pourquoi vous corrigez cette évaluation."))])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reason.choices = [SelectChoice(code, str(text)) for code, text in queries.CORRECTIONS.items()]


class PlanForm(_Versioned):
    """What became of an action."""

    state = RadioField(_("Où en est cette action ?"), [Needed(_("Dites où en est cette action."))])
    until = DayField(_("En reparler le"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.state.choices = choices_of(PlanState)

    def validate_until(self, field: DayField) -> None:
        """A date goes with « remis à plus tard » and with nothing else."""
        if self.state.data == PlanState.POSTPONED.value and field.data is None:
            raise ValidationError(gettext("Indiquez la date où en reparler."))

    def to_decision(self) -> Decision:
        """What was decided."""
        state = PlanState(self.state.data)
        return Decision(state, self.until.data if state is PlanState.POSTPONED else None)
