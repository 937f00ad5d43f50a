"""Asking: start, answer one question or several, go back to the six questions, throw away what was begun by mistake."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm.attributes import flag_modified

from app.assessments import engine, policy, queries
from app.assessments.engine import Question
from app.assessments.enums import Mode
from app.assessments.models import MOST_SECONDS, Assessment, AssessmentAnswer
from app.assessments.queries import Sheet
from app.kernel import clock, ids, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import Difference, DomainError, NotFound, check_version
from app.kernel.grants import Granted
from app.kernel.i18n import lazy_gettext as _
from app.people import policy as people_policy
from app.people.models import Person


@dataclass(frozen=True)
class Answer:
    """A raw code, whether the person was seen doing it, and the seconds spent on the question when they are known."""

    code: str
    observed: bool = False
    seconds: int | None = None


def start(actor: Actor, granted: Granted, mode: Mode, express_id: UUID | None = None) -> Assessment:
    """Begin, or go on with the one already begun in this mode.

    `express_id`: the finished express assessment that this one completes without asking its questions again. NotFound
    when the actor may not.
    """
    if not policy.can_start(actor, granted, mode):
        raise NotFound
    # Two tabs that start together wait here for each other.
    db.session.execute(select(Person.id).where(Person.id == granted.person_id).with_for_update())
    begun = next((one for one in queries.in_progress(actor, granted) if one.mode is mode), None)
    if begun is not None:
        return queries.loaded(actor, granted, begun.id, lock=True)
    express = _express(actor, granted, express_id) if express_id and mode is Mode.FULL else None
    return begin(actor, granted, mode, express)


def _express(actor: Actor, granted: Granted, express_id: UUID) -> Assessment:
    mine = (Assessment.id == express_id, Assessment.person_id == granted.person_id)
    found = db.session.scalars(select(Assessment).where(*mine)).first()
    if found is None or not policy.can_complete(actor, granted, found):
        raise NotFound
    if queries.is_corrected(found.id):
        raise queries.Corrected
    return found


def begin(
    actor: Actor, granted: Granted, mode: Mode, earlier: Assessment | None = None, correction_reason: str | None = None
) -> Assessment:
    """A new sheet, with the answers of the earlier assessment that it completes or corrects. The caller checked the rights."""
    instrument = engine.load_instrument()
    same = earlier is not None and earlier.instrument_version == instrument.version
    begun = Assessment(
        id=ids.new_id(),
        person_id=granted.person_id,
        subject_key=select(Person.subject_key).where(Person.id == granted.person_id).scalar_subquery(),
        mode=mode,
        instrument_version=instrument.version,
        instrument_hash=instrument.sha256,
        engine_version=engine.ENGINE_VERSION,
        started_at=clock.now(),
        supersedes_id=earlier.id if earlier else None,
        correction_reason=correction_reason,
        **people_policy.authorship(actor),
    )
    db.session.add(begun)
    db.session.flush()
    if earlier is not None and same:
        _copy_answers(earlier, begun)
    codes = {"completes": earlier is not None, "corrects": correction_reason is not None}
    _note(actor, granted, "assessment.start", begun, mode=mode.value, **codes)
    return begun


def _copy_answers(earlier: Assessment, begun: Assessment) -> None:
    """Without the seconds: each question was asked once."""
    rows = db.session.scalars(select(AssessmentAnswer).where(AssessmentAnswer.assessment_id == earlier.id))
    for row in rows.all():
        copied = {"code": row.code, "observed": row.observed, "answered_at": row.answered_at}
        db.session.add(AssessmentAnswer(assessment_id=begun.id, question=row.question, **copied))
    db.session.flush()


def answer(actor: Actor, granted: Granted, assessment_id: UUID, question_id: str, given: Answer) -> Sheet:
    """Keep one answer; the last one of a question wins. Returns the sheet as it stands.

    NotFound for another person's assessment or a question that this one does not have; Finished once done; NotAsked when
    another answer made the question useless; DomainError on `answer` for an unknown code. Nothing is written then.
    """
    found = queries.loaded(actor, granted, assessment_id, lock=True)
    sheet = queries.sheet_of(found)
    question = _question(sheet, question_id)
    if not sheet.shows(question_id):
        raise queries.NotAsked
    _check(sheet, question, given, "answer")
    _write(found, sheet, {question_id: given})
    _note(actor, granted, "assessment.answer", found, questions=[question_id])
    return queries.sheet_of(found)


def save_sheet(
    actor: Actor, granted: Granted, assessment_id: UUID, given: Mapping[str, Answer], version: int | None
) -> list[str]:
    """Keep several answers at once; a question left out keeps its answer. Returns the questions that a skip made useless.

    Raises Stale, with both answers, when somebody answered meanwhile; else as `answer`.
    """
    found = queries.loaded(actor, granted, assessment_id, lock=True)
    sheet = queries.sheet_of(found)
    check_version(found.version, version, *_differences(sheet, given))
    for question_id, one in given.items():
        _check(sheet, _question(sheet, question_id), one, question_id)
    erased = _write(found, sheet, given)
    _note(actor, granted, "assessment.answer", found, questions=sorted(given))
    return [question_id for question_id in erased if question_id in given]


def to_express(actor: Actor, granted: Granted, assessment_id: UUID) -> Assessment:
    """Stop after the six questions (an interpreter is needed, time is short); what was answered beyond them is kept."""
    found = queries.loaded(actor, granted, assessment_id, lock=True)
    found.mode = Mode.EXPRESS
    db.session.flush()
    _note(actor, granted, "assessment.shorten", found)
    return found


def discard(actor: Actor, granted: Granted, assessment_id: UUID) -> None:
    """Throw away an assessment that is not finished, with its answers."""
    found = queries.loaded(actor, granted, assessment_id, lock=True)
    _note(actor, granted, "assessment.discard", found)
    db.session.delete(found)
    db.session.flush()


def _question(sheet: Sheet, question_id: str) -> Question:
    if question_id not in sheet.instrument.modes[sheet.mode.value].questions:
        raise NotFound
    return sheet.instrument.by_id[question_id]


def _check(sheet: Sheet, question: Question, given: Answer, field: str) -> None:
    known = engine.accepted_codes(sheet.instrument, question) - {queries.NOT_ASKED}
    if given.code not in known:
        raise DomainError(_("Choisissez une réponse de la liste."), field)


def _write(found: Assessment, sheet: Sheet, given: Mapping[str, Answer]) -> list[str]:
    """Answers that the new ones make useless are erased, so that they are deduced again (assessment.md § 8)."""
    merged = {**sheet.answers, **{question_id: one.code for question_id, one in given.items()}}
    kept = engine.erase_skipped(sheet.instrument, sheet.mode.value, merged)
    erased = [question_id for question_id in merged if question_id not in kept]
    _erase(found, erased)
    rows = {row.question: row for row in _rows(found, kept.keys() & given.keys())}
    for question_id in kept.keys() & given.keys():
        _put(found, sheet.instrument.by_id[question_id], rows.get(question_id), given[question_id])
    # The version rises with the answers, which live in their own table.
    flag_modified(found, "started_at")
    db.session.flush()
    return erased


def _rows(found: Assessment, questions: Iterable[str]) -> list[AssessmentAnswer]:
    mine = (AssessmentAnswer.assessment_id == found.id, AssessmentAnswer.question.in_(questions))
    return list(db.session.scalars(select(AssessmentAnswer).where(*mine)))


def _put(found: Assessment, question: Question, row: AssessmentAnswer | None, given: Answer) -> None:
    if row is None:
        row = AssessmentAnswer(assessment_id=found.id, question=question.id)
        db.session.add(row)
    if row.code != given.code or row.seconds is None:
        row.seconds = _believable(given.seconds)
    row.code, row.answered_at = given.code, clock.now()
    row.observed = given.observed and bool(question.proofs) and given.code in question.by_code


def _believable(seconds: int | None) -> int | None:
    """Nobody stays half an hour on one question: they were away."""
    return seconds if seconds is not None and 0 <= seconds <= MOST_SECONDS else None


def _erase(found: Assessment, questions: list[str]) -> None:
    mine = (AssessmentAnswer.assessment_id == found.id, AssessmentAnswer.question.in_(questions))
    db.session.execute(delete(AssessmentAnswer).where(*mine))


def _differences(sheet: Sheet, given: Mapping[str, Answer]) -> list[Difference]:
    known = sheet.instrument.by_id
    texts = ((known[name], one.code, sheet.answers.get(name, "")) for name, one in given.items() if name in known)
    return [
        Difference(question.text, queries.answer_label(question, mine), queries.answer_label(question, theirs))
        for question, mine, theirs in texts
        if theirs
    ]


def _note(actor: Actor, granted: Granted, action: str, found: Assessment, **codes: str | bool | list[str]) -> None:
    journal.note(actor, action, "assessment", found.id, person_id=granted.person_id, grant=granted.source, **codes)
