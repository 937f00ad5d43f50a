"""Mails about referrals: that one changed, and where to look. Never a name, never a need (rule 9)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.i18n import gettext as _
from app.kernel.outbox import Message

PATH = "/orientations/{id}"


def changed(referral_id: UUID, public_url: str) -> Message:
    """A referral of the reader's structure changed."""
    return Message(
        _("Une orientation a changé"),
        _("Bonjour,\n\nUne orientation de votre structure a changé. Pour la lire :\n%(link)s")
        % {"link": link(referral_id, public_url)},
    )


def waiting(referral_id: UUID, public_url: str) -> Message:
    """A referral of the reader's structure waits for somebody."""
    return Message(
        _("Une orientation attend"),
        _("Bonjour,\n\nUne orientation de votre structure attend. Pour la lire :\n%(link)s")
        % {"link": link(referral_id, public_url)},
    )


def link(referral_id: UUID, public_url: str) -> str:
    """The address of the referral's page."""
    return public_url.rstrip("/") + PATH.format(id=referral_id)
