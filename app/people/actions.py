"""Writes on the register: registering, correcting, consents and their withdrawal."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import delete, select, update

from app.kernel import clock, hooks, ids, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import Difference, DomainError, NotFound, check_version
from app.kernel.grants import EVERYTHING, NOTHING, SHAREABLE, Granted, Section
from app.kernel.i18n import lazy_gettext as _
from app.people import policy
from app.people.enums import (
    AgeStatus,
    ConsentAnswer,
    ConsentKind,
    ConsentWay,
    FollowUpKind,
    Genre,
    NoticeWay,
    SocialStatus,
)
from app.people.models import (
    Consent,
    ConsentRecipient,
    FollowUp,
    Notice,
    Person,
    PersonAdaptation,
    PersonIdentity,
    SearchKeyRow,
)
from app.people.names import search_keys

NOTICE_VERSION = "2026-11"
CONSENT_VERSION = "2026-11"
MAX_RECIPIENTS = 3


@dataclass(frozen=True, kw_only=True)
class PersonData:
    """What is noted when somebody is registered. Everything but the notice may stay empty (a code then stands for the name)."""

    first_name: str = ""
    last_name: str = ""
    usual_name: str = ""
    phone: str = ""
    email: str = ""
    no_message: bool = False
    birth_year: int | None = None
    age_status: AgeStatus = AgeStatus.ADULT
    genre: Genre = Genre.NON_COMMUNIQUE
    statut_social: SocialStatus = SocialStatus.NON_COMMUNIQUE
    commune_code: str | None = None
    adaptation: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    interpreter: bool = False


@dataclass(frozen=True, kw_only=True)
class ConsentData:
    """One consent as it was asked. `sections` and `recipients` say what and to whom; refusing is recorded too."""

    kind: ConsentKind
    answer: ConsentAnswer
    way: ConsentWay = ConsentWay.ORAL
    language: str = "fr"
    sections: Section = NOTHING
    recipients: tuple[UUID, ...] = ()
    people_present: str = ""
    interpreter: bool = False
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Registration:
    """Everything written by one registration: the person, the notice, and the answer about the shared register."""

    person: PersonData
    notice_way: NoticeWay
    notice_language: str = "fr"
    register: ConsentData | None = None
    today: date = field(default_factory=lambda: clock.now().date())


def register(actor: Actor, data: Registration) -> Person:
    """Register somebody: the actor's structure becomes the referent. Nothing is said of people already known elsewhere."""
    if not policy.can_register(actor):
        raise NotFound
    person = Person(
        id=ids.new_id(), referent_structure_id=actor.structure_id, last_contact_on=data.today, **_facts(data.person)
    )
    person.identity = PersonIdentity(**_identity(data.person))
    person.adaptation = _adaptation(data.person)
    db.session.add(person)
    db.session.flush()
    _follow(actor, person.id, data.today)
    _index(person.id, data.person)
    db.session.add(_notice(actor, person.id, data))
    journal.note(actor, "person.register", "person", person.id, person_id=person.id)
    if data.register is not None:
        record_consent(actor, person.id, data.register)
    return person


def _facts(data: PersonData) -> dict[str, object]:
    names = ("birth_year", "age_status", "genre", "statut_social", "commune_code")
    return {name: getattr(data, name) for name in names}


def _identity(data: PersonData) -> dict[str, object]:
    names = ("first_name", "last_name", "usual_name", "phone", "email", "no_message")
    return {name: getattr(data, name) for name in names}


def _adaptation(data: PersonData) -> PersonAdaptation | None:
    if not (data.adaptation or data.languages or data.interpreter):
        return None
    return PersonAdaptation(needs=list(data.adaptation), languages=list(data.languages), interpreter=data.interpreter)


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
    keys = search_keys(data.first_name, data.last_name, data.usual_name, phones, data.birth_year)
    db.session.add_all(SearchKeyRow(person_id=person_id, kind=key.kind, value=key.value) for key in sorted(keys, key=str))


