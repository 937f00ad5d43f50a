"""Closed vocabularies of the register. Stored values are those of La Coop where it has them."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.grants import Section
from app.kernel.i18n import lazy_gettext as _


class Genre(StrEnum):
    MASCULIN = "masculin"
    FEMININ = "feminin"
    NON_COMMUNIQUE = "non_communique"

    @property
    def label(self) -> str:
        return _GENRES[self]


class AgeBand(StrEnum):
    """Age band, always computed at the date of the session, never at today's date."""

    UNDER_12 = "moins_de_douze"
    FROM_12 = "douze_dix_huit"
    FROM_18 = "dix_huit_vingt_quatre"
    FROM_25 = "vingt_cinq_trente_neuf"
    FROM_40 = "quarante_cinquante_neuf"
    FROM_60 = "soixante_soixante_neuf"
    FROM_70 = "soixante_dix_plus"
    UNKNOWN = "non_communique"

    @property
    def label(self) -> str:
        return _BANDS[self]


class SocialStatus(StrEnum):
    SCOLARISE = "scolarise"
    SANS_EMPLOI = "sans_emploi"
    EN_EMPLOI = "en_emploi"
    RETRAITE = "retraite"
    NON_COMMUNIQUE = "non_communique"

    @property
    def label(self) -> str:
        return _STATUSES[self]


class AgeStatus(StrEnum):
    UNDER_15 = "under_15"
    FROM_15 = "15_17"
    ADULT = "adult"

    @property
    def label(self) -> str:
        return _AGES[self]


class PersonState(StrEnum):
    ACTIVE = "active"
    ARCHIVED = "archived"


class FollowUpKind(StrEnum):
    """One referent per active person; others are invited by consent, referral or card."""

    REFERENT = "referent"
    OTHER = "other"


class ConsentKind(StrEnum):
    REGISTER = "register"
    REFERRAL = "referral"
    MANDATE = "mandate"

    @property
    def label(self) -> str:
        return _CONSENTS[self]


class ConsentAnswer(StrEnum):
    """`PENDING`: said, but not understood or heard by everybody yet; opens nothing."""

    GIVEN = "given"
    REFUSED = "refused"
    PENDING = "pending"

    @property
    def label(self) -> str:
        return _ANSWERS[self]


# What is asked: that an answer waits is drawn from how it was asked.
ANSWERS_ASKED = (ConsentAnswer.GIVEN, ConsentAnswer.REFUSED)


class ConsentWay(StrEnum):
    """How the person agreed, or was informed."""

    ORAL = "oral"
    WRITTEN = "written"

    @property
    def label(self) -> str:
        return _WAYS[self]


class NoticeWay(StrEnum):
    """How the information notice reached the person."""

    PAPER = "paper"
    READ_ALOUD = "read_aloud"

    @property
    def label(self) -> str:
        return _NOTICES[self]


class Adaptation(StrEnum):
    """Adaptation needs: declared, optional, never scored; sensitive."""

    LSF = "lsf"
    AUDITION = "audition"
    VUE = "vue"
    GESTE = "geste"
    CALME = "calme"
    TRADUCTION = "traduction"

    @property
    def label(self) -> str:
        return _ADAPTATIONS[self]


_GENRES = {Genre.FEMININ: _("Femme"), Genre.MASCULIN: _("Homme"), Genre.NON_COMMUNIQUE: _("Non communiqué")}
_BANDS = {
    AgeBand.UNDER_12: _("Moins de 12 ans"),
    AgeBand.FROM_12: _("12 – 17 ans"),
    AgeBand.FROM_18: _("18 – 24 ans"),
    AgeBand.FROM_25: _("25 – 39 ans"),
    AgeBand.FROM_40: _("40 – 59 ans"),
    AgeBand.FROM_60: _("60 – 69 ans"),
    AgeBand.FROM_70: _("70 ans et plus"),
    AgeBand.UNKNOWN: _("Non communiqué"),
}
_STATUSES = {
    SocialStatus.SCOLARISE: _("Scolarisé, en études"),
    SocialStatus.SANS_EMPLOI: _("Sans emploi"),
    SocialStatus.EN_EMPLOI: _("En emploi"),
    SocialStatus.RETRAITE: _("Retraité"),
    SocialStatus.NON_COMMUNIQUE: _("Non communiqué"),
}
_AGES = {AgeStatus.UNDER_15: _("Moins de 15 ans"), AgeStatus.FROM_15: _("15 à 17 ans"), AgeStatus.ADULT: _("Adulte")}
_CONSENTS = {
    ConsentKind.REGISTER: _("Registre partagé"),
    ConsentKind.REFERRAL: _("Orientation"),
    ConsentKind.MANDATE: _("Mandat"),
}
_ANSWERS = {
    ConsentAnswer.GIVEN: _("La personne est d’accord"),
    ConsentAnswer.REFUSED: _("La personne refuse"),
    ConsentAnswer.PENDING: _("La réponse attend"),
}
_WAYS = {ConsentWay.ORAL: _("De vive voix"), ConsentWay.WRITTEN: _("Par écrit")}
_NOTICES = {NoticeWay.PAPER: _("Notice remise sur papier"), NoticeWay.READ_ALOUD: _("Notice lue à voix haute")}
_ADAPTATIONS = {
    Adaptation.LSF: _("Langue des signes"),
    Adaptation.AUDITION: _("Parler plus fort, boucle magnétique"),
    Adaptation.VUE: _("Gros caractères, lecture à voix haute"),
    Adaptation.GESTE: _("Aide pour le geste"),
    Adaptation.CALME: _("Lieu calme, plus de temps"),
    Adaptation.TRADUCTION: _("Traduction"),
}


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


