"""Reads of the register. Each starts from what is visible to the actor and returns frozen views that hold only the granted sections."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.kernel import clock, grants, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.grants import Granted, Section
from app.people.enums import AgeStatus, ConsentAnswer, ConsentKind, ConsentWay, Genre, SocialStatus
from app.people.models import Consent, Notice, Person, PersonAdaptation, PersonIdentity


@dataclass(frozen=True)
class IdentityView:
    """Who the person is. `label` is the name, or the code of somebody who gave none."""

    label: str
    first_name: str
    last_name: str
    usual_name: str
    birth_year: int | None
    age_status: AgeStatus
    genre: Genre
    statut_social: SocialStatus
    commune_code: str | None


@dataclass(frozen=True)
class ContactView:
    """How to reach the person."""

    phone: str
    email: str
    no_message: bool


@dataclass(frozen=True)
class AdaptationView:
    """Adaptation needs and languages (sensitive)."""

    needs: tuple[str, ...]
    languages: tuple[str, ...]
    interpreter: bool


@dataclass(frozen=True)
class PersonCard:
    """The head of a person's page; a section that is not granted is None."""

    id: UUID
    code: str
    version: int
    referent_structure_id: UUID | None
    granted: Granted
    identity: IdentityView | None
    contact: ContactView | None
    adaptation: AdaptationView | None


@dataclass(frozen=True)
class ConsentLine:
    """One consent, given or refused, holding or not."""

    id: UUID
    kind: ConsentKind
    answer: ConsentAnswer
    way: ConsentWay
    sections: Section
    recipients: tuple[UUID, ...]
    starts_on: date
    ends_on: date | None
    withdrawn_at: datetime | None
    holds: bool


@dataclass(frozen=True)
class NoticeLine:
    """The information notice the person received."""

    at: datetime
    text_version: str
    way: str


def granted_on(actor: Actor, person_id: UUID) -> Granted:
    """The actor's rights on this person, or NotFound: unknown and hidden cannot be told apart."""
    granted = grants.on_person(actor, person_id)
    if not granted:
        raise NotFound
    return granted


def card(actor: Actor, person_id: UUID) -> PersonCard:
    """The person's card, journalled as read. NotFound when nothing is granted."""
    granted = granted_on(actor, person_id)
    person = db.session.scalars(
        select(Person).options(joinedload(Person.identity), joinedload(Person.adaptation)).where(Person.id == person_id)
    ).one()
    journal.read_person(actor, granted, "person")
    return PersonCard(
        person.id,
        person.code,
        person.version,
        person.referent_structure_id,
        granted,
        _identity(person) if granted.opens(Section.IDENTITY) else None,
        _contact(person.identity) if granted.opens(Section.CONTACT) else None,
        _adaptation(person.adaptation) if granted.opens(Section.ADAPTATION) else None,
    )


def label_of(person: Person) -> str:
    """The name on screen, or the code of somebody registered without a name."""
    return person.identity.display_name or person.code


def _identity(person: Person) -> IdentityView:
    who = person.identity
    return IdentityView(
        label_of(person),
        who.first_name,
        who.last_name,
        who.usual_name,
        person.birth_year,
        person.age_status,
        person.genre,
        person.statut_social,
        person.commune_code,
    )


def _contact(identity: PersonIdentity) -> ContactView:
    return ContactView(identity.phone, identity.email, identity.no_message)


def _adaptation(found: PersonAdaptation | None) -> AdaptationView:
    if found is None:
        return AdaptationView((), (), False)
    return AdaptationView(tuple(found.needs), tuple(found.languages), found.interpreter)


def labels(actor: Actor, person_ids: set[UUID]) -> dict[UUID, str]:
    """Names of several people, only those whose identity is granted; one query."""
    if not person_ids:
        return {}
    query = (
        select(Person)
        .options(joinedload(Person.identity))
        .where(Person.id.in_(person_ids), Person.id.in_(grants.visible_ids(actor, Section.IDENTITY)))
    )
    return {person.id: label_of(person) for person in db.session.scalars(query)}


def consents(granted: Granted) -> list[ConsentLine]:
    """The consents of a person, newest first."""
    query = select(Consent).where(Consent.person_id == granted.person_id).order_by(Consent.created_at.desc())
    today = clock.now().date()
    return [
        ConsentLine(
            c.id,
            c.kind,
            c.answer,
            c.way,
            c.sections,
            tuple(r.structure_id for r in c.recipients),
            c.starts_on,
            c.ends_on,
            c.withdrawn_at,
            c.holds and (c.ends_on is None or c.ends_on >= today),
        )
        for c in db.session.scalars(query)
    ]


def notices(granted: Granted) -> list[NoticeLine]:
    """The information notices handed over or read aloud."""
    query = select(Notice).where(Notice.person_id == granted.person_id).order_by(Notice.created_at.desc())
    return [NoticeLine(n.created_at, n.text_version, n.way.label) for n in db.session.scalars(query)]
