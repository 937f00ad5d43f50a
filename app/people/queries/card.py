"""One person: who they are, how to reach them, who follows them; only the granted sections."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import joinedload

from app.kernel import grants, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.grants import Granted, Section
from app.kernel.statements import among, built
from app.people.contacts import Contact, in_order
from app.people.enums import AgeStatus, FollowUpKind, Genre, SocialStatus
from app.people.models import FollowUp, Notice, Person, PersonAdaptation, PersonIdentity
from app.people.queries.lists import full_name


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
    """How to reach the person: the number and the address of the record, the other ways, then all in the order to try."""

    phone: str
    email: str
    no_message: bool
    email_first: bool = False
    others: tuple[Contact, ...] = ()
    ways: tuple[Contact, ...] = ()


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
    registered_at: datetime
    last_contact_on: date
    informed: bool


@dataclass(frozen=True)
class FollowerLine:
    """A structure that follows the person now."""

    structure_id: UUID
    kind: FollowUpKind
    since: date


def granted_on(actor: Actor, person_id: UUID) -> Granted:
    """The actor's rights on this person, or NotFound: unknown and hidden cannot be told apart."""
    granted = grants.on_person(actor, person_id)
    if not granted:
        raise NotFound
    return granted


def card(actor: Actor, person_id: UUID) -> PersonCard:
    """The person's card, journalled as read. NotFound when nothing is granted."""
    granted = granted_on(actor, person_id)
    person, informed = db.session.execute(_whole(), granted.named).unique().one()
    # Held until the session ends: the panels of the page ask for the same person.
    db.session.info["person"] = person
    journal.read_person(actor, granted, "person")
    return PersonCard(
        person.id,
        person.code,
        person.version,
        person.referent_structure_id,
        granted,
        _identity(person) if granted.opens(Section.IDENTITY) else None,
        _contact(person) if granted.opens(Section.CONTACT) else None,
        _adaptation(person.adaptation) if granted.opens(Section.ADAPTATION) else None,
        person.created_at,
        person.last_contact_on,
        informed,
    )


@built
def _whole() -> Select[Person, bool]:
    whole = (joinedload(Person.identity), joinedload(Person.adaptation), joinedload(Person.contacts))
    informed = exists().where(Notice.person_id == Person.id)
    return select(Person, informed).options(*whole).where(Person.id == grants.SOMEBODY)


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


def _contact(person: Person) -> ContactView:
    who, others = person.identity, tuple(one.contact for one in person.contacts)
    ways = tuple(in_order([*who.reached, *others]))
    return ContactView(who.phone, who.email, who.no_message, who.email_first, others, ways)


def _adaptation(found: PersonAdaptation | None) -> AdaptationView:
    if found is None:
        return AdaptationView((), (), False)
    return AdaptationView(tuple(found.needs), tuple(found.languages), found.interpreter)


def labels(actor: Actor, person_ids: set[UUID]) -> dict[UUID, str]:
    """Names of several people, only those whose identity is granted; one query."""
    if not person_ids:
        return {}
    found = db.session.execute(_labels(actor), {"ids": person_ids})
    return {row[0]: full_name(row[2], row[3], row[4]) or row[1] for row in found}


@built
def _labels(actor: Actor) -> Select[UUID, str, str, str, str]:
    who = (PersonIdentity.first_name, PersonIdentity.last_name, PersonIdentity.usual_name)
    query = select(Person.id, Person.code, *who).join(PersonIdentity, PersonIdentity.person_id == Person.id)
    return query.where(among(Person.id), grants.opens(actor, Person.id, Section.IDENTITY))


def followers(granted: Granted) -> list[FollowerLine]:
    """The structures that follow the person, the referent first."""
    return [FollowerLine(*row) for row in db.session.execute(_followers(), granted.named).all()]


@built
def _followers() -> Select[UUID, FollowUpKind, date]:
    query = select(FollowUp.structure_id, FollowUp.kind, FollowUp.started_on)
    query = query.where(FollowUp.person_id == grants.SOMEBODY, FollowUp.ended_on.is_(None))
    return query.order_by(FollowUp.kind.desc(), FollowUp.started_on)
