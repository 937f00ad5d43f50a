"""Anonymising somebody: words, names, contacts and codes go; facts, events and journal, which hold none, stay."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, null, select, update

from app.assessments.models import Assessment, AssessmentAnswer
from app.kernel import clock, hooks, ids, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.mediation.models import Participation, SessionText
from app.needs.models import Need, NeedText
from app.people import queries as people_queries
from app.people.actions import ending_hand_overs, exporting, importing, merging
from app.people.actions.cards import forget_cards
from app.people.actions.notes import forget_notes
from app.people.actions.protecting import forget_safety
from app.people.actions.representing import forget_representation
from app.people.enums import HandOverEnd, PersonState
from app.people.models import (
    Consent,
    FollowUp,
    Mandate,
    Person,
    PersonAdaptation,
    PersonContact,
    PersonIdentity,
    SearchKeyRow,
)
from app.privacy.models import AccessCopy, RightsRequest, RightsRequestText
from app.referrals.models import Referral, ReferralText


def anonymise(actor: Actor | None, person_id: UUID) -> Person:
    """Make somebody unrecognisable for ever: access.md, « Retention and erasure ». NotFound when unknown.

    Live referrals are withdrawn first, through the same way as the end of a consent. Figures of the past do not change:
    they are counted from facts that are never touched, and the person's link to them is replaced by a new random key.
    """
    person = db.session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise NotFound
    end_consents(actor, person)
    _clear_words(person_id)
    merging.forget_likeness(person_id)
    forget_cards(person_id)
    forget_safety(person_id)
    forget_representation(person_id)
    importing.forget_person(person_id, person.referent_structure_id)
    exporting.expire_with([person_id])
    forget_notes(person_id)
    _clear_person(person)
    db.session.flush()
    journal.note(actor, "person.anonymise", "person", person_id, person_id=person_id)
    return person


def end_consents(actor: Actor | None, person: Person) -> None:
    """Nothing of somebody is shared any more: agreements, follow-ups, cards and live referrals end."""
    now = clock.now()
    holding = select(Consent).where(Consent.person_id == person.id, Consent.withdrawn_at.is_(None))
    for consent in db.session.scalars(holding).all():
        if consent.holds:
            consent.withdrawn_at = now
            hooks.announce_consent_ended(actor, person.id, consent.id, "person_archived")
    ending_hand_overs.end_open(person.id, HandOverEnd.ARCHIVED, actor)
    still = (FollowUp.person_id == person.id, FollowUp.ended_on.is_(None))
    db.session.execute(update(FollowUp).where(*still).values(ended_on=now.date()))


def _clear_words(person_id: UUID) -> None:
    needs: Select[Any] = select(Need.id).where(Need.person_id == person_id)
    sessions: Select[Any] = select(Participation.session_id).where(Participation.person_id == person_id)
    referrals: Select[Any] = select(Referral.id).where(Referral.person_id == person_id)
    rights: Select[Any] = select(RightsRequest.id).where(RightsRequest.person_id == person_id)
    assessments: Select[Any] = select(Assessment.id).where(Assessment.person_id == person_id)
    consents: Select[Any] = select(Consent.id).where(Consent.person_id == person_id)
    for statement in (
        delete(NeedText).where(NeedText.need_id.in_(needs)),
        delete(SessionText).where(SessionText.session_id.in_(sessions)),
        delete(ReferralText).where(ReferralText.referral_id.in_(referrals)),
        delete(AssessmentAnswer).where(AssessmentAnswer.assessment_id.in_(assessments)),
        delete(RightsRequestText).where(RightsRequestText.request_id.in_(rights)),
        delete(AccessCopy).where(AccessCopy.request_id.in_(rights)),
        delete(SearchKeyRow).where(SearchKeyRow.person_id == person_id),
        delete(Mandate).where(Mandate.consent_id.in_(consents)),
        delete(PersonContact).where(PersonContact.person_id == person_id),
        delete(PersonAdaptation).where(PersonAdaptation.person_id == person_id),
        delete(PersonIdentity).where(PersonIdentity.person_id == person_id),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))
    db.session.execute(update(Consent).where(Consent.person_id == person_id).values(people_present=""))
    # The complete result quotes answers; profile, priority, index and band stay in their own columns for the figures.
    quoting = update(Assessment).where(Assessment.person_id == person_id, Assessment.result.is_not(None))
    db.session.execute(quoting.values(result=null()).execution_options(synchronize_session=False))
    db.session.expire_all()


def _clear_person(person: Person) -> None:
    person.code, person.subject_key = people_queries.free_code(), ids.random_key()
    person.identity = PersonIdentity()
    person.birth_year = person.commune_code = person.referent_structure_id = None
    person.state = PersonState.ARCHIVED
