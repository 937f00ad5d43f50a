"""Every agreement about the people of a structure, for its officer: people are codes, partners as they may be named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select

from app.kernel import journal
from app.kernel.access import Actor, Role
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.merges import PersonAlias
from app.network import queries as network
from app.people.enums import ConsentAnswer, ConsentKind, PersonState, section_labels
from app.people.models import Consent, ConsentRecipient, Person
from app.people.queries.renewals import ASKED_BEFORE, asked_again
from app.privacy import policy
from app.privacy.enums import ConsentState
from app.privacy.queries.selections import Criteria, bearing, id_of

PAGE = 50
Conditions = tuple[ColumnElement[bool], ...]


@dataclass(frozen=True)
class ConsentRow:
    """One answer, or somebody who was never asked (`kind` alone)."""

    person_code: str
    kind: ConsentKind
    structure: str = ""
    recipients: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    withdrawn_at: datetime | None = None
    replaced: bool = False


@dataclass(frozen=True)
class ConsentPage:
    """A page of the list. `counts`: how many answers in each state, with the same choices."""

    rows: tuple[ConsentRow, ...]
    counts: dict[ConsentState, int]
    state: ConsentState
    number: int

    @property
    def total(self) -> int:
        return self.counts[self.state]

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def consent_page(actor: Actor, state: ConsentState, wanted: Criteria, today: date, number: int = 1) -> ConsentPage:
    """The answers in one state, those that end first before the others; journalled. NotFound for anybody but a DPO."""
    if actor.role is not Role.DPO:
        raise NotFound
    counts = consent_counts(actor, wanted, today)
    number = min(max(1, number), max(1, -(-counts[state] // PAGE)))
    start = (number - 1) * PAGE
    rows = (
        _waiting(actor, wanted, start) if state is ConsentState.WAITING else _rows(actor, state, wanted, today, start)
    )
    journal.note(actor, "consent.list", "consent", count=len(rows), state=state.value)
    return ConsentPage(tuple(rows), counts, state, number)


def consent_counts(actor: Actor, wanted: Criteria, today: date) -> dict[ConsentState, int]:
    """How many answers are in each state. Two queries."""
    states = [one for one in ConsentState if one is not ConsentState.WAITING]
    sums = (func.coalesce(func.sum(case((and_(*_in_state(one, today)), 1), else_=0)), 0) for one in states)
    query: Select[Any] = select(*sums).select_from(Consent).join(Person, Person.id == Consent.person_id)
    row = db.session.execute(query.where(*_asked(actor, wanted))).one()
    waiting = db.session.scalar(select(func.count()).select_from(_never_asked(actor, wanted).subquery())) or 0
    return {**{one: int(count) for one, count in zip(states, row, strict=True)}, ConsentState.WAITING: waiting}


def _in_state(state: ConsentState, today: date) -> Conditions:
    """SQL: given and holding, about to end, over, taken back, or refused. About to end also holds."""
    if state is ConsentState.REFUSED:
        return (Consent.answer == ConsentAnswer.REFUSED,)
    given = Consent.answer == ConsentAnswer.GIVEN
    if state is ConsentState.WITHDRAWN:
        return given, Consent.withdrawn_at.is_not(None)
    kept = (given, Consent.withdrawn_at.is_(None))
    over = or_(_over(today), _replaced())
    if state is ConsentState.ENDED:
        return *kept, over
    soon = Consent.ends_on <= today + ASKED_BEFORE
    return (*kept, ~over, soon) if state is ConsentState.SOON else (*kept, ~over)


def _over(today: date) -> ColumnElement[bool]:
    """An agreement holds on its last day; that of a referral ends with the referral, at once."""
    first_day_out = case((Consent.kind == ConsentKind.REFERRAL, today), else_=today - timedelta(days=1))
    return and_(Consent.ends_on.is_not(None), Consent.ends_on <= first_day_out)


def _replaced() -> ColumnElement[bool]:
    return and_(Consent.kind == ConsentKind.REGISTER, asked_again())


def _asked(actor: Actor, wanted: Criteria) -> Conditions:
    """SQL: about people whom the structure follows as referent, or recorded by it; and what was chosen."""
    found = [policy.consent_scope(actor), Person.referent_structure_id.is_not(None)]
    if wanted.get("kind"):
        found.append(Consent.kind == ConsentKind(wanted["kind"]))
    if wanted.get("code"):
        found.append(Consent.person_id.in_(bearing(wanted["code"])))
    if structure_id := id_of(wanted.get("structure", "")):
        named = exists().where(ConsentRecipient.consent_id == Consent.id, ConsentRecipient.structure_id == structure_id)
        found.append(or_(Consent.structure_id == structure_id, named))
    return tuple(found)


def _rows(actor: Actor, state: ConsentState, wanted: Criteria, today: date, start: int) -> list[ConsentRow]:
    query = (
        select(Consent, Person.code, _replaced())
        .join(Person, Person.id == Consent.person_id)
        .where(*_asked(actor, wanted), *_in_state(state, today))
        .order_by(func.coalesce(Consent.ends_on, date.max), Consent.created_at.desc(), Consent.id)
    )
    found = db.session.execute(query.offset(start).limit(PAGE)).all()
    names = network.names(actor, _structures([row[0] for row in found]))
    return [_row(consent, code, replaced, names) for consent, code, replaced in found]


def _structures(consents: Sequence[Consent]) -> set[UUID]:
    to = {one.structure_id for consent in consents for one in consent.recipients}
    return to | {consent.structure_id for consent in consents}


def _row(consent: Consent, code: str, replaced: bool, names: dict[UUID, str]) -> ConsentRow:
    return ConsentRow(
        code,
        consent.kind,
        names[consent.structure_id],
        tuple(names[one.structure_id] for one in consent.recipients),
        tuple(section_labels(consent.sections)),
        consent.starts_on,
        consent.ends_on,
        consent.withdrawn_at,
        replaced,
    )


def _waiting(actor: Actor, wanted: Criteria, start: int) -> list[ConsentRow]:
    query = _never_asked(actor, wanted).order_by(Person.created_at, Person.id).offset(start).limit(PAGE)
    return [ConsentRow(code, ConsentKind.REGISTER) for code in db.session.scalars(query)]


def _never_asked(actor: Actor, wanted: Criteria) -> Select[str]:
    """SQL: the codes of people followed by the structure as referent who never answered about the shared register."""
    answered = exists().where(Consent.person_id == Person.id, Consent.kind == ConsentKind.REGISTER)
    ours = (Person.referent_structure_id == actor.structure_id, Person.state == PersonState.ACTIVE)
    query = select(Person.code).where(*ours, ~answered, Person.id.not_in(select(PersonAlias.removed_id)))
    if wanted.get("code"):
        query = query.where(Person.id.in_(bearing(wanted["code"])))
    elsewhere = wanted.get("structure") or wanted.get("kind", ConsentKind.REGISTER) != ConsentKind.REGISTER
    return query.where(Person.id.is_(None)) if elsewhere else query
