"""Looking for records that may be the same person: by the worker, so that registering says nothing, even by its time.

Inside a structure a pair enters the work list. Across structures only the referent of the record that was there first is
told, when both people agreed to the shared register and both structures signed the agreement.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Select, delete, exists, insert, or_, select
from sqlalchemy.orm import joinedload

from app.kernel import clock, jobs, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.network import policy as network_policy
from app.network.models import Structure
from app.people import policy
from app.people.duplicates import LISTED, STRONG, Likeness, compare, keys, likeness_keys
from app.people.enums import ConsentKind, FollowUpKind, PersonState
from app.people.models import Consent, DuplicatePair, FollowUp, LikenessNotice, Person, SearchKeyRow
from app.people.queries import duplicates as records

KIND = keys.KIND
# Written last: this record has been looked at since its names last changed.
DONE = "-"
BATCH = 100
MOST_CANDIDATES = 200
# A notice nobody marked as seen is forgotten after six months; a seen one after a month.
UNSEEN, SEEN = timedelta(days=183), timedelta(days=30)


@dataclass(frozen=True)
class _Record:
    """One record and what decides whether it may be matched."""

    person: Person
    team_id: UUID | None
    structure: Structure
    shared: bool


def look(today: date) -> int:
    """Look at the records registered or corrected since the last time, `BATCH` at most; returns how many there were."""
    seen = exists().where(SearchKeyRow.person_id == Person.id, SearchKeyRow.kind == KIND, SearchKeyRow.value == DONE)
    may = (Person.state == PersonState.ACTIVE, Person.protected.is_(False))
    query = select(Person.id).where(*may, ~seen).order_by(Person.id).limit(BATCH)
    waiting = list(db.session.scalars(query))
    for person_id in waiting:
        look_at(person_id, today)
    if len(waiting) == BATCH:
        jobs.enqueue("people.likeness", {})
    return len(waiting)


def look_at(person_id: UUID, today: date) -> None:
    """Compare one record with those that share a key with it, and write down what was found."""
    mine = _records([person_id], today)[person_id]
    keys = _write_keys(mine.person)
    others = _records(_sharing(person_id, keys), today).values()
    known = records.known_of(mine.person)
    found = [(other, compare(known, records.known_of(other.person))) for other in others if _may_meet(mine, other)]
    _list(mine, [(other, alike) for other, alike in found if _same_desk(mine, other) and alike.score >= LISTED])
    for other, alike in found:
        if alike.score >= STRONG and mine.shared and other.shared:
            _tell(mine, other)
    db.session.flush()


def _may_meet(one: _Record, other: _Record) -> bool:
    """Protected people are compared with nobody: a notice would tell another structure where they are."""
    return all(it.person.state is PersonState.ACTIVE and not it.person.protected for it in (one, other))


def _same_desk(one: _Record, other: _Record) -> bool:
    """Followed by the same structure, and by the same team when it is under secrecy."""
    return (one.structure.id, one.team_id) == (other.structure.id, other.team_id)


def _write_keys(person: Person) -> frozenset[str]:
    who = records.known_of(person)
    keys = likeness_keys((who.first_name, who.last_name, who.usual_name), who.phones, who.birth_year)
    db.session.execute(delete(SearchKeyRow).where(SearchKeyRow.person_id == person.id, SearchKeyRow.kind == KIND))
    rows = [{"person_id": person.id, "kind": KIND, "value": value} for value in sorted({*keys, DONE})]
    db.session.execute(insert(SearchKeyRow), rows)
    return keys


def _sharing(person_id: UUID, keys: frozenset[str]) -> list[UUID]:
    """Who shares a key: each key is looked up by itself in its index, so that the work does not grow with the register."""
    same = (SearchKeyRow.kind == KIND, SearchKeyRow.value.in_(sorted(keys)), SearchKeyRow.person_id != person_id)
    query = select(SearchKeyRow.person_id).where(*same).distinct().limit(MOST_CANDIDATES)
    return list(db.session.scalars(query))


def _records(ids: list[UUID], today: date) -> dict[UUID, _Record]:
    """The records of these ids that have a referent, in three queries."""
    if not ids:
        return {}
    held = (FollowUp.person_id == Person.id, FollowUp.kind == FollowUpKind.REFERENT, FollowUp.ended_on.is_(None))
    query = select(Person, FollowUp.team_id, Structure).join(FollowUp, held[0]).where(*held[1:])
    query = query.join(Structure, Structure.id == FollowUp.structure_id).where(Person.id.in_(ids))
    whole = (joinedload(Person.identity), joinedload(Person.contacts))
    rows = db.session.execute(query.options(*whole)).unique().all()
    agreed = _agreed(ids, today)
    return {
        person.id: _Record(person, team, structure, person.id in agreed and network_policy.can_share(structure, today))
        for person, team, structure in rows
    }


def _agreed(ids: list[UUID], today: date) -> set[UUID]:
    """Those whose last word about the shared register is an agreement that holds."""
    asked = (Consent.person_id.in_(ids), Consent.kind == ConsentKind.REGISTER)
    last: dict[UUID, Consent] = {}
    for consent in db.session.scalars(select(Consent).where(*asked).order_by(Consent.created_at, Consent.id)):
        last[consent.person_id] = consent
    return {one for one, consent in last.items() if consent.holds and (not consent.ends_on or consent.ends_on >= today)}


def _list(mine: _Record, alike: list[tuple[_Record, Likeness]]) -> None:
    """The pairs of this record: those that no longer look alike leave, unless somebody said they are two people."""
    known = {frozenset((pair.low_id, pair.high_id)): pair for pair in db.session.scalars(pairs_of([mine.person.id]))}
    for other, likeness in alike:
        pair = known.pop(frozenset((mine.person.id, other.person.id)), None)
        reasons = [reason.value for reason in likeness.reasons]
        if pair is None:
            low, high = sorted((mine.person.id, other.person.id))
            pair = DuplicatePair(low_id=low, high_id=high, structure_id=mine.structure.id)
            db.session.add(pair)
        pair.score, pair.reasons, pair.structure_id = likeness.score, reasons, mine.structure.id
    for pair in known.values():
        if pair.dismissed_at is None:
            db.session.delete(pair)


def pairs_of(people: Iterable[UUID]) -> Select[DuplicatePair]:
    """The pairs that one of these people is in."""
    ids = list(people)
    return select(DuplicatePair).where(or_(DuplicatePair.low_id.in_(ids), DuplicatePair.high_id.in_(ids)))


def _tell(one: _Record, other: _Record) -> None:
    """The referent of the record that was there first is told, once, and only when the other structure is another."""
    first, second = sorted((one, other), key=lambda record: (record.person.created_at, record.person.id))
    if first.structure.id == second.structure.id:
        return
    told = exists().where(LikenessNotice.person_id == first.person.id, LikenessNotice.other_id == second.person.id)
    if not db.session.scalar(select(told)):
        db.session.add(
            LikenessNotice(
                person_id=first.person.id,
                other_id=second.person.id,
                structure_id=first.structure.id,
                from_structure_id=second.structure.id,
                unnamed=second.structure.under_secrecy or second.team_id is not None,
            )
        )


def say_different(actor: Actor, pair_id: UUID) -> DuplicatePair:
    """« Ce ne sont pas les mêmes » : kept, and the pair is not proposed again."""
    return _decide(actor, pair_id, dismissed=True)


def look_again(actor: Actor, pair_id: UUID) -> DuplicatePair:
    """The pair comes back to the work list."""
    return _decide(actor, pair_id, dismissed=False)


def _decide(actor: Actor, pair_id: UUID, *, dismissed: bool) -> DuplicatePair:
    found = records.pair(actor, pair_id)
    pair = db.session.get_one(DuplicatePair, pair_id)
    pair.dismissed_at = clock.now() if dismissed else None
    pair.dismissed_by = actor.user_id if dismissed else None
    action = "duplicate.dismiss" if dismissed else "duplicate.restore"
    for person, granted in zip(found.people, found.granted, strict=True):
        journal.note(actor, action, "duplicate", pair_id, person_id=person.id, grant=granted.source)
    return pair


def see_notice(actor: Actor, notice_id: UUID) -> LikenessNotice:
    """The referent structure knows; nothing is said of what the person answered."""
    seen = records.notice_of_likeness(actor, notice_id)
    if not policy.can_look_for_duplicates(actor):
        raise NotFound
    notice = db.session.get_one(LikenessNotice, notice_id)
    notice.seen_at, notice.seen_by = clock.now(), actor.user_id
    journal.note(actor, "likeness.seen", "likeness", notice_id, person_id=seen.person_id)
    return notice


def purge_notices() -> None:
    """Forget the notices that were seen a month ago, and those that waited six months (worker)."""
    now = clock.now()
    old = or_(LikenessNotice.seen_at < now - SEEN, LikenessNotice.created_at < now - UNSEEN)
    db.session.execute(delete(LikenessNotice).where(old))
