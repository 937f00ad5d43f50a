"""A proposal to pass the follow-up on that ends by itself, and what every ending writes and tells."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import or_, select, update

from app.kernel import clock, i18n, journal, outbox
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.merges import Moved
from app.people import cards, mails
from app.people.enums import ConsentKind, HandOverEnd, HandOverState
from app.people.models import Consent, HandOver, NamedStructure
from app.people.queries import handing

# How `hooks.consent_ended` says that an agreement ran out.
LAPSED = "consent_ended"
OPEN = (HandOver.state == HandOverState.OPEN,)


def close(one: HandOver, state: HandOverState, actor: Actor | None, reason: HandOverEnd | None = None) -> None:
    """The proposal is over: how, when, by whom (None: by itself)."""
    one.state, one.ended_at, one.end_reason = state, clock.now(), reason
    one.ended_by = actor.user_id if actor else None
    db.session.flush()


def expire(today: date) -> int:
    """End what nobody answered in time (worker, every night); returns how many."""
    late = select(HandOver).where(*OPEN, HandOver.expires_on < today).order_by(HandOver.id)
    found = db.session.scalars(late.with_for_update(skip_locked=True)).all()
    for one in found:
        close(one, HandOverState.EXPIRED, None)
        note(None, "hand_over.expire", one)
        tell(one, None, today)
    return len(found)


def end_open(person_id: UUID, cause: HandOverEnd, actor: Actor | None = None, *, unless_agreed: bool = False) -> None:
    """What made an open proposal possible is no longer true: it ends in the same transaction.

    `unless_agreed`: not when the person was asked about it, and agreed.
    """
    query = select(HandOver).where(HandOver.person_id == person_id, *OPEN).with_for_update()
    if unless_agreed:
        query = query.where(HandOver.person_agrees.is_(False))
    for one in db.session.scalars(query).all():
        close(one, HandOverState.ENDED, None, cause)
        note(actor, "hand_over.end", one, reason=cause.value)
        tell(one, actor, clock.local(clock.now(), cards.rules().timezone).date())


def _merged(kept_id: UUID, removed_id: UUID) -> None:
    """One record, one open proposal: the record kept’s if it has one."""
    if db.session.scalar(select(HandOver.id).where(HandOver.person_id == kept_id, *OPEN)) is not None:
        end_open(removed_id, HandOverEnd.MERGED)
    moved = update(HandOver).where(HandOver.person_id == removed_id).values(person_id=kept_id)
    db.session.execute(moved.execution_options(synchronize_session=False))
    db.session.expire_all()


MERGED = (Moved("hand_over", move=_merged),)


def consent_ended(actor: Actor | None, person_id: UUID, consent_id: UUID, cause: str) -> None:
    """Hook: without the agreement for the shared register, only what the person agreed to aloud goes on, and only when
    the agreement ran out: what they take back ends everything."""
    if db.session.scalar(select(Consent.kind).where(Consent.id == consent_id)) is ConsentKind.REGISTER:
        end_open(person_id, HandOverEnd.CONSENT, actor, unless_agreed=cause == LAPSED)


def person_protected(actor: Actor, person_id: UUID) -> None:
    """Hook: nothing more is told of somebody protected than to the structures they name."""
    named = select(NamedStructure.structure_id).where(NamedStructure.person_id == person_id)
    to = select(HandOver.to_structure_id).where(HandOver.person_id == person_id, *OPEN)
    if not set(db.session.scalars(to)) <= set(db.session.scalars(named)):
        end_open(person_id, HandOverEnd.PROTECTED, actor)


def unfollowed(actor: Actor, person_id: UUID) -> None:
    """The actor’s structure follows the person no more: it will not become the referent."""
    theirs = (HandOver.person_id == person_id, HandOver.to_structure_id == actor.structure_id)
    if db.session.scalar(select(HandOver.id).where(*theirs, *OPEN)) is not None:
        end_open(person_id, HandOverEnd.UNFOLLOWED, actor)


def structure_left(actor: Actor | None, structure_id: UUID) -> None:
    """Hook: a structure that leaves the network neither gives nor receives."""
    either = or_(HandOver.from_structure_id == structure_id, HandOver.to_structure_id == structure_id)
    for person_id in db.session.scalars(select(HandOver.person_id).where(either, *OPEN)).all():
        end_open(person_id, HandOverEnd.STRUCTURE, actor)


def note(actor: Actor | None, action: str, one: HandOver, **codes: str) -> None:
    """Journal an act on a proposal."""
    journal.note(actor, action, "hand_over", one.id, person_id=one.person_id, **codes)


def tell(one: HandOver, by: Actor | None, today: date) -> None:
    """Both structures are told, each reader in their language, except whoever did it. No name, no reason."""
    sides = ((one.from_structure_id, one.from_team_id), (one.to_structure_id, one.to_team_id))
    readers = {user: language for side in sides for user, language in handing.told(*side, today)}
    for user_id, language in sorted(readers.items()):
        if by is None or user_id != by.user_id:
            with i18n.speaking(language):
                outbox.queue(user_id, mails.hand_over_changed(one.id, cards.rules().public_url))
