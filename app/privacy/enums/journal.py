"""The journal's codes, in words. A test checks that every code written by the application has its words."""

from __future__ import annotations

from app.kernel.i18n import lazy_gettext as _
from app.kernel.labels import Labelled
from app.referrals.enums import Act


class Family(Labelled):
    """What a journal entry is about, for the filter."""

    READ = "read", _("Lectures et recherches")
    CHANGE = "change", _("Écritures")
    CONSENT = "consent", _("Accords et notices")
    REFERRAL = "referral", _("Orientations")
    SESSION = "session", _("Connexions et comptes")
    REFUSAL = "refusal", _("Refus")

    @property
    def codes(self) -> frozenset[str]:
        """The action codes of this family."""
        return frozenset(code for code, (family, _words) in ACTIONS.items() if family is self)


ACTIONS: dict[str, tuple[Family, str]] = {
    "person.read": (Family.READ, _("Fiche ouverte")),
    "person.search": (Family.READ, _("Recherche dans le registre")),
    "person.print": (Family.READ, _("Coupon imprimé")),
    "need.read": (Family.READ, _("Demande ouverte à l’écran")),
    "session.read": (Family.READ, _("Séance ouverte à l’écran")),
    "assessment.read": (Family.READ, _("Évaluation ouverte à l’écran")),
    "assessment.print": (Family.READ, _("Évaluation imprimée")),
    "referral.read": (Family.READ, _("Orientation ouverte à l’écran")),
    "referral.print": (Family.READ, _("Papier d’orientation imprimé")),
    "journal.read": (Family.READ, _("Journal consulté")),
    "journal.print": (Family.READ, _("Journal imprimé")),
    "consent.list": (Family.READ, _("Liste des accords consultée")),
    "sharing.map": (Family.READ, _("Carte des partages consultée")),
    "archive.read": (Family.READ, _("Fiche archivée ouverte")),
    "card.print": (Family.READ, _("Carte de partage imprimée")),
    "card.open": (Family.READ, _("Fiche ouverte avec une carte de partage")),
    "person.register": (Family.CHANGE, _("Personne inscrite")),
    "person.unregister": (Family.CHANGE, _("Personne retirée, son import annulé")),
    "person.correct": (Family.CHANGE, _("Fiche corrigée")),
    "person.merge": (Family.CHANGE, _("Deux fiches fusionnées")),
    "person.unmerge": (Family.CHANGE, _("Fusion annulée")),
    "duplicate.dismiss": (Family.CHANGE, _("Doublon possible écarté")),
    "duplicate.restore": (Family.CHANGE, _("Doublon possible remis dans la liste")),
    "likeness.seen": (Family.READ, _("Avis de ressemblance vu")),
    "need.open": (Family.CHANGE, _("Demande notée")),
    "need.edit": (Family.CHANGE, _("Demande corrigée")),
    "need.close": (Family.CHANGE, _("Demande terminée")),
    "need.pieces": (Family.CHANGE, _("Pièces d’une demande notées")),
    "note.write": (Family.CHANGE, _("Note écrite")),
    "note.correct": (Family.CHANGE, _("Note corrigée")),
    "note.delete": (Family.CHANGE, _("Note supprimée")),
    "note.hide": (Family.CHANGE, _("Note masquée")),
    "need.reopen": (Family.CHANGE, _("Demande rouverte")),
    "session.log": (Family.CHANGE, _("Séance enregistrée")),
    "session.correct": (Family.CHANGE, _("Séance corrigée")),
    "session.attach": (Family.CHANGE, _("Séance rattachée à une personne")),
    "assessment.start": (Family.CHANGE, _("Évaluation commencée")),
    "assessment.answer": (Family.CHANGE, _("Réponses notées")),
    "assessment.shorten": (Family.CHANGE, _("Évaluation passée en express")),
    "assessment.discard": (Family.CHANGE, _("Évaluation abandonnée")),
    "assessment.finish": (Family.CHANGE, _("Évaluation terminée")),
    "assessment.profile": (Family.CHANGE, _("Profil modifié")),
    "assessment.plan": (Family.CHANGE, _("Action du plan suivie")),
    "territory.set": (Family.CHANGE, _("Territoire du réseau choisi")),
    "place.add": (Family.CHANGE, _("Lieu ajouté")),
    "place.edit": (Family.CHANGE, _("Lieu corrigé")),
    "place.close": (Family.CHANGE, _("Lieu fermé")),
    "place.reopen": (Family.CHANGE, _("Lieu rouvert")),
    "place.export": (Family.READ, _("Lieux exportés")),
    "offer.add": (Family.CHANGE, _("Offre ajoutée")),
    "offer.edit": (Family.CHANGE, _("Offre corrigée")),
    "offer.close": (Family.CHANGE, _("Offre arrêtée")),
    "offer.reopen": (Family.CHANGE, _("Offre reprise")),
    "place.import": (Family.CHANGE, _("Lieux importés")),
    "structure.add": (Family.CHANGE, _("Structure ajoutée")),
    "structure.edit": (Family.CHANGE, _("Structure modifiée")),
    "structure.declare": (Family.CHANGE, _("Base légale déclarée")),
    "structure.leave": (Family.CHANGE, _("Convention terminée")),
    "team.edit": (Family.CHANGE, _("Équipe modifiée")),
    "structure.agreement": (Family.CHANGE, _("Convention signée enregistrée")),
    "team.add": (Family.CHANGE, _("Équipe ajoutée")),
    "summary.publish": (Family.CHANGE, _("Synthèse publiée")),
    "summary.withdraw": (Family.CHANGE, _("Synthèse retirée")),
    "right.ask": (Family.CHANGE, _("Demande de droits enregistrée")),
    "right.extend": (Family.CHANGE, _("Délai d’une demande de droits prolongé")),
    "right.answer": (Family.CHANGE, _("Réponse à une demande de droits")),
    "right.read": (Family.READ, _("Demande de droits ouverte à l’écran")),
    "right.prepare": (Family.CHANGE, _("Copie des données demandée")),
    "right.freeze": (Family.CHANGE, _("Fiche gelée")),
    "right.unfreeze": (Family.CHANGE, _("Fiche dégelée")),
    "right.copy": (Family.CHANGE, _("Copie des données préparée")),
    "right.download": (Family.READ, _("Copie des données téléchargée")),
    "person.protect": (Family.CHANGE, _("Situation protégée")),
    "person.safety": (Family.CHANGE, _("Façon de joindre la personne changée")),
    "person.unprotect": (Family.CHANGE, _("Protection levée")),
    "person.represent": (Family.CHANGE, _("Représentant ou mesure de protection noté")),
    "person.archive": (Family.CHANGE, _("Fiche archivée")),
    "person.unarchive": (Family.CHANGE, _("Fiche sortie de l’archive")),
    "retention.run": (Family.CHANGE, _("Durées de conservation appliquées")),
    "person.anonymise": (Family.CHANGE, _("Fiche anonymisée")),
    "journal.purge": (Family.CHANGE, _("Journal purgé")),
    "people.import": (Family.CHANGE, _("Personnes importées d’un fichier")),
    "people.import_undo": (Family.CHANGE, _("Import de personnes annulé")),
    "people.export_ask": (Family.READ, _("Export de personnes demandé")),
    "people.export": (Family.READ, _("Export de personnes préparé")),
    "people.export_taken": (Family.READ, _("Export de personnes téléchargé")),
    "notice.give": (Family.CONSENT, _("Notice d’information donnée")),
    "card.make": (Family.CONSENT, _("Carte de partage faite")),
    "card.end": (Family.CONSENT, _("Carte de partage arrêtée")),
    "card.lock": (Family.REFUSAL, _("Carte de partage bloquée")),
    "card.refused": (Family.REFUSAL, _("Carte de partage refusée")),
    "follow_up.begin": (Family.CONSENT, _("Suivi partagé commencé")),
    "follow_up.end": (Family.CONSENT, _("Suivi partagé terminé")),
    "follow_up.hold": (Family.CHANGE, _("Interlocuteur choisi")),
    "hand_over.propose": (Family.CONSENT, _("Autre structure référente proposée")),
    "hand_over.ask": (Family.CONSENT, _("Une structure demande à devenir référente")),
    "hand_over.accept": (Family.CONSENT, _("Structure référente changée")),
    "hand_over.decline": (Family.CONSENT, _("Changement de structure référente refusé")),
    "hand_over.withdraw": (Family.CONSENT, _("Changement de structure référente retiré")),
    "hand_over.expire": (Family.CONSENT, _("Changement de structure référente resté sans réponse")),
    "hand_over.end": (Family.CONSENT, _("Changement de structure référente arrêté")),
    "hand_over.told": (Family.CONSENT, _("Personne prévenue de sa nouvelle structure référente")),
    "consent.record": (Family.CONSENT, _("Réponse de la personne enregistrée")),
    "consent.narrow": (Family.CONSENT, _("Accord réduit par une fusion")),
    "consent.lapse": (Family.CONSENT, _("Accord arrivé à sa fin")),
    "consent.withdraw": (Family.CONSENT, _("Accord retiré")),
    "session.open": (Family.SESSION, _("Connexion")),
    "session.close": (Family.SESSION, _("Déconnexion")),
    "session.hat": (Family.SESSION, _("Rôle choisi")),
    "session.refused": (Family.REFUSAL, _("Connexion refusée")),
    "session.end": (Family.SESSION, _("Session fermée à distance")),
    "password.change": (Family.SESSION, _("Mot de passe changé")),
    "password.forgotten": (Family.SESSION, _("Mot de passe oublié, lien envoyé")),
    "second_factor.on": (Family.SESSION, _("Double authentification activée")),
    "second_factor.off": (Family.SESSION, _("Double authentification désactivée")),
    "second_factor.codes": (Family.SESSION, _("Codes de secours créés")),
    "second_factor.recovery": (Family.SESSION, _("Code de secours utilisé")),
    "second_factor.refused": (Family.REFUSAL, _("Code de connexion refusé")),
    "member.invite": (Family.SESSION, _("Invitation envoyée")),
    "member.uninvite": (Family.SESSION, _("Invitation annulée")),
    "member.join": (Family.SESSION, _("Invitation acceptée")),
    "member.change": (Family.SESSION, _("Accès modifié")),
    "member.end": (Family.SESSION, _("Accès terminé")),
    "member.review": (Family.SESSION, _("Revue des accès")),
    "user.add": (Family.SESSION, _("Compte ouvert")),
    "membership.add": (Family.SESSION, _("Rôle donné")),
    "access.refused": (Family.REFUSAL, _("Accès refusé")),
    "referral.told": (Family.REFERRAL, _("Personne prévenue")),
    "referral.decide": (Family.REFERRAL, _("Suite décidée")),
    "referral.check": (Family.REFERRAL, _("Vérification de la nuit")),
    "referral.reminder": (Family.REFERRAL, _("Rappel de l’échéance")),
    "referral.at_risk": (Family.REFERRAL, _("Orientation signalée en retard")),
    "referral.link_make": (Family.REFERRAL, _("Lien préparé pour un partenaire")),
    "referral.link_mail": (Family.REFERRAL, _("Lien envoyé à un partenaire")),
    "referral.link_end": (Family.REFERRAL, _("Lien d’un partenaire annulé")),
    "referral.link_locked": (Family.REFUSAL, _("Lien d’un partenaire bloqué après trois codes faux")),
    "referral.link_open": (Family.READ, _("Demande ouverte par un lien, sans nom")),
    "referral.blank": (Family.READ, _("Fiche de liaison vierge imprimée")),
    **{f"referral.{act.value}": (Family.REFERRAL, act.label) for act in Act},
}

GRANTS: dict[str, str] = {
    "": "",
    "referent_follow_up": _("structure référente"),
    "other_follow_up": _("suivi partagé"),
    "referral": _("orientation acceptée"),
    "link": _("lien donné à un partenaire"),
}


def words_of(code: str) -> str:
    """An action in words; the code itself when it is unknown (an older version wrote it)."""
    found = ACTIONS.get(code)
    return str(found[1]) if found else code
