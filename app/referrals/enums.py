"""Closed vocabularies of referrals (domain/referrals.md)."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.i18n import lazy_gettext as _


class State(StrEnum):
    DRAFT = "draft"
    VOID = "void"
    SENT = "sent"
    ASKED = "asked"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    DECLINED = "declined"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"

    @property
    def label(self) -> str:
        return _STATES[self]


LIVE = frozenset({State.SENT, State.ASKED, State.ACCEPTED, State.IN_PROGRESS})
OPENED = frozenset({State.ACCEPTED, State.IN_PROGRESS})
ENDED = frozenset({State.DECLINED, State.CLOSED, State.WITHDRAWN, State.EXPIRED})


class Act(StrEnum):
    """Actions of the table. `draft` creates."""

    DRAFT = "draft"
    SEND = "send"
    DISCARD = "discard"
    VOID = "void"
    SEE = "see"
    TAKE = "take"
    GIVE = "give"
    ASK = "ask"
    ANSWER = "answer"
    ACCEPT = "accept"
    DECLINE = "decline"
    START = "start"
    CLOSE = "close"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    NUDGE = "nudge"
    EXPIRE = "expire"
    END_BY_EVENT = "end_by_event"
    MOVE = "move"
    MESSAGE = "message"

    @property
    def label(self) -> str:
        return _ACTS[self]


class Side(StrEnum):
    SENDER = "sender"
    RECIPIENT = "recipient"
    COORDINATOR = "coordinator"
    PARTNER = "partner"
    CLOCK = "clock"

    @property
    def label(self) -> str:
        return _SIDES[self]


class Outcome(StrEnum):
    NEED_MET = "need_met"
    PARTLY_MET = "partly_met"
    DID_NOT_COME = "did_not_come"
    UNREACHABLE = "unreachable"
    PERSON_DECLINED = "person_declined"
    REDIRECTED = "redirected"
    NOT_POSSIBLE = "not_possible"

    @property
    def label(self) -> str:
        return _OUTCOMES[self]


class DeclineReason(StrEnum):
    FULL = "full"
    OUT_OF_SCOPE = "out_of_scope"
    OUT_OF_TERRITORY = "out_of_territory"
    ALREADY_FOLLOWED = "already_followed"
    MISSING_INFORMATION = "missing_information"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _REASONS[self]


class EndCause(StrEnum):
    """Why a referral was withdrawn: by the sender, or by an event."""

    NO_LONGER_NEEDED = "no_longer_needed"
    PERSON_CHANGED_MIND = "person_changed_mind"
    OTHER_SOLUTION = "other_solution"
    SENT_BY_MISTAKE = "sent_by_mistake"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    CONSENT_ENDED = "consent_ended"
    PERSON_ARCHIVED = "person_archived"
    PERSON_DECEASED = "person_deceased"
    STRUCTURE_CLOSED = "structure_closed"
    DUPLICATE = "duplicate"

    @property
    def label(self) -> str:
        return _CAUSES[self]


SENDER_CAUSES = (
    EndCause.NO_LONGER_NEEDED,
    EndCause.PERSON_CHANGED_MIND,
    EndCause.OTHER_SOLUTION,
    EndCause.SENT_BY_MISTAKE,
)


class TaskKind(StrEnum):
    TELL_PERSON = "tell_person"
    NEXT_ACTION = "next_action"


class ToldWay(StrEnum):
    """How the person was told."""

    PHONE = "phone"
    SMS = "sms"
    MAIL = "mail"
    LETTER = "letter"
    AT_DESK = "at_desk"
    COULD_NOT = "could_not"

    @property
    def label(self) -> str:
        return _WAYS[self]


class Decision(StrEnum):
    """What comes after an ending: how a next action leaves the sender's list. `superseded`: the referral lives again."""

    NEXT_STRUCTURE = "next_structure"
    ANOTHER_PARTNER = "another_partner"
    SESSION_WITH_US = "session_with_us"
    CLOSE_NEED = "close_need"
    SUPERSEDED = "superseded"

    @property
    def label(self) -> str:
        return _DECISIONS[self]


class Contact(StrEnum):
    """The first contact that starts the work."""

    APPOINTMENT = "appointment"
    CALL = "call"
    SESSION = "session"

    @property
    def label(self) -> str:
        return _CONTACTS[self]


class Present(StrEnum):
    """Who was there when the person agreed. Kinds, never names; a minor never interprets."""

    RELATIVE = "relative"
    PROFESSIONAL = "professional"
    REPRESENTATIVE = "representative"
    INTERPRETER = "interpreter"

    @property
    def label(self) -> str:
        return _PRESENT[self]


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


