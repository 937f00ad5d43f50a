"""Closed vocabularies of the register. Stored values are those of La Coop where it has them."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.grants import Section
from app.kernel.i18n import lazy_gettext as _
from app.kernel.labels import Labelled


class Genre(Labelled):
    MASCULIN = "masculin", _("Homme")
    FEMININ = "feminin", _("Femme")
    NON_COMMUNIQUE = "non_communique", _("Non communiqué")


class AgeBand(Labelled):
    """Age band, always computed at the date of the session, never at today's date."""

    UNDER_12 = "moins_de_douze", _("Moins de 12 ans")
    FROM_12 = "douze_dix_huit", _("12 – 17 ans")
    FROM_18 = "dix_huit_vingt_quatre", _("18 – 24 ans")
    FROM_25 = "vingt_cinq_trente_neuf", _("25 – 39 ans")
    FROM_40 = "quarante_cinquante_neuf", _("40 – 59 ans")
    FROM_60 = "soixante_soixante_neuf", _("60 – 69 ans")
    FROM_70 = "soixante_dix_plus", _("70 ans et plus")
    UNKNOWN = "non_communique", _("Non communiqué")


class SocialStatus(Labelled):
    SCOLARISE = "scolarise", _("Scolarisé, en études")
    SANS_EMPLOI = "sans_emploi", _("Sans emploi")
    EN_EMPLOI = "en_emploi", _("En emploi")
    RETRAITE = "retraite", _("Retraité")
    NON_COMMUNIQUE = "non_communique", _("Non communiqué")


class AgeStatus(Labelled):
    UNDER_15 = "under_15", _("Moins de 15 ans")
    FROM_15 = "15_17", _("15 à 17 ans")
    ADULT = "adult", _("Adulte")


class PersonState(StrEnum):
    ACTIVE = "active"
    ARCHIVED = "archived"


class FollowUpKind(StrEnum):
    """One referent per active person; others are invited by consent, referral or card."""

    REFERENT = "referent"
    OTHER = "other"


class ConsentKind(Labelled):
    REGISTER = "register", _("Registre partagé")
    REFERRAL = "referral", _("Orientation")
    MANDATE = "mandate", _("Mandat")


class ConsentAnswer(Labelled):
    """`PENDING`: said, but not understood or heard by everybody yet; opens nothing."""

    GIVEN = "given", _("La personne est d’accord")
    REFUSED = "refused", _("La personne refuse")
    PENDING = "pending", _("La réponse attend")


# What is asked: that an answer waits is drawn from how it was asked.
ANSWERS_ASKED = (ConsentAnswer.GIVEN, ConsentAnswer.REFUSED)


class ConsentWay(Labelled):
    """How the person agreed, or was informed."""

    ORAL = "oral", _("De vive voix")
    WRITTEN = "written", _("Par écrit")


class NoticeWay(Labelled):
    """How the information notice reached the person."""

    PAPER = "paper", _("Notice remise sur papier")
    READ_ALOUD = "read_aloud", _("Notice lue à voix haute")


class Adaptation(Labelled):
    """Adaptation needs: declared, optional, never scored; sensitive."""

    LSF = "lsf", _("Langue des signes")
    AUDITION = "audition", _("Parler plus fort, boucle magnétique")
    VUE = "vue", _("Gros caractères, lecture à voix haute")
    GESTE = "geste", _("Aide pour le geste")
    CALME = "calme", _("Lieu calme, plus de temps")
    TRADUCTION = "traduction", _("Traduction")


# What each section of a record is called, in the words of the person who is asked.
SECTION_LABELS = {
    Section.IDENTITY: _("Nom et année de naissance"),
    Section.CONTACT: _("Téléphone et adresse électronique"),
    Section.NEEDS: _("Demandes"),
    Section.SESSIONS: _("Dates et thèmes des séances"),
    Section.ASSESSMENT: _("Résultat de l’évaluation"),
    Section.ANSWERS: _("Réponses à l’évaluation"),
    Section.PLAN: _("Plan d’accompagnement"),
    Section.NOTES: _("Notes partageables"),
    Section.REPRESENTATIVE: _("Représentant"),
    Section.ADAPTATION: _("Besoins d’adaptation et langues"),
}


def section_labels(sections: Section) -> list[str]:
    """The names of the sections that a consent or a grant holds, in the order of the record."""
    return [str(label) for section, label in SECTION_LABELS.items() if section in sections]


