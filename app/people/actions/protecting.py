"""A protected situation is set, changed and lifted; its reason is never asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete, or_, select, update

from app.kernel import clock, hooks, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.grants import Granted
from app.kernel.merges import Moved
from app.people import policy
from app.people.actions import likeness
from app.people.actions.cards import end_cards
from app.people.enums import CardEnd, FollowUpKind
from app.people.models import FollowUp, LikenessNotice, NamedStructure, Person, PersonSafety, SearchKeyRow
from app.people.queries import protection as records


@dataclass(frozen=True, kw_only=True)
class SafetyData:
    """How to reach the person safely, the word the agent says first, and who goes on following them."""

    safe_way: str = ""
    code_word: str = ""
    named: tuple[UUID, ...] = ()


def protect(actor: Actor, granted: Granted, data: SafetyData, today: date) -> Person:
    """Set the protected situation, or change what goes with it. NotFound unless an adviser or manager of the referent.

    At once: no card, no matching, no shared follow-up but those of the structures that the person names.
    """
    person = _locked(actor, granted)
    first = not person.protected
    person.protected, person.updated_at = True, clock.now()
    _write_safety(person.id, data)
    _name(actor, granted, set(data.named))
    _end_unnamed(person.id, today)
    _end_matching(person.id)
    end_cards(actor, person.id, CardEnd.CANCELLED)
    db.session.flush()
    action = "person.protect" if first else "person.safety"
    journal.note(actor, action, "person", person.id, person_id=person.id, grant=granted.source)
    if first:
        hooks.announce_person_protected(actor, person.id)
    return person


def unprotect(actor: Actor, granted: Granted) -> Person:
    """Lift it: the words are erased. What had ended stays so; the person is compared with others again."""
    person = _locked(actor, granted)
    if not person.protected:
        return person
    person.protected, person.updated_at = False, clock.now()
    _forget_words(person.id)
    db.session.flush()
    journal.note(actor, "person.unprotect", "person", person.id, person_id=person.id, grant=granted.source)
    return person


def _locked(actor: Actor, granted: Granted) -> Person:
    if not policy.can_protect(actor, granted):
        raise NotFound
    return db.session.scalars(select(Person).where(Person.id == granted.person_id).with_for_update()).one()


def _write_safety(person_id: UUID, data: SafetyData) -> None:
    found = db.session.get(PersonSafety, person_id)
    if found is None:
        found = PersonSafety(person_id=person_id)
        db.session.add(found)
    found.safe_way, found.code_word = data.safe_way, data.code_word


def _name(actor: Actor, granted: Granted, wanted: set[UUID]) -> None:
    """Only structures that follow the person already can be named here."""
    known = records.named(granted)
    gone = (NamedStructure.person_id == granted.person_id, NamedStructure.structure_id.not_in(wanted))
    db.session.execute(delete(NamedStructure).where(*gone))
    for structure_id in (wanted - known) & set(records.beside(granted)):
        one = NamedStructure(person_id=granted.person_id, structure_id=structure_id, named_by=actor.user_id)
        db.session.add(one)
    db.session.flush()


def _end_unnamed(person_id: UUID, today: date) -> None:
    kept = select(NamedStructure.structure_id).where(NamedStructure.person_id == person_id)
    others = (FollowUp.person_id == person_id, FollowUp.kind == FollowUpKind.OTHER, FollowUp.ended_on.is_(None))
    ended = update(FollowUp).where(*others, FollowUp.structure_id.not_in(kept)).values(ended_on=today)
    db.session.execute(ended)


def _end_matching(person_id: UUID) -> None:
    """What the record was compared with is forgotten, and the keys by which others would be compared with it."""
    for pair in db.session.scalars(likeness.pairs_of([person_id])):
        db.session.delete(pair)
    told = or_(LikenessNotice.person_id == person_id, LikenessNotice.other_id == person_id)
    db.session.execute(delete(LikenessNotice).where(told))
    keys = (SearchKeyRow.person_id == person_id, SearchKeyRow.kind == likeness.KIND)
    db.session.execute(delete(SearchKeyRow).where(*keys))


def _forget_words(person_id: UUID) -> None:
    for model in (PersonSafety, NamedStructure):
        erased = delete(model).where(model.person_id == person_id)
        db.session.execute(erased.execution_options(synchronize_session=False))
    db.session.expire_all()


def forget_safety(person_id: UUID) -> None:
    """Erase how to reach somebody and whom they named (anonymisation); nothing says any more that they were protected."""
    db.session.flush()
    _forget_words(person_id)
    lifted = update(Person).where(Person.id == person_id).values(protected=False)
    db.session.execute(lifted.execution_options(synchronize_session=False))
    db.session.expire_all()


def _safety_moved(kept_id: UUID, removed_id: UUID) -> None:
    """One record: the words of the one kept if it has any, else those of the other."""
    theirs = db.session.get(PersonSafety, removed_id)
    if theirs is None:
        return
    if db.session.get(PersonSafety, kept_id) is None:
        db.session.add(PersonSafety(person_id=kept_id, safe_way=theirs.safe_way, code_word=theirs.code_word))
    db.session.delete(theirs)
    db.session.flush()


def _named_moved(kept_id: UUID, removed_id: UUID) -> None:
    """Whoever was named on either record was named by this person."""
    mine = set(db.session.scalars(select(NamedStructure.structure_id).where(NamedStructure.person_id == kept_id)))
    for one in db.session.scalars(select(NamedStructure).where(NamedStructure.person_id == removed_id)).all():
        if one.structure_id not in mine:
            values = {"structure_id": one.structure_id, "named_at": one.named_at, "named_by": one.named_by}
            db.session.add(NamedStructure(person_id=kept_id, **values))
        db.session.delete(one)
    db.session.flush()


MERGED = (Moved("person_safety", move=_safety_moved), Moved("named_structure", move=_named_moved))
