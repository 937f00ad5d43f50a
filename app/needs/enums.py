"""Closed vocabularies of needs (domain/vocabularies.md). Stored values are the national ones where they exist."""

from __future__ import annotations

from app.kernel.i18n import lazy_gettext as _
from app.kernel.labels import Labelled


class NeedKind(Labelled):
    DEMARCHE_EN_LIGNE = "demarche_en_ligne", _("Démarche en ligne")
    COURRIER_REDACTION = "courrier_redaction", _("Lettre, CV, écrit")
    COMPRENDRE_UN_COURRIER = "comprendre_un_courrier", _("Comprendre un courrier")
    NUMERISER_ENVOYER = "numeriser_envoyer", _("Scanner, joindre, imprimer")
    COMPTE_MOT_DE_PASSE = "compte_mot_de_passe", _("Compte, mot de passe")
    BOITE_MAIL = "boite_mail", _("Boîte mail")
    PRISE_EN_MAIN = "prise_en_main", _("Prendre un appareil en main")
    COMPETENCES_BASE = "competences_base", _("Apprendre les bases")
    REASSURANCE = "reassurance", _("Être rassuré en faisant")
    SECURITE = "securite", _("Arnaques, données")
    EQUIPEMENT = "equipement", _("Appareil")
    CONNEXION = "connexion", _("Connexion à Internet")
    INTERPRETARIAT = "interpretariat", _("Interprète")
    APPRENDRE_FRANCAIS = "apprendre_francais", _("Apprendre le français")
    ACCES_AUX_DROITS = "acces_aux_droits", _("Droits et recours")
    ACCOMPAGNEMENT_SOCIAL = "accompagnement_social", _("Accompagnement social")
    MANDAT = "mandat", _("Faire à la place (mandat)")
    INSERTION_PRO = "insertion_pro", _("Emploi, insertion")
    SANTE_EN_LIGNE = "sante_en_ligne", _("Santé en ligne")
    PARENTALITE_SCOLARITE = "parentalite_scolarite", _("Parentalité, scolarité")
    CREATION_LOISIRS = "creation_loisirs", _("Création, loisirs")
    ALLER_VERS = "aller_vers", _("Venir à domicile, se déplacer")
    LIEN_SOUTIEN = "lien_soutien", _("Lien, soutien")
    INFORMATION = "information", _("Information")
    AUTRE = "autre", _("Autre")


class Demarche(Labelled):
    """The 11 domains of online procedures, only with « démarche en ligne » (or the session theme of the same name)."""

    PAPIERS = "papiers_elections_citoyennete", _("Papiers, élections, citoyenneté")
    FAMILLE = "famille_scolarite", _("Famille, scolarité")
    SOCIAL_SANTE = "social_sante", _("Social, santé")
    TRAVAIL = "travail_formation", _("Travail, formation")
    LOGEMENT = "logement", _("Logement")
    TRANSPORTS = "transports_mobilite", _("Transports, mobilité")
    ARGENT = "argent_impots", _("Argent, impôts")
    JUSTICE = "justice", _("Justice")
    ETRANGERS = "etrangers_europe", _("Étrangers, Europe")
    LOISIRS = "loisirs_sports_culture", _("Loisirs, sports, culture")
    ASSOCIATIONS = "associations", _("Associations")


# Sensitive by what they let guess: outside the sections shared by default (domain/vocabularies.md).
SENSITIVE_DEMARCHES = frozenset({Demarche.SOCIAL_SANTE, Demarche.JUSTICE, Demarche.ETRANGERS})


class Organisme(Labelled):
    CAF = "caf", _("CAF")
    CPAM = "cpam", _("CPAM")
    FRANCE_TRAVAIL = "france_travail", _("France Travail")
    IMPOTS = "impots", _("Impôts")
    ANTS = "ants", _("ANTS")
    PREFECTURE = "prefecture", _("Préfecture")
    CARSAT = "carsat", _("CARSAT")
    MSA = "msa", _("MSA")
    MAIRIE = "mairie", _("Mairie")
    DEPARTEMENT = "departement", _("Département")
    AUTRE = "autre", _("Autre")


class Origin(Labelled):
    SPONTANEE = "spontanee", _("Venue d’elle-même")
    ORIENTEE = "orientee", _("Orientée par une structure")
    SMS_MAIL_CAMPAGNE = "sms_mail_campagne", _("SMS, mail, campagne")
    ALLER_VERS = "aller_vers", _("Aller-vers")
    ELU = "elu", _("Par une personne élue")


class Priority(Labelled):
    P1 = "P1", _("Aujourd’hui")
    P2 = "P2", _("Cette semaine")
    P3 = "P3", _("Sans urgence")


class NeedState(Labelled):
    OPEN = "open", _("En cours")
    CLOSED = "closed", _("Terminée")


class NeedResult(Labelled):
    RESOLUE = "resolue", _("Résolue")
    EN_PARTIE = "en_partie", _("Résolue en partie")
    NON_RESOLUE = "non_resolue", _("Non résolue")
    ABANDONNEE = "abandonnee", _("Abandonnée")
    SANS_SUITE = "sans_suite", _("Sans suite")


class RightOutcome(Labelled):
    """« droit ouvert ou maintenu »."""

    YES = "yes", _("Oui")
    NO = "no", _("Non")
    UNKNOWN = "unknown", _("On ne sait pas")


class Blocker(Labelled):
    """« Ce qui bloque » : what stopped a need, by body (domain/vocabularies.md)."""

    SITE_EN_PANNE = "site_en_panne", _("Site en panne")
    CONNEXION_COMPTE = "connexion_compte", _("Connexion au compte")
    DOCUMENT_REFUSE = "document_refuse", _("Document refusé")
    DOCUMENT_INTROUVABLE = "document_introuvable", _("Document introuvable")
    LANGAGE_INCOMPREHENSIBLE = "langage_incomprehensible", _("Langage incompréhensible")
    DELAI_SANS_REPONSE = "delai_sans_reponse", _("Pas de réponse")
    PAS_DE_GUICHET = "pas_de_guichet", _("Pas de guichet")
    ERREUR_DOSSIER = "erreur_dossier", _("Erreur dans le dossier")
    AUTRE = "autre", _("Autre chose")


class PieceKind(Labelled):
    """A document that a procedure asks for. Never a copy of it, never its number."""

    IDENTITE = "identite", _("Pièce d’identité")
    DOMICILE = "domicile", _("Justificatif de domicile")
    IMPOSITION = "imposition", _("Avis d’imposition")
    REVENUS = "revenus", _("Justificatif de revenus")
    BANCAIRE = "bancaire", _("Relevé d’identité bancaire")
    ASSURANCE = "assurance", _("Attestation de sécurité sociale ou de mutuelle")
    FAMILLE = "famille", _("Livret de famille, acte d’état civil")
    DROITS = "droits", _("Attestation de droits ou d’aides")
    LOGEMENT = "logement", _("Bail ou quittance de loyer")
    EMPLOI = "emploi", _("Contrat ou attestation de travail")
    SCOLARITE = "scolarite", _("Certificat de scolarité")
    PHOTO = "photo", _("Photo d’identité")
    COURRIER = "courrier", _("Courrier reçu")
    AUTRE = "autre", _("Une autre pièce")


class PieceState(Labelled):
    MISSING = "missing", _("Manque")
    SEEN = "seen", _("Apportée")
    NOT_NEEDED = "not_needed", _("Pas nécessaire")
