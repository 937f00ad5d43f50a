"""Writes on notes about a person: write, correct or delete on the day, hide afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, delete, select
from sqlalchemy.orm.attributes import flag_modified

from app.kernel import clock, ids, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import Conflict, Difference, DomainError, NotFound, check_version
from app.kernel.grants import Granted
from app.kernel.i18n import lazy_gettext as _
from app.kernel.merges import Moved
from app.people import policy
from app.people.enums import NoteVisibility
from app.people.models import PersonNote, PersonNoteText

# The words follow their note.
MERGED: tuple[Moved, ...] = (Moved("person_note"),)


@dataclass(frozen=True, kw_only=True)
class NoteData:
    """A note; `visibility` None: the default of the hat."""

    body: str
    visibility: NoteVisibility | None = None


def write_note(actor: Actor, granted: Granted, data: NoteData) -> PersonNote:
    """Write about this person. NotFound when the actor may not; DomainError on `visibility` when this hat cannot open it so."""
    if not policy.can_write_note(actor, granted):
        raise NotFound
    chosen = _visibility(actor, data)
    team = {"for_team_id": actor.team_id}
    note = PersonNote(
        id=ids.new_id(), person_id=granted.person_id, visibility=chosen, **team, **policy.authorship(actor)
    )
    note.text = PersonNoteText(body=data.body)
    db.session.add(note)
    db.session.flush()
    _note(actor, granted, "note.write", note.id, visibility=chosen.value)
    return note


def correct_note(  # noqa: PLR0913
    actor: Actor, granted: Granted, note_id: UUID, data: NoteData, version: int | None, timezone: str
) -> PersonNote:
    """Correct one's note, on its day. Conflict afterwards; Stale when it was saved elsewhere in between."""
    note = _own(actor, granted, note_id)
    _still_its_day(actor, granted, note, timezone)
    before = note.text.body if note.text else ""
    check_version(note.version, version, Difference(str(_("Note")), data.body, before))
    note.visibility, note.for_team_id = _visibility(actor, data), actor.team_id
    note.text = note.text or PersonNoteText()
    note.text.body = data.body
    # The version rises even when only the words, which live in their own table, have changed.
    flag_modified(note, "visibility")
    db.session.flush()
    _note(actor, granted, "note.correct", note.id, visibility=note.visibility.value)
    return note


def delete_note(actor: Actor, granted: Granted, note_id: UUID, timezone: str) -> UUID:
    """Delete one's note, on its day: nothing of it stays. Conflict afterwards."""
    note = _own(actor, granted, note_id)
    _still_its_day(actor, granted, note, timezone)
    db.session.delete(note)
    db.session.flush()
    _note(actor, granted, "note.delete", note_id)
    return note_id


def hide_note(actor: Actor, granted: Granted, note_id: UUID) -> PersonNote:
    """Take one's note off every screen. The person still receives it when they ask for their data."""
    note = _own(actor, granted, note_id)
    note.hidden_at = clock.now()
    db.session.flush()
    _note(actor, granted, "note.hide", note.id)
    return note


def forget_notes(person_id: UUID) -> None:
    """The words go with the person's name (anonymisation)."""
    theirs: Select[UUID] = select(PersonNote.id).where(PersonNote.person_id == person_id)
    statement = delete(PersonNoteText).where(PersonNoteText.note_id.in_(theirs))
    db.session.execute(statement.execution_options(synchronize_session=False))


def _own(actor: Actor, granted: Granted, note_id: UUID) -> PersonNote:
    query = select(PersonNote).where(PersonNote.id == note_id, policy.notes_readable(actor, granted))
    found = db.session.scalars(query).first()
    if found is None or not policy.can_hide_note(actor, granted, found):
        raise NotFound
    return found


def _still_its_day(actor: Actor, granted: Granted, note: PersonNote, timezone: str) -> None:
    if not policy.can_change_note(actor, granted, note, clock.today(timezone), timezone):
        raise Conflict(_("Une note se corrige le jour où elle est écrite. Vous pouvez encore la masquer."))


def _visibility(actor: Actor, data: NoteData) -> NoteVisibility:
    chosen = data.visibility or policy.default_visibility(actor)
    if chosen not in policy.visibilities(actor):
        raise DomainError(_("Choisissez qui peut lire cette note."), "visibility")
    return chosen


def _note(actor: Actor, granted: Granted, action: str, note_id: UUID, **codes: str) -> None:
    journal.note(actor, action, "note", note_id, person_id=granted.person_id, grant=granted.source, **codes)
