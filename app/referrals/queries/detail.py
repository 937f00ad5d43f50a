"""One referral, as one side sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, select

from app.kernel import journal
from app.kernel.access import Actor, Role
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.grants import NOTHING, Granted, Section
from app.network import queries as network_queries
from app.people import queries as people_queries
from app.people.models import Person
from app.referrals import policy
from app.referrals.enums import (
    OPENED,
    Act,
    Contact,
    DeclineReason,
    EndCause,
    Outcome,
    Side,
    State,
    TaskKind,
)
from app.referrals.models import Referral, ReferralEvent, ReferralTask, ReferralText
from app.referrals.queries.lists import waiting_since
from app.referrals.queries.load import QUIET, consent_of, next_structures, people_names
from app.referrals.queries.preview import Preview, preview_of


@dataclass(frozen=True)
class EventLine:
    """One change. `by` is empty for the clock; `reason` is in words."""

    rank: int
    act: Act
    side: Side
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True)
class WordsLine:
    """Words that this side may read, and the rank of the event they came with."""

    rank: int
    act: Act
    side: Side
    at: datetime
    by: str
    body: str


@dataclass(frozen=True)
class TaskLine:
    """What the sender still has to do about this referral."""

    id: UUID
    kind: TaskKind
    due_on: date


@dataclass(frozen=True)
class Detail:
    """A referral for one side. `person` is None where identity is not open; `code` is for coordinators alone."""

    id: UUID
    side: Side
    state: State
    preview: Preview
    sender: str
    recipient: str
    holder: str
    holder_id: UUID | None
    recipient_id: UUID
    need_id: UUID | None
    person_id: UUID | None
    person: str | None
    code: str
    sections: Section
    named: tuple[str, ...]
    next_structures: tuple[str, ...]
    acts: frozenset[Act]
    stamp: int
    seen: bool
    since: datetime
    sent_at: datetime | None
    ended_at: datetime | None
    due_at: datetime | None
    at_risk: bool
    outcome: Outcome | None
    decline_reason: DeclineReason | None
    suggested: str
    end_cause: EndCause | None
    events: tuple[EventLine, ...]
    words: tuple[WordsLine, ...]
    tasks: tuple[TaskLine, ...]
    has_slip: bool
    # For the recipient of a closed referral: whom it may ask to stay followed. Opens nothing of the record.
    to_ask_id: UUID | None


def detail(actor: Actor, referral_id: UUID) -> Detail:
    """The referral, journalled as read when it opens somebody's record. NotFound: unknown and hidden alike."""
    referral, side = _visible(actor, referral_id)
    events, texts = _happened(referral_id)
    ranks = {event.id: event.rank for event in events}
    names = people_names(actor, referral, _users(referral, events, texts))
    consent, label = consent_of(referral), _label(actor, referral, side)
    structures = _structures(actor, referral, [one.structure_id for one in consent.recipients] if consent else [])
    _journal(actor, referral)
    return Detail(
        referral.id,
        side,
        referral.state,
        preview_of(referral, sensitive=side is not Side.COORDINATOR),
        structures[referral.structure_id],
        structures[referral.recipient_id],
        names.get(referral.holder_id, "") if referral.holder_id else "",
        referral.holder_id,
        referral.recipient_id,
        referral.need_id if label else None,
        referral.person_id if label else None,
        label,
        _code(referral, side),
        consent.sections if consent and _opens(referral, side) else NOTHING,
        tuple(structures[one.structure_id] for one in consent.recipients) if consent and side is Side.SENDER else (),
        tuple(structures[one] for one in next_structures(referral)) if side is Side.SENDER else (),
        policy.acts(actor, referral),
        max((event.rank for event in events if event.act not in QUIET), default=0),
        referral.seen_at is not None,
        waiting_since(referral),
        referral.sent_at,
        referral.ended_at,
        referral.next_clock_at,
        referral.at_risk,
        referral.outcome,
        referral.decline_reason,
        structures.get(referral.suggested_id, "") if referral.suggested_id else "",
        referral.end_cause,
        tuple(_event(event, names) for event in events if side is Side.SENDER or event.act is not Act.DRAFT),
        tuple(_words(text, ranks, names) for text in texts if policy.opens_words(actor, referral, text.side, text.act)),
        _tasks(actor, referral, side),
        policy.can_print_slip(referral, _any_sensitive(referral)),
        referral.person_id if side is Side.RECIPIENT and referral.state is State.CLOSED else None,
    )


