"""Finished assessments: frozen views that hold only what is granted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from app.accounts import queries as account_queries
from app.assessments import engine, policy
from app.assessments.enums import AssessmentState, Mode, PlanLevel
from app.assessments.models import Assessment, AssessmentAnswer, PlanEvent
from app.assessments.queries import wording
from app.assessments.queries.plan import ActionLine, HistoryLine, events_of, plan_of
from app.kernel import journal
from app.kernel.access import ADVISING, Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.grants import Granted
from app.kernel.statements import built
from app.needs.enums import Priority
from app.network import queries as network_queries


@dataclass(frozen=True)
class AssessmentLine:
    """A finished assessment in a list. `profile` is the one kept, if any; `structure_name` is empty when it is ours.

    `corrected`: a later assessment corrects this one, which no longer counts.
    """

    id: UUID
    mode: Mode
    at: datetime
    profile: str
    profile_label: str
    priority: Priority
    structure_name: str
    can_complete: bool
    corrected: bool


@dataclass(frozen=True)
class DimensionLine:
    """One dimension; `score` 0–100, None when unknown."""

    code: str
    label: str
    score: int | None
    words: str


@dataclass(frozen=True)
class Explained:
    """What rests on raw answers: shown to the team that asked, never shared."""

    why: tuple[tuple[str, bool], ...]
    strengths: tuple[str, ...]
    strengths_for_person: tuple[str, ...]
    alerts: tuple[str, ...]
    missing: int
    index: int | None
    band_label: str
    computed_profile_label: str
    override_reason: str
    override_author: str
    overridden_at: datetime | None


@dataclass(frozen=True)
class ResultView(AssessmentLine):
    """The page of a result. `plan` is empty unless granted; `explained` is None for another structure.

    `corrected_by`: the assessment that corrects this one, for whom it is open; `correction_label`: why this one was
    corrected or, when it `corrects` another, why it was made.
    """

    person_id: UUID
    author_id: UUID
    structure_id: UUID
    team_id: UUID | None
    state: AssessmentState
    version: int
    instrument_version: str
    corrected_by: UUID | None
    correction_label: str
    corrects: UUID | None
    author_name: str
    phrase: str
    computed_profile: str
    provisional_label: str
    causes: tuple[str, ...]
    secondaries: tuple[str, ...]
    reliability: str
    reliability_label: str
    urgency_unknown: bool
    dimensions: tuple[DimensionLine, ...]
    plan: tuple[ActionLine, ...]
    explained: Explained | None

    def at_level(self, level: PlanLevel) -> list[ActionLine]:
        """The actions of one level, in order."""
        return [action for action in self.plan if action.level is level]


def latest(actor: Actor, granted: Granted) -> AssessmentLine | None:
    """The last finished assessment whose profile is open to the actor, and that no other corrects."""
    return next((line for line in of_person(actor, granted) if not line.corrected), None)


def of_person(actor: Actor, granted: Granted) -> list[AssessmentLine]:
    """The finished assessments of a person whose profile is open to the actor, the latest first."""
    return lines_of(actor, granted, rows_of(actor, granted))


def rows_of(actor: Actor, granted: Granted) -> Sequence[Any]:
    """(assessment, what corrects it, why) of the same ones."""
    return db.session.execute(_rows_of(actor, granted.anyone), granted.named).all()


@built
def _rows_of(actor: Actor, anyone: Granted) -> Any:
    query = _with_correction().where(policy.readable(actor, anyone))
    return query.order_by(Assessment.finished_at.desc(), Assessment.id.desc())


def lines_of(actor: Actor, granted: Granted, found: Sequence[Any]) -> list[AssessmentLine]:
    """The same rows, as they are listed."""
    names = _names(actor, [one for one, _by, _reason in found])
    return [AssessmentLine(**_line(actor, granted, one, names, by)) for one, by, _reason in found]


# Made once: an alias takes longer to make than the query it serves takes to run.
_Newer = aliased(Assessment)


def _with_correction() -> Any:
    """Each assessment with the finished one that corrects it, if any, and why."""
    corrects = (_Newer.supersedes_id == Assessment.id, _Newer.correction_reason.is_not(None))
    done = _Newer.state == AssessmentState.DONE
    query = select(Assessment, _Newer.id, _Newer.correction_reason)
    return query.outerjoin(_Newer, and_(*corrects, done))


def result(actor: Actor, granted: Granted, assessment_id: UUID) -> ResultView:
    """One result, journalled as read. NotFound when it is not open to the actor."""
    query = _with_correction().where(Assessment.id == assessment_id, policy.readable(actor, granted))
    row = db.session.execute(query).first()
    if row is None or row[0].result is None:
        raise NotFound
    found, corrected_by, reason = row
    journal.read_person(actor, granted, "assessment")
    answers = _answers(found) if policy.reads_answers(actor, granted, found) else None
    events = events_of(found.id) if answers is not None else []
    named = {found.author_id, found.overridden_by, *(event.user_id for event in events)}
    names = account_queries.display_names({one for one in named if one})
    follows = answers is not None and actor.role in ADVISING
    return ResultView(
        **_line(actor, granted, found, _names(actor, [found]), corrected_by),
        **_head(found, names if answers is not None else {}),
        corrected_by=corrected_by if follows else None,
        correction_label=wording.correction_label(reason or found.correction_reason),
        corrects=found.supersedes_id if follows and found.correction_reason else None,
        plan=plan_of(granted, found, answers, _history(events, names)),
        explained=None if answers is None else _explained(found, answers, names),
    )


def _history(events: list[PlanEvent], names: Mapping[UUID, str]) -> dict[UUID, tuple[HistoryLine, ...]]:
    lines: dict[UUID, tuple[HistoryLine, ...]] = {}
    for one in events:
        told = HistoryLine(one.at, names.get(one.user_id, ""), one.from_state, one.to_state, one.postponed_to)
        lines[one.plan_action_id] = (*lines.get(one.plan_action_id, ()), told)
    return lines


def _line(
    actor: Actor, granted: Granted, found: Assessment, names: Mapping[UUID, str], corrected_by: UUID | None
) -> dict[str, Any]:
    profile = found.kept_profile or found.profile or ""
    return {
        "id": found.id,
        "mode": found.mode,
        "at": found.finished_at,
        "profile": profile,
        "profile_label": wording.profile_label(profile, found.instrument_version),
        "priority": found.priority,
        "structure_name": names.get(found.structure_id, ""),
        "can_complete": corrected_by is None and policy.can_complete(actor, granted, found),
        "corrected": corrected_by is not None,
    }


def _head(found: Assessment, names: Mapping[UUID, str]) -> dict[str, Any]:
    version, computed = found.instrument_version, found.result or {}
    profile = found.kept_profile or found.profile or ""
    causes = computed["sous_causes_toutes"].get(profile, [])
    others = [code for code in (found.profile, *computed["secondaires"]) if code and code != profile]
    return {
        "person_id": found.person_id,
        "author_id": found.author_id,
        "structure_id": found.structure_id,
        "team_id": found.team_id,
        "state": found.state,
        "version": found.version,
        "instrument_version": version,
        "author_name": names.get(found.author_id, ""),
        "phrase": wording.profile_phrase(profile, version),
        "computed_profile": found.profile or "",
        "provisional_label": wording.profile_label(computed["profil_provisoire"], version),
        "causes": tuple(wording.cause_label(code, version) for code in causes),
        "secondaries": tuple(wording.profile_label(code, version) for code in others),
        "reliability": found.reliability or "",
        "reliability_label": wording.reliability_label(found.reliability),
        "urgency_unknown": bool(computed["urgence_non_evaluee"]),
        "dimensions": _dimensions(version, computed["dimensions"]),
    }


def _dimensions(version: str, scores: Mapping[str, int | None]) -> tuple[DimensionLine, ...]:
    known = wording.instrument_of(version).dimensions
    lines = ((one.id, one.label, scores.get(one.id)) for one in known)
    return tuple(DimensionLine(code, label, score, wording.level_words(score)) for code, label, score in lines)


def _explained(found: Assessment, answers: Mapping[str, str], names: Mapping[UUID, str]) -> Explained:
    instrument, computed = wording.instrument_of(found.instrument_version), found.result or {}
    strong = [code for code in computed["points_appui"] if code in answers]
    alerts = {alert.code: alert.label for alert in instrument.alerts}
    return Explained(
        why=tuple((item["texte"], item["deduite"]) for item in computed["pourquoi"]),
        strengths=tuple(_told(instrument, code, answers[code]) for code in strong),
        strengths_for_person=tuple(str(wording.STRENGTHS[code]) for code in strong),
        alerts=tuple(alerts[code] for code in computed["alertes"]),
        missing=len(computed["reponses_absentes"]),
        index=found.index_value,
        band_label=wording.band_label(found.band, found.instrument_version),
        computed_profile_label=wording.profile_label(found.profile, found.instrument_version),
        override_reason=wording.reason_label(found.override_reason),
        override_author=names.get(found.overridden_by, "") if found.overridden_by else "",
        overridden_at=found.overridden_at,
    )


def _told(instrument: engine.Instrument, question_id: str, code: str) -> str:
    question = instrument.by_id[question_id]
    return f"{question.text} → {wording.answer_label(question, code)}"


def is_corrected(assessment_id: UUID) -> bool:
    """A finished assessment corrects this one."""
    found = db.session.execute(_with_correction().where(Assessment.id == assessment_id)).first()
    return found is not None and found[1] is not None


def is_replaced(found: Assessment) -> bool:
    """The structure that asked has finished a later assessment of the person."""
    mine = (Assessment.person_id == found.person_id, Assessment.structure_id == found.structure_id)
    later = (Assessment.state == AssessmentState.DONE, Assessment.finished_at > found.finished_at)
    return db.session.scalars(select(Assessment.id).where(*mine, *later).limit(1)).first() is not None


def _answers(found: Assessment) -> dict[str, str]:
    """Explicit answers and those deduced at the time of the result."""
    query = select(AssessmentAnswer.question, AssessmentAnswer.code).where(AssessmentAnswer.assessment_id == found.id)
    given = {row.question: row.code for row in db.session.execute(query)}
    return {**given, **(found.result or {})["reponses_deduites"]}


def _names(actor: Actor, found: Any) -> dict[UUID, str]:
    return network_queries.names(actor, {one.structure_id for one in found} - {actor.structure_id})
