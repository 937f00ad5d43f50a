"""Undoing an import: whoever nobody touched since goes, the others stay and it is said why (worker)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, null, or_, select, update

from app.accounts import queries as accounts
from app.accounts.models import Membership
from app.kernel import errors, journal, merges
from app.kernel.access import Actor
from app.kernel.db import Base, db
from app.kernel.i18n import lazy_gettext as _
from app.people.actions.exporting import expire_with
from app.people.actions.importing import UNDO, ask_for_slice, finish
from app.people.models import (
    DuplicatePair,
    FollowUp,
    ImportedPerson,
    ImportState,
    LikenessNotice,
    LineState,
    PeopleImport,
    PeopleImportLine,
    Person,
    PersonIdentity,
    SearchKeyRow,
)
from app.people.queries import imports as records

BATCH = 50
CORRECTED, FOLLOWED = "person", "follow_up"
# What registering from a file writes, and what the worker works out by itself of everybody.
MADE = frozenset(
    {
        *("person", "person_identity", "search_key", "follow_up", "imported_person", "people_import_line"),
        *("duplicate_pair", "likeness_notice", "journal_entry", "people_export_line"),
    }
)
# On PostgreSQL somebody may write about a person at the very moment when an undoing removes them.
errors.name_constraint(
    'is not present in table "person"', _("Cette fiche vient d’être retirée : son import est annulé.")
)


def undo_slice(payload: dict[str, Any]) -> None:
    """Remove the next people that the import made, then ask for the following ones (worker)."""
    import_id, after = UUID(payload["import_id"]), int(payload["after"])
    run = records.locked(import_id)
    if run is None or run.state is not ImportState.UNDOING or run.done_line != after:
        return
    actor, lines = _asked_by(run), _next(run)
    people = [one.person_id for one in lines if one.person_id]
    why = touched(people, run.structure_id)
    _remove(actor, [one for one in people if one not in why])
    for one in lines:
        _say(one, why)
    if len(lines) < BATCH:
        _finish(run, actor)
    else:
        run.done_line = lines[-1].line
        ask_for_slice(UNDO, import_id, run.done_line)


def _asked_by(run: PeopleImport) -> Actor:
    return accounts.actor_of(db.session.get_one(Membership, run.membership_id))


def _next(run: PeopleImport) -> list[PeopleImportLine]:
    theirs = (PeopleImportLine.import_id == run.id, PeopleImportLine.state == LineState.MADE)
    query = select(PeopleImportLine).where(*theirs, PeopleImportLine.line > run.done_line)
    return list(db.session.scalars(query.order_by(PeopleImportLine.line).limit(BATCH)))


def touched(people: list[UUID], structure_id: UUID) -> dict[UUID, str]:
    """Those of these people about whom something was written since they were registered: person → the table that says so.

    Reading is no touch. Whatever table points at a person is looked through, those to come included (`kernel/merges`).
    """
    query = select(Person).where(Person.id.in_(people)).order_by(Person.id).with_for_update()
    rows = list(db.session.scalars(query.execution_options(populate_existing=True)))
    found = {one.id: CORRECTED for one in rows if one.version > 1 or one.referent_structure_id != structure_id}
    for table, column in sorted(merges.declared()):
        if table not in MADE:
            theirs = Base.metadata.tables[table].c[column]
            written = db.session.scalars(select(theirs).where(theirs.in_(people)).distinct())
            found |= {one: table for one in written if one not in found}
    return found | {one: FOLLOWED for one in _followed_otherwise(people) if one not in found}


def _followed_otherwise(people: list[UUID]) -> list[UUID]:
    """Whose only follow-up is no longer as registering began it: whatever column that it leaves empty was filled since."""
    empty = [column for column in FollowUp.__table__.c if column.nullable and column.name != "team_id"]
    filled = (func.count(column) > 0 for column in empty)
    query = select(FollowUp.person_id).where(FollowUp.person_id.in_(people)).group_by(FollowUp.person_id)
    return list(db.session.scalars(query.having(or_(func.count() > 1, *filled))))


def _remove(actor: Actor, people: list[UUID]) -> None:
    expire_with(people)
    gone = PeopleImportLine.person_id.in_(people)
    statements: list[Any] = [update(PeopleImportLine).where(gone).values(person_id=null())]
    statements += [delete(model).where(which) for model, which in _rows_of(people)]
    for statement in statements:
        db.session.execute(statement.execution_options(synchronize_session=False))
    db.session.expire_all()
    for person_id in people:
        journal.note(actor, "person.unregister", "person", person_id, person_id=person_id)


def _rows_of(people: list[UUID]) -> list[tuple[type[Base], ColumnElement[bool]]]:
    return [
        (DuplicatePair, or_(DuplicatePair.low_id.in_(people), DuplicatePair.high_id.in_(people))),
        (LikenessNotice, or_(LikenessNotice.person_id.in_(people), LikenessNotice.other_id.in_(people))),
        (SearchKeyRow, SearchKeyRow.person_id.in_(people)),
        (ImportedPerson, ImportedPerson.person_id.in_(people)),
        (FollowUp, FollowUp.person_id.in_(people)),
        (PersonIdentity, PersonIdentity.person_id.in_(people)),
        (Person, Person.id.in_(people)),
    ]


def _say(one: PeopleImportLine, why: dict[UUID, str]) -> None:
    kept = why.get(one.person_id) if one.person_id else None
    if kept is None:
        one.state = LineState.REMOVED
    else:
        one.state, one.reasons = LineState.KEPT, [kept]


def _finish(run: PeopleImport, actor: Actor) -> None:
    db.session.flush()
    finish(run, ImportState.UNDONE)
    counts = records.counts(run.id)
    removed, kept = counts.get(LineState.REMOVED, 0), counts.get(LineState.KEPT, 0)
    journal.note(actor, "people.import_undo", "people_import", run.id, ended=removed, kept=kept)
