"""What a person's history says of their assessments and of what was decided about the plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func

from app.assessments import policy
from app.assessments.models import Assessment, PlanAction, PlanEvent
from app.kernel import timeline
from app.kernel.access import Actor
from app.kernel.grants import Granted

KIND, PLAN = "assessment", "plan"


def lines(actor: Actor, granted: Granted, timezone: str) -> Sequence[Select[Any]]:
    """SQL: the finished assessments whose profile is open to the actor."""
    profile = func.coalesce(Assessment.kept_profile, Assessment.profile)
    codes = (Assessment.mode, profile, timeline.flag(policy.is_corrected()))
    who: dict[str, Any] = {"structure": Assessment.structure_id, "author": Assessment.author_id}
    done = timeline.row(KIND, "done", Assessment.id, Assessment.finished_at, timezone, codes=codes, **who)
    return (done.where(policy.readable(actor, granted)),)


def plan_lines(actor: Actor, granted: Granted, timezone: str) -> Sequence[Select[Any]]:
    """SQL: what was decided about the plans that the actor reads whole; the desk reads the next action only."""
    if not policy.sees_whole_plan(actor):
        return ()
    codes = (PlanAction.code, PlanEvent.to_state, PlanEvent.postponed_to, Assessment.instrument_version)
    who: dict[str, Any] = {"structure": Assessment.structure_id, "author": PlanEvent.user_id}
    decided = timeline.row(PLAN, "decided", Assessment.id, PlanEvent.at, timezone, codes=codes, **who)
    joined = decided.join(PlanAction, PlanAction.assessment_id == Assessment.id).join(
        PlanEvent, PlanEvent.plan_action_id == PlanAction.id
    )
    return (joined.where(policy.plan_readable(actor, granted)),)
