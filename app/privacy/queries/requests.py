"""Rights requests: the officer’s list, one request, what the referent’s advisers see, and the copy to download."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, select

from app.accounts import queries as accounts
from app.kernel import clock, due, grants
from app.kernel.access import ADVISING, Actor, Role
from app.kernel.db import db
from app.kernel.due import Branch
from app.kernel.errors import NotFound
from app.kernel.grants import NOTHING, Granted, Section
from app.kernel.merges import PersonAlias
from app.kernel.statements import built
from app.people import queries as people
from app.people.models import Person
from app.privacy import policy
from app.privacy.enums import (
    AskedWay,
    CopyState,
    ExtensionReason,
    IdentityCheck,
    RefusalReason,
    RequestState,
    RightKind,
    RightOutcome,
)
from app.privacy.models import AccessCopy, RightsRequest, RightsRequestText

MOST_LINES = 200


@dataclass(frozen=True)
class RequestLine:
    """One request in a list. `who` is the person’s code, or their name for a hat that may read it."""

    id: UUID
    kind: RightKind
    state: RequestState
    who: str
    named: bool
    received_on: date
    due_on: date
    answered_on: date | None
    outcome: RightOutcome | None

    def days_left(self, today: date) -> int:
        """Days before the end of the delay; negative once it has passed."""
        return (self.due_on - today).days


@dataclass(frozen=True)
class AnswerView:
    """Where the copy of the data is. `expires_at`: when it is erased."""

    id: UUID
    state: CopyState
    asked_at: datetime
    made_at: datetime | None
    expires_at: datetime

    @property
    def moving(self) -> bool:
        return self.state in {CopyState.WAITING, CopyState.READ}

    @property
    def step(self) -> int:
        return {CopyState.WAITING: 0, CopyState.READ: 1}.get(self.state, 2)


@dataclass(frozen=True)
class RequestView(RequestLine):
    """The page of one request. `person_id` is None for who may not open the record; `officer`: may prepare and answer."""

    version: int
    person_id: UUID | None
    officer: bool
    way: AskedWay
    identity_check: IdentityCheck
    recorded_by: str
    asked: str
    answered: str
    extended_on: date | None
    extension_reason: ExtensionReason | None
    told_way: AskedWay | None
    refusal_reason: RefusalReason | None
    answer_way: AskedWay | None
    answered_by: str
    copy: AnswerView | None
    frozen: bool

    @property
    def can_extend(self) -> bool:
        return self.state is RequestState.OPEN

    @property
    def can_answer(self) -> bool:
        return self.state is not RequestState.ANSWERED


def requests_of_structure(actor: Actor) -> list[RequestLine]:
    """The requests that the officer’s structure must answer, open ones first by end of delay. NotFound for another hat."""
    if actor.role is not Role.DPO:
        raise NotFound
    query = _lines().where(RightsRequest.structure_id == actor.structure_id)
    done = RightsRequest.answered_on.is_not(None)
    query = query.order_by(done, RightsRequest.answered_on.desc(), RightsRequest.due_on).limit(MOST_LINES)
    return [_line(one, code, named=False) for one, code in db.session.execute(query).all()]


def restricted_since(granted: Granted) -> date | None:
    """Since when the person’s record is frozen."""
    return db.session.scalar(select(Person.restricted_on).where(Person.id == granted.person_id))


def requests_of_person(actor: Actor, granted: Granted) -> list[RequestLine]:
    """The requests of somebody, for the referent’s advisers and managers; empty for the others."""
    if not policy.can_record(actor, granted):
        return []
    return [_line(one, code, named=False) for one, code in db.session.execute(_of_person(), granted.named).all()]


@built
def _of_person() -> Select[RightsRequest, str]:
    return _lines().where(RightsRequest.person_id == grants.SOMEBODY).order_by(RightsRequest.received_on.desc())


def due_soon(actor: Actor, today: date) -> tuple[Branch, ...]:
    """What is to be answered within ten days or late: for the officer, and for advisers about people whom they read.

    Codes: the person’s.
    """
    if actor.role is not Role.DPO and actor.role not in ADVISING:
        return ()
    officer = actor.role is Role.DPO
    about, read = (None, NOTHING) if officer else (RightsRequest.person_id, Section.IDENTITY)
    query = due.row(RightsRequest.id, person=about, day=RightsRequest.due_on, codes=(Person.code,))
    query = query.join(Person, Person.id == RightsRequest.person_id)
    waiting = (RightsRequest.structure_id == actor.structure_id, RightsRequest.answered_on.is_(None))
    query = query.where(*waiting, RightsRequest.due_on <= today + policy.SOON)
    return (Branch(query, read, (RightsRequest.due_on, RightsRequest.id)),)


def _lines() -> Select[RightsRequest, str]:
    return select(RightsRequest, Person.code).join(Person, Person.id == RightsRequest.person_id)


def _line(one: RightsRequest, who: str, *, named: bool) -> RequestLine:
    days = (one.received_on, one.due_on, one.answered_on)
    return RequestLine(one.id, one.kind, one.state, who, named, *days, one.outcome)


def found(actor: Actor, request_id: UUID) -> tuple[RightsRequest, Granted | None]:
    """A request and, for an adviser of the referent structure, their rights on the person. NotFound otherwise.

    The same two statements whatever the answer, so that unknown and hidden cannot be told apart.
    """
    query = select(RightsRequest).where(
        RightsRequest.id == request_id, RightsRequest.structure_id == actor.structure_id
    )
    one = db.session.scalars(query.execution_options(populate_existing=True)).first()
    granted = grants.on_person(actor, one.person_id if one else request_id)
    if one is None:
        raise NotFound
    if policy.is_officer(actor, one.structure_id):
        return one, None
    if not policy.can_record(actor, granted):
        raise NotFound
    return one, granted


def show(actor: Actor, request_id: UUID) -> RequestView:
    """One request. NotFound unless the hat is its officer or an adviser who follows the person as referent."""
    one, granted = found(actor, request_id)
    person = db.session.execute(select(Person.code, Person.restricted_on).where(Person.id == one.person_id)).one()
    code = person.code
    name = people.labels(actor, {one.person_id}).get(one.person_id, code) if granted else code
    words = db.session.get(RightsRequestText, one.id)
    users = accounts.display_names({user for user in (one.recorded_by, one.answered_by) if user})
    line = _line(one, name, named=granted is not None)
    return RequestView(
        **line.__dict__,
        version=one.version,
        person_id=one.person_id if granted else None,
        officer=granted is None,
        way=one.way,
        identity_check=one.identity_check,
        recorded_by=users.get(one.recorded_by, ""),
        asked=words.asked if words else "",
        answered=words.answered if words else "",
        extended_on=one.extended_on,
        extension_reason=one.extension_reason,
        told_way=one.told_way,
        refusal_reason=one.refusal_reason,
        answer_way=one.answer_way,
        answered_by=users.get(one.answered_by, "") if one.answered_by else "",
        copy=_copy(one) if one.kind is RightKind.ACCESS and granted is None else None,
        frozen=person.restricted_on is not None and one.kind is RightKind.RESTRICTION,
    )


def _copy(one: RightsRequest) -> AnswerView | None:
    """The last copy asked for; one whose time has passed is gone, even before the worker has erased it."""
    columns = (AccessCopy.id, AccessCopy.state, AccessCopy.created_at, AccessCopy.made_at, AccessCopy.expires_at)
    query = select(*columns).where(AccessCopy.request_id == one.id).order_by(AccessCopy.created_at.desc()).limit(1)
    row = db.session.execute(query).first()
    if row is None:
        return None
    gone = row.expires_at <= clock.now()
    return AnswerView(row[0], CopyState.EXPIRED if gone else row[1], row[2], row[3], row[4])


def answer_file(actor: Actor, request_id: UUID, kind: str) -> tuple[bytes, UUID, UUID]:
    """The bytes of the copy (`pdf` or `json`), its id and the person’s. NotFound unless officer, ready and in time."""
    one, granted = found(actor, request_id)
    query = select(AccessCopy).where(AccessCopy.request_id == one.id).order_by(AccessCopy.created_at.desc()).limit(1)
    copy = db.session.scalars(query).first()
    if granted is not None or copy is None or copy.state is not CopyState.READY or copy.expires_at <= clock.now():
        raise NotFound
    if copy.document is None or copy.data is None:
        raise NotFound
    made = copy.document if kind == "pdf" else json.dumps(copy.data, ensure_ascii=False, indent=2).encode()
    return made, copy.id, one.person_id


def followed_by_code(structure_id: UUID, code: str) -> UUID | None:
    """The id of the person who bears this code and whom that structure follows as referent, or has archived; else None."""
    merged = select(PersonAlias.removed_id)
    theirs = (Person.referent_structure_id == structure_id, Person.id.not_in(merged))
    return db.session.scalar(select(Person.id).where(Person.code == code.strip().upper(), *theirs))
