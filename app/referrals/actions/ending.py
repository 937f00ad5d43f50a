"""Starting the work, ending it, opening it again; and what ends by itself."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update

from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import DomainError
from app.kernel.i18n import lazy_gettext as _
from app.kernel.merges import Moved
from app.people import actions as people_actions
from app.people.enums import ConsentAnswer
from app.people.models import Consent, Person
from app.referrals import policy, queries
from app.referrals.actions.core import Done, end_consent, finish_next_actions, open_for, record
from app.referrals.enums import LIVE, SENDER_CAUSES, Act, Contact, Decision, EndCause, Outcome, Side
from app.referrals.machine import Needs
from app.referrals.models import Referral
from app.referrals.queries.preview import area_of


def start(actor: Actor, referral_id: UUID, contact: Contact, stamp: int | None = None) -> Referral:
    """A first contact was made or fixed."""
    referral, side = open_for(actor, referral_id, Act.START, stamp)
    record(actor, referral, side, Act.START, Done(frozenset({Needs.CONTACT}), contact.value))
    people_actions.met(referral.person_id, policy.rules().today())
    return referral


def close(actor: Actor, referral_id: UUID, outcome: Outcome, words: str = "", stamp: int | None = None) -> Referral:
    """Say how it ended. « Réorientée » needs the child sent first; it then decides the next action."""
    referral, side = open_for(actor, referral_id, Act.CLOSE, stamp)
    child = _live_child(referral)
    if outcome is Outcome.REDIRECTED and child is None:
        raise DomainError(
            _("Réorientez d’abord la personne depuis sa fiche, avec son accord ; puis terminez cette orientation."),
            "outcome",
        )
    referral.outcome = outcome
    record(actor, referral, side, Act.CLOSE, Done(frozenset({Needs.OUTCOME}), outcome.value, words=words))
    if outcome is Outcome.REDIRECTED:
        finish_next_actions(referral, actor, Decision.ANOTHER_PARTNER)
    if outcome in {Outcome.NEED_MET, Outcome.REDIRECTED}:
        end_consent(referral)
    return referral


def _live_child(referral: Referral) -> UUID | None:
    query = select(Referral.id).where(Referral.parent_id == referral.id, Referral.state.in_(LIVE))
    return db.session.scalar(query.limit(1))


def reopen(actor: Actor, referral_id: UUID, words: str, stamp: int | None = None) -> Referral:
    """It was not over after all (30 days). The agreement, which ended with it, holds again unless it was withdrawn."""
    referral, side = open_for(actor, referral_id, Act.REOPEN, stamp)
    consent = queries.consent_of(referral)
    if consent is None or consent.answer is not ConsentAnswer.GIVEN or consent.withdrawn_at is not None:
        raise DomainError(_("La personne a retiré son accord : cette orientation ne se rouvre pas."))
    given = frozenset({Needs.WORDS}) if words.strip() else frozenset()
    db.session.execute(update(Consent).where(Consent.id == consent.id).values(ends_on=None))
    record(actor, referral, side, Act.REOPEN, Done(given, words=words))
    return referral


def withdraw(actor: Actor, referral_id: UUID, cause: EndCause, stamp: int | None = None) -> Referral:
    """The sender takes it back, with a reason."""
    referral, side = open_for(actor, referral_id, Act.WITHDRAW, stamp)
    if cause not in SENDER_CAUSES:
        raise DomainError(_("Choisissez une raison."), "cause")
    referral.end_cause = cause
    record(actor, referral, side, Act.WITHDRAW, Done(frozenset({Needs.REASON}), cause.value))
    return referral


def consent_ended(actor: Actor | None, person_id: UUID, consent_id: UUID, cause: str) -> None:
    """Hook: a consent no longer holds. Every live referral it opened is withdrawn in the same transaction."""
    known = EndCause(cause) if cause in set(EndCause) else EndCause.CONSENT_ENDED
    _end(actor, queries.live_of_consent(consent_id), known)


def person_protected(_actor: Actor, person_id: UUID) -> None:
    """Hook: what partners read before they accept names a wider area from now on."""
    code, label = area_of(db.session.get_one(Person, person_id))
    for referral in queries.live_of_person(person_id):
        referral.area_code, referral.area_label = code, label


def end_for_person(actor: Actor | None, person_id: UUID, cause: EndCause) -> None:
    """The person died, or their record is archived: nothing about them stays open."""
    _end(actor, queries.live_of_person(person_id), cause)


def end_for_structure(actor: Actor | None, structure_id: UUID) -> None:
    """A structure closes: what it sent or received ends, and comes back to the sender's list."""
    _end(actor, queries.live_of_structure(structure_id), EndCause.STRUCTURE_CLOSED)


def moved(kept_id: UUID, removed_id: UUID) -> None:
    """Hook: two records of one person become one. What asks the same partner the same thing twice is withdrawn."""
    asked = {(one.recipient_id, one.need_kind) for one in queries.live_of_person(kept_id)}
    twins = [one for one in queries.live_of_person(removed_id) if (one.recipient_id, one.need_kind) in asked]
    _end(None, twins, EndCause.DUPLICATE)
    for referral in queries.all_of_person(removed_id):
        referral.person_id = kept_id
        record(None, referral, Side.CLOCK, Act.MOVE)


def moved_back(kept_id: UUID, removed_id: UUID, referral_ids: list[UUID]) -> None:
    """The merge is undone: its referrals go back. One withdrawn as a double stays so: its partner was told."""
    for referral in queries.all_of_person(kept_id):
        if referral.id in referral_ids:
            referral.person_id = removed_id
            record(None, referral, Side.CLOCK, Act.MOVE)


MERGED = (Moved("referral", move=moved, back=moved_back),)


def _end(actor: Actor | None, referrals: list[Referral], cause: EndCause) -> None:
    for referral in referrals:
        referral.end_cause = cause
        record(actor, referral, Side.CLOCK, Act.END_BY_EVENT, Done(frozenset({Needs.CAUSE}), cause.value))


__all__ = ["close", "consent_ended", "end_for_person", "end_for_structure", "reopen", "start", "withdraw"]
