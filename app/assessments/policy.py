"""Who starts, answers, reads and corrects an assessment. The same functions show the buttons and allow the actions."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists
from sqlalchemy.orm import aliased

from app.assessments.enums import AssessmentState, Mode
from app.assessments.models import Assessment
from app.kernel.access import ADVISING, FRONT, Actor
from app.kernel.grants import Granted, Section
from app.people import policy as people_policy


class Written(Protocol):
    """What the rules look at: who wrote the assessment, how long it is, and whether it is finished."""

    @property
    def author_id(self) -> UUID: ...

    @property
    def structure_id(self) -> UUID: ...

    @property
    def team_id(self) -> UUID | None: ...

    @property
    def mode(self) -> Mode: ...

    @property
    def state(self) -> AssessmentState: ...


def modes(actor: Actor) -> tuple[Mode, ...]:
    """The desk asks the six questions; advisers and managers, all of them too."""
    if actor.role in ADVISING:
        return (Mode.EXPRESS, Mode.FULL)
    return (Mode.EXPRESS,) if actor.role in FRONT else ()


def can_start(actor: Actor, granted: Granted, mode: Mode) -> bool:
    """Whoever follows the person, as far as the role goes."""
    return granted.may_write and mode in modes(actor)


def is_ours(actor: Actor, found: Written) -> bool:
    """Asked by the actor's structure, and by their own team when that team is under secrecy."""
    return found.structure_id == actor.structure_id and found.team_id in (None, actor.team_id)


def can_answer(actor: Actor, granted: Granted, found: Written) -> bool:
    """The team that asks goes on, on any device, until the assessment is finished."""
    return (
        found.state is AssessmentState.IN_PROGRESS and is_ours(actor, found) and can_start(actor, granted, found.mode)
    )


def can_read(actor: Actor, granted: Granted, found: Written, secret: bool) -> bool:
    """Profile, priority and dimensions: our advisers, the desk that asked, and whom the person agreed to show them."""
    if is_ours(actor, found):
        return actor.role in ADVISING or (actor.role in FRONT and found.author_id == actor.user_id)
    theirs = found.structure_id != actor.structure_id
    return theirs and not secret and granted.opens(Section.ASSESSMENT)


def reads_answers(actor: Actor, granted: Granted, found: Written) -> bool:
    """Raw answers stay with the team that asked, whatever was agreed to be shared."""
    return bool(granted) and is_ours(actor, found) and can_read(actor, granted, found, secret=False)


def can_complete(actor: Actor, granted: Granted, found: Written) -> bool:
    """An express assessment is completed later by the team that asked."""
    done = found.state is AssessmentState.DONE and found.mode is Mode.EXPRESS
    return done and reads_answers(actor, granted, found) and can_start(actor, granted, Mode.FULL)


def can_keep_profile(actor: Actor, granted: Granted, found: Written) -> bool:
    """The profile is a proposal: an adviser of the team that asked may keep another one, with a reason."""
    done = found.state is AssessmentState.DONE and actor.role in ADVISING
    return done and granted.may_write and reads_answers(actor, granted, found)


def can_correct(actor: Actor, granted: Granted, found: Written) -> bool:
    """A mistake in a finished assessment is corrected by a new one: an adviser or a manager of the team that asked."""
    return can_keep_profile(actor, granted, found) and can_start(actor, granted, found.mode)


def can_decide(actor: Actor, granted: Granted, found: Written) -> bool:
    """What becomes of the plan is said by the structure that proposed it."""
    done = found.state is AssessmentState.DONE and actor.role in FRONT
    return done and granted.may_write and is_ours(actor, found)


def sees_whole_plan(actor: Actor) -> bool:
    """The desk reads the plan's next action only (domain/access.md)."""
    return actor.role in ADVISING


def readable(actor: Actor, granted: Granted) -> ColumnElement[bool]:
    """SQL of `can_read`, on finished assessments of one person."""
    rows = people_policy.readable(actor, granted, Section.ASSESSMENT, Assessment)
    done = and_(Assessment.person_id == granted.person_id, Assessment.state == AssessmentState.DONE, rows)
    return done if actor.role in ADVISING else and_(done, Assessment.author_id == actor.user_id)


def plan_readable(actor: Actor, granted: Granted) -> ColumnElement[bool]:
    """SQL: the finished assessments of one person whose plan is open to the actor."""
    rows = people_policy.readable(actor, granted, Section.PLAN, Assessment)
    return and_(Assessment.person_id == granted.person_id, Assessment.state == AssessmentState.DONE, rows)


# Made once: an alias takes longer to make than the query it serves takes to run.
_Newer = aliased(Assessment)


def is_corrected() -> ColumnElement[bool]:
    """SQL: a finished assessment corrects this one, which no longer counts."""
    corrects = (_Newer.supersedes_id == Assessment.id, _Newer.correction_reason.is_not(None))
    return exists().where(*corrects, _Newer.state == AssessmentState.DONE)


def answerable(actor: Actor, granted: Granted) -> ColumnElement[bool]:
    """SQL of `can_answer`; nothing for somebody who may not write."""
    allowed = modes(actor) if granted.may_write else ()
    return and_(
        Assessment.person_id == granted.person_id,
        Assessment.state == AssessmentState.IN_PROGRESS,
        Assessment.mode.in_(allowed),
        people_policy.written_by_us(actor, Assessment),
    )
