"""The words of rights requests and of their answers."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.i18n import lazy_gettext as _


class RightKind(StrEnum):
    """Rights of RGPD, articles 15 to 21."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    OBJECTION = "objection"
    RESTRICTION = "restriction"

    @property
    def label(self) -> str:
        return _RIGHTS[self]


class AskedWay(StrEnum):
    """How the request came, or how the person was told."""

    FACE = "face"
    LETTER = "letter"
    MAIL = "mail"
    PHONE = "phone"

    @property
    def label(self) -> str:
        return _ASKED[self]


class IdentityCheck(StrEnum):
    """How we made sure that it is the person. Never a copy of a document (RGPD art. 12.6, CNIL)."""

    KNOWN = "known"
    DOCUMENT = "document"
    QUESTIONS = "questions"
    REPRESENTATIVE = "representative"

    @property
    def label(self) -> str:
        return _CHECKS[self]


class RequestState(StrEnum):
    OPEN = "open"
    EXTENDED = "extended"
    ANSWERED = "answered"

    @property
    def label(self) -> str:
        return _REQUEST_STATES[self]


class ExtensionReason(StrEnum):
    """Why two more months (RGPD art. 12.3)."""

    COMPLEX = "complex"
    NUMBER = "number"

    @property
    def label(self) -> str:
        return _EXTENSIONS[self]


class RightOutcome(StrEnum):
    DONE = "done"
    PARTLY = "partly"
    REFUSED = "refused"
    GIVEN_UP = "given_up"

    @property
    def label(self) -> str:
        return _OUTCOMES[self]


class RefusalReason(StrEnum):
    """Why a request is refused, whole or in part."""

    IDENTITY = "identity"
    EXCESSIVE = "excessive"
    OTHERS = "others"
    LEGAL_DUTY = "legal_duty"
    COMPELLING = "compelling"

    @property
    def label(self) -> str:
        return _REFUSALS[self]


class CopyState(StrEnum):
    """The copy of the data that the worker prepares."""

    WAITING = "waiting"
    READ = "read"
    READY = "ready"
    EXPIRED = "expired"


_RIGHTS = {
    RightKind.ACCESS: _("Recevoir une copie de ses données"),
    RightKind.RECTIFICATION: _("Faire corriger ses données"),
    RightKind.ERASURE: _("Faire effacer ses données"),
    RightKind.OBJECTION: _("S’opposer au partage de ses données"),
    RightKind.RESTRICTION: _("Geler ses données le temps d’une vérification"),
}
_ASKED = {
    AskedWay.FACE: _("En personne"),
    AskedWay.LETTER: _("Par courrier"),
    AskedWay.MAIL: _("Par courriel"),
    AskedWay.PHONE: _("Par téléphone"),
}
_CHECKS = {
    IdentityCheck.KNOWN: _("Quelqu’un de l’équipe connaît la personne"),
    IdentityCheck.DOCUMENT: _("Elle a montré une pièce d’identité, dont rien n’est gardé"),
    IdentityCheck.QUESTIONS: _("Elle a répondu à des questions sur sa fiche"),
    IdentityCheck.REPRESENTATIVE: _("La personne qui la représente l’a demandé pour elle"),
}
_REQUEST_STATES = {
    RequestState.OPEN: _("À traiter"),
    RequestState.EXTENDED: _("Délai prolongé"),
    RequestState.ANSWERED: _("Réponse donnée"),
}
_EXTENSIONS = {
    ExtensionReason.COMPLEX: _("La demande est compliquée à traiter"),
    ExtensionReason.NUMBER: _("Il y a beaucoup de demandes en même temps"),
}
_OUTCOMES = {
    RightOutcome.DONE: _("C’est fait"),
    RightOutcome.PARTLY: _("C’est fait en partie"),
    RightOutcome.REFUSED: _("C’est refusé"),
    RightOutcome.GIVEN_UP: _("La personne ne le demande plus"),
}
_REFUSALS = {
    RefusalReason.IDENTITY: _("On n’a pas pu s’assurer que c’est bien elle (article 12.6)"),
    RefusalReason.EXCESSIVE: _("La demande est manifestement infondée ou répétée sans fin (article 12.5)"),
    RefusalReason.OTHERS: _("Cela ferait du tort à d’autres personnes (article 15.4)"),
    RefusalReason.LEGAL_DUTY: _("La loi oblige à garder ces données (article 17.3)"),
    RefusalReason.COMPELLING: _("Un motif légitime et impérieux l’emporte (article 21.1)"),
}
