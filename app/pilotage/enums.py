"""Closed vocabularies of the coordinator's screens."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.i18n import lazy_gettext as _


class Layer(StrEnum):
    """What the coordinator's map shows."""

    FLOWS = "flux"
    PEOPLE = "personnes"
    NEEDS = "besoins"
    WAITING = "attente"

    @property
    def label(self) -> str:
        return _LAYERS[self]


_LAYERS = {
    Layer.FLOWS: _("Qui oriente vers qui"),
    Layer.PEOPLE: _("Personnes accompagnées, par commune"),
    Layer.NEEDS: _("Demandes restées sans solution, par commune"),
    Layer.WAITING: _("Orientations qui attendent une réponse"),
}
