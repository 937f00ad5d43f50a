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


class FlowOrder(Labelled):
    """How the table of directions is sorted; the code is in the address."""

    SENT = "envoyees", _("Les plus fréquentes")
    SILENT = "silences", _("Le plus sans réponse")
    SENDER = "de", _("Par structure qui oriente")
    RECIPIENT = "vers", _("Par structure qui reçoit")
