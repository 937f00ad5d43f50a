"""Closed vocabularies of needs (domain/vocabularies.md). Stored values are the national ones where they exist."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.i18n import lazy_gettext as _


class NeedKind(StrEnum):
    DEMARCHE_EN_LIGNE = "demarche_en_ligne"
    COURRIER_REDACTION = "courrier_redaction"
    COMPRENDRE_UN_COURRIER = "comprendre_un_courrier"
    NUMERISER_ENVOYER = "numeriser_envoyer"
    COMPTE_MOT_DE_PASSE = "compte_mot_de_passe"
    BOITE_MAIL = "boite_mail"
    PRISE_EN_MAIN = "prise_en_main"
    COMPETENCES_BASE = "competences_base"
    REASSURANCE = "reassurance"
    SECURITE = "securite"
    EQUIPEMENT = "equipement"
    CONNEXION = "connexion"
    INTERPRETARIAT = "interpretariat"
    APPRENDRE_FRANCAIS = "apprendre_francais"
    ACCES_AUX_DROITS = "acces_aux_droits"
    ACCOMPAGNEMENT_SOCIAL = "accompagnement_social"
    MANDAT = "mandat"
    INSERTION_PRO = "insertion_pro"
    SANTE_EN_LIGNE = "sante_en_ligne"
    PARENTALITE_SCOLARITE = "parentalite_scolarite"
    CREATION_LOISIRS = "creation_loisirs"
    ALLER_VERS = "aller_vers"
    LIEN_SOUTIEN = "lien_soutien"
    INFORMATION = "information"
    AUTRE = "autre"

    @property
    def label(self) -> str:
        return _KINDS[self]


class Demarche(StrEnum):
    """The 11 domains of online procedures, only with « démarche en ligne » (or the session theme of the same name)."""

    PAPIERS = "papiers_elections_citoyennete"
    FAMILLE = "famille_scolarite"
    SOCIAL_SANTE = "social_sante"
    TRAVAIL = "travail_formation"
    LOGEMENT = "logement"
    TRANSPORTS = "transports_mobilite"
    ARGENT = "argent_impots"
    JUSTICE = "justice"
    ETRANGERS = "etrangers_europe"
    LOISIRS = "loisirs_sports_culture"
    ASSOCIATIONS = "associations"

    @property
    def label(self) -> str:
        return _DEMARCHES[self]


# Sensitive by what they let guess: outside the sections shared by default (domain/vocabularies.md).
SENSITIVE_DEMARCHES = frozenset({Demarche.SOCIAL_SANTE, Demarche.JUSTICE, Demarche.ETRANGERS})


class Organisme(StrEnum):
    CAF = "caf"
    CPAM = "cpam"
    FRANCE_TRAVAIL = "france_travail"
    IMPOTS = "impots"
    ANTS = "ants"
    PREFECTURE = "prefecture"
    CARSAT = "carsat"
    MSA = "msa"
    MAIRIE = "mairie"
    DEPARTEMENT = "departement"
    AUTRE = "autre"

    @property
    def label(self) -> str:
        return _ORGANISMES[self]


class Origin(StrEnum):
    SPONTANEE = "spontanee"
    ORIENTEE = "orientee"
    SMS_MAIL_CAMPAGNE = "sms_mail_campagne"
    ALLER_VERS = "aller_vers"
    ELU = "elu"

    @property
    def label(self) -> str:
        return _ORIGINS[self]


class Priority(StrEnum):
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"

    @property
    def label(self) -> str:
        return _PRIORITIES[self]


class NeedState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return _STATES[self]


class NeedResult(StrEnum):
    RESOLUE = "resolue"
    EN_PARTIE = "en_partie"
    NON_RESOLUE = "non_resolue"
    ABANDONNEE = "abandonnee"
    SANS_SUITE = "sans_suite"

    @property
    def label(self) -> str:
        return _RESULTS[self]


class RightOutcome(StrEnum):
    """« droit ouvert ou maintenu »."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        return _RIGHTS[self]


