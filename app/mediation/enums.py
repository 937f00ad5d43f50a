"""Closed vocabularies of session logs; stored values are La Coop's, so that files can be exchanged both ways."""

from __future__ import annotations

from app.kernel.i18n import lazy_gettext as _
from app.kernel.labels import Labelled
from app.people.enums import NoteVisibility as NoteVisibility


class SessionKind(Labelled):
    INDIVIDUEL = "individuel", _("Accompagnement individuel")
    COLLECTIF = "collectif", _("Atelier collectif")


class PlaceKind(Labelled):
    LIEU_ACTIVITE = "lieu_activite", _("Lieu d’activité")
    DOMICILE = "domicile", _("À domicile")
    A_DISTANCE = "a_distance", _("À distance")
    AUTRE = "autre", _("Autre lieu")


class Channel(Labelled):
    GUICHET = "guichet", _("Guichet")
    TELEPHONE = "telephone", _("Téléphone")
    COURRIEL = "courriel", _("Courriel")
    COURRIER = "courrier", _("Courrier")
    DOMICILE = "domicile", _("Domicile")
    ITINERANCE = "itinerance", _("Itinérance")
    EN_LIGNE = "en_ligne", _("En ligne")


class Material(Labelled):
    ORDINATEUR = "ordinateur", _("Ordinateur")
    TELEPHONE = "telephone", _("Téléphone")
    TABLETTE = "tablette", _("Tablette")
    AUTRE = "autre", _("Autre")
    AUCUN = "aucun", _("Aucun")


class Autonomy(Labelled):
    ENTIEREMENT_ACCOMPAGNE = "entierement_accompagne", _("Avec guidage")
    PARTIELLEMENT_AUTONOME = "partiellement_autonome", _("Autonome avec guidage en cas de besoin")
    AUTONOME = "autonome", _("Autonome")


class Theme(Labelled):
    DIAGNOSTIC_NUMERIQUE = "diagnostic_numerique", _("Diagnostic numérique")
    PRENDRE_EN_MAIN_DU_MATERIEL = "prendre_en_main_du_materiel", _("Prendre en main du matériel")
    MAINTENANCE_DE_MATERIEL = "maintenance_de_materiel", _("Maintenance de matériel")
    GERE_SES_CONTENUS_NUMERIQUES = "gere_ses_contenus_numeriques", _("Gérer ses contenus numériques")
    NAVIGATION_SUR_INTERNET = "navigation_sur_internet", _("Navigation sur internet")
    EMAIL = "email", _("E-mail")
    BUREAUTIQUE = "bureautique", _("Bureautique")
    RESEAUX_SOCIAUX = "reseaux_sociaux", _("Réseaux sociaux communication")
    SANTE = "sante", _("Santé")
    BANQUE_ET_ACHATS_EN_LIGNE = "banque_et_achats_en_ligne", _("Banque et achats en ligne")
    ENTREPRENEURIAT = "entrepreneuriat", _("Accompagner un professionnel")
    INSERTION_PROFESSIONNELLE = "insertion_professionnelle", _("Insertion professionnelle")
    SECURITE_NUMERIQUE = "securite_numerique", _("Prévention en sécurité numérique")
    PARENTALITE = "parentalite", _("Parentalité")
    SCOLARITE_ET_NUMERIQUE = "scolarite_et_numerique", _("Scolarité et numérique")
    CREER_AVEC_LE_NUMERIQUE = "creer_avec_le_numerique", _("Créer avec le numérique")
    CULTURE_NUMERIQUE = "culture_numerique", _("Culture numérique")
    INTELLIGENCE_ARTIFICIELLE = "intelligence_artificielle", _("Intelligence artificielle (IA)")
    AIDE_AUX_DEMARCHES_ADMINISTRATIVES = "aide_aux_demarches_administratives", _("Aide aux démarches administratives")


class Act(Labelled):
    REDACTION_COURRIER = "redaction_courrier", _("Courrier rédigé")
    CV = "cv", _("CV")
    NUMERISATION = "numerisation", _("Numérisation")
    IMPRESSION = "impression", _("Impression")
    PIECES_JOINTES = "pieces_jointes", _("Pièces jointes")
    CREATION_BOITE_MAIL = "creation_boite_mail", _("Boîte mail créée")
    CREATION_COMPTE = "creation_compte", _("Compte créé")
    MOT_DE_PASSE = "mot_de_passe", _("Mot de passe retrouvé")
    DEMARCHE_COMPLETE = "demarche_complete", _("Démarche faite en entier")
    EXPLICATION_COURRIER = "explication_courrier", _("Courrier expliqué")
    PRISE_RDV = "prise_rdv", _("Rendez-vous pris")
    PRET_MATERIEL = "pret_materiel", _("Matériel prêté")


class Posture(Labelled):
    """CNIL kit for digital mediation: teach, stay beside, or do in the person's place (a mandate is then needed)."""

    JE_FORME = "je_forme", _("Je forme")
    J_ACCOMPAGNE = "j_accompagne", _("J’accompagne")
    JE_FAIS = "je_fais", _("Je fais à la place")
