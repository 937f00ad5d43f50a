"""Closed vocabularies of the coordinator's screens."""

from __future__ import annotations

from app.kernel.i18n import lazy_gettext as _
from app.kernel.labels import Labelled


class Layer(Labelled):
    """What the coordinator's map shows."""

    FLOWS = "flux", _("Qui oriente vers qui")
    PEOPLE = "personnes", _("Personnes accompagnées, par commune")
    NEEDS = "besoins", _("Demandes restées sans solution, par commune")
    WAITING = "attente", _("Orientations qui attendent une réponse")
