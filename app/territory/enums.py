"""Closed vocabularies of the territory."""

from __future__ import annotations

from app.kernel.i18n import lazy_gettext as _
from app.kernel.labels import Labelled


class TerritoryKind(Labelled):
    """What a network's territory is made of."""

    EPCI = "epci", _("Une intercommunalité")
    DEPARTEMENT = "departement", _("Un département")
    COMMUNES = "communes", _("Une liste de communes")
