"""The answers of an assessment being asked: what to ask next, what is behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy import Select, select

from app.assessments import engine, policy
from app.assessments.engine import Instrument, Question
from app.assessments.enums import AssessmentState, Mode
from app.assessments.models import Assessment, AssessmentAnswer
from app.assessments.queries import wording
from app.kernel import grants, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import Conflict, NotFound
from app.kernel.grants import Granted
from app.kernel.i18n import lazy_gettext as _
from app.kernel.statements import built

NOT_ASKED = "non_posee"


@dataclass(frozen=True)
class AnswerLine:
    """One question on the page that reads everything again. `text` is empty while unanswered."""

    question: Question
    text: str
    observed: bool
    discreet: bool


@dataclass(frozen=True)
class Sheet:
    """An assessment being asked. `answers` are raw codes by question: only for the team that asks."""

    id: UUID
    person_id: UUID
    mode: Mode
    version: int
    instrument: Instrument
    started_at: datetime
    answers: Mapping[str, str]
    observed: frozenset[str]

    @cached_property
    def visible(self) -> tuple[Question, ...]:
        """The questions to be asked, in order; those that an answer makes useless are left out."""
        return engine.visible_questions(self.instrument, self.mode.value, self.answers)

    @property
    def total(self) -> int:
        """How many questions there are to ask."""
        return len(self.visible)

    @property
    def answered(self) -> int:
        """How many of them were answered, refusals included."""
        return sum(question.id in self.answers for question in self.visible)

    @property
    def is_complete(self) -> bool:
        """Nothing is left to ask."""
        return self.answered == self.total

    def position(self, question_id: str) -> int:
        """The rank of a visible question, counted from 1."""
        return self._ids.index(question_id) + 1

    def shows(self, question_id: str) -> bool:
        """The question is asked in this assessment, as its answers stand."""
        return question_id in self._ids

    def first_unanswered(self) -> str | None:
        """Where to start, or to go on."""
        return next((one for one in self._ids if one not in self.answers), None)

    def next_after(self, question_id: str) -> str | None:
        """The next question without an answer; None when there is only to read again."""
        known = self.instrument.modes[self.mode.value].questions
        later = known[known.index(question_id) + 1 :]
        return next((one for one in self._ids if one in later and one not in self.answers), None)

    def before(self, question_id: str) -> str | None:
        """The question before, answered or not."""
        rank = self.position(question_id)
        return self._ids[rank - 2] if rank > 1 else None

    def lines(self) -> list[AnswerLine]:
        """Every question to be asked with the words of its answer."""
        return [self._line(question) for question in self.visible]

    def _line(self, question: Question) -> AnswerLine:
        text = wording.answer_label(question, self.answers.get(question.id, ""))
        return AnswerLine(question, text, question.id in self.observed, question.discreet)

    @cached_property
    def _ids(self) -> tuple[str, ...]:
        return tuple(question.id for question in self.visible)


@dataclass(frozen=True)
class OpenLine:
    """An assessment being asked, in a list."""

    id: UUID
    mode: Mode
    started_at: datetime


class Finished(Conflict):
    """The assessment was finished meanwhile: it never changes."""

    def __init__(self) -> None:
        super().__init__(_("Cette évaluation est terminée : ses réponses ne changent plus. Rien n’a été modifié."))


class Corrected(Conflict):
    """Another assessment corrected this one: nothing is decided about it any more."""

    def __init__(self) -> None:
        super().__init__(_("Cette évaluation a été corrigée : c’est la nouvelle qui compte. Rien n’a été modifié."))


class NotAsked(Conflict):
    """Another answer made the question useless."""

    def __init__(self) -> None:
        super().__init__(
            _("Cette question n’est plus à poser : une autre réponse y répond déjà. Rien n’a été enregistré.")
        )


def granted_on(actor: Actor, assessment_id: UUID) -> Granted:
    """The actor's rights on the person of an assessment, or NotFound: unknown and hidden cannot be told apart.

    Nor by what they cost: rights are asked even when the assessment does not exist.
    """
    person_id = db.session.scalar(select(Assessment.person_id).where(Assessment.id == assessment_id))
    granted = grants.on_person(actor, person_id or assessment_id)
    if not granted:
        raise NotFound
    return granted


def sheet(actor: Actor, granted: Granted, assessment_id: UUID) -> Sheet:
    """The sheet being filled, journalled as read. Finished once done; NotFound unless the actor may go on with it."""
    found = loaded(actor, granted, assessment_id)
    journal.read_person(actor, granted, "assessment")
    return sheet_of(found)


def loaded(actor: Actor, granted: Granted, assessment_id: UUID, lock: bool = False) -> Assessment:
    """The assessment that the actor goes on with, alone until the end of the transaction if `lock`. Raises as `sheet`."""
    query = select(Assessment).where(Assessment.id == assessment_id, Assessment.person_id == granted.person_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalars(query).first()
    if found is None or not policy.is_ours(actor, found) or not policy.can_start(actor, granted, found.mode):
        raise NotFound
    if found.state is AssessmentState.DONE:
        raise Finished
    return found


def sheet_of(found: Assessment) -> Sheet:
    """The same for an assessment already loaded; its answers are read now."""
    query = select(AssessmentAnswer).where(AssessmentAnswer.assessment_id == found.id)
    answers = db.session.scalars(query.execution_options(populate_existing=True)).all()
    return Sheet(
        found.id,
        found.person_id,
        found.mode,
        found.version,
        wording.instrument_of(found.instrument_version),
        found.started_at,
        {answer.question: answer.code for answer in answers},
        frozenset(answer.question for answer in answers if answer.observed),
    )


def in_progress(actor: Actor, granted: Granted) -> list[OpenLine]:
    """The assessments that the actor may go on with, the latest first."""
    return [OpenLine(*row) for row in db.session.execute(_in_progress(actor, granted.anyone), granted.named)]


@built
def _in_progress(actor: Actor, anyone: Granted) -> Select[UUID, Mode, datetime]:
    query = select(Assessment.id, Assessment.mode, Assessment.started_at).where(policy.answerable(actor, anyone))
    return query.order_by(Assessment.started_at.desc(), Assessment.id.desc())
