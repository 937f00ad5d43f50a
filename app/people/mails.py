"""Mails about sharing cards: that something happened, and where to look. Never a name."""

from __future__ import annotations

from uuid import UUID

from app.kernel.i18n import gettext as _
from app.kernel.outbox import Message

PATH = "/personnes/cartes/avis/{id}"
HAND_OVER_PATH = "/personnes/relais/{id}"


def card_used(notice_id: UUID, public_url: str) -> Message:
    """Something happened with the card, or the follow-up, of a person whom the reader’s structure follows."""
    return Message(
        _("Une carte de partage a servi"),
        _(
            "Bonjour,\n\nUne personne que votre structure suit a présenté sa carte, ou un suivi a changé. "
            "Pour lire l’avis :\n%(link)s"
        )
        % {"link": public_url.rstrip("/") + PATH.format(id=notice_id)},
    )


def hand_over_changed(hand_over_id: UUID, public_url: str) -> Message:
    """A change of referent structure was proposed, answered or ended, on the reader’s side."""
    return Message(
        _("Un changement de structure référente"),
        _(
            "Bonjour,\n\nUn changement de structure référente est proposé, ou a reçu une réponse, pour une personne que "
            "votre structure suit ou pourrait suivre. Pour le lire :\n%(link)s"
        )
        % {"link": public_url.rstrip("/") + HAND_OVER_PATH.format(id=hand_over_id)},
    )
