"""Closed vocabularies of referrals (domain/referrals.md)."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.i18n import lazy_gettext as _
from app.kernel.labels import Labelled


class State(Labelled):
    DRAFT = "draft", _("Brouillon")
    VOID = "void", _("Annulée")
    SENT = "sent", _("Envoyée, sans réponse")
    ASKED = "asked", _("Question posée")
    ACCEPTED = "accepted", _("Acceptée")
    IN_PROGRESS = "in_progress", _("En cours")
    DECLINED = "declined", _("Refusée")
    CLOSED = "closed", _("Terminée")
    WITHDRAWN = "withdrawn", _("Retirée")
    EXPIRED = "expired", _("Sans réponse, échue")


LIVE = frozenset({State.SENT, State.ASKED, State.ACCEPTED, State.IN_PROGRESS})
OPENED = frozenset({State.ACCEPTED, State.IN_PROGRESS})
ENDED = frozenset({State.DECLINED, State.CLOSED, State.WITHDRAWN, State.EXPIRED})


class Act(Labelled):
    """Actions of the table. `draft` creates."""

    DRAFT = "draft", _("Préparée")
    SEND = "send", _("Envoyée")
    DISCARD = "discard", _("Brouillon abandonné")
    VOID = "void", _("Annulée (erreur)")
    SEE = "see", _("Vue par le partenaire")
    TAKE = "take", _("Prise en charge")
    GIVE = "give", _("Confiée à une ou un collègue")
    ASK = "ask", _("Question posée")
    ANSWER = "answer", _("Réponse à la question")
    ACCEPT = "accept", _("Acceptée")
    DECLINE = "decline", _("Refusée")
    START = "start", _("Premier contact")
    CLOSE = "close", _("Terminée")
    REOPEN = "reopen", _("Rouverte")
    WITHDRAW = "withdraw", _("Retirée")
    NUDGE = "nudge", _("Relance de la coordination")
    EXPIRE = "expire", _("Échue sans réponse")
    END_BY_EVENT = "end_by_event", _("Arrêtée")
    MOVE = "move", _("Rattachée à une autre fiche")
    MESSAGE = "message", _("Message")


class Side(Labelled):
    SENDER = "sender", _("Structure qui oriente")
    RECIPIENT = "recipient", _("Structure qui reçoit")
    COORDINATOR = "coordinator", _("Coordination")
    PARTNER = "partner", _("Partenaire extérieur")
    CLOCK = "clock", _("Échéance")


class Outcome(Labelled):
    NEED_MET = "need_met", _("Le besoin est couvert")
    PARTLY_MET = "partly_met", _("Le besoin est couvert en partie")
    DID_NOT_COME = "did_not_come", _("La personne n’est pas venue")
    UNREACHABLE = "unreachable", _("La personne n’a pas pu être jointe")
    PERSON_DECLINED = "person_declined", _("La personne n’a pas souhaité poursuivre")
    REDIRECTED = "redirected", _("Réorientée vers un autre partenaire")
    NOT_POSSIBLE = "not_possible", _("Ce n’était pas possible")


class DeclineReason(Labelled):
    FULL = "full", _("Plus de place en ce moment")
    OUT_OF_SCOPE = "out_of_scope", _("Ce n’est pas dans nos missions")
    OUT_OF_TERRITORY = "out_of_territory", _("La personne n’est pas de notre territoire")
    ALREADY_FOLLOWED = "already_followed", _("La personne est déjà suivie ici")
    MISSING_INFORMATION = "missing_information", _("Il manque des informations")
    OTHER = "other", _("Autre raison")


class EndCause(Labelled):
    """Why a referral was withdrawn: by the sender, or by an event."""

    NO_LONGER_NEEDED = "no_longer_needed", _("Plus nécessaire")
    PERSON_CHANGED_MIND = "person_changed_mind", _("La personne a changé d’avis")
    OTHER_SOLUTION = "other_solution", _("Autre solution trouvée")
    SENT_BY_MISTAKE = "sent_by_mistake", _("Envoyée par erreur")
    CONSENT_WITHDRAWN = "consent_withdrawn", _("La personne a retiré son accord")
    CONSENT_ENDED = "consent_ended", _("L’accord de la personne a pris fin")
    PERSON_ARCHIVED = "person_archived", _("La fiche est archivée")
    PERSON_DECEASED = "person_deceased", _("La personne est décédée")
    STRUCTURE_CLOSED = "structure_closed", _("La structure a fermé")
    DUPLICATE = "duplicate", _("Orientation en double")


SENDER_CAUSES = (
    EndCause.NO_LONGER_NEEDED,
    EndCause.PERSON_CHANGED_MIND,
    EndCause.OTHER_SOLUTION,
    EndCause.SENT_BY_MISTAKE,
)


class TaskKind(StrEnum):
    TELL_PERSON = "tell_person"
    NEXT_ACTION = "next_action"


class ToldWay(Labelled):
    """How the person was told."""

    PHONE = "phone", _("Par téléphone")
    SMS = "sms", _("Par SMS")
    MAIL = "mail", _("Par courriel")
    LETTER = "letter", _("Par courrier")
    AT_DESK = "at_desk", _("À l’accueil")
    COULD_NOT = "could_not", _("Impossible à joindre")


class Decision(Labelled):
    """What comes after an ending: how a next action leaves the sender's list. `superseded`: the referral lives again."""

    NEXT_STRUCTURE = "next_structure", _("Essayer la structure suivante de l’accord")
    ANOTHER_PARTNER = "another_partner", _("Chercher un autre partenaire")
    SESSION_WITH_US = "session_with_us", _("Recevoir la personne ici")
    CLOSE_NEED = "close_need", _("Clore la demande")
    SUPERSEDED = "superseded", _("L’orientation a repris")


class Contact(Labelled):
    """The first contact that starts the work."""

    APPOINTMENT = "appointment", _("Rendez-vous fixé")
    CALL = "call", _("Appel ou message")
    SESSION = "session", _("Séance faite")


class Present(Labelled):
    """Who was there when the person agreed. Kinds, never names; a minor never interprets."""

    RELATIVE = "relative", _("Un proche")
    PROFESSIONAL = "professional", _("Une autre personne de l’équipe")
    REPRESENTATIVE = "representative", _("Son représentant ou sa représentante")
    INTERPRETER = "interpreter", _("Un interprète adulte")


class LinkStep(StrEnum):
    """What a partner without an account answers by a link: yes or no; then news and the end (rule 11)."""

    ANSWER = "answer"
    FOLLOW = "follow"


class LinkEnd(StrEnum):
    """Why a link stopped serving before its deadline."""

    RENEWED = "renewed"
    CANCELLED = "cancelled"
    DONE = "done"
    LOCKED = "locked"
