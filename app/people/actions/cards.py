"""The sharing card: made with the person, replaced, cancelled; what ends it, and what is told of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, or_, select, update

from app.kernel import clock, i18n, ids, journal, outbox
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import DomainError, NotFound
from app.kernel.grants import Granted
from app.kernel.i18n import lazy_gettext as _
from app.kernel.merges import Moved
from app.people import cards, mails, policy
from app.people.actions.merging import index
from app.people.cards import WordProblem
from app.people.enums import (
    AgeStatus,
    CardEnd,
    CardEvent,
    ConsentKind,
    FollowUpKind,
    Representative,
    possible_ages,
)
from app.people.models import CardNotice, CardTry, Consent, FollowUp, Person, SharingCard
from app.people.queries import cards as records
from app.people.queries.cards import CardNoticeView

NOTICE_LIFETIME = timedelta(days=365)
SEEN_LIFETIME = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class CardData:
    """What is asked to make a card: the person’s word, their birth year when it was unknown, who represents a child."""

    word: str
    birth_year: int | None = None
    representative: Representative | None = None


def make_card(actor: Actor, granted: Granted, data: CardData, today: date) -> SharingCard:
    """Make the person’s card; the one before, if any, opens nothing from now on.

    NotFound unless this hat is the referent’s; DomainError without an agreement that holds, for a word that is refused,
    an unknown birth year, or a child under 15 whose representative is not there.
    """
    person = _bearer(granted)
    _check_allowed(granted, today)
    _complete(actor, granted, person, data, today)
    _check(person, data)
    end_cards(actor, person.id, CardEnd.REPLACED)
    card = _drawn(actor, person, data)
    db.session.add(card)
    db.session.flush()
    journal.note(actor, "card.make", "card", card.id, person_id=person.id, grant=granted.source)
    return card


def _bearer(granted: Granted) -> Person:
    if not policy.keeps_card(granted):
        raise NotFound
    return db.session.scalars(select(Person).where(Person.id == granted.person_id).with_for_update()).one()


def _check_allowed(granted: Granted, today: date) -> None:
    found = records.cards_of(granted, today)
    if not found.bound:
        raise DomainError(
            _("Votre structure n’a pas de convention signée avec le réseau : elle ne peut rien partager.")
        )
    if not found.can_make:
        raise DomainError(_("Il faut d’abord l’accord de la personne pour le registre partagé."))


def _complete(actor: Actor, granted: Granted, person: Person, data: CardData, today: date) -> None:
    """The birth year is one of the two facts: when it was unknown, it is written on the record."""
    if person.birth_year is not None:
        return
    if data.birth_year is None:
        raise DomainError(_("Demandez l’année de naissance : elle sert à ouvrir la carte."), "secret_year")
    if person.age_status not in possible_ages(data.birth_year, today.year):
        raise DomainError(
            _("Cette année ne va pas avec l’âge noté sur la fiche : corrigez l’un des deux."), "secret_year"
        )
    person.birth_year, person.updated_at = data.birth_year, clock.now()
    db.session.flush()
    index(person.id)
    journal.note(actor, "person.correct", "person", person.id, person_id=person.id, grant=granted.source)


def _check(person: Person, data: CardData) -> None:
    who = person.identity
    problem = cards.word_problem(data.word, (who.first_name, who.last_name, who.usual_name), person.birth_year)
    if problem is not None:
        raise DomainError(PROBLEMS[problem], "secret_word")
    if person.age_status is AgeStatus.UNDER_15 and data.representative is None:
        message = _("Avant 15 ans, la carte se fait en présence de la personne qui représente l’enfant.")
        raise DomainError(message, "representative")


PROBLEMS = {
    WordProblem.SHORT: _("Ce mot est trop court : il faut au moins 4 lettres."),
    WordProblem.LONG: _("Ce mot est trop long : 40 lettres au plus."),
    WordProblem.NUMBER: _("Un nombre se devine : choisissez un mot."),
    WordProblem.NAME: _("Ce mot ressemble au nom de la personne : choisissez-en un autre."),
    WordProblem.YEAR: _("Ce mot contient l’année de naissance : choisissez-en un autre."),
    WordProblem.COMMON: _("Ce mot serait parmi les premiers essayés : choisissez-en un autre."),
}


def _drawn(actor: Actor, person: Person, data: CardData) -> SharingCard:
    card_id = ids.random_key()
    rules = cards.rules()
    return SharingCard(
        id=card_id,
        person_id=person.id,
        code_hash=rules.code_hash(rules.code_of(card_id)),
        word_hash=rules.word_hash(card_id, data.word),
        representative=data.representative if person.age_status is AgeStatus.UNDER_15 else None,
        structure_id=actor.structure_id,
        made_by=actor.user_id,
    )


def cancel_card(actor: Actor, granted: Granted) -> int:
    """The person wants no card any more, or lost it. NotFound when there is none, or it is not this hat’s to cancel."""
    person = _bearer(granted)
    ended = end_cards(actor, person.id, CardEnd.CANCELLED)
    if not ended:
        raise NotFound
    return ended


def end_cards(actor: Actor | None, person_id: UUID, cause: CardEnd) -> int:
    """The open card of somebody opens nothing from now on; returns how many there were. Waits for an opening under way."""
    held = (SharingCard.person_id == person_id, SharingCard.ended_at.is_(None))
    values = {"ended_at": clock.now(), "end_cause": cause, "word_hash": ""}
    ended = update(SharingCard).where(*held).values(**values).returning(SharingCard.id)
    found = list(db.session.scalars(ended))
    for card_id in found:
        journal.note(actor, "card.end", "card", card_id, person_id=person_id, reason=cause.value)
    return len(found)


def consent_ended(actor: Actor | None, person_id: UUID, consent_id: UUID, _cause: str) -> None:
    """Hook: without the agreement for the shared register there is no card, in the same transaction.

    An opening that was under way when the agreement was taken back is over once the card is: what it began ends too.
    """
    kind = db.session.scalar(select(Consent.kind).where(Consent.id == consent_id))
    if kind is not ConsentKind.REGISTER:
        return
    db.session.flush()
    end_cards(actor, person_id, CardEnd.CONSENT)
    others = (FollowUp.person_id == person_id, FollowUp.kind == FollowUpKind.OTHER, FollowUp.ended_on.is_(None))
    db.session.execute(update(FollowUp).where(*others).values(ended_on=clock.now().date()))


def moved(kept_id: UUID, removed_id: UUID) -> None:
    """Two people become one: one open card stays, the kept record’s if it has one."""
    kept_open = select(SharingCard.id).where(SharingCard.person_id == kept_id, SharingCard.ended_at.is_(None))
    if db.session.scalar(kept_open) is not None:
        end_cards(None, removed_id, CardEnd.MERGED)
    for model in (SharingCard, CardNotice):
        follow = update(model).where(model.person_id == removed_id).values(person_id=kept_id)
        db.session.execute(follow.execution_options(synchronize_session=False))
    db.session.expire_all()


MERGED = (Moved("sharing_card", move=moved), Moved("card_notice", move=lambda _kept, _removed: None))


def tell(person: Person, event: CardEvent, from_structure_id: UUID | None, today: date) -> CardNotice | None:
    """Tell the referent structure, on its list and by a mail without any name. Nothing when it did so itself."""
    if person.referent_structure_id is None or person.referent_structure_id == from_structure_id:
        return None
    notice = CardNotice(
        id=ids.random_key(),
        person_id=person.id,
        event=event,
        structure_id=person.referent_structure_id,
        from_structure_id=from_structure_id,
    )
    db.session.add(notice)
    db.session.flush()
    for user_id, language in records.told(person.id, today):
        with i18n.speaking(language):
            outbox.queue(user_id, mails.card_used(notice.id, cards.rules().public_url))
    return notice


def tell_locked(now: datetime) -> int:
    """Tell of the cards that were locked since the last time (worker): the refused answer itself must not take longer."""
    locked = (
        SharingCard.tries - SharingCard.forgiven >= cards.TRIES,
        SharingCard.lock_told_at.is_(None),
        SharingCard.ended_at.is_(None),
    )
    found = list(db.session.scalars(select(SharingCard).where(*locked).with_for_update()))
    today = clock.local(now, cards.rules().timezone).date()
    for card in found:
        card.lock_told_at = now
        tell(db.session.get_one(Person, card.person_id), CardEvent.LOCKED, None, today)
        journal.note(None, "card.lock", "card", card.id, person_id=card.person_id)
    return len(found)


def see_card_notice(actor: Actor, notice_id: UUID) -> CardNoticeView:
    """The referent structure has read it."""
    view = records.card_notice(actor, notice_id)
    notice = db.session.get_one(CardNotice, notice_id)
    notice.seen_at, notice.seen_by = clock.now(), actor.user_id
    db.session.flush()
    return view


def forget_cards(person_id: UUID) -> None:
    """Erase the cards of somebody and what was told of them (anonymisation); the journal keeps that they existed."""
    for model in (CardNotice, SharingCard):
        erased = delete(model).where(model.person_id == person_id)
        db.session.execute(erased.execution_options(synchronize_session=False))


def purge_cards() -> None:
    """Forget tries after a quarter of an hour, notices a month after they were read, a year at most (worker)."""
    now = clock.now()
    old = or_(CardNotice.seen_at < now - SEEN_LIFETIME, CardNotice.created_at < now - NOTICE_LIFETIME)
    db.session.execute(delete(CardNotice).where(old))
    db.session.execute(delete(CardTry).where(CardTry.at < now - cards.WINDOW))
