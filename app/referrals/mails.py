"""Mails about referrals: that one changed, and where to look. Never a name, never a need (rule 9)."""

from __future__ import annotations

import re
from uuid import UUID

from app.kernel.i18n import gettext as _
from app.kernel.outbox import Message
from app.referrals import policy

PATH = "/orientations/{id}"
PARTNER_PATH = "/lien/{token}"
_PLACE = re.compile(r"\[\[partner:([0-9a-f-]{36})\]\]")


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


def partner(link_id: UUID) -> Message:
    """To a structure without an account: the link, written when the mail leaves. The second code is given apart."""
    return Message(
        _("Une demande d’un partenaire attend votre réponse"),
        _(
            "Bonjour,\n\nUne structure partenaire vous adresse une demande. Pour la lire et répondre :\n%(link)s\n\n"
            "Un code vous est donné à part, de vive voix ou sur papier : il n’est jamais dans un message. "
            "Sans ce code, la page ne montre aucun nom."
        )
        % {"link": f"[[partner:{link_id}]]"},
    )


def partner_link(link_id: UUID) -> str:
    """The address given to a partner."""
    rules = policy.rules()
    return rules.public_url.rstrip("/") + PARTNER_PATH.format(token=rules.keys.token_of(link_id))


def complete(body: str) -> str:
    """The body as it leaves: links with their tokens, which the database never held."""
    return _PLACE.sub(lambda found: partner_link(UUID(found[1])), body)
