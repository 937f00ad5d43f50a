"""Registering very many people (data made for load): the checks, values and journal of `register`, rows kept for a batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast
from uuid import UUID

from sqlalchemy import Table, bindparam, update

from app.kernel import ids, journal
from app.kernel.access import Actor
from app.kernel.bulk import Batch
from app.kernel.db import db
from app.kernel.grants import Granted
from app.people import policy
from app.people.actions import rows
from app.people.actions.consents import note_consent
from app.people.actions.data import ConsentData, Registration
from app.people.actions.register import check_registration
from app.people.enums import Genre, SocialStatus
from app.people.models import (
    Consent,
    ConsentRecipient,
    FollowUp,
    Notice,
    Person,
    PersonAdaptation,
    PersonContact,
    PersonIdentity,
    PersonRepresentative,
    SearchKeyRow,
)


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody just registered: what their sessions will need to know, and the rights of whoever registered them."""

    id: UUID
    subject_key: UUID
    birth_year: int | None
    genre: Genre
    statut_social: SocialStatus
    commune_code: str | None
    granted: Granted


def register_in(batch: Batch, actor: Actor, data: Registration, last_contact_on: date) -> Known:
    """As `register`, for somebody whose last meeting is already known. Raises what `register` raises."""
    data = check_registration(actor, data)
    person_id, follow_up_id, subject_key = ids.new_id(), ids.new_id(), ids.random_key()
    person = {**rows.person_values(actor, data), "last_contact_on": max(data.today, last_contact_on)}
    batch.add(Person, {**person, "id": person_id, "subject_key": subject_key})
    batch.add(PersonIdentity, {**rows.values_of(data.person, rows.IDENTITY), "person_id": person_id})
    batch.add(FollowUp, {**rows.follow_up_values(actor, person_id, data.today), "id": follow_up_id})
    if data.notice_way is not None:
        batch.add(Notice, rows.notice_values(actor, person_id, data))
    _describe(batch, person_id, data)
    journal.note(actor, "person.register", "person", person_id, person_id=person_id)
    if data.register is not None:
        _consent(batch, actor, person_id, data.register)
    facts = (data.person.birth_year, data.person.genre, data.person.statut_social, data.person.commune_code)
    return Known(person_id, subject_key, *facts, policy.granted_as_referent(actor, person_id, follow_up_id))


def met_many(days: Mapping[UUID, date]) -> None:
    """As `met`, of several people at once."""
    table = cast(Table, Person.__table__)
    known = (table.c.id == bindparam("met_id"), table.c.last_contact_on < bindparam("met_on"))
    query = update(table).where(*known).values(last_contact_on=bindparam("met_on"))
    if days:
        db.session.connection().execute(query, [{"met_id": one, "met_on": day} for one, day in days.items()])


def _describe(batch: Batch, person_id: UUID, data: Registration) -> None:
    for values in rows.key_values(person_id, data.person):
        batch.add(SearchKeyRow, values)
    for values in rows.contact_values(person_id, data.person):
        batch.add(PersonContact, values)
    for values in rows.representative_values(person_id, data):
        batch.add(PersonRepresentative, values)
    said = rows.adaptation_values(data.person)
    if said is not None:
        batch.add(PersonAdaptation, {**said, "person_id": person_id})


def _consent(batch: Batch, actor: Actor, person_id: UUID, data: ConsentData) -> None:
    consent_id = ids.new_id()
    batch.add(Consent, {**rows.consent_values(actor, person_id, data), "id": consent_id})
    for values in rows.recipient_values(data):
        batch.add(ConsentRecipient, {**values, "consent_id": consent_id})
    note_consent(actor, consent_id, person_id, data)
