"""The plan of an assessment: what it proposes, what became of it, and what is to be talked about again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import aliased

from app.assessments import engine, policy
from app.assessments.enums import AssessmentState, Mode, PlanLevel, PlanState
from app.assessments.models import Assessment, PlanAction, PlanEvent
from app.assessments.queries import wording
from app.assessments.queries.explain import facts_of, held
from app.assessments.queries.over_time import FOLLOW_UP
from app.kernel import due
from app.kernel.access import Actor
from app.kernel.constants import same
from app.kernel.db import db
from app.kernel.due import Branch
from app.kernel.errors import NotFound
from app.kernel.grants import Granted, Section
from app.kernel.statements import built
from app.people import policy as people_policy

MOST_DUE = 20


@dataclass(frozen=True)
class RuleLine:
    """A rule of the instrument and what made it apply."""

    id: str
    because: tuple[str, ...]


@dataclass(frozen=True)
class HistoryLine:
    """One decision about an action: when, by whom, from which state to which."""

    at: datetime
    by: str
    before: PlanState
    after: PlanState
    postponed_to: date | None


@dataclass(frozen=True)
class ActionLine:
    """One action of the plan. `rules`, `waits` and `history` are empty for whoever may not read raw answers."""

    assessment_id: UUID
    code: str
    label: str
    description: str
    sentence: str
    partner_codes: tuple[str, ...]
    partners: tuple[str, ...]
    preconditions: tuple[str, ...]
    level: PlanLevel
    state: PlanState
    decided_at: datetime | None
    postponed_to: date | None
    version: int
    rules: tuple[RuleLine, ...]
    waits: str
    history: tuple[HistoryLine, ...] = ()

    @property
    def is_open(self) -> bool:
        """Still to be done, now or at its date."""
        return self.state in {PlanState.PROPOSED, PlanState.POSTPONED}


@dataclass(frozen=True)
class DueAction:
    """An action of a plan whose date has come."""

    person_id: UUID | None
    assessment_id: UUID
    code: str
    label: str
    postponed_to: date


def next_action(actor: Actor, granted: Granted) -> ActionLine | None:
    """The plan's next open action, for whoever reads the plan: all that the desk sees of it."""
    return next(iter(open_actions(actor, granted)), None)


def open_actions(actor: Actor, granted: Granted) -> list[ActionLine]:
    """What remains to be done of the latest plan open to the actor (its first action for the desk)."""
    found = db.session.execute(_latest_plan(actor, granted.anyone), granted.named).first()
    if found is None:
        return []
    remaining = [line for line in _bare_plan(found.id, found.instrument_version) if line.is_open]
    remaining.sort(key=lambda line: line.postponed_to or date.min)
    return remaining if policy.sees_whole_plan(actor) else remaining[:1]


@built
def _latest_plan(actor: Actor, anyone: Granted) -> Select[UUID, str]:
    query = select(Assessment.id, Assessment.instrument_version)
    query = query.where(policy.plan_readable(actor, anyone), ~policy.is_corrected())
    return query.order_by(Assessment.finished_at.desc(), Assessment.id.desc()).limit(1)


def action(actor: Actor, granted: Granted, assessment_id: UUID, code: str) -> ActionLine:
    """One action about which the actor may decide: any of a result they read, else only the next one. NotFound otherwise."""
    query = select(Assessment).where(Assessment.id == assessment_id, policy.plan_readable(actor, granted))
    found = db.session.scalars(query).first()
    if found is None or not policy.can_decide(actor, granted, found):
        raise NotFound
    reads = policy.can_read(actor, granted, found, found.secret)
    seen = _bare_plan(found.id, found.instrument_version) if reads else open_actions(actor, granted)
    wanted = next((line for line in seen if (line.assessment_id, line.code) == (assessment_id, code)), None)
    if wanted is None:
        raise NotFound
    return wanted


def _bare_plan(assessment_id: UUID, version: str) -> list[ActionLine]:
    instrument = wording.instrument_of(version)
    return [_action(instrument, row, (), "") for row in _plan_rows(assessment_id)]


