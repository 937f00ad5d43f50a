"""Idempotent forms: sent twice, one writes once and answers the same page; another body under its key is refused."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import String, UniqueConstraint, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import FileStorage, MultiDict

from app.kernel import clock, ids
from app.kernel.db import Base, db
from app.kernel.errors import Conflict
from app.kernel.i18n import lazy_gettext as _

IGNORED = frozenset({"csrf_token"})
KEPT = timedelta(days=2)


class Submission(Base):
    """One form sent by one user. Kept two days: the body's keyed hash and the answer's address, never the body."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("user_id", "form_key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new_id)
    user_id: Mapped[UUID]
    form_key: Mapped[UUID]
    body_hash: Mapped[str] = mapped_column(String(64))
    location: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)


def body_hash(
    secret: str, path: str, form: MultiDict[str, str], files: MultiDict[str, FileStorage] | None = None
) -> str:
    """Keyed hash of what was typed, joined and where, so that the table says nothing about the person."""
    pairs = sorted((key, value) for key, value in form.items(multi=True) if key not in IGNORED)
    joined = sorted((key, _file_hash(file)) for key, file in (files or MultiDict()).items(multi=True))
    text = "\x1e".join([path, *(f"{key}\x1f{value}" for key, value in [*pairs, *joined])])
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def _file_hash(file: FileStorage) -> str:
    digest = hashlib.file_digest(file.stream, "sha256").hexdigest()  # type: ignore[arg-type]
    file.stream.seek(0)
    return f"{file.filename}\x1f{digest}"


def claim(user_id: UUID, form_key: UUID, digest: str) -> str | None:
    """Reserve the key for this request. Returns the first answer's address when already sent; 409 on another body.

    On PostgreSQL the second of two simultaneous requests waits here for the first to commit.
    """
    known = _known(user_id, form_key)
    if known is None:
        try:
            with db.session.begin_nested():
                db.session.add(Submission(user_id=user_id, form_key=form_key, body_hash=digest))
            return None
        except IntegrityError:
            known = _known(user_id, form_key)
    if known is None or known.body_hash != digest:
        raise Conflict(_("Ce formulaire a déjà été envoyé avec un autre contenu. Rechargez la page pour recommencer."))
    return known.location or ""


def _known(user_id: UUID, form_key: UUID) -> Submission | None:
    query = select(Submission).where(Submission.user_id == user_id, Submission.form_key == form_key)
    return db.session.scalars(query).first()


def answered(user_id: UUID, form_key: UUID, location: str | None) -> None:
    """Remember where the answer is. Without an address the form was only shown again: its key still serves."""
    mine = (Submission.user_id == user_id, Submission.form_key == form_key)
    if location is None:
        db.session.execute(delete(Submission).where(*mine))
    else:
        db.session.execute(update(Submission).where(*mine).values(location=location[:500]))


def purge() -> None:
    """Forget the keys of forms sent more than two days ago (worker)."""
    db.session.execute(delete(Submission).where(Submission.created_at < clock.now() - KEPT))
