"""Closed vocabularies of the network."""

from __future__ import annotations

from app.kernel.i18n import lazy_gettext as _
from app.kernel.labels import Labelled


class StructureKind(Labelled):
    """Who a structure is, in the field's everyday words (partner types of the assessment are mapped in `queries`)."""

    LIBRARY = "library", _("Bibliothèque, médiathèque")
    CCAS = "ccas", _("CCAS ou CIAS")
    FRANCE_SERVICES = "france_services", _("France Services")
    DIGITAL_MEDIATION = "digital_mediation", _("Médiation numérique")
    SOCIAL_WORK = "social_work", _("Travail social")
    ASSOCIATION = "association", _("Association")
    OPERATOR = "operator", _("Organisme ou opérateur")
    MUNICIPALITY = "municipality", _("Mairie, intercommunalité")
    OTHER = "other", _("Autre")


class LegalBasis(Labelled):
    """RGPD article 6: legal basis a structure declares."""

    PUBLIC_INTEREST = "mission_interet_public", _("Mission d’intérêt public")
    LEGITIMATE_INTEREST = "interet_legitime", _("Intérêt légitime")


class ChangeKind(Labelled):
    """What was done to a place or an offer."""

    ADDED = "added", _("Ajout")
    EDITED = "edited", _("Modification")
    CLOSED = "closed", _("Fermeture")
    REOPENED = "reopened", _("Réouverture")


class ImportState(Labelled):
    """Where a file of places is."""

    RECEIVED = "received", _("En cours de lecture")
    REFUSED = "refused", _("Fichier refusé")
    READY = "ready", _("À vérifier")
    RUNNING = "running", _("Import en cours")
    DONE = "done", _("Terminé")
    ABANDONED = "abandoned", _("Abandonné")
    EXPIRED = "expired", _("Laissé sans suite")

    @property
    def moving(self) -> bool:
        """The worker has something to do: the page will change by itself."""
        return self in {ImportState.RECEIVED, ImportState.RUNNING}


class OfferPublic(Labelled):
    """Publics of offers, never of persons: the national five, and those of the field (domain/vocabularies.md)."""

    YOUNG = "jeunes", _("Jeunes")
    STUDENTS = "etudiants", _("Étudiants")
    FAMILIES = "familles", _("Familles et enfants")
    SENIORS = "seniors", _("Seniors")
    WOMEN = "femmes", _("Femmes")
    ALLOPHONE = "allophones", _("Personnes allophones")
    JOB_SEEKERS = "demandeurs_emploi", _("Demandeurs d’emploi")
    MINIMUM_INCOME = "minima_sociaux", _("Bénéficiaires de minima sociaux")
    ISOLATED = "isolees", _("Personnes isolées")
    DISABLED = "handicapees", _("Personnes handicapées")
    LEAVING_PRISON = "sortants_detention", _("Sortants de détention")
    ADDICTION = "addiction", _("Personnes en addiction")
    PRECARIOUS = "travailleurs_precaires", _("Travailleurs précaires")
    SMALL_FIRMS = "artisans_tpe", _("Artisans et TPE")
    CIVIL_SERVANTS = "agents_publics", _("Agents publics")


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
