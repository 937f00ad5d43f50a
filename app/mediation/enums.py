"""Closed vocabularies of session logs; stored values are La Coop's, so that files can be exchanged both ways."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.i18n import lazy_gettext as _
from app.people.enums import NoteVisibility as NoteVisibility


class SessionKind(StrEnum):
    INDIVIDUEL = "individuel"
    COLLECTIF = "collectif"

    @property
    def label(self) -> str:
        return _KINDS[self]


class PlaceKind(StrEnum):
    LIEU_ACTIVITE = "lieu_activite"
    DOMICILE = "domicile"
    A_DISTANCE = "a_distance"
    AUTRE = "autre"

    @property
    def label(self) -> str:
        return _PLACES[self]


class Channel(StrEnum):
    GUICHET = "guichet"
    TELEPHONE = "telephone"
    COURRIEL = "courriel"
    COURRIER = "courrier"
    DOMICILE = "domicile"
    ITINERANCE = "itinerance"
    EN_LIGNE = "en_ligne"

    @property
    def label(self) -> str:
        return _CHANNELS[self]


class Material(StrEnum):
    ORDINATEUR = "ordinateur"
    TELEPHONE = "telephone"
    TABLETTE = "tablette"
    AUTRE = "autre"
    AUCUN = "aucun"

    @property
    def label(self) -> str:
        return _MATERIALS[self]


class Autonomy(StrEnum):
    ENTIEREMENT_ACCOMPAGNE = "entierement_accompagne"
    PARTIELLEMENT_AUTONOME = "partiellement_autonome"
    AUTONOME = "autonome"

    @property
    def label(self) -> str:
        return _AUTONOMIES[self]


class Theme(StrEnum):
    DIAGNOSTIC_NUMERIQUE = "diagnostic_numerique"
    PRENDRE_EN_MAIN_DU_MATERIEL = "prendre_en_main_du_materiel"
    MAINTENANCE_DE_MATERIEL = "maintenance_de_materiel"
    GERE_SES_CONTENUS_NUMERIQUES = "gere_ses_contenus_numeriques"
    NAVIGATION_SUR_INTERNET = "navigation_sur_internet"
    EMAIL = "email"
    BUREAUTIQUE = "bureautique"
    RESEAUX_SOCIAUX = "reseaux_sociaux"
    SANTE = "sante"
    BANQUE_ET_ACHATS_EN_LIGNE = "banque_et_achats_en_ligne"
    ENTREPRENEURIAT = "entrepreneuriat"
    INSERTION_PROFESSIONNELLE = "insertion_professionnelle"
    SECURITE_NUMERIQUE = "securite_numerique"
    PARENTALITE = "parentalite"
    SCOLARITE_ET_NUMERIQUE = "scolarite_et_numerique"
    CREER_AVEC_LE_NUMERIQUE = "creer_avec_le_numerique"
    CULTURE_NUMERIQUE = "culture_numerique"
    INTELLIGENCE_ARTIFICIELLE = "intelligence_artificielle"
    AIDE_AUX_DEMARCHES_ADMINISTRATIVES = "aide_aux_demarches_administratives"

    @property
    def label(self) -> str:
        return _THEMES[self]


class Act(StrEnum):
    REDACTION_COURRIER = "redaction_courrier"
    CV = "cv"
    NUMERISATION = "numerisation"
    IMPRESSION = "impression"
    PIECES_JOINTES = "pieces_jointes"
    CREATION_BOITE_MAIL = "creation_boite_mail"
    CREATION_COMPTE = "creation_compte"
    MOT_DE_PASSE = "mot_de_passe"
    DEMARCHE_COMPLETE = "demarche_complete"
    EXPLICATION_COURRIER = "explication_courrier"
    PRISE_RDV = "prise_rdv"
    PRET_MATERIEL = "pret_materiel"

    @property
    def label(self) -> str:
        return _ACTS[self]


class Posture(StrEnum):
    """CNIL kit for digital mediation: teach, stay beside, or do in the person's place (a mandate is then needed)."""

    JE_FORME = "je_forme"
    J_ACCOMPAGNE = "j_accompagne"
    JE_FAIS = "je_fais"

    @property
    def label(self) -> str:
        return _POSTURES[self]


