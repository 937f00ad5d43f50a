"""Registering somebody, and correcting what was noted."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import delete, update

from app.kernel import clock, ids, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import Difference, NotFound, check_version
from app.kernel.grants import EVERYTHING, Granted, Section
from app.kernel.i18n import gettext
from app.kernel.i18n import lazy_gettext as _
from app.kernel.phones import format_phone
from app.people import policy
from app.people.actions.consents import check_represented, record_consent
from app.people.actions.data import NOTICE_VERSION, PersonData, Registration
from app.people.enums import FollowUpKind
from app.people.models import FollowUp, Notice, Person, PersonAdaptation, PersonIdentity, SearchKeyRow
from app.people.names import search_keys
from app.territory import communes

_FACTS = ("birth_year", "age_status", "genre", "statut_social", "commune_code")
_IDENTITY = ("first_name", "last_name", "usual_name", "phone", "email", "no_message")


def register(actor: Actor, data: Registration) -> Person:
    """Register somebody: the actor’s structure becomes the referent. Nothing is said of namesakes known elsewhere."""
    if not policy.can_register(actor):
        raise NotFound
    if data.register is not None:
        check_represented(data.person.age_status, data.register)
    person = Person(
        id=ids.new_id(),
        referent_structure_id=actor.structure_id,
        last_contact_on=data.today,
        **_values(data.person, _FACTS),
    )
    person.identity = PersonIdentity(**_values(data.person, _IDENTITY))
    _adapt(person, data.person)
    db.session.add(person)
    db.session.flush()
    _follow(actor, person.id, data.today)
    _index(person.id, data.person)
    db.session.add(_notice(actor, person.id, data))
    journal.note(actor, "person.register", "person", person.id, person_id=person.id)
    if data.register is not None:
        record_consent(actor, person.id, data.register)
    return person


def _values(data: PersonData, names: tuple[str, ...]) -> dict[str, object]:
    return {name: getattr(data, name) for name in names}


def _follow(actor: Actor, person_id: UUID, today: date) -> None:
    team_id = actor.team_id if actor.team_is_secret else None
    db.session.add(
        FollowUp(
            id=ids.new_id(),
            person_id=person_id,
            structure_id=actor.structure_id,
            team_id=team_id,
            kind=FollowUpKind.REFERENT,
            sections=EVERYTHING,
            started_on=today,
        )
    )


def _notice(actor: Actor, person_id: UUID, data: Registration) -> Notice:
    return Notice(
        id=ids.new_id(),
        person_id=person_id,
        text_version=NOTICE_VERSION,
        language=data.notice_language,
        way=data.notice_way,
        given_by=actor.user_id,
    )


def _index(person_id: UUID, data: PersonData) -> None:
    phones = [data.phone] if data.phone else []
    keys = sorted(search_keys(data.first_name, data.last_name, data.usual_name, phones, data.birth_year))
    db.session.add_all(SearchKeyRow(person_id=person_id, kind=key.kind, value=key.value) for key in keys)


def _adapt(person: Person, data: PersonData) -> None:
    """Keep one row of adaptation needs, or none when nothing was said."""
    said = bool(data.adaptation or data.languages or data.interpreter)
    if person.adaptation is None and said:
        person.adaptation = PersonAdaptation(needs=[], languages=[])
    if person.adaptation is None:
        return
    person.adaptation.needs = list(data.adaptation)
    person.adaptation.languages = list(data.languages)
    person.adaptation.interpreter = data.interpreter


def correct(actor: Actor, granted: Granted, data: PersonData, version: int | None) -> Person:
    """Correct identity and contact. Raises Stale with both texts when somebody else saved in between.

    Correcting is not a contact with the person: retention still counts from the last one.
    """
    if not policy.can_edit(actor, granted):
        raise NotFound
    person = db.session.get_one(Person, granted.person_id)
    check_version(person.version, version, *_differences(person, data))
    for name, value in _values(data, _FACTS).items():
        setattr(person, name, value)
    for name, value in _values(data, _IDENTITY).items():
        setattr(person.identity, name, value)
    if granted.opens(Section.ADAPTATION):
        _adapt(person, data)
    # Always written, so that a correction of the side tables alone also raises the card's version.
    person.updated_at = clock.now()
    db.session.execute(delete(SearchKeyRow).where(SearchKeyRow.person_id == person.id))
    _index(person.id, data)
    db.session.flush()
    journal.note(actor, "person.correct", "person", person.id, person_id=person.id, grant=granted.source)
    return person


def _differences(person: Person, data: PersonData) -> list[Difference]:
    now = {name: getattr(person, name) for name in _FACTS}
    now |= {name: getattr(person.identity, name) for name in _IDENTITY}
    mine = _values(data, _FACTS + _IDENTITY)
    return [Difference(str(_LABELS[name]), _shown(name, mine[name]), _shown(name, now[name])) for name in mine]


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
