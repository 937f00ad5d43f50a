"""Closed vocabularies of assessments."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.i18n import lazy_gettext as _
from app.kernel.labels import Labelled


class Mode(Labelled):
    """Stored values of the instrument."""

    FULL = "complet", _("complète")
    EXPRESS = "express", _("express")


class AssessmentState(StrEnum):
    IN_PROGRESS = "in_progress"
    DONE = "done"


class PlanLevel(Labelled):
    """The three levels of the plan (stored values of the engine's result)."""

    NOW = "maintenant", _("Maintenant")
    NEXT = "ensuite", _("Ensuite")
    LATER = "plus_tard", _("Plus tard")


class PlanState(Labelled):
    PROPOSED = "proposed", _("À faire")
    DONE = "done", _("Fait")
    REFUSED = "refused", _("Refusé par la personne")
    POSTPONED = "postponed", _("Remis à plus tard")
