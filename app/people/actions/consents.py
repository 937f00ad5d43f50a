"""What the person agrees to, refuses, and takes back."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select, update

from app.kernel import clock, hooks, ids, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import DomainError, NotFound
from app.kernel.grants import Granted, Section
from app.kernel.i18n import lazy_gettext as _
from app.network import policy as network_policy
from app.network import queries as network_queries
from app.people import policy
from app.people.actions.data import ConsentData
from app.people.actions.hearing import heard
from app.people.actions.rows import consent_values, recipient_values
from app.people.enums import ConsentAnswer, ConsentKind, FollowUpKind
from app.people.models import Consent, ConsentRecipient, FollowUp
from app.people.queries import representation


def record_consent(actor: Actor, person_id: UUID, data: ConsentData) -> Consent:
    """Record what the person agreed to, or refused. Raw answers can never be in it; three recipients at most."""
    check_bound(actor, data)
    consent = Consent(id=ids.new_id(), **consent_values(actor, person_id, data))
    consent.recipients = [ConsentRecipient(**values) for values in recipient_values(data)]
    db.session.add(consent)
    db.session.flush()
    note_consent(actor, consent.id, person_id, data)
    return consent


def check_bound(actor: Actor, data: ConsentData) -> None:
    """Raise DomainError when a structure without a signed agreement would open the shared register (access.md)."""
    opens = data.kind is ConsentKind.REGISTER and data.answer is ConsentAnswer.GIVEN
    if opens and not network_policy.can_share(network_queries.structure(actor.structure_id), data.starts_on):
        raise DomainError(
            _("Votre structure n’a pas de convention signée avec le réseau : elle ne peut rien partager."), "register"
        )


def note_consent(actor: Actor, consent_id: UUID, person_id: UUID, data: ConsentData) -> None:
    """Journal what was answered."""
    journal.note(
        actor,
        "consent.record",
        "consent",
        consent_id,
        person_id=person_id,
        kind=data.kind.value,
        answer=data.answer.value,
        sections=int(data.sections),
    )


def answer_register(actor: Actor, granted: Granted, data: ConsentData, today: date) -> Consent:
    """The person is asked again about the shared register. A refusal takes back what held; an agreement replaces it."""
    if not policy.can_record_consent(actor, granted) or data.kind is not ConsentKind.REGISTER:
        raise NotFound
    data = heard(representation.situation(granted.person_id), data)
    if data.answer is ConsentAnswer.PENDING:
        _check_nothing_holds(granted.person_id, today)
    elif data.answer is ConsentAnswer.REFUSED:
        for held in _holding(granted.person_id):
            _withdraw(actor, held, today)
    else:
        _others(granted.person_id, sections=data.sections)
    return record_consent(actor, granted.person_id, data)


def _check_nothing_holds(person_id: UUID, today: date) -> None:
    """An answer that waits takes nothing from the agreement that holds: that one is left as it was understood."""
    if any(one.ends_on is None or one.ends_on >= today for one in _holding(person_id)):
        raise DomainError(
            _("Son accord d’avant tient encore. Redemandez-lui quand tout le monde est là, ou notez un refus."),
            "answer",
        )


def withdraw_consent(actor: Actor, granted: Granted, consent_id: UUID, today: date) -> Consent:
    """The person takes an agreement back: at once and everywhere (register: every follow-up but the referent’s)."""
    if not policy.can_withdraw_consent(granted):
        raise NotFound
    query = select(Consent).where(Consent.id == consent_id, Consent.person_id == granted.person_id).with_for_update()
    consent = db.session.scalars(query).first()
    if consent is None or not consent.holds or not policy.can_read_consent(actor, granted, consent):
        raise NotFound
    same = _holding(granted.person_id) if consent.kind is ConsentKind.REGISTER else [consent]
    for held in same:
        _withdraw(actor, held, today)
    return consent


def withdraw_everything(actor: Actor, person_id: UUID, today: date) -> int:
    """Every agreement that holds is taken back at once: the person objects to sharing. Returns how many."""
    given = (Consent.person_id == person_id, Consent.answer == ConsentAnswer.GIVEN, Consent.withdrawn_at.is_(None))
    found = db.session.scalars(select(Consent).where(*given).with_for_update()).all()
    for held in found:
        _withdraw(actor, held, today)
    _others(person_id, ended_on=today)
    return len(found)


def _holding(person_id: UUID) -> list[Consent]:
    given = (Consent.answer == ConsentAnswer.GIVEN, Consent.withdrawn_at.is_(None))
    query = select(Consent).where(Consent.person_id == person_id, Consent.kind == ConsentKind.REGISTER, *given)
    return list(db.session.scalars(query.with_for_update()))


def _withdraw(actor: Actor, consent: Consent, today: date) -> None:
    consent.withdrawn_at = clock.now()
    if consent.kind is ConsentKind.REGISTER:
        end_shared(consent.person_id, today)
    kind = consent.kind.value
    journal.note(actor, "consent.withdraw", "consent", consent.id, person_id=consent.person_id, kind=kind)
    hooks.announce_consent_ended(actor, consent.person_id, consent.id, "consent_withdrawn")


def end_shared(person_id: UUID, today: date) -> None:
    """Every follow-up but the referent’s ends: the same act whether the agreement is taken back or runs out."""
    _others(person_id, ended_on=today)


def _others(person_id: UUID, **values: date | Section) -> None:
    """Write on every open follow-up but the referent's."""
    open_ones = (FollowUp.person_id == person_id, FollowUp.kind == FollowUpKind.OTHER, FollowUp.ended_on.is_(None))
    db.session.execute(update(FollowUp).where(*open_ones).values(**values))
