"""Lists of referrals: received, sent, of one person. Names of people only where a grant opens their identity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, bindparam, case, func, or_, select

from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.grants import Granted
from app.kernel.statements import built
from app.network import queries as network_queries
from app.people import queries as people_queries
from app.referrals import policy
from app.referrals.enums import LIVE, DeclineReason, EndCause, Outcome, Side, State
from app.referrals.models import Referral
from app.referrals.queries.preview import Preview, preview_of

PAGE = 25
URGENCY_FIRST = case(
    {State.SENT: 0, State.ACCEPTED: 1, State.IN_PROGRESS: 2, State.ASKED: 3}, value=Referral.state, else_=4
)
DRAFTS_FIRST = case({State.DRAFT: 0, State.ASKED: 1, State.SENT: 2}, value=Referral.state, else_=3)


# How many there are, and one page of them.
_Statements = tuple[Select[int], Select[Referral]]


@dataclass(frozen=True)
class ReferralLine:
    """One referral in a list, as this hat may read it. `person` is None where identity is not open."""

    id: UUID
    side: Side | None
    state: State
    preview: Preview
    other: str
    person_id: UUID | None
    person: str | None
    since: datetime
    at_risk: bool
    outcome: Outcome | None
    decline_reason: DeclineReason | None
    end_cause: EndCause | None
    sent_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True)
class ListPage:
    """One page of a list; `number` counts from 1."""

    lines: tuple[ReferralLine, ...]
    number: int
    pages: int
    total: int


def inbox(actor: Actor, ended: bool = False, page: int = 1) -> ListPage:
    """What we received: what waits for us first, the urgent first, then the oldest."""
    return _page(actor, _inbox(actor, ended), page)


@built
def _inbox(actor: Actor, ended: bool) -> _Statements:
    where = policy.received_by_us(actor) & (Referral.state.not_in(LIVE) if ended else Referral.state.in_(LIVE))
    order = (Referral.ended_at.desc(),) if ended else (URGENCY_FIRST, Referral.urgency, Referral.sent_at)
    return _statements(where, *order)


def sent(actor: Actor, ended: bool = False, page: int = 1) -> ListPage:
    """What we prepared or sent: drafts and questions put to us first."""
    return _page(actor, _sent(actor, ended), page)


@built
def _sent(actor: Actor, ended: bool) -> _Statements:
    open_states = LIVE | {State.DRAFT}
    which = Referral.state.not_in(open_states) if ended else Referral.state.in_(open_states)
    order = (Referral.created_at.desc(),) if ended else (DRAFTS_FIRST, Referral.urgency, Referral.created_at)
    return _statements(policy.sent_by_us(actor) & which, *order)


def inbox_count(actor: Actor) -> int:
    """How many wait for us: received without an answer, or sent by us and a question was asked."""
    return db.session.scalar(_inbox_count(actor)) or 0


@built
def _inbox_count(actor: Actor) -> Select[int]:
    received = policy.received_by_us(actor) & (Referral.state == State.SENT)
    asked = policy.sent_by_us(actor) & (Referral.state == State.ASKED)
    return select(func.count()).select_from(Referral).where(or_(received, asked))


def of_person(actor: Actor, granted: Granted) -> list[ReferralLine]:
    """The referrals of one person that this hat may read, newest first: ours, those we received, and the open section's."""
    return _lines(actor, list(db.session.scalars(_of_person(actor, granted.anyone), granted.named)))


@built
def _of_person(actor: Actor, anyone: Granted) -> Select[Referral]:
    query = select(Referral).where(policy.of_person(actor, anyone))
    return query.order_by(Referral.created_at.desc(), Referral.id)


def _statements(where: ColumnElement[bool], *order: Any) -> _Statements:
    start = bindparam("start", type_=Integer())
    page = select(Referral).where(where).order_by(*order, Referral.id).limit(PAGE).offset(start)
    return select(func.count()).select_from(Referral).where(where), page


def _page(actor: Actor, statements: _Statements, number: int) -> ListPage:
    count, query = statements
    total = db.session.scalar(count) or 0
    pages = max(1, -(-total // PAGE))
    number = min(max(1, number), pages)
    lines = _lines(actor, list(db.session.scalars(query, {"start": (number - 1) * PAGE})))
    return ListPage(tuple(lines), number, pages, total)


def _lines(actor: Actor, found: list[Referral]) -> list[ReferralLine]:
    structures = network_queries.names(actor, {r.structure_id for r in found} | {r.recipient_id for r in found})
    labels = people_queries.labels(actor, {r.person_id for r in found})
    return [_line(actor, referral, structures, labels) for referral in found]


def _line(actor: Actor, r: Referral, structures: dict[UUID, str], labels: dict[UUID, str]) -> ReferralLine:
    side = policy.side_of(actor, r)
    other = structures[r.structure_id if side is Side.RECIPIENT else r.recipient_id]
    known = r.person_id in labels and policy.links_person(side, r.state)
    return ReferralLine(
        r.id,
        side,
        r.state,
        preview_of(r, sensitive=side in {Side.SENDER, Side.RECIPIENT}),
        other,
        r.person_id if known else None,
        labels[r.person_id] if known else None,
        waiting_since(r),
        r.at_risk,
        r.outcome,
        r.decline_reason,
        r.end_cause,
        r.sent_at,
        r.answered_at,
        r.ended_at,
    )


def waiting_since(r: Referral) -> datetime:
    """When the present state began, for people: sent, asked, accepted, started, ended."""
    dates = {
        State.SENT: r.sent_at,
        State.ASKED: r.clock_from,
        State.ACCEPTED: r.answered_at,
        State.IN_PROGRESS: r.started_at,
    }
    return dates.get(r.state) or r.ended_at or r.created_at
