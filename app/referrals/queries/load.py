"""Loading for a change: the row locked, what happened since a screen was shown, who is told."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from app.accounts import policy as account_policy
from app.accounts import queries as account_queries
from app.accounts.models import Membership, User
from app.kernel import clock
from app.kernel.access import ADVISING, Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.mediation.models import Participation, SessionLog
from app.network import queries as network_queries
from app.people.models import Consent
from app.referrals import policy
from app.referrals.enums import LIVE, OPENED, Act, State
from app.referrals.models import Referral, ReferralEvent

# What happens without changing what a screen offers: it makes no screen stale.
QUIET = frozenset({Act.SEE, Act.NUDGE, Act.MESSAGE})


def locked(actor: Actor, referral_id: UUID) -> Referral:
    """The referral, locked until the end of the transaction; NotFound when unknown or hidden."""
    query = select(Referral).where(Referral.id == referral_id, policy.visible(actor)).with_for_update()
    found = db.session.scalars(query.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound
    return found


def stamp_of(referral_id: UUID) -> int:
    """Rank of the last event that changes what screens offer; 0 before the first."""
    query = select(func.max(ReferralEvent.rank)).where(ReferralEvent.referral_id == referral_id)
    return db.session.scalar(query.where(ReferralEvent.act.not_in(QUIET))) or 0


def happened_since(actor: Actor, referral: Referral, stamp: int) -> list[tuple[Act, datetime, str]]:
    """(act, when, by whom) of what happened after a screen was shown, oldest first; `by` is empty for the clock."""
    query = select(ReferralEvent).where(ReferralEvent.referral_id == referral.id, ReferralEvent.rank > stamp)
    events = list(db.session.scalars(query.where(ReferralEvent.act.not_in(QUIET)).order_by(ReferralEvent.rank)))
    names = people_names(actor, referral, {event.user_id for event in events if event.user_id})
    return [(event.act, event.at, names.get(event.user_id, "") if event.user_id else "") for event in events]


def people_names(actor: Actor, referral: Referral, user_ids: set[UUID]) -> dict[UUID, str]:
    """Names of professionals; « Structure partenaire » alone for those of a sensitive structure that is not ours."""
    names = account_queries.display_names(user_ids)
    # Both read at once, and kept for what else the page says of them.
    network_queries.names(actor, {referral.structure_id, referral.recipient_id})
    for structure_id in (referral.structure_id, referral.recipient_id):
        structure = network_queries.structure(structure_id)
        if network_queries.displayed_name(actor, structure) != structure.name:
            hidden = db.session.scalars(select(Membership.user_id).where(Membership.structure_id == structure_id))
            names.update(dict.fromkeys(set(hidden) & user_ids, network_queries.displayed_name(actor, structure)))
    return names


def consent_of(referral: Referral) -> Consent | None:
    """The consent behind a referral."""
    return db.session.get(Consent, referral.consent_id) if referral.consent_id else None


def next_structures(referral: Referral) -> list[UUID]:
    """The structures that the consent names and that this path has not tried, in the person's order."""
    consent = consent_of(referral)
    if consent is None or not consent.holds or (consent.ends_on and consent.ends_on < policy.rules().today()):
        return []
    query = select(Referral.recipient_id).where(Referral.path_id == referral.path_id, Referral.state != State.VOID)
    tried = set(db.session.scalars(query))
    return [one.structure_id for one in consent.recipients if one.structure_id not in tried]


def live_of_consent(consent_id: UUID) -> list[Referral]:
    """The live referrals that one consent opens, locked."""
    return _live(Referral.consent_id == consent_id)


def live_of_person(person_id: UUID) -> list[Referral]:
    """The live referrals of one person, locked."""
    return _live(Referral.person_id == person_id)


def all_of_person(person_id: UUID) -> list[Referral]:
    """Every referral of one person, drafts and ended ones too, locked."""
    query = select(Referral).where(Referral.person_id == person_id).order_by(Referral.id).with_for_update()
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def live_of_structure(structure_id: UUID) -> list[Referral]:
    """The live referrals sent or received by one structure, locked."""
    return _live(or_(Referral.structure_id == structure_id, Referral.recipient_id == structure_id))


def due(now: datetime) -> list[Referral]:
    """The live referrals whose clock has something to do, locked, oldest first; another worker's are left to it."""
    query = select(Referral).where(Referral.state.in_(LIVE), Referral.next_clock_at <= now)
    return list(db.session.scalars(query.order_by(Referral.next_clock_at).with_for_update(skip_locked=True)))


def last_session(referral: Referral) -> date | None:
    """The day of the last session of the recipient with this person since the clock started, once work is open."""
    if referral.state not in OPENED or referral.clock_from is None:
        return None
    started = clock.local(referral.clock_from, policy.rules().timezone).date()
    theirs = (SessionLog.structure_id == referral.recipient_id, Participation.person_id == referral.person_id)
    query = select(func.max(SessionLog.held_on)).join(Participation, Participation.session_id == SessionLog.id)
    # The day of acceptance counts as a first contact; later, only a newer day is news.
    since = SessionLog.held_on >= started if referral.state is State.ACCEPTED else SessionLog.held_on > started
    return db.session.scalar(query.where(*theirs, since))


def _live(which: ColumnElement[bool]) -> list[Referral]:
    query = select(Referral).where(which, Referral.state.in_(LIVE)).order_by(Referral.id).with_for_update()
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def mail_targets(structure_id: UUID, team_id: UUID | None, today: date) -> list[tuple[UUID, str]]:
    """(user, language) of the advisers and managers of a structure, of one team alone when it is under secrecy."""
    current = (account_policy.current(today),)
    query = (
        select(User.id, User.language)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.structure_id == structure_id, Membership.role.in_(ADVISING), User.closed_at.is_(None), *current
        )
        .distinct()
        .order_by(User.id)
    )
    if team_id is not None:
        query = query.where(Membership.team_id == team_id)
    return [(row[0], row[1]) for row in db.session.execute(query)]