def _happened(referral_id: UUID) -> tuple[list[ReferralEvent], list[ReferralText]]:
    """The events and their words; what somebody writes between the two readings is for the next one."""
    events = list(db.session.scalars(_events(referral_id)))
    known = {None, *(event.id for event in events)}
    return events, [one for one in db.session.scalars(_texts(referral_id)) if one.event_id in known]


def _visible(actor: Actor, referral_id: UUID) -> tuple[Referral, Side]:
    """The referral and the side on which this hat stands."""
    referral = db.session.scalars(select(Referral).where(Referral.id == referral_id, policy.visible(actor))).first()
    side = policy.side_of(actor, referral) if referral else None
    if referral is None or side is None:
        raise NotFound
    return referral, side


def _users(referral: Referral, events: list[ReferralEvent], texts: list[ReferralText]) -> set[UUID]:
    users = {event.user_id for event in events} | {text.user_id for text in texts} | {referral.holder_id}
    return {user_id for user_id in users if user_id}


def _events(referral_id: UUID) -> Select[ReferralEvent]:
    return select(ReferralEvent).where(ReferralEvent.referral_id == referral_id).order_by(ReferralEvent.rank)


def _texts(referral_id: UUID) -> Select[ReferralText]:
    query = select(ReferralText).join(ReferralEvent, ReferralEvent.id == ReferralText.event_id)
    return query.where(ReferralText.referral_id == referral_id).order_by(ReferralEvent.rank)


def _label(actor: Actor, referral: Referral, side: Side) -> str | None:
    if not policy.links_person(side, referral.state):
        return None
    return people_queries.labels(actor, {referral.person_id}).get(referral.person_id)


def _code(referral: Referral, side: Side) -> str:
    return db.session.get_one(Person, referral.person_id).code if side is Side.COORDINATOR else ""


def _opens(referral: Referral, side: Side) -> bool:
    return side is Side.SENDER or (side is Side.RECIPIENT and referral.state in OPENED)


def _any_sensitive(referral: Referral) -> bool:
    return any(network_queries.structure(one).sensitive for one in (referral.structure_id, referral.recipient_id))


def _structures(actor: Actor, referral: Referral, named: list[UUID]) -> dict[UUID, str]:
    wanted = {referral.structure_id, referral.recipient_id, *named}
    return network_queries.names(actor, wanted | ({referral.suggested_id} if referral.suggested_id else set()))


def _journal(actor: Actor, referral: Referral) -> None:
    """Coordinators read pseudonyms; any other reading is tied to the person, who may ask for the list."""
    if actor.role is not Role.COORDINATOR:
        journal.read_person(actor, Granted(referral.person_id, ()), "referral")


def _event(event: ReferralEvent, names: dict[UUID, str]) -> EventLine:
    by = names.get(event.user_id, "") if event.user_id else ""
    return EventLine(event.rank, event.act, event.side, event.at, by, _reason(event))


def _reason(event: ReferralEvent) -> str:
    """The reason code, in words."""
    code = event.reason or ""
    for vocabulary in (DeclineReason, EndCause, Outcome, Contact):
        if code in set(vocabulary):
            return str(vocabulary(code).label)
    return ""


def _words(text: ReferralText, ranks: dict[UUID, int], names: dict[UUID, str]) -> WordsLine:
    by = names.get(text.user_id, "") if text.user_id else ""
    rank = ranks[text.event_id] if text.event_id else 0
    return WordsLine(rank, text.act, text.side, text.at, by, text.body)


def _tasks(actor: Actor, referral: Referral, side: Side) -> tuple[TaskLine, ...]:
    if side is not Side.SENDER:
        return ()
    query = select(ReferralTask).where(ReferralTask.referral_id == referral.id, ReferralTask.done_at.is_(None))
    waiting = query.where(ReferralTask.structure_id == actor.structure_id).order_by(
        ReferralTask.due_on, ReferralTask.kind
    )
    return tuple(TaskLine(task.id, task.kind, task.due_on) for task in db.session.scalars(waiting))
