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


class ChangeKind(StrEnum):
    """What was done to a place or an offer."""

    ADDED = "added"
    EDITED = "edited"
    CLOSED = "closed"
    REOPENED = "reopened"

    @property
    def label(self) -> str:
        return _CHANGES[self]


_CHANGES = {
    ChangeKind.ADDED: _("Ajout"),
    ChangeKind.EDITED: _("Modification"),
    ChangeKind.CLOSED: _("Fermeture"),
    ChangeKind.REOPENED: _("Réouverture"),
}


class ImportState(StrEnum):
    """Where a file of places is."""

    RECEIVED = "received"
    REFUSED = "refused"
    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    ABANDONED = "abandoned"
    EXPIRED = "expired"

    @property
    def label(self) -> str:
        return _IMPORT_STATES[self]

    @property
    def moving(self) -> bool:
        """The worker has something to do: the page will change by itself."""
        return self in {ImportState.RECEIVED, ImportState.RUNNING}


_IMPORT_STATES = {
    ImportState.RECEIVED: _("En cours de lecture"),
    ImportState.REFUSED: _("Fichier refusé"),
    ImportState.READY: _("À vérifier"),
    ImportState.RUNNING: _("Import en cours"),
    ImportState.DONE: _("Terminé"),
    ImportState.ABANDONED: _("Abandonné"),
    ImportState.EXPIRED: _("Laissé sans suite"),
}


class OfferPublic(StrEnum):
    """Publics of offers, never of persons: the national five, and those of the field (domain/vocabularies.md)."""

    YOUNG = "jeunes"
    STUDENTS = "etudiants"
    FAMILIES = "familles"
    SENIORS = "seniors"
    WOMEN = "femmes"
    ALLOPHONE = "allophones"
    JOB_SEEKERS = "demandeurs_emploi"
    MINIMUM_INCOME = "minima_sociaux"
    ISOLATED = "isolees"
    DISABLED = "handicapees"
    LEAVING_PRISON = "sortants_detention"
    ADDICTION = "addiction"
    PRECARIOUS = "travailleurs_precaires"
    SMALL_FIRMS = "artisans_tpe"
    CIVIL_SERVANTS = "agents_publics"

    @property
    def label(self) -> str:
        return _PUBLICS[self]


_PUBLICS = {
    OfferPublic.YOUNG: _("Jeunes"),
    OfferPublic.STUDENTS: _("Étudiants"),
    OfferPublic.FAMILIES: _("Familles et enfants"),
    OfferPublic.SENIORS: _("Seniors"),
    OfferPublic.WOMEN: _("Femmes"),
    OfferPublic.ALLOPHONE: _("Personnes allophones"),
    OfferPublic.JOB_SEEKERS: _("Demandeurs d’emploi"),
    OfferPublic.MINIMUM_INCOME: _("Bénéficiaires de minima sociaux"),
    OfferPublic.ISOLATED: _("Personnes isolées"),
    OfferPublic.DISABLED: _("Personnes handicapées"),
    OfferPublic.LEAVING_PRISON: _("Sortants de détention"),
    OfferPublic.ADDICTION: _("Personnes en addiction"),
    OfferPublic.PRECARIOUS: _("Travailleurs précaires"),
    OfferPublic.SMALL_FIRMS: _("Artisans et TPE"),
    OfferPublic.CIVIL_SERVANTS: _("Agents publics"),
}


# The columns of the national schema, and the fields of an offer, in the words of the screen.
LABELS = {
    "id": _("Identifiant"),
    "pivot": _("Siret ou RNA"),
    "nom": _("Nom"),
    "commune": _("Commune"),
    "code_postal": _("Code postal"),
    "code_insee": _("Code de la commune"),
    "adresse": _("Adresse"),
    "complement_adresse": _("Complément d’adresse"),
    "latitude": _("Latitude"),
    "longitude": _("Longitude"),
    "typologie": _("Type de lieu"),
    "telephone": _("Téléphone"),
    "courriels": _("Courriels"),
    "site_web": _("Sites web"),
    "horaires": _("Horaires"),
    "presentation_resume": _("Présentation courte"),
    "presentation_detail": _("Présentation détaillée"),
    "source": _("Source"),
    "itinerance": _("Itinérance"),
    "structure_parente": _("Structure parente"),
    "date_maj": _("Date de mise à jour"),
    "services": _("Services"),
    "publics_specifiquement_adresses": _("Publics"),
    "prise_en_charge_specifique": _("Prise en charge particulière"),
    "frais_a_charge": _("Prix"),
    "dispositif_programmes_nationaux": _("Programmes nationaux"),
    "formations_labels": _("Formations et labels"),
    "autres_formations_labels": _("Autres formations et labels"),
    "modalites_acces": _("Comment y accéder"),
    "modalites_accompagnement": _("Façon d’accompagner"),
    "fiche_acces_libre": _("Fiche Acceslibre"),
    "prise_rdv": _("Prise de rendez-vous en ligne"),
    "title": _("Offre"),
    "description": _("En quelques mots"),
    "place_id": _("Lieu"),
    "publics": _("Publics"),
    "fees": _("Prix"),
    "ways": _("Façon d’accompagner"),
}


def label_of(column: str) -> str:
    """A column in words; its own name when it is unknown."""
    return LABELS.get(column, column)
