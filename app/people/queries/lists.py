"""The lines of people in a list: what each shows, of those that the actor may read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select

from app.kernel import grants
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.grants import Section
from app.kernel.statements import among, built
from app.people.enums import AgeStatus, PersonState
from app.people.models import Person, PersonIdentity

PAGE_SIZE = 25
People = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class PersonRow:
    """One line of the list. `label` is the name, or the code of somebody who gave none (`named` is then false)."""

    id: UUID
    label: str
    named: bool
    code: str
    birth_year: int | None
    age_status: AgeStatus
    commune_code: str | None
    last_contact_on: date
    protected: bool


_COLUMNS = (
    Person.id,
    Person.code,
    Person.birth_year,
    Person.age_status,
    Person.commune_code,
    Person.last_contact_on,
    Person.protected,
    PersonIdentity.first_name,
    PersonIdentity.last_name,
    PersonIdentity.usual_name,
    PersonIdentity.phone,
)


def _people() -> People:
    query: People = select(*_COLUMNS).join(PersonIdentity, PersonIdentity.person_id == Person.id)
    return query.where(Person.state == PersonState.ACTIVE)


def full_name(first: str, last: str, usual: str) -> str:
    """« Prénom NOM » as screens show it; empty under a pseudonym."""
    return " ".join(part for part in (first, usual or last) if part)


def row_of(found: Row[*tuple[Any, ...]]) -> PersonRow:
    """The line of one of them."""
    name = full_name(found.first_name, found.last_name, found.usual_name)
    facts = (found.code, found.birth_year, found.age_status, found.commune_code, found.last_contact_on)
    return PersonRow(found.id, name or found.code, bool(name), *facts, found.protected)


def rows_of(actor: Actor, person_ids: list[UUID]) -> list[PersonRow]:
    """The lines of these people, in this order, of those that the actor may read. One query."""
    found = {row.id: row_of(row) for row in raw(actor, person_ids)}
    return [found[one] for one in person_ids if one in found]


def raw(actor: Actor, person_ids: Collection[UUID]) -> Sequence[Row[*tuple[Any, ...]]]:
    """The same, as they are stored, in no order."""
    return db.session.execute(_lines(actor), {"ids": person_ids}).all()


@built
def _lines(actor: Actor) -> People:
    asked = among(Person.id)
    return _people().where(asked, grants.opens(actor, Person.id, Section.IDENTITY))
