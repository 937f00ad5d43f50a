"""Links that serve once. Their token is derived when the mail leaves; the database keeps its hash (policy.token_of)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, update

from app.accounts import policy, queries
from app.accounts.enums import LinkPurpose
from app.accounts.models import AccountLink, Invitation
from app.kernel import clock, ids
from app.kernel.db import db
from app.kernel.errors import DomainError
from app.kernel.i18n import lazy_gettext as _

LIFETIMES = {
    LinkPurpose.RESET: timedelta(hours=1),
    LinkPurpose.SIGN_IN: timedelta(minutes=15),
    LinkPurpose.CHECKED: timedelta(minutes=15),
    LinkPurpose.INVITATION: timedelta(days=7),
}
KEPT = timedelta(days=30)
SPENT = _("Ce lien ne sert plus : il a déjà servi, ou son délai est passé. Demandez-en un autre.")


def make_link(user_id: UUID, purpose: LinkPurpose) -> AccountLink:
    """A new link for a user; those of the same purpose that were still waiting no longer serve."""
    waiting = (AccountLink.user_id == user_id, AccountLink.purpose == purpose, AccountLink.used_at.is_(None))
    db.session.execute(update(AccountLink).where(*waiting).values(used_at=clock.now()))
    link_id = ids.random_key()
    link = AccountLink(
        id=link_id,
        purpose=purpose,
        token_hash=queries.hash_key(policy.token_of(purpose, link_id)),
        user_id=user_id,
        expires_at=clock.now() + LIFETIMES[purpose],
    )
    db.session.add(link)
    db.session.flush()
    return link


def use_link(link_id: UUID) -> None:
    """Spend a link, alone even when it is sent twice at once. DomainError when it has served or its time has passed."""
    still = (AccountLink.id == link_id, AccountLink.used_at.is_(None), AccountLink.expires_at > clock.now())
    spent = db.session.execute(update(AccountLink).where(*still).values(used_at=clock.now()).returning(AccountLink.id))
    if spent.first() is None:
        raise DomainError(SPENT)


def purge_links() -> None:
    """Forget links a day after they stopped serving, and a month after, the addresses of those invited (worker)."""
    now = clock.now()
    db.session.execute(delete(AccountLink).where(AccountLink.expires_at < now - timedelta(days=1)))
    db.session.execute(delete(Invitation).where(Invitation.expires_at < now - KEPT))