_KINDS = {
    NeedKind.DEMARCHE_EN_LIGNE: _("Démarche en ligne"),
    NeedKind.COURRIER_REDACTION: _("Lettre, CV, écrit"),
    NeedKind.COMPRENDRE_UN_COURRIER: _("Comprendre un courrier"),
    NeedKind.NUMERISER_ENVOYER: _("Scanner, joindre, imprimer"),
    NeedKind.COMPTE_MOT_DE_PASSE: _("Compte, mot de passe"),
    NeedKind.BOITE_MAIL: _("Boîte mail"),
    NeedKind.PRISE_EN_MAIN: _("Prendre un appareil en main"),
    NeedKind.COMPETENCES_BASE: _("Apprendre les bases"),
    NeedKind.REASSURANCE: _("Être rassuré en faisant"),
    NeedKind.SECURITE: _("Arnaques, données"),
    NeedKind.EQUIPEMENT: _("Appareil"),
    NeedKind.CONNEXION: _("Connexion à Internet"),
    NeedKind.INTERPRETARIAT: _("Interprète"),
    NeedKind.APPRENDRE_FRANCAIS: _("Apprendre le français"),
    NeedKind.ACCES_AUX_DROITS: _("Droits et recours"),
    NeedKind.ACCOMPAGNEMENT_SOCIAL: _("Accompagnement social"),
    NeedKind.MANDAT: _("Faire à la place (mandat)"),
    NeedKind.INSERTION_PRO: _("Emploi, insertion"),
    NeedKind.SANTE_EN_LIGNE: _("Santé en ligne"),
    NeedKind.PARENTALITE_SCOLARITE: _("Parentalité, scolarité"),
    NeedKind.CREATION_LOISIRS: _("Création, loisirs"),
    NeedKind.ALLER_VERS: _("Venir à domicile, se déplacer"),
    NeedKind.LIEN_SOUTIEN: _("Lien, soutien"),
    NeedKind.INFORMATION: _("Information"),
    NeedKind.AUTRE: _("Autre"),
}
_DEMARCHES = {
    Demarche.PAPIERS: _("Papiers, élections, citoyenneté"),
    Demarche.FAMILLE: _("Famille, scolarité"),
    Demarche.SOCIAL_SANTE: _("Social, santé"),
    Demarche.TRAVAIL: _("Travail, formation"),
    Demarche.LOGEMENT: _("Logement"),
    Demarche.TRANSPORTS: _("Transports, mobilité"),
    Demarche.ARGENT: _("Argent, impôts"),
    Demarche.JUSTICE: _("Justice"),
    Demarche.ETRANGERS: _("Étrangers, Europe"),
    Demarche.LOISIRS: _("Loisirs, sports, culture"),
    Demarche.ASSOCIATIONS: _("Associations"),
}
_ORGANISMES = {
    Organisme.CAF: _("CAF"),
    Organisme.CPAM: _("CPAM"),
    Organisme.FRANCE_TRAVAIL: _("France Travail"),
    Organisme.IMPOTS: _("Impôts"),
    Organisme.ANTS: _("ANTS"),
    Organisme.PREFECTURE: _("Préfecture"),
    Organisme.CARSAT: _("CARSAT"),
    Organisme.MSA: _("MSA"),
    Organisme.MAIRIE: _("Mairie"),
    Organisme.DEPARTEMENT: _("Département"),
    Organisme.AUTRE: _("Autre"),
}
_ORIGINS = {
    Origin.SPONTANEE: _("Venue d’elle-même"),
    Origin.ORIENTEE: _("Orientée par une structure"),
    Origin.SMS_MAIL_CAMPAGNE: _("SMS, mail, campagne"),
    Origin.ALLER_VERS: _("Aller-vers"),
    Origin.ELU: _("Par une personne élue"),
}
_PRIORITIES = {Priority.P1: _("Aujourd’hui"), Priority.P2: _("Cette semaine"), Priority.P3: _("Sans urgence")}
_STATES = {NeedState.OPEN: _("En cours"), NeedState.CLOSED: _("Terminée")}
_RESULTS = {
    NeedResult.RESOLUE: _("Résolue"),
    NeedResult.EN_PARTIE: _("Résolue en partie"),
    NeedResult.NON_RESOLUE: _("Non résolue"),
    NeedResult.ABANDONNEE: _("Abandonnée"),
    NeedResult.SANS_SUITE: _("Sans suite"),
}
_RIGHTS = {RightOutcome.YES: _("Oui"), RightOutcome.NO: _("Non"), RightOutcome.UNKNOWN: _("On ne sait pas")}


