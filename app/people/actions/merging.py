"""Two records become one, field by field; for 30 days it can be undone.

Facts, events and the journal are never touched: they keep the id or the random key of the record they were written for,
and `person_alias` says which record answers for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, insert, or_, select, update

from app.kernel import clock, ids, journal, merges
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import Conflict, check_version
from app.kernel.i18n import lazy_gettext as _
from app.kernel.merges import UNDO_LIFETIME, Moved, PersonAlias, Stays
from app.people.actions import likeness, reaching
from app.people.actions.settling import settle_consents, settle_follow_ups, settle_undone
from app.people.contacts import all_phones
from app.people.enums import PersonState
from app.people.models import (
    DuplicatePair,
    LikenessNotice,
    Person,
    PersonAdaptation,
    PersonMerge,
    SearchKeyRow,
)
from app.people.names import ORDER, search_keys, sort_key
from app.people.queries import duplicates as records
from app.people.queries.codes import free_code
from app.people.queries.duplicates import Pair

FACTS = ("birth_year", "age_status", "genre", "statut_social", "commune_code")
NAMES = ("first_name", "last_name", "usual_name")
CONTACT = ("phone", "email")
CHOSEN = (*NAMES, *FACTS, *CONTACT)
OLDER, NEWER = "a", "b"


@dataclass(frozen=True)
class MergeData:
    """What was chosen: which record is kept, and for each field whose value (`OLDER` or `NEWER`; the kept one’s if unsaid).

    `version`: the sum of both versions that the screen showed.
    """

    keep: str = OLDER
    choices: Mapping[str, str] = field(default_factory=dict)
    version: int | None = None


def merge(actor: Actor, pair_id: UUID, data: MergeData, today: date) -> PersonMerge:
    """Make one record of two. NotFound unless this hat may write both; Stale when one changed since the screen."""
    pair = records.pair(actor, pair_id)
    older, newer = _locked(pair)
    check_version(older.version + newer.version, data.version)
    kept, removed = (older, newer) if data.keep == OLDER else (newer, older)
    before = merges.photograph(kept.id, removed.id)
    done = PersonMerge(
        id=ids.new_id(),
        kept_id=kept.id,
        removed_id=removed.id,
        structure_id=actor.structure_id,
        merged_by=actor.user_id,
    )
    db.session.add(done)
    values = {name: _value((older, newer)[data.choices.get(name, data.keep) == NEWER], name) for name in CHOSEN}
    _unite(kept, removed, values)
    settle_consents(actor, kept.id, removed.id, today)
    settle_follow_ups(kept.id, removed.id, today)
    _forget_pairs(kept.id, removed.id)
    merges.move_all(kept.id, removed.id)
    index(kept.id)
    _clear_keys(removed.id)
    merges.record(done.id, before, merges.photograph(kept.id, removed.id), clock.now() + UNDO_LIFETIME)
    _note(actor, "person.merge", done)
    return done


def _locked(pair: Pair) -> tuple[Person, Person]:
    """Both records, locked in the order of their ids, as they are now."""
    found = [person.id for person in pair.people]
    query = select(Person).where(Person.id.in_(found)).order_by(Person.id).with_for_update()
    people = {person.id: person for person in db.session.scalars(query.execution_options(populate_existing=True))}
    return people[found[0]], people[found[1]]


def _value(person: Person, name: str) -> Any:
    return getattr(person if name in FACTS else person.identity, name)


def _unite(kept: Person, removed: Person, values: Mapping[str, Any]) -> None:
    """Write what was chosen; what protects the person holds if either record said it; the record removed is emptied."""
    reaching.keep_other(kept, (values["phone"], values["email"]), kept, removed)
    for name, value in values.items():
        setattr(kept if name in FACTS else kept.identity, name, value)
    kept.protected = kept.protected or removed.protected
    kept.identity.no_message = kept.identity.no_message or removed.identity.no_message
    _unite_adaptation(kept, removed)
    kept.last_contact_on = max(kept.last_contact_on, removed.last_contact_on)
    kept.updated_at = removed.updated_at = clock.now()
    removed.state = PersonState.ARCHIVED
    removed.birth_year = removed.commune_code = None
    for name in (*NAMES, *CONTACT):
        setattr(removed.identity, name, "")
    removed.identity.no_message = removed.identity.email_first = False
    db.session.flush()


def _unite_adaptation(kept: Person, removed: Person) -> None:
    """Adaptation needs and languages of both; an interpreter if one of the two says so."""
    theirs = removed.adaptation
    if theirs is None:
        return
    mine = kept.adaptation or PersonAdaptation(person_id=kept.id, needs=[], languages=[], interpreter=False)
    mine.needs = list(dict.fromkeys([*mine.needs, *theirs.needs]))
    mine.languages = list(dict.fromkeys([*mine.languages, *theirs.languages]))
    mine.interpreter = mine.interpreter or theirs.interpreter
    kept.adaptation = mine
    db.session.delete(theirs)


def _forget_pairs(kept_id: UUID, removed_id: UUID) -> None:
    """What the record removed was compared with; the worker looks at the record kept again."""
    for pair in db.session.scalars(likeness.pairs_of([removed_id])):
        db.session.delete(pair)
    theirs = or_(LikenessNotice.person_id == removed_id, LikenessNotice.other_id == removed_id)
    for notice in db.session.scalars(select(LikenessNotice).where(theirs)):
        db.session.delete(notice)
    db.session.flush()


def index(person_id: UUID) -> None:
    """Write the search keys of somebody again, from what the record says now; the worker adds those of likeness."""
    person = db.session.get_one(Person, person_id)
    who = records.known_of(person)
    phones = all_phones([*person.identity.reached, *reaching.known(person_id)])
    keys = sorted(search_keys(who.first_name, who.last_name, who.usual_name, phones, who.birth_year))
    _clear_keys(person_id)
    rows = [{"person_id": person_id, "kind": key.kind, "value": key.value} for key in keys]
    order = sort_key(who.first_name, who.last_name, who.usual_name)
    if order:
        rows.append({"person_id": person_id, "kind": ORDER, "value": order})
    if rows:
        db.session.execute(insert(SearchKeyRow), rows)


def _clear_keys(person_id: UUID) -> None:
    db.session.execute(delete(SearchKeyRow).where(SearchKeyRow.person_id == person_id))


def _note(actor: Actor, action: str, done: PersonMerge) -> None:
    """Journalled for both records: the list of who opened a record follows each of them."""
    for person_id in (done.kept_id, done.removed_id):
        journal.note(actor, action, "merge", done.id, person_id=person_id)


def undo(actor: Actor, merge_id: UUID) -> PersonMerge:
    """Make two records again, as they were; what was written since the merge stays with the record kept.

    NotFound after 30 days, or when this hat may not write the record kept; Conflict when a later merge goes first.
    """
    records.merge(actor, merge_id)
    done = db.session.get_one(PersonMerge, merge_id, with_for_update=True)
    both = [done.kept_id, done.removed_id]
    db.session.execute(select(Person.id).where(Person.id.in_(both)).order_by(Person.id).with_for_update())
    if done.undone_at is not None or _later(done):
        raise Conflict(_("Une fusion plus récente concerne cette personne : annulez-la d’abord."))
    merges.restore(merge_id, done.kept_id, done.removed_id)
    for person_id in both:
        settle_undone(actor, person_id, done.created_at, clock.now().date())
        index(person_id)
    merges.forget([], [merge_id])
    done.undone_at, done.undone_by = clock.now(), actor.user_id
    db.session.flush()
    _note(actor, "person.unmerge", done)
    return done


def _later(done: PersonMerge) -> bool:
    both = [done.kept_id, done.removed_id]
    others: ColumnElement[bool] = or_(PersonMerge.kept_id.in_(both), PersonMerge.removed_id.in_(both))
    later = (PersonMerge.id > done.id, PersonMerge.undone_at.is_(None))
    return db.session.scalar(select(PersonMerge.id).where(others, *later).limit(1)) is not None


def forget_likeness(person_id: UUID) -> None:
    """Erase what detection and merging keep of somebody (anonymisation), and what is left of the records merged into theirs."""
    aliases = select(PersonAlias.removed_id).where(PersonAlias.kept_id == person_id)
    people = [person_id, *db.session.scalars(aliases)]
    theirs = or_(PersonMerge.kept_id.in_(people), PersonMerge.removed_id.in_(people))
    merges.forget(people, list(db.session.scalars(select(PersonMerge.id).where(theirs))))
    for other_id in people[1:]:
        _empty(other_id)
    pairs = or_(DuplicatePair.low_id.in_(people), DuplicatePair.high_id.in_(people))
    notices = or_(LikenessNotice.person_id.in_(people), LikenessNotice.other_id.in_(people))
    db.session.execute(delete(DuplicatePair).where(pairs))
    db.session.execute(delete(LikenessNotice).where(notices))


def _empty(person_id: UUID) -> None:
    """A record that was merged has no name left; its code and the key of its figures are cut from the person too."""
    blank = {"code": free_code(), "subject_key": ids.random_key(), "referent_structure_id": None}
    db.session.execute(update(Person).where(Person.id == person_id).values(**blank))
    _clear_keys(person_id)


def _answer(kept_id: UUID, removed_id: UUID) -> None:
    """The record kept answers for the one removed, and for those that had been merged into it."""
    earlier = update(PersonAlias).where(PersonAlias.kept_id == removed_id).values(kept_id=kept_id)
    db.session.execute(earlier.execution_options(synchronize_session=False))
    db.session.add(PersonAlias(removed_id=removed_id, kept_id=kept_id))
    db.session.flush()
    db.session.expire_all()


# What becomes of each table of the register that points at a person.
MERGED: tuple[Moved | Stays, ...] = (
    Moved("person", ("id",), by_hand=True),
    Moved("person_identity", by_hand=True),
    Moved("person_adaptation", by_hand=True),
    Moved("search_key", by_hand=True, recorded=False),
    Moved("duplicate_pair", ("low_id", "high_id"), by_hand=True),
    Moved("likeness_notice", ("person_id", "other_id"), by_hand=True),
    *reaching.MERGED,
    Moved("follow_up"),
    Moved("consent"),
    Moved("notice"),
    Moved("person_alias", ("kept_id", "removed_id"), move=_answer),
    Stays("person_merge", ("kept_id", "removed_id"), "says which two records became one"),
    Stays("journal_entry", ("person_id",), "append-only: person_alias says who answers"),
)
