"""Every table of the database, said once: what a person receives of it when they ask, and why the rest is left out.

A test fails on a table or a column that is not here (RGPD art. 15; `domain/access.md`, rights).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from babel import Locale

from app.assessments.queries import wording
from app.kernel.grants import Section
from app.kernel.i18n import gettext, language
from app.kernel.i18n import lazy_gettext as _
from app.kernel.phones import format_phone
from app.mediation import enums as mediation
from app.needs import enums as needs
from app.people import enums as people
from app.privacy.enums import words_of
from app.territory import communes

Words = Callable[[Any], str]


@dataclass(frozen=True)
class Holding:
    """What is told of a table. `via`: (its column, the table that leads to the person); `told`: column → label.

    `out`: column → why it is not told. `words`: how a column reads, when its type does not say it.
    """

    table: str
    title: str
    via: tuple[str, str]
    told: Mapping[str, str]
    out: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Words] = field(default_factory=dict)


PERSON = "person"
TECHNICAL = _("numéro technique, qui ne dit rien de la personne")
INSIDE = _("organisation interne de la structure")
FIGURES = _("numéro tiré au hasard pour compter sans nommer")
VERSION = _("compteur technique des corrections")
PROOF = _("empreinte technique")
LINKED = _("lien technique vers une autre ligne de cette copie")
ROW: dict[str, str] = {"id": TECHNICAL}
AUTHORED: dict[str, str] = {"team_id": INSIDE, "secret": INSIDE}
VERSIONED: dict[str, str] = {"version": VERSION}
WHEN, BY, WHERE = _("Noté le"), _("Par"), _("Structure")


def labels_of(vocabulary: Any) -> Words:
    """How codes of a vocabulary read, alone or in a list; an unknown code is left as it is."""

    def read(value: Any) -> str:
        codes = value if isinstance(value, list) else [value]
        known = {one.value: str(one.label) for one in vocabulary}
        return ", ".join(known.get(code, str(code)) for code in codes)

    return read


def languages(value: Any) -> str:
    """ISO codes of languages, in words."""
    names = Locale.parse(language()).languages
    return ", ".join(str(names.get(code, code)) for code in value)


def question(value: Any) -> str:
    """The question of the assessment."""
    found = wording.instrument_of().by_id.get(str(value))
    return found.text if found else str(value)


def action(value: Any) -> str:
    """An action of the plan, as it is said to the person."""
    return str(wording.ACTION_SENTENCES.get(str(value), value))


def result(value: Any) -> str:
    """A result explained: the profile in a sentence, each dimension, and what it comes from."""
    lines = [str(wording.PROFILE_SENTENCES.get(value.get("profil") or "indetermine", ""))]
    for one in wording.instrument_of().dimensions:
        score = value.get("dimensions", {}).get(one.id)
        words = wording.level_words(score)
        lines.append(gettext("%(what)s : %(words)s", what=one.label, words=words))
    why = [str(item.get("texte", "")) for item in value.get("pourquoi", [])]
    return "\n".join([*lines, *([gettext("Ce qui l’explique :"), *why] if why else [])])


def profile(value: Any) -> str:
    """A profile in the sentence that is said to the person; its code is in the file."""
    return str(wording.PROFILE_SENTENCES.get(str(value), value))


def sections(value: Any) -> str:
    """The sections of a consent or of a follow-up."""
    return ", ".join(people.section_labels(Section(value)))


def commune(value: Any) -> str:
    """A commune by its name."""
    return communes.label(str(value))


HOLDINGS: tuple[Holding, ...] = (
    Holding(
        "person_identity",
        _("Votre nom et vos coordonnées"),
        ("person_id", PERSON),
        {
            "first_name": _("Prénom"),
            "last_name": _("Nom"),
            "usual_name": _("Nom d’usage"),
            "phone": _("Téléphone"),
            "email": _("Adresse électronique"),
            "no_message": _("Ne pas laisser de message"),
            "email_first": _("Vous écrire avant de vous appeler"),
        },
        {"person_id": LINKED},
        {"phone": format_phone},
    ),
    Holding(
        "person_contact",
        _("Les autres moyens de vous joindre"),
        ("person_id", PERSON),
        {
            "kind": _("Moyen"),
            "value": _("Numéro ou adresse"),
            "who": _("Qui transmet"),
            "how": _("À savoir"),
            "no_message": _("Ne pas laisser de message"),
            "first": _("À essayer en premier"),
        },
        {"rank": TECHNICAL, "person_id": LINKED, **ROW},
        {"value": format_phone},
    ),
    Holding(
        "person",
        _("Votre fiche"),
        ("id", PERSON),
        {
            "code": _("Code"),
            "state": _("État de la fiche"),
            "referent_structure_id": _("Structure référente"),
            "birth_year": _("Année de naissance"),
            "age_status": _("Âge"),
            "genre": _("Genre"),
            "statut_social": _("Situation"),
            "commune_code": _("Commune"),
            "last_contact_on": _("Dernier contact"),
            "restricted_on": _("Gelée depuis le"),
            "protected": _("Situation protégée"),
            "created_at": _("Inscription"),
            "updated_at": _("Dernière correction"),
        },
        {"id": TECHNICAL, "subject_key": FIGURES, **VERSIONED},
        {
            "commune_code": commune,
            "state": lambda v: gettext("suivie") if v == "active" else gettext("archivée"),
        },
    ),
    Holding(
        "person_adaptation",
        _("Vos besoins d’adaptation et vos langues"),
        ("person_id", PERSON),
        {"needs": _("Besoins"), "languages": _("Langues"), "interpreter": _("Interprète nécessaire")},
        {"person_id": LINKED},
        {"needs": labels_of(people.Adaptation), "languages": languages},
    ),
    Holding(
        "person_representative",
        _("Qui vous représente ou vous assiste"),
        ("person_id", PERSON),
        {
            "kind": _("Qui"),
            "name": _("Nom"),
            "phone": _("Téléphone"),
            "email": _("Adresse électronique"),
        },
        {"rank": TECHNICAL, "person_id": LINKED, **ROW},
        {"phone": format_phone},
    ),
    Holding(
        "person_measure",
        _("Votre mesure de protection"),
        ("person_id", PERSON),
        {"kind": _("Mesure"), "scope": _("Ce qu’elle concerne")},
        {"person_id": LINKED},
    ),
    Holding(
        "person_safety",
        _("Comment vous joindre sans risque"),
        ("person_id", PERSON),
        {"safe_way": _("Façon de vous joindre"), "code_word": _("Mot convenu")},
        {"person_id": LINKED},
    ),
    Holding(
        "named_structure",
        _("Les structures que vous avez nommées"),
        ("person_id", PERSON),
        {"structure_id": WHERE, "named_at": WHEN, "named_by": BY},
        {"person_id": LINKED},
    ),
    Holding(
        "follow_up",
        _("Qui vous suit ou vous a suivi"),
        ("person_id", PERSON),
        {
            "structure_id": WHERE,
            "kind": _("Rôle"),
            "sections": _("Ce qui lui est ouvert"),
            "started_on": _("Depuis"),
            "ended_on": _("Jusqu’à"),
            "created_at": WHEN,
        },
        {"person_id": LINKED, "team_id": INSIDE, **ROW},
        {
            "kind": lambda v: gettext("référente") if v == "referent" else gettext("suivi partagé"),
            "sections": sections,
        },
    ),
    Holding(
        "notice",
        _("L’information que vous avez reçue"),
        ("person_id", PERSON),
        {
            "created_at": WHEN,
            "text_version": _("Version du texte"),
            "language": _("Langue"),
            "way": _("Comment"),
            "given_by": BY,
        },
        {"person_id": LINKED, **ROW},
        {"language": lambda v: languages([v])},
    ),
    Holding(
        "consent",
        _("Vos accords et vos refus"),
        ("person_id", PERSON),
        {
            "kind": _("Pour"),
            "answer": _("Réponse"),
            "way": _("Comment"),
            "text_version": _("Version du texte"),
            "language": _("Langue"),
            "sections": _("Ce qui est ouvert"),
            "people_present": _("Étaient présents"),
            "interpreter": _("Avec un interprète"),
            "interpreted_by": _("Traduit par"),
            "own_word": _("Ce que vous avez dit vous-même"),
            "why_not_asked": _("Pourquoi on ne vous a pas demandé"),
            "age_status": _("Votre âge ce jour-là"),
            "told_version": _("Ce qui vous a été dit de vos parents : version du texte"),
            "starts_on": _("Du"),
            "ends_on": _("Au"),
            "withdrawn_at": _("Retiré le"),
            "recorded_by": BY,
            "structure_id": WHERE,
            "created_at": WHEN,
        },
        {"person_id": LINKED, **ROW},
        {"sections": sections, "language": lambda v: languages([v])},
    ),
    Holding(
        "mandate",
        _("Les mandats que vous avez signés"),
        ("consent_id", "consent"),
        {"purpose": _("Pour quelle démarche"), "matter": _("Elle concerne"), "signed_by": _("Signé par")},
        {"consent_id": LINKED},
    ),
    Holding(
        "consent_recipient",
        _("À qui vos accords ouvrent"),
        ("consent_id", "consent"),
        {"structure_id": WHERE, "rank": _("Ordre")},
        {"consent_id": LINKED},
    ),
    Holding(
        "sharing_card",
        _("Vos cartes de partage"),
        ("person_id", PERSON),
        {
            "created_at": _("Faite le"),
            "structure_id": WHERE,
            "made_by": BY,
            "representative": _("En présence de"),
            "ended_at": _("Finie le"),
            "end_cause": _("Parce que"),
        },
        {
            "person_id": LINKED,
            "code_hash": PROOF,
            "word_hash": PROOF,
            "tries": _("compteur de sécurité"),
            "forgiven": _("compteur de sécurité"),
            "lock_told_at": _("compteur de sécurité"),
            **ROW,
        },
    ),
    Holding(
        "card_notice",
        _("Ce qui a été fait avec votre carte"),
        ("person_id", PERSON),
        {
            "created_at": _("Le"),
            "event": _("Quoi"),
            "from_structure_id": _("Par"),
            "structure_id": _("Structure prévenue"),
        },
        {"person_id": LINKED, "seen_at": INSIDE, "seen_by": INSIDE, **ROW},
        {
            "event": lambda v: {
                "opened": gettext("fiche ouverte"),
                "locked": gettext("carte bloquée après trois erreurs"),
                "stayed": gettext("suivi gardé, avec votre oui"),
                "left": gettext("suivi arrêté"),
            }.get(v, str(v))
        },
    ),
    Holding(
        "need",
        _("Vos demandes"),
        ("person_id", PERSON),
        {
            "kind": _("Demande"),
            "demarche": _("Démarche"),
            "organismes": _("Organismes"),
            "origin": _("Origine"),
            "priority": _("Urgence"),
            "due_on": _("À faire avant le"),
            "state": _("État"),
            "result": _("Résultat"),
            "right_outcome": _("Droit obtenu"),
            "trip_avoided": _("Déplacement évité"),
            "closed_at": _("Terminée le"),
            "created_at": WHEN,
            "author_id": BY,
            "structure_id": WHERE,
        },
        {"person_id": LINKED, **ROW, **AUTHORED, **VERSIONED},
        {"organismes": labels_of(needs.Organisme)},
    ),
    Holding(
        "need_text",
        _("Ce qui a été écrit de vos demandes"),
        ("need_id", "need"),
        {"note": _("Texte")},
        {"need_id": LINKED},
    ),
    Holding(
        "session_log",
        _("Vos séances"),
        ("id", "participation"),
        {
            "held_on": _("Le"),
            "kind": _("Séance"),
            "minutes": _("Minutes"),
            "title": _("Titre"),
            "place_kind": _("Lieu"),
            "commune_code": _("Commune"),
            "channel": _("Moyen"),
            "materials": _("Matériel"),
            "themes": _("Thèmes"),
            "demarches": _("Démarches"),
            "organismes": _("Organismes"),
            "acts": _("Ce qui a été fait"),
            "autonomy": _("Autonomie"),
            "posture": _("Accompagnement"),
            "author_id": BY,
            "structure_id": WHERE,
            "created_at": WHEN,
        },
        {
            "place_id": _("l’adresse du lieu, qui est dans l’annuaire"),
            "need_id": LINKED,
            **ROW,
            **AUTHORED,
            **VERSIONED,
        },
        {
            "materials": labels_of(mediation.Material),
            "themes": labels_of(mediation.Theme),
            "demarches": labels_of(needs.Demarche),
            "organismes": labels_of(needs.Organisme),
            "acts": labels_of(mediation.Act),
            "commune_code": commune,
        },
    ),
    Holding(
        "session_text",
        _("Les notes de vos séances"),
        ("session_id", "participation"),
        {"note": _("Note"), "visibility": _("Qui la lit")},
        {"session_id": LINKED, "team_id": INSIDE},
    ),
    Holding(
        "participation",
        _("Votre présence aux séances"),
        ("person_id", PERSON),
        {"created_at": WHEN},
        {"person_id": LINKED, "session_id": LINKED, **ROW},
    ),
    Holding(
        "participation_fact",
        _("Ce qui est compté de vous, sans votre nom"),
        ("participation_id", "participation"),
        {
            "held_on": _("Le"),
            "structure_id": WHERE,
            "age_band": _("Tranche d’âge"),
            "genre": _("Genre"),
            "statut_social": _("Situation"),
            "area_code": _("Commune"),
        },
        {"participation_id": LINKED, "subject_key": FIGURES, "anonymous": FIGURES},
        {"area_code": commune},
    ),
    Holding(
        "assessment",
        _("Vos évaluations"),
        ("person_id", PERSON),
        {
            "started_at": _("Commencée le"),
            "finished_at": _("Terminée le"),
            "state": _("État"),
            "mode": _("Forme"),
            "instrument_version": _("Version du questionnaire"),
            "profile": _("Profil calculé"),
            "priority": _("Priorité"),
            "index_value": _("Indice de distance"),
            "band": _("Niveau"),
            "reliability": _("Fiabilité"),
            "result": _("Le résultat, expliqué"),
            "kept_profile": _("Profil gardé par l’équipe"),
            "override_reason": _("Pourquoi un autre profil"),
            "overridden_by": _("Profil changé par"),
            "overridden_at": _("Profil changé le"),
            "correction_reason": _("Pourquoi elle a été refaite"),
            "author_id": BY,
            "structure_id": WHERE,
            "created_at": WHEN,
        },
        {
            "person_id": LINKED,
            "subject_key": FIGURES,
            "instrument_hash": PROOF,
            "engine_version": PROOF,
            "supersedes_id": LINKED,
            **ROW,
            **AUTHORED,
            **VERSIONED,
        },
        {
            "profile": profile,
            "kept_profile": profile,
            "band": lambda v: wording.band_label(v) or str(v),
            "reliability": wording.reliability_label,
            "override_reason": lambda v: str(wording.REASONS.get(v, v)),
            "correction_reason": lambda v: str(wording.CORRECTIONS.get(v, v)),
            "result": result,
            "state": lambda v: gettext("terminée") if v == "done" else gettext("en cours"),
        },
    ),
    Holding(
        "assessment_answer",
        _("Vos réponses aux évaluations"),
        ("assessment_id", "assessment"),
        {
            "question": _("Question"),
            "code": _("Réponse"),
            "observed": _("Vu par la personne qui demandait"),
            "answered_at": _("Le"),
            "seconds": _("Temps sur la question, en secondes"),
        },
        {"assessment_id": LINKED},
        {"question": question},
    ),
    Holding(
        "plan_action",
        _("Votre plan"),
        ("assessment_id", "assessment"),
        {
            "code": _("Ce qui est proposé"),
            "level": _("Quand"),
            "rank": _("Ordre"),
            "rules": _("Règles du questionnaire"),
            "state": _("Où cela en est"),
            "decided_at": _("Décidé le"),
            "postponed_to": _("Remis au"),
            "created_at": WHEN,
        },
        {"assessment_id": LINKED, **ROW, **VERSIONED},
        {"code": action},
    ),
    Holding(
        "plan_event",
        _("Les étapes de votre plan"),
        ("plan_action_id", "plan_action"),
        {"at": _("Le"), "user_id": BY, "from_state": _("De"), "to_state": _("À"), "postponed_to": _("Remis au")},
        {"plan_action_id": LINKED, **ROW},
    ),
    Holding(
        "referral",
        _("Vos orientations"),
        ("person_id", PERSON),
        {
            "structure_id": _("Demandée par"),
            "recipient_id": _("Envoyée à"),
            "suggested_id": _("Structure conseillée"),
            "state": _("État"),
            "need_kind": _("Demande"),
            "need_demarche": _("Démarche"),
            "urgency": _("Urgence"),
            "profile": _("Profil transmis"),
            "area_code": _("Code du secteur"),
            "area_label": _("Secteur"),
            "adaptation": _("Besoins d’adaptation transmis"),
            "created_at": WHEN,
            "sent_at": _("Envoyée le"),
            "seen_at": _("Vue le"),
            "answered_at": _("Réponse le"),
            "started_at": _("Commencée le"),
            "ended_at": _("Finie le"),
            "outcome": _("Résultat"),
            "decline_reason": _("Pourquoi elle a été refusée"),
            "end_cause": _("Pourquoi elle a été retirée"),
            "author_id": BY,
            "holder_id": _("Prise en charge par"),
        },
        {
            "person_id": LINKED,
            "need_id": LINKED,
            "consent_id": LINKED,
            "parent_id": LINKED,
            "path_id": TECHNICAL,
            "clock_from": INSIDE,
            "next_clock": INSIDE,
            "next_clock_at": INSIDE,
            "at_risk": INSIDE,
            **ROW,
            **AUTHORED,
            **VERSIONED,
        },
        {"adaptation": labels_of(people.Adaptation), "profile": profile},
    ),
    Holding(
        "referral_text",
        _("Les mots de vos orientations"),
        ("referral_id", "referral"),
        {"at": _("Le"), "side": _("De"), "act": _("Quoi"), "user_id": BY, "body": _("Texte")},
        {"referral_id": LINKED, "event_id": LINKED, **ROW},
    ),
    Holding(
        "referral_event",
        _("Les étapes de vos orientations"),
        ("referral_id", "referral"),
        {
            "at": _("Le"),
            "side": _("Qui"),
            "user_id": BY,
            "act": _("Quoi"),
            "from_state": _("De"),
            "to_state": _("À"),
            "reason": _("Motif"),
        },
        {
            "referral_id": LINKED,
            "rank": TECHNICAL,
            "membership_id": INSIDE,
            "details": _("codes techniques, dont le sens est dit par les autres rubriques"),
            "text_hash": PROOF,
            **ROW,
        },
    ),
    Holding(
        "referral_task",
        _("Ce qui restait à vous dire ou à décider"),
        ("referral_id", "referral"),
        {
            "created_at": WHEN,
            "structure_id": WHERE,
            "kind": _("Quoi"),
            "due_on": _("Avant le"),
            "done_at": _("Fait le"),
            "done_by": BY,
            "told_way": _("Comment vous avez été prévenu"),
            "decision": _("Suite"),
        },
        {"referral_id": LINKED, "event_id": LINKED, **ROW, **VERSIONED},
    ),
    Holding(
        "person_merge",
        _("Fiches réunies"),
        ("kept_id", PERSON),
        {
            "created_at": _("Réunies le"),
            "structure_id": WHERE,
            "merged_by": BY,
            "undone_at": _("Annulé le"),
            "undone_by": BY,
        },
        {"kept_id": LINKED, "removed_id": LINKED, **ROW},
    ),
    Holding(
        "rights_request",
        _("Vos demandes sur vos données"),
        ("person_id", PERSON),
        {
            "kind": _("Droit"),
            "state": _("État"),
            "received_on": _("Reçue le"),
            "due_on": _("Réponse avant le"),
            "way": _("Comment"),
            "identity_check": _("Comment on vous a reconnu"),
            "recorded_by": BY,
            "structure_id": WHERE,
            "extended_on": _("Délai prolongé le"),
            "extension_reason": _("Pourquoi"),
            "told_way": _("Comment vous l’avez su"),
            "outcome": _("Réponse"),
            "refusal_reason": _("Motif du refus"),
            "answered_on": _("Répondu le"),
            "answered_by": _("Répondu par"),
            "answer_way": _("Réponse donnée"),
            "created_at": WHEN,
        },
        {"person_id": LINKED, **ROW, **VERSIONED},
    ),
    Holding(
        "rights_request_text",
        _("Les mots de vos demandes sur vos données"),
        ("request_id", "rights_request"),
        {"asked": _("Ce que vous avez demandé"), "answered": _("Ce qui vous a été répondu")},
        {"request_id": LINKED},
    ),
    Holding(
        "access_copy",
        _("Les copies préparées pour vous"),
        ("request_id", "rights_request"),
        {"created_at": _("Demandée le"), "asked_by": BY, "expires_at": _("Effacée le")},
        {
            "request_id": LINKED,
            "membership_id": INSIDE,
            "state": _("avancement technique"),
            "made_at": _("avancement technique"),
            "data": _("c’est la copie elle-même"),
            "document": _("c’est la copie elle-même"),
            **ROW,
        },
    ),
    Holding(
        "journal_entry",
        _("Qui a ouvert ou modifié votre fiche"),
        ("person_id", PERSON),
        {
            "at": _("Quand"),
            "action": _("Quoi"),
            "user_id": _("Qui"),
            "membership_id": _("Rôle"),
            "structure_id": WHERE,
            "grant": _("À quel titre"),
        },
        {
            "person_id": LINKED,
            "seq": TECHNICAL,
            "object_type": TECHNICAL,
            "object_id": TECHNICAL,
            "details": _("codes techniques, dont le sens est dit par les autres rubriques"),
            "previous_hash": PROOF,
            "hash": PROOF,
        },
        {"action": words_of},
    ),
)

STAFF = _("Ne parle que des professionnels et de leurs comptes.")
NETWORK = _("Ne parle que des structures et de leurs lieux.")
COUNTED = _("Des chiffres publiés, où personne ne se reconnaît.")
MACHINE = _("Fonctionnement de la machine : numéros et codes, effacés vite.")
LEFT_OUT: dict[str, str] = {
    **dict.fromkeys(
        (
            "access_review",
            "account_link",
            "invitation",
            "membership",
            "membership_place",
            "recovery_code",
            "second_factor",
            "sign_in_failure",
            "user_account",
            "user_session",
        ),
        STAFF,
    ),
    **dict.fromkeys(
        ("directory_change", "offer", "place", "place_import", "structure", "team", "network_territory"), NETWORK
    ),
    **dict.fromkeys(("published_cell", "summary"), COUNTED),
    **dict.fromkeys(("job", "journal_checkpoint", "journal_head", "submission", "card_try", "outbox_message"), MACHINE),
    "saved_form": _("Ce qu’un professionnel était en train d’écrire : effacé en une heure, rattaché à personne."),
    "saved_search": _("Ce qu’un professionnel a cherché : effacé en 15 minutes, rattaché à personne."),
    "search_key": _(
        "Des formes du nom et du téléphone, calculées pour les retrouver : les originaux sont dans la copie."
    ),
    "person_alias": _("Le numéro d’une fiche réunie avec celle-ci : la copie contient les deux."),
    "merge_undo": _(
        "Secours de 30 jours pour défaire une fusion : si elle était une erreur, il parle de quelqu’un d’autre."
    ),
    "duplicate_pair": _("Une ressemblance entre deux fiches : elle parle aussi de quelqu’un d’autre."),
    "likeness_notice": _("Une ressemblance entre deux fiches : elle parle aussi de quelqu’un d’autre."),
}
