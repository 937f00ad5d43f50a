"""What was searched waits on the server, behind an opaque token: a name never travels in an address."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete

from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import db
from app.people.models import SavedSearch

# domain/access.md: criteria are kept on the server 15 minutes.
SEARCH_LIFETIME = timedelta(minutes=15)


def save_search(actor: Actor, text: str) -> UUID:
    """Keep what this user searches (300 characters at most) for 15 minutes; returns the token of the address."""
    purge_searches()
    search = SavedSearch(user_id=actor.user_id, criteria=text, expires_at=clock.now() + SEARCH_LIFETIME)
    db.session.add(search)
    db.session.flush()
    return search.id


def purge_searches() -> None:
    """Forget the searches whose time has passed (also run by the worker)."""
    db.session.execute(delete(SavedSearch).where(SavedSearch.expires_at <= clock.now()))
