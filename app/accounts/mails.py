"""Mails about accounts: what happened, and a link. Never a name, never a structure. The link is written when they leave."""

from __future__ import annotations

import re
from uuid import UUID

from app.accounts import policy
from app.accounts.enums import LinkPurpose
from app.kernel.i18n import gettext as _
from app.kernel.outbox import Message

PATHS = {
    LinkPurpose.RESET: "/compte/nouveau-mot-de-passe/{token}",
    LinkPurpose.INVITATION: "/compte/invitation/{token}",
}
_PLACE = re.compile(r"\[\[(reset|invitation):([0-9a-f-]{36})\]\]")


def reset(link_id: UUID) -> Message:
    """To choose a new password."""
    return Message(
        _("Choisir un nouveau mot de passe"),
        _(
            "Bonjour,\n\nVous avez demandé à choisir un nouveau mot de passe. Ce lien sert une seule fois, pendant une heure :\n"
            "%(link)s\n\nSi vous n’avez rien demandé, ignorez ce message : rien ne change."
        )
        % {"link": _place(LinkPurpose.RESET, link_id)},
    )


def invitation(invitation_id: UUID) -> Message:
    """To open one's access."""
    return Message(
        _("Votre accès au réseau"),
        _(
            "Bonjour,\n\nUn accès au réseau vous attend. Ce lien sert une seule fois, pendant sept jours :\n"
            "%(link)s\n\nSi vous n’attendiez rien, ignorez ce message."
        )
        % {"link": _place(LinkPurpose.INVITATION, invitation_id)},
    )


def _place(purpose: LinkPurpose, row_id: UUID) -> str:
    return f"[[{purpose.value}:{row_id}]]"


def complete(body: str) -> str:
    """The body as it leaves: links with their tokens, which the database never held."""
    return _PLACE.sub(lambda found: _address(LinkPurpose(found[1]), UUID(found[2])), body)


def _address(purpose: LinkPurpose, row_id: UUID) -> str:
    path = PATHS[purpose].format(token=policy.token_of(purpose, row_id))
    return policy.rules().public_url.rstrip("/") + path