def correct(actor: Actor, granted: Granted, data: PersonData, version: int | None) -> Person:
    """Correct identity and contact. Raises Stale with both texts when somebody else saved in between."""
    if not policy.can_edit(actor, granted):
        raise NotFound
    person = db.session.get_one(Person, granted.person_id)
    check_version(person.version, version, *_differences(person, data))
    for name, value in _facts(data).items():
        setattr(person, name, value)
    for name, value in _identity(data).items():
        setattr(person.identity, name, value)
    _set_adaptation(person, granted, data)
    person.last_contact_on = clock.now().date()
    # Always written, so that a correction of the side tables alone also raises the card's version.
    person.updated_at = clock.now()
    db.session.execute(delete(SearchKeyRow).where(SearchKeyRow.person_id == person.id))
    _index(person.id, data)
    db.session.flush()
    journal.note(actor, "person.correct", "person", person.id, person_id=person.id, grant=granted.source)
    return person


def _set_adaptation(person: Person, granted: Granted, data: PersonData) -> None:
    if granted.opens(Section.ADAPTATION):
        person.adaptation = _adaptation(data)


def _differences(person: Person, data: PersonData) -> list[Difference]:
    now = {**{name: getattr(person, name) for name in _facts(data)}, **{n: getattr(person.identity, n) for n in _identity(data)}}
    mine = {**_facts(data), **_identity(data)}
    return [Difference(str(_LABELS[name]), _shown(mine[name]), _shown(now[name])) for name in mine]


def _shown(value: object) -> str:
    label = getattr(value, "label", value)
    return "" if label is None or label is False else str(_("oui") if label is True else label)


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


def record_consent(actor: Actor, person_id: UUID, data: ConsentData) -> Consent:
    """Record what the person agreed to, or refused. Raw answers can never be in it; three recipients at most."""
    if len(data.recipients) > MAX_RECIPIENTS or len(set(data.recipients)) != len(data.recipients):
        raise DomainError(_("L’accord peut nommer trois structures différentes au plus."), "recipients")
    if data.sections & ~SHAREABLE:
        raise DomainError(_("Les réponses détaillées de l’évaluation ne se partagent pas."), "sections")
    consent = Consent(id=ids.new_id(), person_id=person_id, recorded_by=actor.user_id, **_consent_values(actor, data))
    consent.recipients = [ConsentRecipient(structure_id=one, rank=rank) for rank, one in enumerate(data.recipients, 1)]
    db.session.add(consent)
    db.session.flush()
    journal.note(
        actor,
        "consent.record",
        "consent",
        consent.id,
        person_id=person_id,
        kind=data.kind.value,
        answer=data.answer.value,
        sections=int(data.sections),
    )
    return consent


def _consent_values(actor: Actor, data: ConsentData) -> dict[str, object]:
    names = ("kind", "answer", "way", "language", "sections", "people_present", "interpreter", "starts_on", "ends_on")
    values: dict[str, object] = {name: getattr(data, name) for name in names}
    return {**values, "text_version": CONSENT_VERSION, "structure_id": actor.structure_id}


def withdraw_consent(actor: Actor, granted: Granted, consent_id: UUID, today: date) -> Consent:
    """The person takes an agreement back: effective everywhere in this transaction (register: every follow-up but the referent's)."""
    if not policy.can_record_consent(actor, granted):
        raise NotFound
    query = select(Consent).where(Consent.id == consent_id, Consent.person_id == granted.person_id).with_for_update()
    consent = db.session.scalars(query).first()
    if consent is None or not consent.holds:
        raise NotFound
    consent.withdrawn_at = clock.now()
    if consent.kind is ConsentKind.REGISTER:
        _end_other_follow_ups(granted.person_id, today)
    journal.note(actor, "consent.withdraw", "consent", consent.id, person_id=granted.person_id, kind=consent.kind.value)
    hooks.announce_consent_ended(actor, granted.person_id, consent.id, "consent_withdrawn")
    return consent


def _end_other_follow_ups(person_id: UUID, today: date) -> None:
    others = (FollowUp.person_id == person_id, FollowUp.kind == FollowUpKind.OTHER, FollowUp.ended_on.is_(None))
    db.session.execute(update(FollowUp).where(*others).values(ended_on=today))


def met(person_id: UUID, on: date) -> None:
    """The person was met: retention counts from the last contact (CNIL référentiel 2021, two years)."""
    query = update(Person).where(Person.id == person_id, Person.last_contact_on < on)
    db.session.execute(query.values(last_contact_on=on).execution_options(synchronize_session=False))
