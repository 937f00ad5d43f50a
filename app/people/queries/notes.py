"""One note about a person, for whoever wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.kernel import clock
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.grants import Granted
from app.people import policy
from app.people.enums import NoteVisibility
from app.people.models import PersonNote


@dataclass(frozen=True)
class NoteView:
    """A note as its author may act on it. `can_change`: still its day; afterwards it is only hidden."""

    id: UUID
    version: int
    body: str
    visibility: NoteVisibility
    can_change: bool


def own_note(actor: Actor, granted: Granted, note_id: UUID, timezone: str) -> NoteView:
    """A note of the actor's own. NotFound for anybody else's, and once hidden."""
    query = select(PersonNote).where(PersonNote.id == note_id, policy.notes_readable(actor, granted))
    found = db.session.scalars(query).first()
    if found is None or not policy.can_hide_note(actor, granted, found) or found.text is None:
        raise NotFound
    today = clock.today(timezone)
    can_change = policy.can_change_note(actor, granted, found, today, timezone)
    return NoteView(found.id, found.version, found.text.body, found.visibility, can_change)
