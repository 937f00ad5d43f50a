"""The vocabularies of who answers, who signs, who translates."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.i18n import lazy_gettext as _
from app.kernel.labels import Labelled


class Age(StrEnum):
    """The codes of `enums.AgeStatus`, which knows of the database."""

    UNDER_15 = "under_15"
    FROM_15 = "15_17"
    ADULT = "adult"


class RepresentativeKind(Labelled):
    """Who stands beside the person. Those of a child’s registration (`enums.Representative`) are among them."""

    MERE = "mere", _("Sa mère")
    PERE = "pere", _("Son père")
    PARENT = "parent", _("Un parent")
    TITULAIRE = "titulaire", _("Autre titulaire de l’autorité parentale")
    ASE = "ase", _("L’aide sociale à l’enfance")
    TUTEUR = "tuteur", _("Tuteur ou tutrice")
    CURATEUR = "curateur", _("Curateur ou curatrice")
    MANDATAIRE = "mandataire", _("Mandataire")
    HABILITE = "habilite", _("Proche habilité par le juge")
    CONFIANCE = "confiance", _("Personne de confiance")
    AUTRE = "autre", _("Quelqu’un d’autre qui en a la charge")


class Measure(Labelled):
    """The kind of the measure that protects an adult (Code civil, art. 425 and following)."""

    SAUVEGARDE = "sauvegarde", _("Sauvegarde de justice")
    CURATELLE = "curatelle", _("Curatelle simple")
    CURATELLE_RENFORCEE = "curatelle_renforcee", _("Curatelle renforcée")
    TUTELLE = "tutelle", _("Tutelle")
    HABILITATION = "habilitation", _("Habilitation familiale")
    MANDAT_FUTUR = "mandat_futur", _("Mandat de protection future")


class Scope(Labelled):
    """What the measure is about (art. 425: the person, their property, or both)."""

    PERSON = "personne", _("Sa personne : santé, logement, relations")
    PROPERTY = "biens", _("Ses biens : argent, allocations, impôts")
    BOTH = "personne_et_biens", _("Les deux")


class Matter(Labelled):
    """What an online procedure is about, when somebody acts for the person."""

    PROPERTY = "biens", _("Son argent, ses allocations, ses impôts")
    PERSON = "personne", _("Sa santé, son logement, son identité")
    STRICTLY_PERSONAL = (
        "strictement_personnel",
        _("Un acte strictement personnel : autorité parentale, nom d’un enfant"),
    )


class Signing(Labelled):
    """Whose signature a mandate needs."""

    PERSON = "person", _("La personne signe seule.")
    BOTH = "both", _("La personne et qui l’assiste signent tous les deux.")
    REPRESENTATIVE = (
        "representative",
        _("Qui la représente signe ; la personne est informée, et on lui demande son avis."),
    )
    EITHER = "either", _("La personne ou son mandataire signe.")


class SignedBy(Labelled):
    """Who signed it."""

    PERSON = "person", _("La personne")
    BOTH = "both", _("Les deux")
    REPRESENTATIVE = "representative", _("La personne qui la représente ou l’assiste")


class OwnWord(Labelled):
    """What the person said themselves, when somebody answers beside them."""

    AGREES = "agrees", _("Elle est d’accord")
    REFUSES = "refuses", _("Elle n’est pas d’accord")
    NOT_ASKED = "not_asked", _("On n’a pas pu lui demander")


class WhyNotAsked(Labelled):
    """Why they were not asked."""

    TOO_YOUNG = "too_young", _("Trop jeune pour comprendre la question")
    CANNOT_ANSWER = "cannot_answer", _("Son état ne lui permet pas de répondre")
    ABSENT = "absent", _("Pas là aujourd’hui")


class Beside(Labelled):
    """Who else was there: kinds, never names. The codes are those of the referrals’ agreements."""

    RELATIVE = "relative", _("Un proche")
    PROFESSIONAL = "professional", _("Un professionnel qui l’accompagne")
    REPRESENTATIVE = "representative", _("La personne qui la représente ou l’assiste")


class InterpretedBy(Labelled):
    """Who translated: a kind, never a name. A minor never does; `NOBODY`: no interpreter came."""

    PROFESSIONAL = "professional", _("Interprète, sur place ou au téléphone")
    TEAM = "team", _("Quelqu’un de l’équipe qui parle la langue")
    VOLUNTEER = "volunteer", _("Bénévole d’une association")
    ADULT = "adult", _("Un proche adulte")
    MINOR = "minor", _("Un enfant, ou un autre mineur")
    NOBODY = "nobody", _("Personne n’a pu traduire")


class Fault(Labelled):
    """Why an answer cannot be kept as it was given; `WAITS`: it is kept, and opens nothing yet."""

    REPRESENTATIVE_MISSING = (
        "representative_missing",
        _("Avant 15 ans, la personne qui représente l’enfant donne l’accord avec lui."),
    )
    WORD_MISSING = "word_missing", _("Demandez-lui son avis, et notez ce qu’elle a dit elle-même.")
    REASON_MISSING = "reason_missing", _("Dites pourquoi on n’a pas pu lui demander.")
    SAYS_NO = (
        "says_no",
        _("La personne n’est pas d’accord : rien n’est partagé ni signé contre son avis. Notez un refus."),
    )
    NOT_A_CHILD = "not_a_child", _("« Trop jeune » ne se dit que d’un enfant : choisissez une autre raison.")
    ANSWERS_ALONE = (
        "answers_alone",
        _("Elle seule peut répondre : sa mesure de protection ne décide pas de cela à sa place."),
    )
    MINOR_INTERPRETS = (
        "minor_interprets",
        _("Un mineur ne traduit jamais un accord : appelez un interprète, ou attendez."),
    )
    WAITS = "waits", _("La réponse attend : rien n’est partagé d’ici là.")
    SIGNED_BY_ANOTHER = "signed_by_another", _("Ce mandat se signe autrement.")
    NOT_WRITTEN = "not_written", _("Un mandat se donne par écrit.")
