"""The figures: what each is called, what it counts, in which unit, from which table, by which rule (indicators.md)."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.i18n import lazy_gettext as _


@dataclass(frozen=True)
class Definition:
    """One figure, in words. `code` is its identifier in the grid."""

    code: str
    label: str
    text: str
    unit: str
    source: str
    rule: str


_PARTICIPATIONS = _("faits de participation (participation_fact)")
_NEEDS = _("demandes (need)")
_REFERRALS = _("orientations (referral)")

CATALOGUE = (
    Definition(
        "people",
        _("Personnes accompagnées"),
        _("Personnes inscrites au registre qui ont eu au moins une séance dans la période."),
        _("personnes"),
        _PARTICIPATIONS,
        _(
            "Chaque personne compte une fois. Elle est « nouvelle » si sa première séance dans le réseau est dans la "
            "période. Son âge et sa commune sont ceux de sa dernière séance de la période."
        ),
    ),
    Definition(
        "anonymous",
        _("Participations sans nom"),
        _("Personnes aidées ou venues en atelier sans être inscrites au registre."),
        _("participations"),
        _PARTICIPATIONS,
        _(
            "Chaque venue compte, parce que rien ne dit si c’est la même personne. Elles ne sont pas dans les personnes."
        ),
    ),
    Definition(
        "accompaniments",
        _("Accompagnements"),
        _("Une personne dans une séance. Un atelier de huit personnes fait huit accompagnements."),
        _("accompagnements"),
        _PARTICIPATIONS,
        _(
            "Les personnes inscrites et les participations sans nom sont comptées. L’âge et la commune : comme plus haut."
        ),
    ),
    Definition(
        "hours",
        _("Heures de séance"),
        _("Durée de toutes les séances et de tous les ateliers de la période."),
        _("heures"),
        _("séances (session_log)"),
        _(
            "Somme des minutes notées, arrondie à l’heure. Un atelier compte une fois, quel que soit le nombre de personnes."
        ),
    ),
    Definition(
        "workshops",
        _("Ateliers"),
        _("Séances collectives tenues dans la période."),
        _("ateliers"),
        _("séances (session_log)"),
        _("Chaque atelier compte une fois."),
    ),
    Definition(
        "needs_opened",
        _("Demandes ouvertes"),
        _("Demandes notées dans la période pour une personne inscrite."),
        _("demandes"),
        _NEEDS,
        _("Comptées au jour où elles sont notées. Une personne peut avoir plusieurs demandes."),
    ),
    Definition(
        "needs_resolved",
        _("Demandes résolues"),
        _("Demandes terminées dans la période avec le résultat « résolue » ou « résolue en partie »."),
        _("demandes"),
        _NEEDS,
        _("Comptées au jour où elles sont terminées, quel que soit le jour où elles ont été ouvertes."),
    ),
    Definition(
        "needs_waiting",
        _("Demandes en attente depuis plus de 90 jours"),
        _("Demandes encore ouvertes au dernier jour de la période, notées plus de 90 jours avant."),
        _("demandes"),
        _NEEDS,
        _("Comptées au dernier jour de la période."),
    ),
    Definition(
        "referrals_sent",
        _("Orientations envoyées"),
        _("Demandes d’une structure à une autre de prendre le relais, avec l’accord de la personne."),
        _("orientations"),
        _REFERRALS,
        _(
            "Comptées au jour de l’envoi. « Répondue en 9 jours ouvrés » : acceptée ou refusée au plus tard le neuvième "
            "jour d’ouverture du réseau après l’envoi. Celles retirées avant d’être répondues comptent parmi les autres."
        ),
    ),
    Definition(
        "referrals_closed",
        _("Orientations terminées"),
        _("Orientations acceptées dont le travail s’est terminé dans la période."),
        _("orientations"),
        _REFERRALS,
        _("Comptées au jour de la fin. « Besoin couvert » : en tout ou en partie, selon la structure qui a reçu."),
    ),
    Definition(
        "referrals_declined",
        _("Orientations refusées"),
        _("Orientations que la structure qui les a reçues n’a pas pu prendre."),
        _("orientations"),
        _REFERRALS,
        _("Comptées au jour du refus."),
    ),
    Definition(
        "travelled",
        _("Distance parcourue"),
        _(
            "Personnes dont l’indice de distance au numérique a baissé d’au moins 10 points entre leur première et leur "
            "dernière évaluation complète."
        ),
        _("personnes"),
        _("évaluations terminées (assessment)"),
        _(
            "Personnes dont la dernière évaluation complète est dans la période et qui en ont une plus ancienne. Les "
            "évaluations corrigées ne comptent pas."
        ),
    ),
)
BY_CODE = {one.code: one for one in CATALOGUE}
# A session gathers people of several communes: told of the whole network only.
NETWORK_ONLY = frozenset({"hours", "workshops"})
# Which indicators each breakdown shares out.
BREAKDOWNS: dict[str, tuple[str, ...]] = {
    "novelty": ("people",),
    "age": ("people", "accompaniments"),
    "commune": ("people", "accompaniments"),
    "kind": ("needs_opened",),
    "answer": ("referrals_sent",),
    "outcome": ("referrals_closed",),
    "distance": ("travelled",),
}
