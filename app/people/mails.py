"""Mails about sharing cards: that something happened, and where to look. Never a name."""

from __future__ import annotations

from uuid import UUID

from app.kernel.i18n import gettext as _
from app.kernel.outbox import Message

PATH = "/personnes/cartes/avis/{id}"


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
