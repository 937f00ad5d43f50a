"""Sharing cards: the person’s, the one that answers to a code, and what the referent structure is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased, lazyload

from app.accounts import policy as account_policy
from app.accounts.models import Membership, User
from app.kernel import due, grants, ids
from app.kernel.access import ADVISING, Actor
from app.kernel.db import db
from app.kernel.due import Branch
from app.kernel.errors import NotFound
from app.kernel.grants import Granted, Section
from app.kernel.phones import format_phone
from app.kernel.statements import built
from app.network import policy as network_policy
from app.network import queries as network_queries
from app.network.models import Place, Structure
from app.people import cards, policy
from app.people.cards import Standing
from app.people.enums import CardEnd, CardEvent, ConsentAnswer, ConsentKind, FollowUpKind
from app.people.models import CardNotice, CardTry, Consent, FollowUp, Person, SharingCard
from app.people.queries.card import labels


@dataclass(frozen=True)
class CardLine:
    """One card of a person, open or ended."""

    id: UUID
    made_at: datetime
    locked: bool
    ended_at: datetime | None
    end_cause: CardEnd | None


@dataclass(frozen=True)
class Cards:
    """What the person’s card page shows: the open card, those before, and whether one may be made now."""

    current: CardLine | None
    past: tuple[CardLine, ...]
    may_have: bool
    agreed: bool
    bound: bool

    @property
    def can_make(self) -> bool:
        return self.may_have and self.agreed and self.bound


@dataclass(frozen=True)
class Presented:
    """What a typed code answers to. Everything is empty for an unknown code, after the same queries."""

    standing: Standing
    card: SharingCard | None
    person: Person | None
    sections: Section


@dataclass(frozen=True)
class CardNoticeView:
    """What the referent structure is told about a person that this hat reads. `structure` may be « partenaire »."""

    id: UUID
    person_id: UUID
    person: str
    event: CardEvent
    structure: str
    at: datetime


def cards_of(granted: Granted, today: date) -> Cards:
    """The cards of a person. Three queries at most."""
    rows = db.session.execute(_cards(), granted.named).all()
    found = [_line(one) for one, _structure in rows if one is not None]
    referent: Structure | None = rows[0][1]
    person = db.session.get_one(Person, granted.person_id)
    return Cards(
        next((one for one in found if one.ended_at is None), None),
        tuple(one for one in found if one.ended_at is not None),
        policy.may_have_card(person),
        agreement(person.id, today) is not None,
        referent is not None and network_policy.can_share(referent, today),
    )


@built
def _cards() -> Select[SharingCard | None, Structure | None]:
    """Beside each card, or beside none, the referent structure of the person."""
    query = select(SharingCard, Structure).select_from(Person).where(Person.id == grants.SOMEBODY)
    query = query.outerjoin(SharingCard, SharingCard.person_id == Person.id)
    query = query.outerjoin(Structure, Structure.id == Person.referent_structure_id)
    return query.order_by(SharingCard.created_at.desc())


def _line(card: SharingCard) -> CardLine:
    return CardLine(card.id, card.created_at, card.locked, card.ended_at, card.end_cause)


def agreement(person_id: UUID, today: date) -> Consent | None:
    """The agreement for the shared register that holds today: the person’s last word, given and not taken back."""
    found = db.session.scalars(_newest(), {grants.PERSON: person_id}).first()
    if found is None or found.answer is not ConsentAnswer.GIVEN or found.withdrawn_at is not None:
        return None
    return found if cards.holds(True, found.starts_on, found.ends_on, today) else None


@built
def _newest() -> Select[Consent]:
    asked = (Consent.person_id == grants.SOMEBODY, Consent.kind == ConsentKind.REGISTER)
    newest = select(Consent).where(*asked).order_by(Consent.created_at.desc(), Consent.id.desc()).limit(1)
    # As many statements whether there is an agreement or not.
    return newest.options(lazyload(Consent.recipients)).execution_options(populate_existing=True)


def presented(card_id: UUID | None, today: date) -> Presented:
    """The card that was found by its code, or nothing: the same three queries whatever there is to find."""
    nobody = ids.random_key()
    query = select(SharingCard).where(SharingCard.id == (card_id or nobody), SharingCard.ended_at.is_(None))
    card = db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).first()
    held = card.person_id if card else nobody
    row = db.session.execute(_bearer(held)).first()
    person, referent = (row[0], row[1]) if row else (None, None)
    consent = agreement(held, today)
    standing = Standing(
        open=card is not None,
        may_have=person is not None and policy.may_have_card(person),
        agreed=consent is not None,
        bound=referent is not None and network_policy.can_share(referent, today),
    )
    return Presented(standing, card, person, consent.sections if consent else grants.NOTHING)


def _bearer(person_id: UUID) -> Select[Person, Structure | None]:
    query = select(Person, Structure).outerjoin(Structure, Structure.id == Person.referent_structure_id)
    return query.where(Person.id == person_id).execution_options(populate_existing=True)


def bearer_of(card_id: UUID | None) -> UUID | None:
    """Whose card it is; one query whether there is one or not."""
    return db.session.scalar(select(SharingCard.person_id).where(SharingCard.id == (card_id or ids.random_key())))


def failures(user_id: UUID, source: str, since: datetime) -> tuple[int, int]:
    """How many tries have not succeeded since: of this user, from this address."""
    mine, theirs = CardTry.user_id == user_id, CardTry.address_hash == source
    counted = select(func.count().filter(mine), func.count().filter(theirs))
    row = db.session.execute(counted.where(or_(mine, theirs), CardTry.at > since)).one()
    return int(row[0]), int(row[1])


def follow_up_of(structure_id: UUID, person_id: UUID) -> FollowUp | None:
    """The open follow-up of a structure, whoever inside holds it."""
    ours = (FollowUp.structure_id == structure_id, FollowUp.person_id == person_id, FollowUp.ended_on.is_(None))
    return db.session.scalars(select(FollowUp).where(*ours)).first()


def told(person_id: UUID, today: date) -> list[tuple[UUID, str]]:
    """(user, language) of the advisers and managers of the referent structure; of its team when that one is secret."""
    held = aliased(FollowUp)
    followed = (held.person_id == person_id, held.kind == FollowUpKind.REFERENT, held.ended_on.is_(None))
    query = (
        select(User.id, User.language)
        .join(Membership, Membership.user_id == User.id)
        .join(held, held.structure_id == Membership.structure_id)
        .where(*followed, or_(held.team_id.is_(None), held.team_id == Membership.team_id))
        .where(Membership.role.in_(ADVISING), User.closed_at.is_(None), account_policy.current(today))
    )
    return [(row[0], row[1]) for row in db.session.execute(query.distinct().order_by(User.id))]


def card_notices(actor: Actor, _today: date) -> tuple[Branch, ...]:
    """What the structure was told and nobody has marked as seen, about people whom it follows as referent.

    Codes: what happened.
    """
    if actor.role not in ADVISING:
        return ()
    columns = {"person": CardNotice.person_id, "other": CardNotice.from_structure_id, "at": CardNotice.created_at}
    query = due.row(CardNotice.id, codes=(CardNotice.event,), **columns).where(*_unseen(actor))
    query = query.join(Person, Person.id == CardNotice.person_id)
    return (Branch(query, Section.IDENTITY, (CardNotice.created_at, CardNotice.id)),)


def _unseen(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """SQL, Person being joined."""
    ours = (CardNotice.structure_id == actor.structure_id, CardNotice.seen_at.is_(None))
    return *ours, Person.referent_structure_id == actor.structure_id


def card_notice(actor: Actor, notice_id: UUID) -> CardNoticeView:
    """One notice, or NotFound."""
    query = select(CardNotice).join(Person, Person.id == CardNotice.person_id).where(*_unseen(actor))
    query = query.where(CardNotice.id == notice_id, grants.opens(actor, Person.id, Section.IDENTITY))
    found = db.session.scalars(query).first() if actor.role in ADVISING else None
    if found is None:
        raise NotFound
    named = labels(actor, {found.person_id})
    structures = network_queries.names(actor, {found.from_structure_id} if found.from_structure_id else set())
    other = structures.get(found.from_structure_id, "") if found.from_structure_id else ""
    return CardNoticeView(found.id, found.person_id, named[found.person_id], found.event, other, found.created_at)


def printed_contact(structure_id: UUID | None) -> tuple[str, str]:
    """(name, phone) of the referent structure for the card; both empty when its name says something of the person."""
    structure = db.session.get(Structure, structure_id) if structure_id else None
    if structure is None or structure.sensitive or structure.under_secrecy:
        return "", ""
    places = select(Place.details).where(Place.structure_id == structure.id, Place.closed_on.is_(None))
    phones = (str(details.get("telephone") or "") for details in db.session.scalars(places.order_by(Place.name)))
    return structure.name, format_phone(next(filter(None, phones), ""))
