"""Closed vocabularies of assessments."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.i18n import lazy_gettext as _


class Mode(StrEnum):
    """Stored values of the instrument."""

    FULL = "complet"
    EXPRESS = "express"

    @property
    def label(self) -> str:
        return _MODES[self]


class AssessmentState(StrEnum):
    IN_PROGRESS = "in_progress"
    DONE = "done"


class PlanLevel(StrEnum):
    """The three levels of the plan (stored values of the engine's result)."""

    NOW = "maintenant"
    NEXT = "ensuite"
    LATER = "plus_tard"

    @property
    def label(self) -> str:
        return _LEVELS[self]


class PlanState(StrEnum):
    PROPOSED = "proposed"
    DONE = "done"
    REFUSED = "refused"
    POSTPONED = "postponed"

    @property
    def label(self) -> str:
        return _PLAN_STATES[self]


_MODES = {Mode.FULL: _("complète"), Mode.EXPRESS: _("express")}
_LEVELS = {PlanLevel.NOW: _("Maintenant"), PlanLevel.NEXT: _("Ensuite"), PlanLevel.LATER: _("Plus tard")}
_PLAN_STATES = {
    PlanState.PROPOSED: _("À faire"),
    PlanState.DONE: _("Fait"),
    PlanState.REFUSED: _("Refusé par la personne"),
    PlanState.POSTPONED: _("Remis à plus tard"),
}