def due_actions(actor: Actor, today: date) -> tuple[Branch, ...]:
    """Actions of our latest plans postponed to today or before, of people whose plan the actor reads; oldest first."""
    if not policy.sees_whole_plan(actor):
        return ()
    codes = (PlanAction.code, Assessment.instrument_version)
    query = (
        due.row(Assessment.id, person=Assessment.person_id, day=PlanAction.postponed_to, codes=codes)
        .join(PlanAction, PlanAction.assessment_id == Assessment.id)
        .where(same(PlanAction.state, PlanState.POSTPONED), PlanAction.postponed_to <= today)
        # A complete assessment to be made again has a line of its own (queries/over_time.py).
        .where(or_(PlanAction.code != FOLLOW_UP, Assessment.mode != Mode.FULL))
        .where(people_policy.written_by_us(actor, Assessment), ~_replaced(actor))
    )
    return (Branch(query, Section.PLAN, (PlanAction.postponed_to, PlanAction.id), MOST_DUE),)


# Made once: an alias takes longer to make than the query it serves takes to run.
_Newer = aliased(Assessment)


def _replaced(actor: Actor) -> Any:
    done = (_Newer.state == AssessmentState.DONE, _Newer.structure_id == actor.structure_id)
    later = (_Newer.person_id == Assessment.person_id, _Newer.finished_at > Assessment.finished_at)
    return exists().where(*done, *later)


def due_action(row: due.Row) -> DueAction:
    """What a row of `due_actions` says."""
    code, version = row.codes
    label = wording.instrument_of(version).action[code].label
    return DueAction(row.person_id, row.id, code, label, row.day or date.max)


def _plan_rows(assessment_id: UUID) -> list[PlanAction]:
    query = select(PlanAction).where(PlanAction.assessment_id == assessment_id).order_by(PlanAction.rank)
    return list(db.session.scalars(query))


def events_of(assessment_id: UUID) -> list[PlanEvent]:
    """Every decision about a plan, in order."""
    query = select(PlanEvent).join(PlanAction, PlanAction.id == PlanEvent.plan_action_id)
    query = query.where(PlanAction.assessment_id == assessment_id).order_by(PlanEvent.at, PlanEvent.id)
    return list(db.session.scalars(query))


def plan_of(
    granted: Granted,
    found: Assessment,
    answers: Mapping[str, str] | None,
    history: Mapping[UUID, tuple[HistoryLine, ...]],
) -> tuple[ActionLine, ...]:
    """The team that asked reads its plan with the rules; others, what they were granted, without them."""
    if answers is None and not granted.opens(Section.PLAN):
        return ()
    if answers is None:
        return tuple(_bare_plan(found.id, found.instrument_version))
    instrument, rows = wording.instrument_of(found.instrument_version), _plan_rows(found.id)
    facts = facts_of(instrument, answers, found.result or {})
    because = {rule.id: RuleLine(rule.id, held(instrument, rule.when, facts)) for rule in instrument.rules}
    return tuple(
        replace(
            _action(instrument, row, tuple(because[rule] for rule in row.rules), _wait(found, row)),
            history=history.get(row.id, ()),
        )
        for row in rows
    )


def _wait(found: Assessment, row: PlanAction) -> str:
    said = (found.result or {}).get("attentes", {}).get(row.code, "")
    return wording.deferral_reason(said, found.instrument_version)


def _action(instrument: engine.Instrument, row: PlanAction, rules: tuple[RuleLine, ...], waits: str) -> ActionLine:
    action = instrument.action[row.code]
    partners = {partner.code: partner.label for partner in instrument.partner_types}
    return ActionLine(
        row.assessment_id,
        row.code,
        action.label,
        action.description,
        str(wording.ACTION_SENTENCES[row.code]),
        action.partners,
        tuple(partners[code] for code in action.partners),
        action.preconditions,
        row.level,
        row.state,
        row.decided_at,
        row.postponed_to,
        row.version,
        rules,
        waits,
    )
