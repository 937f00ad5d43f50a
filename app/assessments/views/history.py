"""What the history of a person says of their assessments and of their plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from flask import url_for

from app.assessments import queries
from app.assessments.enums import Mode, PlanState
from app.assessments.queries import history as kept
from app.kernel import formats
from app.kernel.grants import Granted
from app.kernel.i18n import gettext as _
from app.kernel.i18n import lazy_gettext
from app.kernel.timeline import Entry, Source, Told


def _done(granted: Granted, entry: Entry, names: Mapping[UUID, str]) -> Told:
    mode, profile, corrected = entry.codes
    title = _("Évaluation %(mode)s de la distance au numérique", mode=str(Mode(mode).label))
    title = _("%(assessment)s (corrigée)", assessment=title) if corrected else title
    return Told(title, queries.profile_phrase(profile), url=url_for("assessments.result", assessment_id=entry.id))


def _decided(granted: Granted, entry: Entry, names: Mapping[UUID, str]) -> Told:
    code, state, until, version = entry.codes
    action = queries.instrument_of(version).action[code].label
    words = str(PlanState(state).label)
    if until:
        words = _("%(state)s, à revoir le %(day)s", state=words, day=formats.day(date.fromisoformat(until)))
    return Told(_("Plan : %(action)s", action=action), words)


history = Source(kept.KIND, lazy_gettext("Évaluations"), "list", kept.lines, _done)
plan_history = Source(kept.PLAN, lazy_gettext("Plan"), "check", kept.plan_lines, _decided)
