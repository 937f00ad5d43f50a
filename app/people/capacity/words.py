"""The vocabularies of who answers, who signs, who translates."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from app.kernel.i18n import lazy_gettext as _


class Labelled(StrEnum):
    """A vocabulary whose words are in `WORDS`, class by class: codes of two vocabularies may be the same text."""

    @property
    def label(self) -> str:
        return WORDS[type(self)][self.value]


class Age(StrEnum):
    """The codes of `enums.AgeStatus`, which knows of the database."""

    UNDER_15 = "under_15"
    FROM_15 = "15_17"
    ADULT = "adult"


class RepresentativeKind(Labelled):
    """Who stands beside the person. Those of a child’s registration (`enums.Representative`) are among them."""

    MERE = "mere"
    PERE = "pere"
    PARENT = "parent"
    TITULAIRE = "titulaire"
    ASE = "ase"
    TUTEUR = "tuteur"
    CURATEUR = "curateur"
    MANDATAIRE = "mandataire"
    HABILITE = "habilite"
    CONFIANCE = "confiance"
    AUTRE = "autre"


class Measure(Labelled):
    """The kind of the measure that protects an adult (Code civil, art. 425 and following)."""

    SAUVEGARDE = "sauvegarde"
    CURATELLE = "curatelle"
    CURATELLE_RENFORCEE = "curatelle_renforcee"
    TUTELLE = "tutelle"
    HABILITATION = "habilitation"
    MANDAT_FUTUR = "mandat_futur"


class Scope(Labelled):
    """What the measure is about (art. 425: the person, their property, or both)."""

    PERSON = "personne"
    PROPERTY = "biens"
    BOTH = "personne_et_biens"


class Matter(Labelled):
    """What an online procedure is about, when somebody acts for the person."""

    PROPERTY = "biens"
    PERSON = "personne"
    STRICTLY_PERSONAL = "strictement_personnel"


class Signing(Labelled):
    """Whose signature a mandate needs."""

    PERSON = "person"
    BOTH = "both"
    REPRESENTATIVE = "representative"
    EITHER = "either"


class SignedBy(Labelled):
    """Who signed it."""

    PERSON = "person"
    BOTH = "both"
    REPRESENTATIVE = "representative"


class OwnWord(Labelled):
    """What the person said themselves, when somebody answers beside them."""

    AGREES = "agrees"
    REFUSES = "refuses"
    NOT_ASKED = "not_asked"


class WhyNotAsked(Labelled):
    """Why they were not asked."""

    TOO_YOUNG = "too_young"
    CANNOT_ANSWER = "cannot_answer"
    ABSENT = "absent"


class Beside(Labelled):
    """Who else was there: kinds, never names. The codes are those of the referrals’ agreements."""

    RELATIVE = "relative"
    PROFESSIONAL = "professional"
    REPRESENTATIVE = "representative"


class InterpretedBy(Labelled):
    """Who translated: a kind, never a name. A minor never does; `NOBODY`: no interpreter came."""

    PROFESSIONAL = "professional"
    TEAM = "team"
    VOLUNTEER = "volunteer"
    ADULT = "adult"
    MINOR = "minor"
    NOBODY = "nobody"


class Fault(Labelled):
    """Why an answer cannot be kept as it was given; `WAITS`: it is kept, and opens nothing yet."""

    REPRESENTATIVE_MISSING = "representative_missing"
    WORD_MISSING = "word_missing"
    REASON_MISSING = "reason_missing"
    SAYS_NO = "says_no"
    NOT_A_CHILD = "not_a_child"
    ANSWERS_ALONE = "answers_alone"
    MINOR_INTERPRETS = "minor_interprets"
    WAITS = "waits"
    SIGNED_BY_ANOTHER = "signed_by_another"
    NOT_WRITTEN = "not_written"


WORDS: Mapping[type[StrEnum], Mapping[str, str]] = {
    RepresentativeKind: {
        "mere": _("Sa mère"),
        "pere": _("Son père"),
        "parent": _("Un parent"),
        "titulaire": _("Autre titulaire de l’autorité parentale"),
        "ase": _("L’aide sociale à l’enfance"),
        "tuteur": _("Tuteur ou tutrice"),
        "curateur": _("Curateur ou curatrice"),
        "mandataire": _("Mandataire"),
        "habilite": _("Proche habilité par le juge"),
        "confiance": _("Personne de confiance"),
        "autre": _("Quelqu’un d’autre qui en a la charge"),
    },
    Measure: {
        "sauvegarde": _("Sauvegarde de justice"),
        "curatelle": _("Curatelle simple"),
        "curatelle_renforcee": _("Curatelle renforcée"),
        "tutelle": _("Tutelle"),
        "habilitation": _("Habilitation familiale"),
        "mandat_futur": _("Mandat de protection future"),
    },
    Scope: {
        "personne": _("Sa personne : santé, logement, relations"),
        "biens": _("Ses biens : argent, allocations, impôts"),
        "personne_et_biens": _("Les deux"),
    },
    Matter: {
        "biens": _("Son argent, ses allocations, ses impôts"),
        "personne": _("Sa santé, son logement, son identité"),
        "strictement_personnel": _("Un acte strictement personnel : autorité parentale, nom d’un enfant"),
    },
    Signing: {
        "person": _("La personne signe seule."),
        "both": _("La personne et qui l’assiste signent tous les deux."),
        "representative": _("Qui la représente signe ; la personne est informée, et on lui demande son avis."),
        "either": _("La personne ou son mandataire signe."),
    },
    SignedBy: {
        "person": _("La personne"),
        "both": _("Les deux"),
        "representative": _("La personne qui la représente ou l’assiste"),
    },
    OwnWord: {
        "agrees": _("Elle est d’accord"),
        "refuses": _("Elle n’est pas d’accord"),
        "not_asked": _("On n’a pas pu lui demander"),
    },
    WhyNotAsked: {
        "too_young": _("Trop jeune pour comprendre la question"),
        "cannot_answer": _("Son état ne lui permet pas de répondre"),
        "absent": _("Pas là aujourd’hui"),
    },
    Beside: {
        "relative": _("Un proche"),
        "professional": _("Un professionnel qui l’accompagne"),
        "representative": _("La personne qui la représente ou l’assiste"),
    },
    InterpretedBy: {
        "professional": _("Interprète, sur place ou au téléphone"),
        "team": _("Quelqu’un de l’équipe qui parle la langue"),
        "volunteer": _("Bénévole d’une association"),
        "adult": _("Un proche adulte"),
        "minor": _("Un enfant, ou un autre mineur"),
        "nobody": _("Personne n’a pu traduire"),
    },
    Fault: {
        "representative_missing": _("Avant 15 ans, la personne qui représente l’enfant donne l’accord avec lui."),
        "word_missing": _("Demandez-lui son avis, et notez ce qu’elle a dit elle-même."),
        "reason_missing": _("Dites pourquoi on n’a pas pu lui demander."),
        "says_no": _("La personne n’est pas d’accord : rien n’est partagé ni signé contre son avis. Notez un refus."),
        "not_a_child": _("« Trop jeune » ne se dit que d’un enfant : choisissez une autre raison."),
        "answers_alone": _("Elle seule peut répondre : sa mesure de protection ne décide pas de cela à sa place."),
        "minor_interprets": _("Un mineur ne traduit jamais un accord : appelez un interprète, ou attendez."),
        "waits": _("La réponse attend : rien n’est partagé d’ici là."),
        "signed_by_another": _("Ce mandat se signe autrement."),
        "not_written": _("Un mandat se donne par écrit."),
    },
}
