"""What the sender still has to do: people to tell, what comes after an ending, drafts to send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from app.kernel import grants
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import Conflict, NotFound
from app.kernel.grants import Granted, Section
from app.kernel.i18n import lazy_gettext as _
from app.kernel.statements import built
from app.network import queries as network_queries
from app.people import queries as people_queries
from app.people.contacts import Contact, to_use
from app.people.models import Person
from app.referrals import policy
from app.referrals.enums import Act, DeclineReason, Outcome, State, TaskKind
from app.referrals.models import Referral, ReferralEvent, ReferralTask
from app.referrals.queries.lists import PAGE
from app.referrals.queries.load import next_structures
from app.referrals.queries.preview import Preview, preview_of


@dataclass(frozen=True)
class Todo:
    """One thing to do. `ways` only where contact is open, never of a protected person: their own page says how.

    `at_desk`: nothing to reach the person by.
    """

    id: UUID
    kind: TaskKind
    due_on: date
    about: Act
    happened_at: datetime
    referral_id: UUID
    state: State
    outcome: Outcome | None
    decline_reason: DeclineReason | None
    preview: Preview
    recipient: str
    suggested: str
    person_id: UUID | None
    person: str | None
    ways: tuple[Contact, ...]
    protected: bool
    next_structure: str
    need_id: UUID

    @property
    def at_desk(self) -> bool:
        """Nothing to reach the person by: they are told when they come in."""
        return not self.ways and not self.protected


@dataclass(frozen=True)
class TodoPage:
    """A page of one kind of thing to do, counted from 1; beyond the last one, the last."""

    lines: tuple[Todo, ...]
    number: int
    pages: int
    total: int


def todo_pages(actor: Actor, numbers: Mapping[TaskKind, int]) -> dict[TaskKind, TodoPage]:
    """What our structure has to do, a page of each kind, the soonest due first: five queries whatever the length."""
    counted = _waiting(actor).with_only_columns(ReferralTask.kind, func.count()).group_by(ReferralTask.kind)
    totals: dict[TaskKind, int] = {row[0]: row[1] for row in db.session.execute(counted)}
    last = {kind: max(1, -(-totals.get(kind, 0) // PAGE)) for kind in numbers}
    shown = {kind: min(max(1, number), last[kind]) for kind, number in numbers.items()}
    wanted = or_(*(ReferralTask.id.in_(_ids(actor, kind, number)) for kind, number in shown.items()))
    lines = _read(actor, _waiting(actor).where(wanted).order_by(ReferralTask.due_on, ReferralTask.id))
    return {
        kind: TodoPage(tuple(one for one in lines if one.kind is kind), number, last[kind], totals.get(kind, 0))
        for kind, number in shown.items()
    }


def _ids(actor: Actor, kind: TaskKind, number: int) -> Any:
    query = _waiting(actor).with_only_columns(ReferralTask.id).where(ReferralTask.kind == kind)
    return query.order_by(ReferralTask.due_on, ReferralTask.id).limit(PAGE).offset((number - 1) * PAGE)


def todo_count(actor: Actor) -> int:
    """How many things wait."""
    return db.session.scalar(_waiting(actor).with_only_columns(func.count())) or 0


def pending_for_person(actor: Actor, granted: Granted) -> list[Todo]:
    """What waits about one person: said when they come in. Neither their name nor their telephone: they are there."""
    return _todos(actor, _rows(_pending(actor), granted.named), named=False)


@built
def _pending(actor: Actor) -> Select[ReferralTask, Referral, ReferralEvent]:
    return _waiting(actor).where(Referral.person_id == grants.SOMEBODY).order_by(ReferralTask.due_on)


def task_of(actor: Actor, task_id: UUID) -> Todo:
    """One of our tasks that still waits. NotFound when it is not ours, Conflict when a colleague did it."""
    found = _read(actor, _waiting(actor).where(ReferralTask.id == task_id), with_next=True)
    if found:
        return found[0]
    ours = select(ReferralTask.id).join(Referral, Referral.id == ReferralTask.referral_id)
    if db.session.scalar(ours.where(ReferralTask.id == task_id, policy.sent_by_us(actor))) is None:
        raise NotFound
    raise Conflict(_("C’est déjà fait : une ou un collègue s’en est occupé."))


def _waiting(actor: Actor) -> Select[ReferralTask, Referral, ReferralEvent]:
    query = select(ReferralTask, Referral, ReferralEvent).join(Referral, Referral.id == ReferralTask.referral_id)
    query = query.join(ReferralEvent, ReferralEvent.id == ReferralTask.event_id)
    return query.where(ReferralTask.done_at.is_(None), policy.sent_by_us(actor))


def _read(
    actor: Actor,
    query: Select[ReferralTask, Referral, ReferralEvent],
    *,
    with_next: bool = False,
    named: bool = True,
) -> list[Todo]:
    return _todos(actor, _rows(query), with_next=with_next, named=named)


_Row = tuple[ReferralTask, Referral, ReferralEvent]


def _rows(query: Select[ReferralTask, Referral, ReferralEvent], named: Mapping[str, UUID] | None = None) -> list[_Row]:
    return [(row[0], row[1], row[2]) for row in db.session.execute(query, named)]


def _todos(actor: Actor, rows: list[_Row], *, with_next: bool = False, named: bool = True) -> list[Todo]:
    people = {referral.person_id for _, referral, _ in rows} if named else set()
    labels, contacts = people_queries.labels(actor, people), _contacts(actor, people)
    ids = {r.recipient_id for _, r, _ in rows} | {r.suggested_id for _, r, _ in rows if r.suggested_id}
    names = network_queries.names(actor, ids)
    return [
        _todo(task, r, event, names, labels, contacts.get(r.person_id, _Reach()), _next(actor, r) if with_next else "")
        for task, r, event in rows
    ]


def _next(actor: Actor, referral: Referral) -> str:
    left = next_structures(referral)
    return network_queries.names(actor, set(left[:1])).get(left[0], "") if left else ""


@dataclass(frozen=True)
class _Reach:
    """How to reach somebody; `protected`: not from a list, which is printed."""

    ways: tuple[Contact, ...] = ()
    protected: bool = False


def _contacts(actor: Actor, people: set[UUID]) -> dict[UUID, _Reach]:
    if not people:
        return {}
    whole = (joinedload(Person.identity), joinedload(Person.contacts))
    query = select(Person).options(*whole).where(Person.id.in_(people), grants.opens(actor, Person.id, Section.CONTACT))
    found = db.session.scalars(query).unique()
    return {one.id: _reach(one) for one in found}


def _reach(person: Person) -> _Reach:
    if person.protected:
        return _Reach(protected=True)
    return _Reach(to_use(person.identity.reached, [one.contact for one in person.contacts]))


def _todo(  # noqa: PLR0913
    task: ReferralTask,
    r: Referral,
    event: ReferralEvent,
    names: dict[UUID, str],
    labels: dict[UUID, str],
    reach: _Reach,
    next_structure: str,
) -> Todo:
    return Todo(
        task.id,
        task.kind,
        task.due_on,
        event.act,
        event.at,
        r.id,
        r.state,
        r.outcome,
        r.decline_reason,
        preview_of(r),
        names[r.recipient_id],
        names.get(r.suggested_id, "") if r.suggested_id else "",
        r.person_id if r.person_id in labels else None,
        labels.get(r.person_id),
        reach.ways,
        reach.protected,
        next_structure,
        r.need_id,
    )
