"""When to ask again: three months after a complete assessment, unless the plan says another day (assessment.md § 10)."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased

from app.assessments import policy
from app.assessments.enums import AssessmentState, Mode, PlanState
from app.assessments.models import Assessment, AssessmentAnswer, PlanAction
from app.kernel import clock, due, grants
from app.kernel.access import Actor
from app.kernel.constants import same
from app.kernel.db import db
from app.kernel.due import Branch
from app.kernel.grants import Granted, Section
from app.kernel.statements import built
from app.people import policy as people_policy

FOLLOW_UP = "ACT_SUIVI"
MONTHS = 3
MOST = 20


@dataclass(frozen=True)
class Again:
    """A complete assessment whose plan says to meet again, and the day. `chosen` when somebody set it."""

    person_id: UUID | None
    assessment_id: UUID
    due: date
    chosen: bool


def months_after(day: date, months: int = MONTHS) -> date:
    """The same day some months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def due_again(actor: Actor, today: date) -> tuple[Branch, ...]:
    """The people whom our advisers should assess again about today or before (`again` says), the longest assessed first.

    `at`: when they were assessed; `day`: the one that the plan says.
    """
    if Mode.FULL not in policy.modes(actor):
        return ()
    # Wide enough for every time zone and month length; the exact day is counted row by row.
    finished = datetime.combine(months_after(today, -MONTHS) + timedelta(days=3), time(), UTC)
    by_default = and_(PlanAction.state == PlanState.PROPOSED, Assessment.finished_at < finished)
    who: dict[str, Any] = {"person": Assessment.person_id, "at": Assessment.finished_at}
    found = due.row(Assessment.id, day=PlanAction.postponed_to, **who)
    query = _awaited(actor, found).where(or_(PlanAction.postponed_to <= today, by_default))
    return (Branch(query, Section.PLAN, (Assessment.finished_at,), 2 * MOST),)


def again(row: due.Row, timezone: str) -> Again:
    """What a row of `due_again` says."""
    return _again((row.person_id, row.id, row.at, row.day), timezone)


def next_time(actor: Actor, granted: Granted, timezone: str) -> Again | None:
    """When this person should be assessed again, for whoever asks complete assessments; None when nothing says so."""
    if Mode.FULL not in policy.modes(actor) or not granted.opens(Section.PLAN):
        return None
    row = db.session.execute(_awaited_of(actor), granted.named).first()
    return _again(row, timezone) if row else None


@built
def _awaited_of(actor: Actor) -> Any:
    columns = (Assessment.person_id, Assessment.id, Assessment.finished_at, PlanAction.postponed_to)
    return _awaited(actor, select(*columns)).where(Assessment.person_id == grants.SOMEBODY)


def needs_interpreter(actor: Actor, granted: Granted) -> bool:
    """Somebody of the team, whose answers the actor may read, noted that an interpreter is needed."""
    asked = or_(policy.readable(actor, granted), policy.answerable(actor, granted))
    noted = (AssessmentAnswer.question == "L1", AssessmentAnswer.code == "interprete")
    query = select(Assessment.id).join(AssessmentAnswer, AssessmentAnswer.assessment_id == Assessment.id)
    query = query.where(asked, people_policy.written_by_us(actor, Assessment), ~policy.is_corrected(), *noted)
    return db.session.scalars(query.limit(1)).first() is not None


# Made once: an alias takes longer to make than the query it serves takes to run.
_Newer = aliased(Assessment)


def _awaited(actor: Actor, query: Any) -> Any:
    """Our complete assessments that no later one replaces, whose plan still says to meet again."""
    theirs = (_Newer.person_id == Assessment.person_id, _Newer.structure_id == Assessment.structure_id)
    done = (_Newer.state == AssessmentState.DONE, _Newer.mode == Mode.FULL)
    later = (*done, _Newer.finished_at > Assessment.finished_at)
    return (
        query.join(PlanAction, and_(PlanAction.assessment_id == Assessment.id, PlanAction.code == FOLLOW_UP))
        .where(same(Assessment.state, AssessmentState.DONE), same(Assessment.mode, Mode.FULL))
        .where(PlanAction.state.in_((PlanState.PROPOSED, PlanState.POSTPONED)))
        .where(people_policy.written_by_us(actor, Assessment), ~exists().where(*theirs, *later))
    )


def _again(row: Any, timezone: str) -> Again:
    person_id, assessment_id, finished, chosen = row
    day = chosen or months_after(clock.local(finished, timezone).date())
    return Again(person_id, assessment_id, day, chosen is not None)