_STATES = {
    State.DRAFT: _("Brouillon"),
    State.VOID: _("Annulée"),
    State.SENT: _("Envoyée, sans réponse"),
    State.ASKED: _("Question posée"),
    State.ACCEPTED: _("Acceptée"),
    State.IN_PROGRESS: _("En cours"),
    State.DECLINED: _("Refusée"),
    State.CLOSED: _("Terminée"),
    State.WITHDRAWN: _("Retirée"),
    State.EXPIRED: _("Sans réponse, échue"),
}
_ACTS = {
    Act.DRAFT: _("Préparée"),
    Act.SEND: _("Envoyée"),
    Act.DISCARD: _("Brouillon abandonné"),
    Act.VOID: _("Annulée (erreur)"),
    Act.SEE: _("Vue par le partenaire"),
    Act.TAKE: _("Prise en charge"),
    Act.GIVE: _("Confiée à une ou un collègue"),
    Act.ASK: _("Question posée"),
    Act.ANSWER: _("Réponse à la question"),
    Act.ACCEPT: _("Acceptée"),
    Act.DECLINE: _("Refusée"),
    Act.START: _("Premier contact"),
    Act.CLOSE: _("Terminée"),
    Act.REOPEN: _("Rouverte"),
    Act.WITHDRAW: _("Retirée"),
    Act.NUDGE: _("Relance de la coordination"),
    Act.EXPIRE: _("Échue sans réponse"),
    Act.END_BY_EVENT: _("Arrêtée"),
    Act.MOVE: _("Rattachée à une autre fiche"),
    Act.MESSAGE: _("Message"),
}
_SIDES = {
    Side.SENDER: _("Structure qui oriente"),
    Side.RECIPIENT: _("Structure qui reçoit"),
    Side.COORDINATOR: _("Coordination"),
    Side.PARTNER: _("Partenaire extérieur"),
    Side.CLOCK: _("Échéance"),
}
_OUTCOMES = {
    Outcome.NEED_MET: _("Le besoin est couvert"),
    Outcome.PARTLY_MET: _("Le besoin est couvert en partie"),
    Outcome.DID_NOT_COME: _("La personne n’est pas venue"),
    Outcome.UNREACHABLE: _("La personne n’a pas pu être jointe"),
    Outcome.PERSON_DECLINED: _("La personne n’a pas souhaité poursuivre"),
    Outcome.REDIRECTED: _("Réorientée vers un autre partenaire"),
    Outcome.NOT_POSSIBLE: _("Ce n’était pas possible"),
}
_REASONS = {
    DeclineReason.FULL: _("Plus de place en ce moment"),
    DeclineReason.OUT_OF_SCOPE: _("Ce n’est pas dans nos missions"),
    DeclineReason.OUT_OF_TERRITORY: _("La personne n’est pas de notre territoire"),
    DeclineReason.ALREADY_FOLLOWED: _("La personne est déjà suivie ici"),
    DeclineReason.MISSING_INFORMATION: _("Il manque des informations"),
    DeclineReason.OTHER: _("Autre raison"),
}
_CAUSES = {
    EndCause.NO_LONGER_NEEDED: _("Plus nécessaire"),
    EndCause.PERSON_CHANGED_MIND: _("La personne a changé d’avis"),
    EndCause.OTHER_SOLUTION: _("Autre solution trouvée"),
    EndCause.SENT_BY_MISTAKE: _("Envoyée par erreur"),
    EndCause.CONSENT_WITHDRAWN: _("La personne a retiré son accord"),
    EndCause.CONSENT_ENDED: _("L’accord de la personne a pris fin"),
    EndCause.PERSON_ARCHIVED: _("La fiche est archivée"),
    EndCause.PERSON_DECEASED: _("La personne est décédée"),
    EndCause.STRUCTURE_CLOSED: _("La structure a fermé"),
    EndCause.DUPLICATE: _("Orientation en double"),
}
_WAYS = {
    ToldWay.PHONE: _("Par téléphone"),
    ToldWay.SMS: _("Par SMS"),
    ToldWay.MAIL: _("Par courriel"),
    ToldWay.LETTER: _("Par courrier"),
    ToldWay.AT_DESK: _("À l’accueil"),
    ToldWay.COULD_NOT: _("Impossible à joindre"),
}
_DECISIONS = {
    Decision.NEXT_STRUCTURE: _("Essayer la structure suivante de l’accord"),
    Decision.ANOTHER_PARTNER: _("Chercher un autre partenaire"),
    Decision.SESSION_WITH_US: _("Recevoir la personne ici"),
    Decision.CLOSE_NEED: _("Clore la demande"),
    Decision.SUPERSEDED: _("L’orientation a repris"),
}
_CONTACTS = {
    Contact.APPOINTMENT: _("Rendez-vous fixé"),
    Contact.CALL: _("Appel ou message"),
    Contact.SESSION: _("Séance faite"),
}
_PRESENT = {
    Present.RELATIVE: _("Un proche"),
    Present.PROFESSIONAL: _("Une autre personne de l’équipe"),
    Present.REPRESENTATIVE: _("Son représentant ou sa représentante"),
    Present.INTERPRETER: _("Un interprète adulte"),
}
