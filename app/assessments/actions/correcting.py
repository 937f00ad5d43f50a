"""Correcting a finished assessment: it never changes; a new one, with a reason, takes its place once finished."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from app.assessments import policy, queries
from app.assessments.actions.answering import begin
from app.assessments.enums import AssessmentState
from app.assessments.models import Assessment
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError, NotFound
from app.kernel.grants import Granted
from app.kernel.i18n import lazy_gettext as _
from app.people.models import Person


def correct(actor: Actor, granted: Granted, assessment_id: UUID, reason: str) -> Assessment:
    """Begin the assessment that corrects this one, with its answers, or go on with the one already begun.

    NotFound when the actor may not; DomainError on `reason` for an unknown code; Corrected when it was done already;
    Conflict when a later assessment counts in its place, or when another one of the same kind is being asked.
    """
    found = db.session.scalars(
        select(Assessment).where(Assessment.id == assessment_id, Assessment.person_id == granted.person_id)
    ).first()
    if found is None or not policy.can_correct(actor, granted, found):
        raise NotFound
    if reason not in queries.CORRECTIONS:
        raise DomainError(_("Dites pourquoi vous corrigez cette évaluation."), "reason")
    # Two tabs that begin together wait here for each other, as when starting.
    db.session.execute(select(Person.id).where(Person.id == granted.person_id).with_for_update())
    if queries.is_corrected(found.id):
        raise queries.Corrected
    if queries.is_replaced(found):
        raise Conflict(_("Une évaluation plus récente la remplace déjà : c’est celle-là qui compte."))
    return _begun(granted, found) or begin(actor, granted, found.mode, found, reason)


def _begun(granted: Granted, found: Assessment) -> Assessment | None:
    """The correction being asked, if any. Whatever else is being asked comes first."""
    mine = (Assessment.person_id == granted.person_id, Assessment.structure_id == found.structure_id)
    asked = (Assessment.state == AssessmentState.IN_PROGRESS,)
    for one in db.session.scalars(select(Assessment).where(*mine, *asked)):
        if one.supersedes_id == found.id and one.correction_reason is not None:
            return one
        if one.mode is found.mode:
            raise Conflict(_("Une évaluation est déjà commencée : terminez-la ou abandonnez-la avant de corriger."))
    return None
