"""The words of rights requests and of their answers."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.i18n import lazy_gettext as _
from app.kernel.labels import Labelled


class RightKind(Labelled):
    """Rights of RGPD, articles 15 to 21."""

    ACCESS = "access", _("Recevoir une copie de ses données")
    RECTIFICATION = "rectification", _("Faire corriger ses données")
    ERASURE = "erasure", _("Faire effacer ses données")
    OBJECTION = "objection", _("S’opposer au partage de ses données")
    RESTRICTION = "restriction", _("Geler ses données le temps d’une vérification")


class AskedWay(Labelled):
    """How the request came, or how the person was told."""

    FACE = "face", _("En personne")
    LETTER = "letter", _("Par courrier")
    MAIL = "mail", _("Par courriel")
    PHONE = "phone", _("Par téléphone")


class IdentityCheck(Labelled):
    """How we made sure that it is the person. Never a copy of a document (RGPD art. 12.6, CNIL)."""

    KNOWN = "known", _("Quelqu’un de l’équipe connaît la personne")
    DOCUMENT = "document", _("Elle a montré une pièce d’identité, dont rien n’est gardé")
    QUESTIONS = "questions", _("Elle a répondu à des questions sur sa fiche")
    REPRESENTATIVE = "representative", _("La personne qui la représente l’a demandé pour elle")


class RequestState(Labelled):
    OPEN = "open", _("À traiter")
    EXTENDED = "extended", _("Délai prolongé")
    ANSWERED = "answered", _("Réponse donnée")


class ExtensionReason(Labelled):
    """Why two more months (RGPD art. 12.3)."""

    COMPLEX = "complex", _("La demande est compliquée à traiter")
    NUMBER = "number", _("Il y a beaucoup de demandes en même temps")


class RightOutcome(Labelled):
    DONE = "done", _("C’est fait")
    PARTLY = "partly", _("C’est fait en partie")
    REFUSED = "refused", _("C’est refusé")
    GIVEN_UP = "given_up", _("La personne ne le demande plus")


class RefusalReason(Labelled):
    """Why a request is refused, whole or in part."""

    IDENTITY = "identity", _("On n’a pas pu s’assurer que c’est bien elle (article 12.6)")
    EXCESSIVE = "excessive", _("La demande est manifestement infondée ou répétée sans fin (article 12.5)")
    OTHERS = "others", _("Cela ferait du tort à d’autres personnes (article 15.4)")
    LEGAL_DUTY = "legal_duty", _("La loi oblige à garder ces données (article 17.3)")
    COMPELLING = "compelling", _("Un motif légitime et impérieux l’emporte (article 21.1)")


class CopyState(StrEnum):
    """The copy of the data that the worker prepares."""

    WAITING = "waiting"
    READ = "read"
    READY = "ready"
    EXPIRED = "expired"
