"""The access answer: what is known of the person, and who may know it."""

from __future__ import annotations

from app.kernel.i18n import gettext
from app.kernel.i18n import lazy_gettext as _
from app.kernel.phones import format_phone
from app.people import enums as people
from app.privacy.queries.inventory.base import (
    BY,
    FIGURES,
    INSIDE,
    LINKED,
    PERSON,
    PROOF,
    ROW,
    TECHNICAL,
    VERSIONED,
    WHEN,
    WHERE,
    Holding,
)
from app.privacy.queries.inventory.words import commune, labels_of, languages, sections

PEOPLE: tuple[Holding, ...] = (
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
        },
        {"person_id": LINKED},
        {"phone": format_phone},
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
        "imported_person",
        _("Votre inscription à partir d’un fichier"),
        ("person_id", PERSON),
        {"created_at": WHEN, "structure_id": WHERE},
        {"person_id": LINKED, "row_key": PROOF, **ROW},
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
)
