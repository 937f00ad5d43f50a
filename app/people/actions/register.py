"""Registering somebody, and correcting what was noted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import delete, update

from app.kernel import clock, ids, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import Difference, NotFound, check_version
from app.kernel.grants import Granted, Section
from app.kernel.i18n import gettext
from app.kernel.i18n import lazy_gettext as _
from app.kernel.phones import format_phone
from app.people import policy, queries
from app.people.actions import hearing, reaching, rows
from app.people.actions.consents import record_consent
from app.people.actions.data import PersonData, Registration
from app.people.contacts import Contact
from app.people.models import (
    FollowUp,
    Notice,
    Person,
    PersonAdaptation,
    PersonIdentity,
    PersonRepresentative,
    SearchKeyRow,
)
from app.territory import communes

NOTHING_SAID: dict[str, object] = {"needs": [], "languages": [], "interpreter": False}


def register(actor: Actor, data: Registration) -> Person:
    """Register somebody: the actor’s structure becomes the referent. Nothing is said of namesakes known elsewhere."""
    data = check_registration(actor, data)
    person = Person(id=ids.new_id(), code=queries.free_code(), **rows.person_values(actor, data))
    person.identity = PersonIdentity(**rows.values_of(data.person, rows.IDENTITY))
    _adapt(person, data.person)
    db.session.add(person)
    db.session.flush()
    db.session.add(FollowUp(id=ids.new_id(), **rows.follow_up_values(actor, person.id, data.today)))
    reaching.note(person.id, data.person)
    db.session.add_all(PersonRepresentative(**values) for values in rows.representative_values(person.id, data))
    _index(person.id, data.person)
    if data.notice_way is not None:
        db.session.add(Notice(id=ids.new_id(), **rows.notice_values(actor, person.id, data)))
    journal.note(actor, "person.register", "person", person.id, person_id=person.id)
    if data.register is not None:
        record_consent(actor, person.id, data.register)
    return person


def check_registration(actor: Actor, data: Registration) -> Registration:
    """What is to be written. NotFound for a hat that registers nobody; DomainError for a child who would agree alone."""
    if not policy.can_register(actor):
        raise NotFound
    return hearing.registered(data)


def _index(person_id: UUID, data: PersonData) -> None:
    db.session.add_all(SearchKeyRow(**values) for values in rows.key_values(person_id, data))


def _adapt(person: Person, data: PersonData) -> None:
    """Keep one row of adaptation needs, or none when nothing was ever said."""
    said = rows.adaptation_values(data)
    if said is not None and person.adaptation is None:
        person.adaptation = PersonAdaptation(**said)
    elif person.adaptation is not None:
        for name, value in (said or NOTHING_SAID).items():
            setattr(person.adaptation, name, value)


def correct(actor: Actor, granted: Granted, data: PersonData, version: int | None) -> Person:
    """Correct identity and contact. Raises Stale with both texts when somebody else saved in between.

    Correcting is not a contact with the person: retention still counts from the last one.
    """
    if not policy.can_edit(actor, granted):
        raise NotFound
    person = db.session.get_one(Person, granted.person_id)
    before = reaching.known(person.id)
    data = data if data.contacts is not None else replace(data, contacts=before)
    check_version(person.version, version, *_differences(person, data), _reached(data, before))
    for name, value in rows.values_of(data, rows.FACTS).items():
        setattr(person, name, value)
    for name, value in rows.values_of(data, rows.IDENTITY).items():
        setattr(person.identity, name, value)
    if granted.opens(Section.ADAPTATION):
        _adapt(person, data)
    # Always written, so that a correction of the side tables alone also raises the card's version.
    person.updated_at = clock.now()
    reaching.write(person.id, data)
    db.session.execute(delete(SearchKeyRow).where(SearchKeyRow.person_id == person.id))
    _index(person.id, data)
    db.session.flush()
    db.session.expire(person, ["contacts"])
    journal.note(actor, "person.correct", "person", person.id, person_id=person.id, grant=granted.source)
    return person


def _differences(person: Person, data: PersonData) -> list[Difference]:
    now = {name: getattr(person, name) for name in rows.FACTS}
    now |= {name: getattr(person.identity, name) for name in rows.IDENTITY}
    mine = rows.values_of(data, rows.FACTS + rows.IDENTITY)
    return [Difference(str(_LABELS[name]), _shown(name, mine[name]), _shown(name, now[name])) for name in mine]


def _reached(data: PersonData, before: tuple[Contact, ...]) -> Difference:
    mine, now = ("\n".join(one.words for one in told) for told in (data.contacts or (), before))
    return Difference(str(_("Autres moyens de la joindre")), mine, now)


def _shown(name: str, value: object) -> str:
    if name == "commune_code":
        return communes.label(str(value)) if value else ""
    if name == "phone":
        return format_phone(str(value))
    if isinstance(value, bool):
        return gettext("oui") if value else gettext("non")
    return "" if value is None else str(getattr(value, "label", value))


_LABELS = {
    "first_name": _("Prénom"),
    "last_name": _("Nom"),
    "usual_name": _("Nom d’usage"),
    "phone": _("Téléphone"),
    "email": _("Adresse électronique"),
    "no_message": _("Ne pas laisser de message"),
    "email_first": _("Écrire avant d’appeler"),
    "birth_year": _("Année de naissance"),
    "age_status": _("Âge"),
    "genre": _("Genre"),
    "statut_social": _("Situation"),
    "commune_code": _("Commune"),
}


def met(person_id: UUID, on: date) -> None:
    """The person was met: retention counts from the last contact (CNIL référentiel 2021, two years)."""
    query = update(Person).where(Person.id == person_id, Person.last_contact_on < on)
    db.session.execute(query.values(last_contact_on=on).execution_options(synchronize_session=False))
