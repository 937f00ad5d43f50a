"""« Passer le relais » : the referent follow-up goes from one structure to another when both agree, and the person is told.

Proposed by the referent structure or asked for by one that follows; nothing moves before the other side accepts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from app.kernel import clock, grants, ids
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError, NotFound, name_constraint
from app.kernel.grants import Granted
from app.kernel.i18n import lazy_gettext as _
from app.network import policy as network_policy
from app.network import queries as network_queries
from app.people import policy
from app.people.actions import moving
from app.people.actions.ending_hand_overs import OPEN, close, note, tell
from app.people.enums import (
    DECLINING,
    FollowUpKind,
    HandOverEnd,
    HandOverReason,
    HandOverSide,
    HandOverState,
    PersonState,
)
from app.people.models import FollowUp, HandOver, Person
from app.people.queries import handing

# A proposal nobody answers ends after a month.
DELAY = timedelta(days=30)
ALREADY = _("Un changement de structure référente est déjà proposé pour cette personne.")
name_constraint("uq_hand_over_open", ALREADY)


@dataclass(frozen=True, kw_only=True)
class HandOverData:
    """To which structure (None: the actor’s own asks for it), why, and whether the person was asked and agrees."""

    reason: HandOverReason
    person_agrees: bool
    to: UUID | None = None


def propose(actor: Actor, granted: Granted, data: HandOverData, today: date) -> HandOver:
    """The referent structure proposes another one, or another one that follows asks to become it.

    NotFound for a hat that may do neither; DomainError for a structure that may not receive it; Conflict when a proposal
    is open already.
    """
    asked = policy.can_ask_to_take_over(actor, granted)
    if not asked and not policy.can_pass_on(actor, granted):
        raise NotFound
    person = _locked(granted.person_id)
    to_id = actor.structure_id if asked else data.to
    if to_id is None or person.referent_structure_id is None:
        raise DomainError(_("Choisissez une structure."), "to")
    _check_may_receive(person, to_id, data.person_agrees, today)
    return _opened(actor, person, to_id, data, asked, today)


def _locked(person_id: UUID) -> Person:
    query = select(Person).where(Person.id == person_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def _check_may_receive(person: Person, to_id: UUID, agrees: bool, today: date) -> None:
    """Both structures are bound; the one that receives follows the person, or the person named it (access.md)."""
    follows = to_id in handing.followers_beside(person.id)
    to = network_queries.structure(to_id)
    if person.state is not PersonState.ACTIVE or to_id == person.referent_structure_id:
        raise DomainError(_("Choisissez une autre structure."), "to")
    if not handing.may_receive(to, follows, handing.names_of(person)):
        raise DomainError(_("Pour cette personne, choisissez une structure de la liste."), "to")
    if not follows and not agrees:
        raise DomainError(
            _("Cette structure ne suit pas encore la personne : demandez-lui d’abord si elle est d’accord."),
            "person_agrees",
        )
    _check_bound(person, to_id, today)


def _check_bound(person: Person, to_id: UUID, today: date) -> None:
    for structure_id in (person.referent_structure_id, to_id):
        if structure_id and not network_policy.can_share(network_queries.structure(structure_id), today):
            raise DomainError(_("Les deux structures doivent avoir signé la convention du réseau."), "to")


def _opened(  # noqa: PLR0913
    actor: Actor, person: Person, to_id: UUID, data: HandOverData, asked: bool, today: date
) -> HandOver:
    if db.session.scalar(select(HandOver.id).where(HandOver.person_id == person.id, *OPEN)) is not None:
        raise Conflict(ALREADY)
    referent, beside = _referent(person.id), handing.followers_beside(person.id).get(to_id)
    one = HandOver(
        id=ids.new_id(),
        person_id=person.id,
        from_structure_id=referent.structure_id,
        from_team_id=referent.team_id,
        to_structure_id=to_id,
        to_team_id=beside.team_id if beside else None,
        asked=asked,
        made_by=actor.user_id,
        reason=data.reason,
        person_agrees=data.person_agrees,
        expires_on=today + DELAY,
    )
    db.session.add(one)
    db.session.flush()
    note(actor, "hand_over.ask" if asked else "hand_over.propose", one, reason=one.reason.value)
    tell(one, actor, today)
    return one


def _referent(person_id: UUID) -> FollowUp:
    held = (FollowUp.person_id == person_id, FollowUp.kind == FollowUpKind.REFERENT, FollowUp.ended_on.is_(None))
    return db.session.scalars(select(FollowUp).where(*held)).one()


def accept(actor: Actor, hand_over_id: UUID, today: date) -> HandOver:
    """The other side agrees: in one transaction the follow-up moves, and the person has never been without a referent."""
    person, one = _answering(actor, hand_over_id)
    if one.expires_on < today:
        raise Conflict(_("Le délai pour répondre est passé."))
    if person.restricted_on is not None or person.referent_structure_id != one.from_structure_id:
        raise Conflict(_("Ce n’est plus possible : la fiche a changé depuis la proposition."))
    _check_may_receive(person, one.to_structure_id, one.person_agrees, today)
    if not one.asked and actor.team_is_secret and one.to_structure_id not in handing.followers_beside(person.id):
        one.to_team_id = actor.team_id
    holder_id = one.made_by if one.asked else actor.user_id
    moving.pass_on(person, one, holder_id, today)
    close(one, HandOverState.ACCEPTED, actor)
    codes = {"from": str(one.from_structure_id), "to": str(one.to_structure_id)}
    note(actor, "hand_over.accept", one, **codes)
    tell(one, actor, today)
    return one


def decline(actor: Actor, hand_over_id: UUID, reason: HandOverEnd, today: date) -> HandOver:
    """The other side says no, and why. Nothing moves."""
    _person, one = _answering(actor, hand_over_id)
    if reason not in DECLINING:
        raise DomainError(_("Choisissez une raison."), "reason")
    close(one, HandOverState.DECLINED, actor, reason)
    note(actor, "hand_over.decline", one, reason=reason.value)
    tell(one, actor, today)
    return one


def withdraw(actor: Actor, hand_over_id: UUID, today: date) -> HandOver:
    """The side that made it takes it back."""
    _person, one, side = _locked_pair(actor, hand_over_id)
    if side is not policy.made_by_side(one):
        raise NotFound
    _still_open(one)
    close(one, HandOverState.WITHDRAWN, actor)
    note(actor, "hand_over.withdraw", one)
    tell(one, actor, today)
    return one


def _answering(actor: Actor, hand_over_id: UUID) -> tuple[Person, HandOver]:
    """The person and the proposal, locked in this order, when this hat is of the side that answers."""
    person, one, side = _locked_pair(actor, hand_over_id)
    if side is policy.made_by_side(one):
        raise NotFound
    _still_open(one)
    follows = side is HandOverSide.FROM or one.to_structure_id in handing.followers_beside(person.id)
    if follows and policy.follow_up_of(grants.on_person(actor, person.id)) is None:
        raise NotFound
    return person, one


def _locked_pair(actor: Actor, hand_over_id: UUID) -> tuple[Person, HandOver, HandOverSide]:
    mine = (HandOver.id == hand_over_id, policy.on_a_side(actor))
    person_id = db.session.scalar(select(HandOver.person_id).where(*mine))
    if person_id is None:
        raise NotFound
    person = _locked(person_id)
    query = select(HandOver).where(*mine).with_for_update().execution_options(populate_existing=True)
    one = db.session.scalars(query).first()
    side = policy.side_of(actor, one) if one else None
    if one is None or side is None:
        raise NotFound
    return person, one, side


def _still_open(one: HandOver) -> None:
    if one.state is not HandOverState.OPEN:
        raise Conflict(_("C’est déjà fait : ce changement est %(state)s.") % {"state": one.state.label})


def see(actor: Actor, hand_over_id: UUID) -> HandOver:
    """The side that made the proposal has read the answer. Conflict while there is none."""
    _person, one, side = _locked_pair(actor, hand_over_id)
    if side is not policy.made_by_side(one):
        raise NotFound
    if one.state is HandOverState.OPEN:
        raise Conflict(_("Personne n’a encore répondu."))
    one.seen_at, one.seen_by = one.seen_at or clock.now(), one.seen_by or actor.user_id
    db.session.flush()
    return one


def tell_person(actor: Actor, hand_over_id: UUID) -> HandOver:
    """The new referent has told the person. Conflict while nothing has changed for them."""
    _person, one, side = _locked_pair(actor, hand_over_id)
    if side is not HandOverSide.TO:
        raise NotFound
    if one.state is not HandOverState.ACCEPTED:
        raise Conflict(_("Rien n’a changé pour la personne."))
    if one.told_at is None:
        one.told_at, one.told_by = clock.now(), actor.user_id
        note(actor, "hand_over.told", one)
        db.session.flush()
    return one