class Representative(StrEnum):
    """Who represents a child under 15 and agrees with them. A kind, never a name."""

    PARENT = "parent"
    TUTEUR = "tuteur"
    ASE = "ase"
    AUTRE = "autre"

    @property
    def label(self) -> str:
        return _REPRESENTATIVES[self]


_REPRESENTATIVES = {
    Representative.PARENT: _("Un parent"),
    Representative.TUTEUR: _("Un tuteur ou une tutrice"),
    Representative.ASE: _("L’aide sociale à l’enfance"),
    Representative.AUTRE: _("Quelqu’un d’autre qui en a la charge"),
}


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


class CardEnd(StrEnum):
    """Why a sharing card opens nothing any more."""

    REPLACED = "replaced"
    CANCELLED = "cancelled"
    CONSENT = "consent_ended"
    MERGED = "merged"

    @property
    def label(self) -> str:
        return _CARD_ENDS[self]


class CardEvent(StrEnum):
    """What the referent structure is told."""

    OPENED = "opened"
    LOCKED = "locked"
    STAYED = "stayed"
    LEFT = "left"


_CARD_ENDS = {
    CardEnd.REPLACED: _("remplacée"),
    CardEnd.CANCELLED: _("annulée"),
    CardEnd.CONSENT: _("finie avec l’accord"),
    CardEnd.MERGED: _("remplacée par celle de la même personne"),
}


class HandOverReason(StrEnum):
    """Why the referent structure should be another one."""

    MOVED = "moved"
    PERSON_ASKED = "person_asked"
    ALREADY_THERE = "already_there"
    NO_CAPACITY = "no_capacity"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _HAND_OVERS[self]


class HandOverState(StrEnum):
    """`ended`: what made it possible is no longer true (see `HandOverEnd`)."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    ENDED = "ended"

    @property
    def label(self) -> str:
        return _HAND_OVER_STATES[self]


class HandOverSide(StrEnum):
    """The referent structure, and the one that would become it."""

    FROM = "from"
    TO = "to"


class HandOverEnd(StrEnum):
    """Why a proposal was declined (the first ones), or ended by itself."""

    FULL = "full"
    OUT_OF_TERRITORY = "out_of_territory"
    GOES_ON = "goes_on"
    PERSON_DECLINED = "person_declined"
    OTHER = "other"
    CONSENT = "consent_ended"
    PROTECTED = "protected"
    STRUCTURE = "structure_left"
    ARCHIVED = "archived"
    UNFOLLOWED = "unfollowed"
    MERGED = "merged"

    @property
    def label(self) -> str:
        return _HAND_OVER_ENDS[self]


# What whoever declines may choose.
DECLINING = (
    HandOverEnd.FULL,
    HandOverEnd.OUT_OF_TERRITORY,
    HandOverEnd.GOES_ON,
    HandOverEnd.PERSON_DECLINED,
    HandOverEnd.OTHER,
)
_HAND_OVERS = {
    HandOverReason.MOVED: _("La personne a déménagé"),
    HandOverReason.PERSON_ASKED: _("La personne le demande"),
    HandOverReason.ALREADY_THERE: _("L’essentiel se fait déjà dans l’autre structure"),
    HandOverReason.NO_CAPACITY: _("La structure référente ne peut plus la suivre"),
    HandOverReason.OTHER: _("Une autre raison"),
}
_HAND_OVER_STATES = {
    HandOverState.OPEN: _("en attente de réponse"),
    HandOverState.ACCEPTED: _("accepté"),
    HandOverState.DECLINED: _("refusé"),
    HandOverState.WITHDRAWN: _("retiré"),
    HandOverState.EXPIRED: _("resté sans réponse"),
    HandOverState.ENDED: _("arrêté"),
}
_HAND_OVER_ENDS = {
    HandOverEnd.FULL: _("pas de place pour l’instant"),
    HandOverEnd.OUT_OF_TERRITORY: _("hors du territoire de la structure"),
    HandOverEnd.GOES_ON: _("le suivi continue comme avant"),
    HandOverEnd.PERSON_DECLINED: _("la personne ne le souhaite pas"),
    HandOverEnd.OTHER: _("une autre raison"),
    HandOverEnd.CONSENT: _("l’accord de la personne a pris fin"),
    HandOverEnd.PROTECTED: _("la situation de la personne a changé"),
    HandOverEnd.STRUCTURE: _("une des deux structures a quitté le réseau"),
    HandOverEnd.ARCHIVED: _("la fiche est archivée"),
    HandOverEnd.UNFOLLOWED: _("l’autre structure ne suit plus la personne"),
    HandOverEnd.MERGED: _("la fiche a été réunie avec une autre"),
}


class NoteVisibility(StrEnum):
    """Whom a note is opened to, of a person or of a session."""

    AUTHOR = "author"
    TEAM = "team"
    STRUCTURE = "structure"
    NETWORK = "network"

    @property
    def label(self) -> str:
        return _VISIBILITIES[self]


_VISIBILITIES = {
    NoteVisibility.AUTHOR: _("Moi seulement"),
    NoteVisibility.TEAM: _("Mon équipe"),
    NoteVisibility.STRUCTURE: _("Ma structure"),
    NoteVisibility.NETWORK: _("Les partenaires à qui la personne a ouvert les notes"),
}
