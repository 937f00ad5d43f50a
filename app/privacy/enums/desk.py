"""The officer’s lists, and the words of what they look for."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.i18n import lazy_gettext as _
from app.kernel.labels import Labelled


class Desk(StrEnum):
    """Lists whose criteria are kept on the server."""

    JOURNAL = "journal"
    CONSENTS = "consents"


class ConsentState(Labelled):
    """Where an answer stands today. `waiting`: the person was never asked about the shared register."""

    HOLDING = "holding", _("En cours")
    SOON = "soon", _("Finissent bientôt")
    ENDED = "ended", _("Finis ou remplacés")
    WITHDRAWN = "withdrawn", _("Retirés")
    REFUSED = "refused", _("Refusés")
    WAITING = "waiting", _("Jamais demandés")


class UnarchiveReason(Labelled):
    """Why a record leaves the archive."""

    CAME_BACK = "came_back", _("La personne est revenue")
    MISTAKE = "mistake", _("La fiche a été archivée par erreur")
    DISPUTE = "dispute", _("Une réclamation ou un recours est en cours")


# What an entry of the journal may be about; a test compares it with what the application writes.
OBJECTS: dict[str, str] = {
    "access_copy": _("Copie des données"),
    "assessment": _("Évaluation"),
    "card": _("Carte de partage"),
    "consent": _("Accord"),
    "duplicate": _("Doublon possible"),
    "follow_up": _("Suivi"),
    "hand_over": _("Changement de structure référente"),
    "invitation": _("Invitation"),
    "journal": _("Journal"),
    "likeness": _("Avis de ressemblance"),
    "membership": _("Accès d’un professionnel"),
    "merge": _("Fusion de fiches"),
    "need": _("Demande"),
    "network": _("Réseau"),
    "note": _("Note sur une personne"),
    "notice": _("Information remise"),
    "offer": _("Offre d’un lieu"),
    "people_export": _("Export de personnes"),
    "people_import": _("Import de personnes"),
    "person": _("Fiche d’une personne"),
    "place": _("Lieu"),
    "plan_action": _("Action du plan"),
    "referral": _("Orientation"),
    "retention": _("Durée de conservation"),
    "rights_request": _("Demande de droits"),
    "route": _("Page refusée"),
    "session": _("Connexion"),
    "session_log": _("Séance"),
    "structure": _("Structure"),
    "summary": _("Synthèse"),
    "team": _("Équipe"),
    "territory": _("Territoire"),
    "user": _("Compte d’un professionnel"),
}
