"""Closed vocabularies of the territory."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.i18n import lazy_gettext as _


class TerritoryKind(StrEnum):
    """What a network's territory is made of."""

    EPCI = "epci"
    DEPARTEMENT = "departement"
    COMMUNES = "communes"

    @property
    def label(self) -> str:
        return _KINDS[self]


_KINDS = {
    TerritoryKind.EPCI: _("Une intercommunalité"),
    TerritoryKind.DEPARTEMENT: _("Un département"),
    TerritoryKind.COMMUNES: _("Une liste de communes"),
}
