"""What every screen shows of the rooms: navigation, what is done from the first screen, a person’s page."""

from __future__ import annotations

from app.assessments import views as assessments
from app.kernel import due, panels, timeline
from app.kernel.access import ADVISING, FRONT, Role
from app.kernel.i18n import lazy_gettext as _
from app.kernel.panels import NavItem, PersonLink, QuickAction
from app.mediation import views as mediation
from app.needs import views as needs
from app.network import queries as network_queries
from app.people import queries as people_queries
from app.people import views as people
from app.pilotage import policy as pilotage_policy
from app.pilotage import views as pilotage
from app.referrals import queries as referral_queries
from app.referrals import views as referrals
from app.territory import policy as territory_policy


def navigation() -> None:
    """The entries of the menu, by role."""
    panels.navigation.extend(
        (
            NavItem("people.index", _("Personnes"), FRONT, 10, also=frozenset({"needs", "assessments"})),
            NavItem("mediation.index", _("Séances"), FRONT, 20),
            NavItem("referrals.inbox", _("Orientations"), FRONT, 30, referral_queries.inbox_count),
            NavItem("network.index", _("Annuaire"), FRONT | {Role.COORDINATOR}, 40),
            NavItem("pilotage.flows", _("Qui oriente vers qui"), frozenset({Role.COORDINATOR}), 50),
            NavItem("pilotage.blockers", _("Ce qui bloque"), frozenset({Role.COORDINATOR}), 52),
            NavItem("pilotage.network_map", _("Carte"), frozenset({Role.COORDINATOR}), 45),
            NavItem("pilotage.summary_list", _("Synthèses"), pilotage_policy.READERS, 58),
            NavItem("pilotage.quality", _("Qualité des évaluations"), frozenset({Role.COORDINATOR}), 55),
            NavItem("administration.members", _("Équipe et accès"), frozenset({Role.MANAGER}), 70),
            NavItem("administration.structures", _("Structures"), frozenset({Role.ADMIN, Role.COORDINATOR}), 70),
            NavItem("privacy.desk", _("Protection des données"), frozenset({Role.DPO}), 55),
            NavItem("privacy.journal", _("Journal"), frozenset({Role.DPO}), 60),
            NavItem("privacy.rights_requests", _("Demandes de droits"), frozenset({Role.DPO}), 62),
            NavItem("territory.settings", _("Territoire"), territory_policy.CHOOSERS, 85),
        )
    )


def quick_actions() -> None:
    """What the first screen offers to begin."""
    panels.quick_actions.extend(
        (
            QuickAction("people.index", _("Chercher une personne"), _("Par nom ou par téléphone"), "search", FRONT, 10),
            QuickAction("people.new", _("Inscrire une personne"), _("Une première visite"), "plus", FRONT, 20),
            QuickAction(
                "people.open_card", _("Ouvrir avec une carte"), _("La personne montre sa carte"), "shield", FRONT, 40
            ),
            QuickAction(
                "mediation.new_anonymous",
                _("Noter une séance"),
                _("Sans nom, ou à rattacher ensuite"),
                "pen",
                FRONT,
                30,
            ),
            QuickAction(
                "pilotage.summary_list",
                _("Lire les synthèses"),
                _("Ce que le réseau a fait, trimestre par trimestre"),
                "book",
                frozenset({Role.ELECTED}),
                40,
            ),
        )
    )


def person_page() -> None:
    """Panels, history, tasks, filters and links about a person."""
    panels.person_panels.extend((needs.panel, assessments.panel, referrals.panel, people.cards.panel))
    timeline.register(
        needs.history,
        mediation.history,
        assessments.history,
        assessments.plan_history,
        referrals.history,
        people.history.consent_history,
        people.history.follow_history,
        people.history.note_history,
    )
    panels.task_providers.extend((needs.tasks, *referrals.tasks, *assessments.tasks, pilotage.tasks))
    due.named_by(people_queries.labels, network_queries.names)
    panels.person_marks.append(needs.marks)
    panels.person_filters.extend(needs.FILTERS)
    panels.list_links.extend(
        (
            NavItem("people.duplicates", _("Doublons possibles"), ADVISING, 10),
            NavItem("people.imports", _("Importer un fichier"), ADVISING, 30),
            NavItem("people.exports", _("Exporter"), frozenset({Role.MANAGER}), 40),
            NavItem("pilotage.follow_ups", _("Suivis à vérifier"), ADVISING, 20),
        )
    )
    panels.person_links.extend(
        (
            PersonLink("mediation.new_session", _("Noter une séance"), FRONT, 10, primary=True),
            PersonLink("needs.new_need", _("Noter une demande"), FRONT, 20),
            PersonLink("people.write_note", _("Écrire une note"), FRONT, 50),
            PersonLink("referrals.draft", _("Orienter"), FRONT, 40),
            PersonLink("assessments.start", _("Évaluer la distance au numérique"), FRONT, 30),
        )
    )
