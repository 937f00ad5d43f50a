"""The copy of everything held about somebody: asked by the officer, made by the worker in two steps, erased after 72 hours."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import null, select, update

from app.accounts import queries as accounts
from app.accounts.models import Membership
from app.kernel import clock, ids, jobs, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import Conflict, NotFound
from app.kernel.i18n import lazy_gettext as _
from app.kernel.writes import without_lock
from app.privacy import pdf, policy
from app.privacy.enums import CopyState, RequestState, RightKind
from app.privacy.models import AccessCopy, RightsRequest
from app.privacy.queries import held
from app.privacy.queries.requests import found

ANSWER_JOB = "privacy.access_copy"


def ask_answer(actor: Actor, request_id: UUID) -> AccessCopy:
    """Queue the copy. NotFound unless this hat is the officer and the person asked for a copy; Conflict when it is done."""
    one, granted = found(actor, request_id)
    if granted is not None or one.kind is not RightKind.ACCESS:
        raise NotFound
    if one.state is RequestState.ANSWERED:
        raise Conflict(_("Une réponse a déjà été donnée à cette demande."))
    _empty(AccessCopy.request_id == one.id)
    copy = AccessCopy(
        id=ids.new_id(),
        request_id=one.id,
        asked_by=actor.user_id,
        membership_id=actor.membership_id,
        expires_at=clock.now() + policy.COPY_LIFETIME,
    )
    db.session.add(copy)
    db.session.flush()
    jobs.enqueue(ANSWER_JOB, {"id": str(copy.id)})
    journal.note(actor, "right.prepare", "rights_request", one.id, person_id=one.person_id)
    return copy


def make_answer(payload: dict[str, Any]) -> None:
    """Worker: first everything is read, then, in a transaction of its own, the document is drawn."""
    copy = db.session.get(AccessCopy, UUID(payload["id"]))
    if copy is None or copy.expires_at <= clock.now() or copy.state in {CopyState.READY, CopyState.EXPIRED}:
        return
    if copy.state is CopyState.WAITING:
        _read(copy)
    else:
        _draw(copy)


def _read(copy: AccessCopy) -> None:
    request = db.session.get_one(RightsRequest, copy.request_id)
    hat = db.session.scalars(select(Membership).where(Membership.id == copy.membership_id)).one()
    copy.data = held.everything(accounts.actor_of(hat), request.person_id)
    copy.state = CopyState.READ
    journal.note(None, "right.copy", "access_copy", copy.id, person_id=request.person_id)
    jobs.enqueue(ANSWER_JOB, {"id": str(copy.id)})


def _draw(copy: AccessCopy) -> None:
    copy_id, data = copy.id, dict(copy.data or {})
    with without_lock():
        made = pdf.access_copy(data, policy.rules().timezone, int(policy.COPY_LIFETIME.total_seconds() // 3600))
    mine = (AccessCopy.id == copy_id, AccessCopy.state == CopyState.READ)
    db.session.execute(
        update(AccessCopy).where(*mine).values(document=made, state=CopyState.READY, made_at=clock.now())
    )


def note_download(actor: Actor, copy_id: UUID, person_id: UUID, kind: str) -> None:
    """Journal that the copy left the application."""
    journal.note(actor, "right.download", "access_copy", copy_id, person_id=person_id, format=kind)


def purge_answers() -> None:
    """Empty the copies whose time has passed (worker, every hour)."""
    _empty(AccessCopy.expires_at <= clock.now())


def _empty(which: Any) -> None:
    kept = AccessCopy.state != CopyState.EXPIRED
    gone = update(AccessCopy).where(which, kept).values(data=null(), document=None, state=CopyState.EXPIRED)
    db.session.execute(gone.execution_options(synchronize_session=False))
    db.session.expire_all()