class Blocker(StrEnum):
    """« Ce qui bloque » : what stopped a need, by body (domain/vocabularies.md)."""

    SITE_EN_PANNE = "site_en_panne"
    CONNEXION_COMPTE = "connexion_compte"
    DOCUMENT_REFUSE = "document_refuse"
    DOCUMENT_INTROUVABLE = "document_introuvable"
    LANGAGE_INCOMPREHENSIBLE = "langage_incomprehensible"
    DELAI_SANS_REPONSE = "delai_sans_reponse"
    PAS_DE_GUICHET = "pas_de_guichet"
    ERREUR_DOSSIER = "erreur_dossier"
    AUTRE = "autre"

    @property
    def label(self) -> str:
        return _BLOCKERS[self]


class PieceKind(StrEnum):
    """A document that a procedure asks for. Never a copy of it, never its number."""

    IDENTITE = "identite"
    DOMICILE = "domicile"
    IMPOSITION = "imposition"
    REVENUS = "revenus"
    BANCAIRE = "bancaire"
    ASSURANCE = "assurance"
    FAMILLE = "famille"
    DROITS = "droits"
    LOGEMENT = "logement"
    EMPLOI = "emploi"
    SCOLARITE = "scolarite"
    PHOTO = "photo"
    COURRIER = "courrier"
    AUTRE = "autre"

    @property
    def label(self) -> str:
        return _PIECES[self]


class PieceState(StrEnum):
    MISSING = "missing"
    SEEN = "seen"
    NOT_NEEDED = "not_needed"

    @property
    def label(self) -> str:
        return _PIECE_STATES[self]


_BLOCKERS = {
    Blocker.SITE_EN_PANNE: _("Site en panne"),
    Blocker.CONNEXION_COMPTE: _("Connexion au compte"),
    Blocker.DOCUMENT_REFUSE: _("Document refusé"),
    Blocker.DOCUMENT_INTROUVABLE: _("Document introuvable"),
    Blocker.LANGAGE_INCOMPREHENSIBLE: _("Langage incompréhensible"),
    Blocker.DELAI_SANS_REPONSE: _("Pas de réponse"),
    Blocker.PAS_DE_GUICHET: _("Pas de guichet"),
    Blocker.ERREUR_DOSSIER: _("Erreur dans le dossier"),
    Blocker.AUTRE: _("Autre chose"),
}
_PIECES = {
    PieceKind.IDENTITE: _("Pièce d’identité"),
    PieceKind.DOMICILE: _("Justificatif de domicile"),
    PieceKind.IMPOSITION: _("Avis d’imposition"),
    PieceKind.REVENUS: _("Justificatif de revenus"),
    PieceKind.BANCAIRE: _("Relevé d’identité bancaire"),
    PieceKind.ASSURANCE: _("Attestation de sécurité sociale ou de mutuelle"),
    PieceKind.FAMILLE: _("Livret de famille, acte d’état civil"),
    PieceKind.DROITS: _("Attestation de droits ou d’aides"),
    PieceKind.LOGEMENT: _("Bail ou quittance de loyer"),
    PieceKind.EMPLOI: _("Contrat ou attestation de travail"),
    PieceKind.SCOLARITE: _("Certificat de scolarité"),
    PieceKind.PHOTO: _("Photo d’identité"),
    PieceKind.COURRIER: _("Courrier reçu"),
    PieceKind.AUTRE: _("Une autre pièce"),
}
_PIECE_STATES = {
    PieceState.MISSING: _("Manque"),
    PieceState.SEEN: _("Apportée"),
    PieceState.NOT_NEEDED: _("Pas nécessaire"),
}
