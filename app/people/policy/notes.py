"""Whom a note is opened to, and who may change it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from app.kernel import clock
from app.kernel.access import ADVISING, FRONT, Actor
from app.kernel.grants import Granted
from app.people.enums import NoteVisibility
from app.people.models import (
    Authored,
    PersonNote,
)


def visibilities(actor: Actor) -> tuple[NoteVisibility, ...]:
    """Whom a note may be opened to. Under secrecy nothing travels; a team under secrecy keeps its notes to itself."""
    team = (NoteVisibility.TEAM,) if actor.team_id else ()
    if actor.team_is_secret:
        return (NoteVisibility.AUTHOR, *team)
    network = () if actor.secret else (NoteVisibility.NETWORK,)
    return (NoteVisibility.AUTHOR, *team, NoteVisibility.STRUCTURE, *network)


def default_visibility(actor: Actor) -> NoteVisibility:
    """The structure; the team when it is under secrecy."""
    return NoteVisibility.TEAM if actor.team_is_secret else NoteVisibility.STRUCTURE


def note_readable(
    actor: Actor, model: type[Authored], visibility: Any, for_team_id: Any, travels: bool
) -> ColumnElement[bool]:
    """SQL, on rows that may be read: the author's note, the team's, the structure's, and with `travels` the network's.

    The desk reads the notes it wrote: `notes` is not among its sections (access.md).
    """
    structure = model.structure_id == actor.structure_id
    own = mine(actor, model)
    if actor.role not in ADVISING:
        return own
    found = [own, and_(structure, visibility.in_((NoteVisibility.STRUCTURE, NoteVisibility.NETWORK)))]
    if actor.team_id is not None:
        found.append(and_(structure, visibility == NoteVisibility.TEAM, for_team_id == actor.team_id))
    if travels:
        found.append(and_(visibility == NoteVisibility.NETWORK, model.secret.is_(False)))
    return or_(*found)


def mine(actor: Actor, model: type[Authored]) -> ColumnElement[bool]:
    """SQL: written by this user wearing a hat of the same structure."""
    return and_(model.structure_id == actor.structure_id, model.author_id == actor.user_id)


def can_write_note(actor: Actor, granted: Granted) -> bool:
    """Whoever follows the person writes about them."""
    return actor.role in FRONT and granted.may_write


def wrote(actor: Actor, note: PersonNote) -> bool:
    """Its author, wearing a hat of the same structure (and of the same team, under secrecy)."""
    ours = note.structure_id == actor.structure_id and note.team_id in (None, actor.team_id)
    return ours and note.author_id == actor.user_id


def can_change_note(actor: Actor, granted: Granted, note: PersonNote, today: date, timezone: str) -> bool:
    """Its author corrects or deletes it on the day it was written; afterwards it is only hidden."""
    fresh = clock.local(note.created_at, timezone).date() == today
    return granted.may_write and wrote(actor, note) and note.hidden_at is None and fresh


def can_hide_note(actor: Actor, granted: Granted, note: PersonNote) -> bool:
    """Its author takes it off the screens, whenever."""
    return granted.may_write and wrote(actor, note) and note.hidden_at is None
