"""What moves with the referent follow-up: follow-ups, notices, matching; and what ends an open proposal by itself."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import delete, update

from app.kernel import ids
from app.kernel.db import db
from app.kernel.grants import EVERYTHING
from app.people.actions import likeness
from app.people.enums import FollowUpKind
from app.people.models import CardNotice, FollowUp, HandOver, LikenessNotice, Person, SearchKeyRow


def pass_on(person: Person, one: HandOver, holder_id: UUID, today: date) -> FollowUp:
    """End both follow-ups of the two structures and begin the new referent’s; the caller holds the person’s row.

    `holder_id`: who holds it there, unless a colleague already did.
    """
    held = (FollowUp.person_id == person.id, FollowUp.ended_on.is_(None))
    both = FollowUp.structure_id.in_((one.from_structure_id, one.to_structure_id))
    before = {it.structure_id: it for it in db.session.query(FollowUp).where(*held, both).with_for_update()}
    for it in before.values():
        it.ended_on = today
    db.session.flush()
    theirs = before.get(one.to_structure_id)
    begun = FollowUp(
        id=ids.new_id(),
        person_id=person.id,
        structure_id=one.to_structure_id,
        team_id=theirs.team_id if theirs else one.to_team_id,
        kind=FollowUpKind.REFERENT,
        sections=EVERYTHING,
        started_on=today,
        holder_id=(theirs.holder_id if theirs else None) or holder_id,
    )
    db.session.add(begun)
    # Not through the mapped row: whoever is correcting the record has nothing to compare.
    referent = update(Person).where(Person.id == person.id).values(referent_structure_id=one.to_structure_id)
    db.session.execute(referent.execution_options(synchronize_session=False))
    db.session.flush()
    db.session.refresh(person)
    _move_notices(person.id, one)
    return begun


def _move_notices(person_id: UUID, one: HandOver) -> None:
    """What the former referent had not read waits for the new one; the worker compares the record again."""
    to = one.to_structure_id
    mine = (LikenessNotice.person_id == person_id, LikenessNotice.seen_at.is_(None))
    db.session.execute(delete(LikenessNotice).where(*mine, LikenessNotice.from_structure_id == to))
    db.session.execute(update(LikenessNotice).where(*mine).values(structure_id=to))
    unread = (CardNotice.person_id == person_id, CardNotice.seen_at.is_(None))
    db.session.execute(delete(CardNotice).where(*unread, CardNotice.from_structure_id == to))
    db.session.execute(update(CardNotice).where(*unread).values(structure_id=to))
    looked = (SearchKeyRow.kind == likeness.KIND, SearchKeyRow.value == likeness.DONE)
    db.session.execute(delete(SearchKeyRow).where(SearchKeyRow.person_id == person_id, *looked))
