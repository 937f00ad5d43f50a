"""« Ouvrir avec une carte » : the try is counted before anything is compared; then both facts, and a shared follow-up begins.

An unknown code, a wrong fact, and a card that is locked, ended, or without an agreement give one and the same answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, or_, select, update

from app.kernel import clock, grants, ids, journal
from app.kernel.access import FRONT, Actor
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError, NotFound
from app.kernel.grants import SHAREABLE, Granted, Section
from app.kernel.i18n import lazy_gettext as _
from app.network import policy as network_policy
from app.network import queries as network_queries
from app.people import cards, policy
from app.people.actions import ending_hand_overs
from app.people.actions.cards import tell
from app.people.actions.register import met
from app.people.enums import CardEvent, FollowUpKind, PersonState
from app.people.models import CardTry, FollowUp, Person, SharingCard
from app.people.queries import cards as records
from app.people.queries.cards import Presented


class TooManyTries(DomainError):
    """Too many failures of this user, or from this address."""

    status = 429


@dataclass(frozen=True)
class Facts:
    """The code as it was typed or scanned, and what the person said aloud."""

    code: str
    birth_year: int
    word: str


@dataclass(frozen=True)
class Try:
    """A try that was counted. `card_id` None: no card that still opens has this code. `number`: which try of that card."""

    id: UUID
    card_id: UUID | None
    number: int


def can_open(actor: Actor, today: date) -> bool:
    """Any front hat of a structure that has signed the network’s agreement."""
    return actor.role in FRONT and network_policy.can_share(network_queries.structure(actor.structure_id), today)


def begin_try(actor: Actor, code: str, address: str) -> Try:
    """Count a try, for the user, the address and the card, whether the code exists or not. To be committed at once.

    Raises TooManyTries.
    """
    now, source = clock.now(), cards.rules().source(address)
    by_user, by_address = records.failures(actor.user_id, source, now - cards.WINDOW)
    if by_user >= cards.USER_TRIES or by_address >= cards.ADDRESS_TRIES:
        raise TooManyTries(
            _("Trop d’essais. Attendez un quart d’heure, ou appelez la structure inscrite sur la carte.")
        )
    one = CardTry(id=ids.random_key(), user_id=actor.user_id, address_hash=source, at=now)
    db.session.add(one)
    db.session.flush()
    return Try(one.id, *_count(code))


def _count(code: str) -> tuple[UUID | None, int]:
    """One more try of the card, in one statement, so that tries made at once are all counted; a locked card takes none."""
    mine = (SharingCard.code_hash == cards.rules().code_hash(code), SharingCard.ended_at.is_(None))
    left: ColumnElement[bool] = SharingCard.tries - SharingCard.forgiven < cards.TRIES
    counted = update(SharingCard).where(*mine, left).values(tries=SharingCard.tries + 1)
    returning = counted.returning(SharingCard.id, SharingCard.tries)
    row = db.session.execute(returning.execution_options(synchronize_session=False)).first()
    return (row[0], row[1]) if row else (None, 0)


def open_with_card(actor: Actor, counted: Try, facts: Facts, today: date) -> UUID:
    """The person’s id, when both facts are right: the structure now follows them, with the sections they agreed to share.

    DomainError in one and the same way for everything else; Conflict when another team of the structure follows them.
    """
    found = records.presented(counted.card_id, today)
    if not _right(found, facts) or found.person is None:
        raise DomainError(REFUSED, "code")
    forgive(counted)
    _follow(actor, found, found.person, today)
    return found.person.id


REFUSED = _(
    "Cette carte ne s’ouvre pas ainsi. Relisez le code, redemandez l’année et le mot. Trois erreurs bloquent une carte."
)


def _right(found: Presented, facts: Facts) -> bool:
    """Everything is compared, even when there is nothing to compare with."""
    card = found.card
    card_id = card.id if card else ids.random_key()
    word = cards.same(card.word_hash if card else "", cards.rules().word_hash(card_id, facts.word))
    year = cards.same(cards.born(found.person.birth_year if found.person else None), str(facts.birth_year))
    return all((found.standing.opens, word, year))


def forgive(counted: Try) -> None:
    """The facts were right: this try and those before it are forgotten; those begun since are not."""
    db.session.execute(delete(CardTry).where(CardTry.id == counted.id))
    mine = (SharingCard.id == counted.card_id, SharingCard.forgiven < counted.number)
    values = {"forgiven": counted.number, "lock_told_at": None}
    db.session.execute(update(SharingCard).where(*mine).values(**values).execution_options(synchronize_session=False))


def _follow(actor: Actor, found: Presented, person: Person, today: date) -> None:
    if not follows(grants.on_person(actor, person.id)):
        begin_follow_up(actor, person, found.sections, today)
    met(person.id, today)
    source = grants.on_person(actor, person.id).source
    journal.note(actor, "card.open", "card", found.card.id if found.card else None, person_id=person.id, grant=source)
    tell(person, CardEvent.OPENED, actor.structure_id, today)


def follows(granted: Granted) -> bool:
    """The hat’s structure already follows the person, as referent or beside it."""
    return any(grant.source in {policy.REFERENT, policy.OTHER} for grant in granted.grants)


def begin_follow_up(actor: Actor, person: Person, sections: Section, today: date) -> FollowUp:
    """An « other follow-up », with the sections of the agreement that holds; its team’s alone when that one is secret."""
    if records.follow_up_of(actor.structure_id, person.id) is not None:
        raise Conflict(_("Une équipe de votre structure suit déjà cette personne : proposez-lui de la rencontrer."))
    follow_up = FollowUp(
        id=ids.new_id(),
        person_id=person.id,
        structure_id=actor.structure_id,
        team_id=actor.team_id if actor.team_is_secret else None,
        kind=FollowUpKind.OTHER,
        sections=sections & SHAREABLE,
        started_on=today,
    )
    db.session.add(follow_up)
    db.session.flush()
    journal.note(
        actor, "follow_up.begin", "follow_up", follow_up.id, person_id=person.id, sections=int(follow_up.sections)
    )
    return follow_up


def note_refusal(actor: Actor, counted: Try | None) -> None:
    """A card was refused: the person can know who tried; nobody, on which fact."""
    card_id = counted.card_id if counted else None
    journal.note(actor, "card.refused", "card", card_id, person_id=records.bearer_of(card_id))


def stop_following(actor: Actor, granted: Granted, today: date) -> FollowUp:
    """« Ne plus suivre » : the structure ends its shared follow-up. NotFound when it has none, or is the referent."""
    follow_up_id = policy.other_follow_up(granted)
    if follow_up_id is None:
        raise NotFound
    follow_up = db.session.get_one(FollowUp, follow_up_id, with_for_update=True)
    follow_up.ended_on = today
    db.session.flush()
    person_id = granted.person_id
    journal.note(actor, "follow_up.end", "follow_up", follow_up.id, person_id=person_id, grant=granted.source)
    tell(db.session.get_one(Person, person_id), CardEvent.LEFT, actor.structure_id, today)
    ending_hand_overs.unfollowed(actor, person_id)
    return follow_up


# How long a structure may still ask somebody to stay followed after it ceased to read their record.
STAY_DAYS = timedelta(days=90)
# Selects of people whom the actor’s structure followed otherwise since a day (referrals), registered by `app/wiring`.
lately: list[Callable[[Actor, date], Select[UUID]]] = []


def may_ask_to_stay(actor: Actor, person_id: UUID, today: date) -> bool:
    """The structure follows the person otherwise, or did until lately, and has signed the agreement. Two queries."""
    if actor.role not in FRONT or follows(grants.on_person(actor, person_id)):
        return False
    since = today - STAY_DAYS
    known = [_followed_lately(actor, since), *(one(actor, since) for one in lately)]
    asked = or_(*(Person.id.in_(one) for one in known))
    active = Person.state == PersonState.ACTIVE
    found = db.session.scalar(select(Person.id).where(Person.id == person_id, active, asked))
    return found is not None and can_open(actor, today)


def _followed_lately(actor: Actor, since: date) -> Select[UUID]:
    """Beside the referent, or as the referent before another structure took over."""
    ours = (FollowUp.structure_id == actor.structure_id, FollowUp.ended_on >= since)
    everybody = FollowUp.team_id.is_(None)
    held = or_(everybody, FollowUp.team_id == actor.team_id) if actor.team_id else everybody
    return select(FollowUp.person_id).where(*ours, held)


def stay(actor: Actor, person_id: UUID, today: date) -> FollowUp:
    """The person, who is there, wants to stay followed: a shared follow-up begins, within the agreement that holds.

    NotFound when the structure did not follow them lately; DomainError without an agreement for the shared register.
    """
    if not may_ask_to_stay(actor, person_id, today):
        raise NotFound
    person = db.session.scalars(select(Person).where(Person.id == person_id).with_for_update()).one()
    consent = records.agreement(person_id, today)
    referent = person.referent_structure_id
    bound = referent is not None and network_policy.can_share(network_queries.structure(referent), today)
    if consent is None or not bound or not policy.may_have_card(person):
        raise DomainError(
            _(
                "Il faut l’accord de la personne pour le registre partagé : elle le donne auprès de sa structure référente."
            )
        )
    follow_up = begin_follow_up(actor, person, consent.sections, today)
    met(person_id, today)
    tell(person, CardEvent.STAYED, actor.structure_id, today)
    return follow_up
