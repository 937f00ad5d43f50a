"""Closed vocabularies of the network."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.i18n import lazy_gettext as _


class StructureKind(StrEnum):
    """Who a structure is, in the field's everyday words (partner types of the assessment are mapped in `queries`)."""

    LIBRARY = "library"
    CCAS = "ccas"
    FRANCE_SERVICES = "france_services"
    DIGITAL_MEDIATION = "digital_mediation"
    SOCIAL_WORK = "social_work"
    ASSOCIATION = "association"
    OPERATOR = "operator"
    MUNICIPALITY = "municipality"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _KINDS[self]


_KINDS = {
    StructureKind.LIBRARY: _("Bibliothèque, médiathèque"),
    StructureKind.CCAS: _("CCAS ou CIAS"),
    StructureKind.FRANCE_SERVICES: _("France Services"),
    StructureKind.DIGITAL_MEDIATION: _("Médiation numérique"),
    StructureKind.SOCIAL_WORK: _("Travail social"),
    StructureKind.ASSOCIATION: _("Association"),
    StructureKind.OPERATOR: _("Organisme ou opérateur"),
    StructureKind.MUNICIPALITY: _("Mairie, intercommunalité"),
    StructureKind.OTHER: _("Autre"),
}


class LegalBasis(StrEnum):
    """RGPD article 6: legal basis a structure declares."""

    PUBLIC_INTEREST = "mission_interet_public"
    LEGITIMATE_INTEREST = "interet_legitime"

    @property
    def label(self) -> str:
        return _BASES[self]


_BASES = {
    LegalBasis.PUBLIC_INTEREST: _("Mission d’intérêt public"),
    LegalBasis.LEGITIMATE_INTEREST: _("Intérêt légitime"),
}
