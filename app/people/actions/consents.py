"""What the person agrees to, refuses, and takes back."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from app.kernel import clock, hooks, ids, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import DomainError, NotFound
from app.kernel.grants import SHAREABLE, Granted, Section
from app.kernel.i18n import lazy_gettext as _
from app.people import policy
from app.people.actions.data import CONSENT_VERSION, MAX_RECIPIENTS, ConsentData
from app.people.enums import AgeStatus, ConsentAnswer, ConsentKind, FollowUpKind
from app.people.models import Consent, ConsentRecipient, FollowUp, Person

_ASKED = ("kind", "answer", "way", "language", "sections", "people_present", "interpreter", "starts_on", "ends_on")


def check_represented(age: AgeStatus, data: ConsentData) -> None:
    """Raise DomainError when a child under 15 would agree alone (loi du 6 janvier 1978, art. 45)."""
    if age is AgeStatus.UNDER_15 and data.answer is ConsentAnswer.GIVEN and not data.people_present:
        message = _("Avant 15 ans, la personne qui représente l’enfant donne l’accord avec lui.")
        raise DomainError(message, "representative")


def record_consent(actor: Actor, person_id: UUID, data: ConsentData) -> Consent:
    """Record what the person agreed to, or refused. Raw answers can never be in it; three recipients at most."""
    if len(data.recipients) > MAX_RECIPIENTS or len(set(data.recipients)) != len(data.recipients):
        raise DomainError(_("L’accord peut nommer trois structures différentes au plus."), "recipients")
    if data.sections & ~SHAREABLE:
        raise DomainError(_("Les réponses détaillées de l’évaluation ne se partagent pas."), "sections")
    consent = Consent(id=ids.new_id(), person_id=person_id, recorded_by=actor.user_id, **_values(actor, data))
    consent.recipients = [ConsentRecipient(structure_id=one, rank=rank) for rank, one in enumerate(data.recipients, 1)]
    db.session.add(consent)
    db.session.flush()
    _note(actor, "consent.record", consent, answer=data.answer.value, sections=int(data.sections))
    return consent


def _values(actor: Actor, data: ConsentData) -> dict[str, object]:
    asked: dict[str, object] = {name: getattr(data, name) for name in _ASKED}
    return {**asked, "text_version": CONSENT_VERSION, "structure_id": actor.structure_id}


def _note(actor: Actor, action: str, consent: Consent, **codes: Any) -> None:
    journal.note(actor, action, "consent", consent.id, person_id=consent.person_id, kind=consent.kind.value, **codes)


def answer_register(actor: Actor, granted: Granted, data: ConsentData, today: date) -> Consent:
    """The person is asked again about the shared register. A refusal takes back what held; an agreement replaces it."""
    if not policy.can_record_consent(actor, granted) or data.kind is not ConsentKind.REGISTER:
        raise NotFound
    check_represented(db.session.get_one(Person, granted.person_id).age_status, data)
    if data.answer is ConsentAnswer.REFUSED:
        for held in _holding(granted.person_id):
            _withdraw(actor, held, today)
    else:
        _others(granted.person_id, sections=data.sections)
    return record_consent(actor, granted.person_id, data)


def withdraw_consent(actor: Actor, granted: Granted, consent_id: UUID, today: date) -> Consent:
    """The person takes an agreement back: at once and everywhere (register: every follow-up but the referent’s)."""
    if not policy.can_record_consent(actor, granted):
        raise NotFound
    query = select(Consent).where(Consent.id == consent_id, Consent.person_id == granted.person_id).with_for_update()
    consent = db.session.scalars(query).first()
    if consent is None or not consent.holds or not policy.can_read_consent(actor, granted, consent):
        raise NotFound
    same = _holding(granted.person_id) if consent.kind is ConsentKind.REGISTER else [consent]
    for held in same:
        _withdraw(actor, held, today)
    return consent


def _holding(person_id: UUID) -> list[Consent]:
    given = (Consent.answer == ConsentAnswer.GIVEN, Consent.withdrawn_at.is_(None))
    query = select(Consent).where(Consent.person_id == person_id, Consent.kind == ConsentKind.REGISTER, *given)
    return list(db.session.scalars(query.with_for_update()))


def _withdraw(actor: Actor, consent: Consent, today: date) -> None:
    consent.withdrawn_at = clock.now()
    if consent.kind is ConsentKind.REGISTER:
        _others(consent.person_id, ended_on=today)
    _note(actor, "consent.withdraw", consent)
    hooks.announce_consent_ended(actor, consent.person_id, consent.id, "consent_withdrawn")


def _others(person_id: UUID, **values: date | Section) -> None:
    """Write on every open follow-up but the referent's."""
    open_ones = (FollowUp.person_id == person_id, FollowUp.kind == FollowUpKind.OTHER, FollowUp.ended_on.is_(None))
    db.session.execute(update(FollowUp).where(*open_ones).values(**values))
