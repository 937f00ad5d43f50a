"""Forms whose session expired in the middle: kept here, shown again to the same user only, never sent by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, bindparam, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock, ids
from app.kernel.db import Base, db
from app.kernel.statements import built

LIFETIME = timedelta(hours=1)
NEVER_KEPT = frozenset({"csrf_token", "code", "form_key"})
SECRETS = ("password", "passe", "secret")
MAX_PATH = 500
MOST_WAITING = 5


class SavedForm(Base):
    """What was typed in one form, for one hour, for one user. Cleared when it is sent at last, or by the worker."""

    __tablename__ = "saved_form"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.random_key)
    user_id: Mapped[UUID]
    path: Mapped[str] = mapped_column(String(MAX_PATH))
    fields: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)


def keep(user_id: UUID, path: str, fields: dict[str, list[str]]) -> UUID:
    """Keep what was typed (never a password) in place of an older draft; returns its token. The caller commits."""
    discard(user_id, path)
    saved = SavedForm(user_id=user_id, path=path[:MAX_PATH], fields=_kept(fields))
    db.session.add(saved)
    db.session.flush()
    return saved.id


def _kept(fields: dict[str, list[str]]) -> dict[str, list[str]]:
    return {
        name: values
        for name, values in fields.items()
        if name not in NEVER_KEPT and not any(word in name.lower() for word in SECRETS)
    }


def find(user_id: UUID, token: UUID, path: str) -> dict[str, list[str]] | None:
    """What this user typed in this form less than an hour ago, or None."""
    query = select(SavedForm).where(SavedForm.id == token, SavedForm.user_id == user_id, SavedForm.path == path)
    saved = db.session.scalars(query.where(SavedForm.created_at > clock.now() - LIFETIME)).first()
    return dict(saved.fields) if saved else None


def address(user_id: UUID, token: UUID) -> str | None:
    """The page to show again after signing in, or None when the draft is gone or somebody else's."""
    query = select(SavedForm.path).where(SavedForm.id == token, SavedForm.user_id == user_id)
    return db.session.scalar(query.where(SavedForm.created_at > clock.now() - LIFETIME))


@dataclass(frozen=True)
class Waiting:
    """A form that its author may go on with: where, and when it was left."""

    token: UUID
    path: str
    at: datetime


def waiting(user_id: UUID) -> list[Waiting]:
    """What this user left less than an hour ago, the latest first."""
    since = clock.now() - LIFETIME
    return [Waiting(*row) for row in db.session.execute(_waiting(), {"user": user_id, "since": since})]


@built
def _waiting() -> Select[UUID, str, datetime]:
    query = select(SavedForm.id, SavedForm.path, SavedForm.created_at)
    query = query.where(SavedForm.user_id == bindparam("user"), SavedForm.created_at > bindparam("since"))
    return query.order_by(SavedForm.created_at.desc()).limit(MOST_WAITING)


def discard(user_id: UUID, path: str) -> None:
    """Forget the drafts of a form that has been sent."""
    db.session.execute(delete(SavedForm).where(SavedForm.user_id == user_id, SavedForm.path == path))


def purge() -> None:
    """Forget every expired draft (worker)."""
    db.session.execute(delete(SavedForm).where(SavedForm.created_at < clock.now() - LIFETIME))
