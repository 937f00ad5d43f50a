"""What waits for a structure: referrals to answer, drafts to send, questions put to it, people to tell, endings to decide."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Select, case, func

from app.kernel import due
from app.kernel.access import FRONT, Actor
from app.kernel.due import Branch, Row
from app.kernel.grants import NOTHING
from app.needs.enums import Demarche, NeedKind, Priority
from app.referrals import policy
from app.referrals.enums import State
from app.referrals.models import Referral, ReferralEvent, ReferralTask
from app.referrals.queries.lists import PAGE
from app.referrals.queries.preview import need_words

MOST_TASKS = 50
# The first of the codes of every row: what is asked, in two codes, and how soon.
_ASKED = (Referral.need_kind, Referral.need_demarche, Referral.urgency)


def received(actor: Actor, _today: date) -> tuple[Branch, ...]:
    """What we received and have not answered, the urgent first, then the oldest; `at`: since when. No person."""
    if actor.role not in FRONT:
        return ()
    query = due.row(Referral.id, other=Referral.structure_id, at=Referral.sent_at, codes=_ASKED)
    query = query.where(policy.received_by_us(actor), Referral.state == State.SENT)
    return (Branch(query, NOTHING, (Referral.urgency, Referral.sent_at, Referral.id), PAGE),)


def prepared(actor: Actor, _today: date) -> tuple[Branch, ...]:
    """Our drafts, then the questions put to us; `at`: since when. The last code is the state."""
    if actor.role not in FRONT:
        return ()
    since = case((Referral.state == State.DRAFT, Referral.created_at), else_=_asked_at())
    who: dict[str, Any] = {"person": Referral.person_id, "other": Referral.recipient_id}
    query = due.row(Referral.id, at=since, codes=(*_ASKED, Referral.state), **who)
    query = query.where(policy.sent_by_us(actor), Referral.state.in_((State.DRAFT, State.ASKED)))
    drafts_first = case((Referral.state == State.DRAFT, 0), else_=1)
    return (Branch(query, NOTHING, (drafts_first, Referral.urgency, Referral.created_at, Referral.id), PAGE),)


def _asked_at() -> Any:
    return func.coalesce(Referral.clock_from, Referral.created_at)


def to_do(actor: Actor, _today: date) -> tuple[Branch, ...]:
    """What our structure has to tell or to decide, the soonest due first. The last codes: which of the two, after which act."""
    if actor.role not in FRONT:
        return ()
    query: Select[Any] = due.row(
        ReferralTask.id,
        person=Referral.person_id,
        other=Referral.recipient_id,
        day=ReferralTask.due_on,
        codes=(*_ASKED, ReferralTask.kind, ReferralEvent.act),
    )
    query = query.join(Referral, Referral.id == ReferralTask.referral_id)
    query = query.join(ReferralEvent, ReferralEvent.id == ReferralTask.event_id)
    ours = (ReferralTask.structure_id == actor.structure_id, policy.sent_by_us(actor))
    query = query.where(ReferralTask.done_at.is_(None), *ours)
    return (Branch(query, NOTHING, (ReferralTask.due_on, ReferralTask.id), MOST_TASKS),)


def asked_for(row: Row) -> str:
    """What the referral asks for, in words."""
    kind, demarche = row.codes[:2]
    return need_words(NeedKind(kind), Demarche(demarche) if demarche else None)


def urgency_of(row: Row) -> Priority:
    """How soon."""
    return Priority(row.codes[2])