class Representative(Labelled):
    """Who represents a child under 15 and agrees with them. A kind, never a name."""

    PARENT = "parent", _("Un parent")
    TUTEUR = "tuteur", _("Un tuteur ou une tutrice")
    ASE = "ase", _("L’aide sociale à l’enfance")
    AUTRE = "autre", _("Quelqu’un d’autre qui en a la charge")


def possible_ages(birth_year: int, year: int) -> frozenset[AgeStatus]:
    """The age statuses that somebody born in `birth_year` may have during `year` (the birthday is unknown)."""
    ages = {year - birth_year - 1, year - birth_year}
    return frozenset(
        AgeStatus.UNDER_15 if age < 15 else AgeStatus.FROM_15 if age < 18 else AgeStatus.ADULT for age in ages
    )


def age_band(birth_year: int | None, year: int) -> AgeBand:
    """The band of somebody born in `birth_year` during `year` (the birthday is unknown and not counted)."""
    if birth_year is None:
        return AgeBand.UNKNOWN
    age = year - birth_year
    for limit, band in _LIMITS:
        if age < limit:
            return band
    return AgeBand.FROM_70


_LIMITS = (
    (12, AgeBand.UNDER_12),
    (18, AgeBand.FROM_12),
    (25, AgeBand.FROM_18),
    (40, AgeBand.FROM_25),
    (60, AgeBand.FROM_40),
    (70, AgeBand.FROM_60),
)


class CardEnd(Labelled):
    """Why a sharing card opens nothing any more."""

    REPLACED = "replaced", _("remplacée")
    CANCELLED = "cancelled", _("annulée")
    CONSENT = "consent_ended", _("finie avec l’accord")
    MERGED = "merged", _("remplacée par celle de la même personne")


class CardEvent(StrEnum):
    """What the referent structure is told."""

    OPENED = "opened"
    LOCKED = "locked"
    STAYED = "stayed"
    LEFT = "left"


class HandOverReason(Labelled):
    """Why the referent structure should be another one."""

    MOVED = "moved", _("La personne a déménagé")
    PERSON_ASKED = "person_asked", _("La personne le demande")
    ALREADY_THERE = "already_there", _("L’essentiel se fait déjà dans l’autre structure")
    NO_CAPACITY = "no_capacity", _("La structure référente ne peut plus la suivre")
    OTHER = "other", _("Une autre raison")


class HandOverState(Labelled):
    """`ended`: what made it possible is no longer true (see `HandOverEnd`)."""

    OPEN = "open", _("en attente de réponse")
    ACCEPTED = "accepted", _("accepté")
    DECLINED = "declined", _("refusé")
    WITHDRAWN = "withdrawn", _("retiré")
    EXPIRED = "expired", _("resté sans réponse")
    ENDED = "ended", _("arrêté")


class HandOverSide(StrEnum):
    """The referent structure, and the one that would become it."""

    FROM = "from"
    TO = "to"


class HandOverEnd(Labelled):
    """Why a proposal was declined (the first ones), or ended by itself."""

    FULL = "full", _("pas de place pour l’instant")
    OUT_OF_TERRITORY = "out_of_territory", _("hors du territoire de la structure")
    GOES_ON = "goes_on", _("le suivi continue comme avant")
    PERSON_DECLINED = "person_declined", _("la personne ne le souhaite pas")
    OTHER = "other", _("une autre raison")
    CONSENT = "consent_ended", _("l’accord de la personne a pris fin")
    PROTECTED = "protected", _("la situation de la personne a changé")
    STRUCTURE = "structure_left", _("une des deux structures a quitté le réseau")
    ARCHIVED = "archived", _("la fiche est archivée")
    UNFOLLOWED = "unfollowed", _("l’autre structure ne suit plus la personne")
    MERGED = "merged", _("la fiche a été réunie avec une autre")


# What whoever declines may choose.
DECLINING = (
    HandOverEnd.FULL,
    HandOverEnd.OUT_OF_TERRITORY,
    HandOverEnd.GOES_ON,
    HandOverEnd.PERSON_DECLINED,
    HandOverEnd.OTHER,
)


class NoteVisibility(Labelled):
    """Whom a note is opened to, of a person or of a session."""

    AUTHOR = "author", _("Moi seulement")
    TEAM = "team", _("Mon équipe")
    STRUCTURE = "structure", _("Ma structure")
    NETWORK = "network", _("Les partenaires à qui la personne a ouvert les notes")
