"""The other ways to reach somebody: written with the record, brought together when two records become one."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, insert, select

from app.kernel import ids
from app.kernel.db import db
from app.kernel.merges import Moved
from app.people.actions import rows
from app.people.actions.data import PersonData
from app.people.contacts import Contact
from app.people.models import Person, PersonContact


def known(person_id: UUID) -> tuple[Contact, ...]:
    """The other ways that are noted, in their order."""
    query = select(PersonContact).where(PersonContact.person_id == person_id).order_by(PersonContact.rank)
    return tuple(one.contact for one in db.session.scalars(query))


def write(person_id: UUID, data: PersonData) -> None:
    """Replace what was noted. DomainError when two ways are to be tried first."""
    forget(person_id)
    note(person_id, data)


def note(person_id: UUID, data: PersonData) -> None:
    """Note those of somebody who has none yet. DomainError when two are to be tried first."""
    values = list(rows.contact_values(person_id, data))
    if values:
        db.session.execute(insert(PersonContact), [{"id": ids.random_key(), **one} for one in values])


def forget(person_id: UUID) -> None:
    """Erase them."""
    erased = delete(PersonContact).where(PersonContact.person_id == person_id)
    db.session.execute(erased.execution_options(synchronize_session=False))


def keep_other(kept: Person, chosen: tuple[str, str], *both: Person) -> None:
    """Two records become one: the number or address that was not chosen stays as another way, as discreet as it was."""
    for one in (contact for person in both for contact in person.identity.reached):
        if one.value not in chosen:
            contact = Contact(kind=one.kind, value=one.value, no_message=one.no_message)
            _add(kept.id, contact)


def _add(person_id: UUID, contact: Contact) -> None:
    mine = known(person_id)
    if contact.value not in {one.value for one in mine}:
        row = vars(contact) | {"person_id": person_id, "rank": len(mine) + 1}
        db.session.add(PersonContact(**row))
        db.session.flush()


def _moved(kept_id: UUID, removed_id: UUID) -> None:
    """Those of both, each once; the record kept says which is tried first. « Ne pas laisser de message » holds for both."""
    db.session.flush()
    mine = {one.value: one for one in _of(kept_id)}
    first = any(one.first for one in mine.values()) or db.session.get_one(Person, kept_id).identity.email_first
    for rank, theirs in enumerate(_of(removed_id), len(mine) + 1):
        twin = mine.get(theirs.value)
        if twin is None:
            theirs.person_id, theirs.rank, theirs.first = kept_id, rank, theirs.first and not first
        else:
            twin.no_message = twin.no_message or theirs.no_message
            db.session.delete(theirs)
    db.session.flush()
    db.session.expire_all()


def _of(person_id: UUID) -> list[PersonContact]:
    query = select(PersonContact).where(PersonContact.person_id == person_id).order_by(PersonContact.rank)
    return list(db.session.scalars(query))


MERGED = (Moved("person_contact", move=_moved),)
