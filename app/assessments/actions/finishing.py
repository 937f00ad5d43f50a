"""Finishing, and what is decided afterwards beside what was computed, which never changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.assessments import engine, policy, queries
from app.assessments.engine import Result
from app.assessments.enums import AssessmentState, PlanLevel, PlanState
from app.assessments.models import Assessment, PlanAction, PlanEvent
from app.kernel import clock, ids, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import DomainError, NotFound, check_version
from app.kernel.grants import Granted
from app.kernel.i18n import lazy_gettext as _
from app.needs.enums import Priority

KEPT_REASONS = frozenset(queries.REASONS)


@dataclass(frozen=True)
class Kept:
    """The profile that the adviser keeps, and why."""

    profile: str
    reason: str = ""


@dataclass(frozen=True)
class Decision:
    """What becomes of an action. `until` only when postponed."""

    state: PlanState
    until: date | None = None


def finish(actor: Actor, granted: Granted, assessment_id: UUID) -> Assessment:
    """Score what was answered and close the assessment for ever. DomainError when nothing was answered at all."""
    found = queries.loaded(actor, granted, assessment_id, lock=True)
    sheet = queries.sheet_of(found)
    if not sheet.answers:
        raise DomainError(_("Aucune question n’a de réponse. « Ne souhaite pas répondre » en est une."))
    scored = engine.score(sheet.instrument, found.mode.value, sheet.answers)
    _store(found, scored)
    db.session.flush()
    db.session.add_all(_plan(found, scored))
    db.session.flush()
    codes: dict[str, str | int] = {"mode": found.mode.value, "answered": len(sheet.answers)}
    journal.note(
        actor, "assessment.finish", "assessment", found.id, person_id=granted.person_id, grant=granted.source, **codes
    )
    return found


def _store(found: Assessment, scored: Result) -> None:
    found.state, found.finished_at = AssessmentState.DONE, clock.now()
    found.engine_version = engine.ENGINE_VERSION
    found.profile, found.priority = scored.profile, Priority(scored.priority)
    found.index_value, found.band, found.reliability = scored.index, scored.band, scored.reliability
    found.result = {**scored.to_document(), "attentes": dict(scored.plan.waits)}


def _plan(found: Assessment, scored: Result) -> list[PlanAction]:
    plan = scored.plan
    levels = ((PlanLevel.NOW, plan.now), (PlanLevel.NEXT, plan.next), (PlanLevel.LATER, plan.later))
    proposed = [(level, code) for level, codes in levels for code in codes]
    return [
        PlanAction(
            id=ids.new_id(), assessment_id=found.id, code=code, level=level, rank=rank, rules=list(plan.rules[code])
        )
        for rank, (level, code) in enumerate(proposed, 1)
    ]


def keep_profile(
    actor: Actor, granted: Granted, assessment_id: UUID, kept: Kept, version: int | None = None
) -> Assessment:
    """Keep another profile than the computed one, which stays beside it; choosing the computed one takes it back.

    NotFound when the actor may not; DomainError on `profile` or `reason` for an unknown code; Stale on an old version.
    """
    found = _locked(granted, assessment_id)
    if not policy.can_keep_profile(actor, granted, found):
        raise NotFound
    _still_counts(found)
    check_version(found.version, version)
    if kept.profile not in engine.load_instrument(found.instrument_version).profile:
        raise DomainError(_("Choisissez un profil de la liste."), "profile")
    if kept.profile == found.profile:
        _override(found, None, None, None)
    elif kept.reason not in KEPT_REASONS:
        raise DomainError(_("Dites pourquoi vous retenez un autre profil."), "reason")
    else:
        _override(found, kept.profile, kept.reason, actor.user_id)
    db.session.flush()
    codes = {"kept": found.kept_profile is not None}
    journal.note(
        actor, "assessment.profile", "assessment", found.id, person_id=granted.person_id, grant=granted.source, **codes
    )
    return found


def _override(found: Assessment, profile: str | None, reason: str | None, author_id: UUID | None) -> None:
    found.kept_profile, found.override_reason, found.overridden_by = profile, reason, author_id
    found.overridden_at = clock.now() if profile else None


def decide(  # noqa: PLR0913
    actor: Actor, granted: Granted, assessment_id: UUID, code: str, decision: Decision, today: date, version: int | None
) -> PlanAction:
    """Say that an action is done, refused by the person, postponed to a date, or to be done after all.

    NotFound when the actor may not; DomainError on `until` for a date that is absent or past; Stale on an old version.
    """
    found = _locked(granted, assessment_id)
    queries.action(actor, granted, assessment_id, code)
    _still_counts(found)
    mine = (PlanAction.assessment_id == assessment_id, PlanAction.code == code)
    action = db.session.scalars(select(PlanAction).where(*mine).execution_options(populate_existing=True)).one()
    check_version(action.version, version)
    before = action.state, action.postponed_to
    _decide(action, decision, today)
    if before != (action.state, action.postponed_to):
        _remember(actor, action, before[0])
    db.session.flush()
    journal.note(
        actor,
        "assessment.plan",
        "plan_action",
        action.id,
        person_id=granted.person_id,
        grant=granted.source,
        state=decision.state.value,
    )
    return action


def _decide(action: PlanAction, decision: Decision, today: date) -> None:
    postponed = decision.state is PlanState.POSTPONED
    if postponed and decision.until is None:
        raise DomainError(_("Indiquez la date où en reparler."), "until")
    if postponed and decision.until is not None and decision.until <= today:
        raise DomainError(_("Cette date est passée : choisissez un jour à venir."), "until")
    action.state = decision.state
    action.postponed_to = decision.until if postponed else None
    action.decided_at = None if decision.state is PlanState.PROPOSED else clock.now()


def _remember(actor: Actor, action: PlanAction, before: PlanState) -> None:
    moved = {"from_state": before, "to_state": action.state, "postponed_to": action.postponed_to}
    db.session.add(PlanEvent(id=ids.new_id(), plan_action_id=action.id, at=clock.now(), user_id=actor.user_id, **moved))


def _still_counts(found: Assessment) -> None:
    if queries.is_corrected(found.id):
        raise queries.Corrected


def _locked(granted: Granted, assessment_id: UUID) -> Assessment:
    mine = (Assessment.id == assessment_id, Assessment.person_id == granted.person_id)
    query = select(Assessment).where(*mine).with_for_update().execution_options(populate_existing=True)
    found = db.session.scalars(query).first()
    if found is None:
        raise NotFound
    return found
