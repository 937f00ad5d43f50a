"""What the sender does once a referral was answered or ended: tell the person, decide what comes next."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from app.kernel import clock, grants, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError, NotFound
from app.kernel.i18n import lazy_gettext as _
from app.needs import actions as need_actions
from app.needs.actions import CloseData
from app.people import actions as people_actions
from app.referrals import policy, queries
from app.referrals.actions.core import end_consent
from app.referrals.actions.sending import send_next
from app.referrals.enums import Decision, TaskKind, ToldWay
from app.referrals.models import Referral, ReferralTask


def told(actor: Actor, task_id: UUID, way: ToldWay) -> ReferralTask:
    """The person was told, and how. Somebody who could not be reached stays on the list, for the next opening day."""
    task, referral = _waiting(actor, task_id, TaskKind.TELL_PERSON)
    if not policy.can_tell(actor):
        raise NotFound
    journal.note(actor, "referral.told", "referral", referral.id, person_id=referral.person_id, way=way.value)
    if way is ToldWay.COULD_NOT:
        rules = policy.rules()
        task.due_on = rules.days.add(rules.today(), 1)
        return task
    task.told_way, task.done_at, task.done_by = way, clock.now(), actor.user_id
    people_actions.met(referral.person_id, policy.rules().today())
    return task


def decide(actor: Actor, task_id: UUID, decision: Decision, close: CloseData | None = None) -> Referral:
    """Decide what comes after an ending; returns the referral to show: the child that left, or the one that ended.

    « Chercher un autre partenaire » is decided by preparing the child (`draft` with its parent). `close`: the result of
    the need, when it is closed. DomainError when the agreement names nobody else.
    """
    task, referral = _waiting(actor, task_id, TaskKind.NEXT_ACTION)
    if not policy.can_decide(actor):
        raise NotFound
    shown = _do(actor, referral, decision, close)
    task.done_at, task.done_by, task.decision = clock.now(), actor.user_id, decision.value
    journal.note(
        actor, "referral.decide", "referral", referral.id, person_id=referral.person_id, decision=decision.value
    )
    return shown


def _do(actor: Actor, referral: Referral, decision: Decision, close: CloseData | None) -> Referral:
    if decision is Decision.NEXT_STRUCTURE:
        return _try_next(actor, referral)
    if decision is Decision.CLOSE_NEED:
        _close_need(actor, referral, close)
    elif decision is not Decision.SESSION_WITH_US:
        raise DomainError(_("Choisissez ce qui vient ensuite."), "decision")
    end_consent(referral)
    return referral


def _try_next(actor: Actor, referral: Referral) -> Referral:
    left = queries.next_structures(referral)
    if not left:
        raise DomainError(_("L’accord de la personne ne nomme pas d’autre structure, ou ne tient plus."), "decision")
    return send_next(actor, referral, left[0])


def _close_need(actor: Actor, referral: Referral, close: CloseData | None) -> None:
    if close is None:
        raise DomainError(_("Dites comment la demande se termine."), "result")
    granted = grants.on_person(actor, referral.person_id)
    need_actions.close_need(actor, granted, referral.need_id, close)


def _waiting(actor: Actor, task_id: UUID, kind: TaskKind) -> tuple[ReferralTask, Referral]:
    query = (
        select(ReferralTask, Referral)
        .join(Referral, Referral.id == ReferralTask.referral_id)
        .where(ReferralTask.id == task_id, ReferralTask.kind == kind, policy.sent_by_us(actor))
        .with_for_update()
    )
    row = db.session.execute(query.execution_options(populate_existing=True)).first()
    if row is None:
        raise NotFound
    if row[0].done_at is not None:
        raise Conflict(_("C’est déjà fait : une ou un collègue s’en est occupé."))
    return row[0], row[1]