_KINDS = {SessionKind.INDIVIDUEL: _("Accompagnement individuel"), SessionKind.COLLECTIF: _("Atelier collectif")}
_PLACES = {
    PlaceKind.LIEU_ACTIVITE: _("Lieu d’activité"),
    PlaceKind.DOMICILE: _("À domicile"),
    PlaceKind.A_DISTANCE: _("À distance"),
    PlaceKind.AUTRE: _("Autre lieu"),
}
_CHANNELS = {
    Channel.GUICHET: _("Guichet"),
    Channel.TELEPHONE: _("Téléphone"),
    Channel.COURRIEL: _("Courriel"),
    Channel.COURRIER: _("Courrier"),
    Channel.DOMICILE: _("Domicile"),
    Channel.ITINERANCE: _("Itinérance"),
    Channel.EN_LIGNE: _("En ligne"),
}
_MATERIALS = {
    Material.ORDINATEUR: _("Ordinateur"),
    Material.TELEPHONE: _("Téléphone"),
    Material.TABLETTE: _("Tablette"),
    Material.AUTRE: _("Autre"),
    Material.AUCUN: _("Aucun"),
}
_AUTONOMIES = {
    Autonomy.ENTIEREMENT_ACCOMPAGNE: _("Avec guidage"),
    Autonomy.PARTIELLEMENT_AUTONOME: _("Autonome avec guidage en cas de besoin"),
    Autonomy.AUTONOME: _("Autonome"),
}
_THEMES = {
    Theme.DIAGNOSTIC_NUMERIQUE: _("Diagnostic numérique"),
    Theme.PRENDRE_EN_MAIN_DU_MATERIEL: _("Prendre en main du matériel"),
    Theme.MAINTENANCE_DE_MATERIEL: _("Maintenance de matériel"),
    Theme.GERE_SES_CONTENUS_NUMERIQUES: _("Gérer ses contenus numériques"),
    Theme.NAVIGATION_SUR_INTERNET: _("Navigation sur internet"),
    Theme.EMAIL: _("E-mail"),
    Theme.BUREAUTIQUE: _("Bureautique"),
    Theme.RESEAUX_SOCIAUX: _("Réseaux sociaux communication"),
    Theme.SANTE: _("Santé"),
    Theme.BANQUE_ET_ACHATS_EN_LIGNE: _("Banque et achats en ligne"),
    Theme.ENTREPRENEURIAT: _("Accompagner un professionnel"),
    Theme.INSERTION_PROFESSIONNELLE: _("Insertion professionnelle"),
    Theme.SECURITE_NUMERIQUE: _("Prévention en sécurité numérique"),
    Theme.PARENTALITE: _("Parentalité"),
    Theme.SCOLARITE_ET_NUMERIQUE: _("Scolarité et numérique"),
    Theme.CREER_AVEC_LE_NUMERIQUE: _("Créer avec le numérique"),
    Theme.CULTURE_NUMERIQUE: _("Culture numérique"),
    Theme.INTELLIGENCE_ARTIFICIELLE: _("Intelligence artificielle (IA)"),
    Theme.AIDE_AUX_DEMARCHES_ADMINISTRATIVES: _("Aide aux démarches administratives"),
}
_ACTS = {
    Act.REDACTION_COURRIER: _("Courrier rédigé"),
    Act.CV: _("CV"),
    Act.NUMERISATION: _("Numérisation"),
    Act.IMPRESSION: _("Impression"),
    Act.PIECES_JOINTES: _("Pièces jointes"),
    Act.CREATION_BOITE_MAIL: _("Boîte mail créée"),
    Act.CREATION_COMPTE: _("Compte créé"),
    Act.MOT_DE_PASSE: _("Mot de passe retrouvé"),
    Act.DEMARCHE_COMPLETE: _("Démarche faite en entier"),
    Act.EXPLICATION_COURRIER: _("Courrier expliqué"),
    Act.PRISE_RDV: _("Rendez-vous pris"),
    Act.PRET_MATERIEL: _("Matériel prêté"),
}
_POSTURES = {
    Posture.JE_FORME: _("Je forme"),
    Posture.J_ACCOMPAGNE: _("J’accompagne"),
    Posture.JE_FAIS: _("Je fais à la place"),
}
