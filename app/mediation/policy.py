"""Who reads, logs, corrects and attaches a session, and who reads its note."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, false

from app.kernel.access import ADVISING, FRONT, Actor
from app.kernel.grants import Granted, Section
from app.mediation.enums import NoteVisibility
from app.mediation.models import SessionLog, SessionText
from app.people import policy as people_policy


class Written(Protocol):
    """What the rules look at: who wrote the session."""

    @property
    def author_id(self) -> UUID: ...

    @property
    def structure_id(self) -> UUID: ...

    @property
    def team_id(self) -> UUID | None: ...


def can_log(actor: Actor) -> bool:
    """The desk, advisers and managers log sessions."""
    return actor.role in FRONT


def can_log_with(actor: Actor, granted: Granted) -> bool:
    """With somebody of the register: those who follow them."""
    return can_log(actor) and granted.may_write


def is_ours(actor: Actor, session: Written) -> bool:
    """Logged by the actor's structure, and by their own team when that team is under secrecy."""
    return session.structure_id == actor.structure_id and session.team_id in (None, actor.team_id)


def is_author(actor: Actor, session: Written) -> bool:
    """Logged by this user wearing a hat of the same structure."""
    return session.author_id == actor.user_id and session.structure_id == actor.structure_id


def can_correct(actor: Actor, session: Written) -> bool:
    """Its author, or an adviser of the same structure (of the same team, under secrecy)."""
    return can_log(actor) and is_ours(actor, session) and (actor.role in ADVISING or is_author(actor, session))


def can_attach(actor: Actor, session: Written) -> bool:
    """Whoever may correct the session may say afterwards with whom it was."""
    return can_correct(actor, session)


def sees_details(actor: Actor, session: Written) -> bool:
    """The desk reads dates and themes of sessions (domain/access.md), and the whole of those it logged itself."""
    return actor.role in ADVISING or is_author(actor, session)


def visibilities(actor: Actor) -> tuple[NoteVisibility, ...]:
    """Whom a note may be opened to: the rule of every note about somebody."""
    return people_policy.visibilities(actor)


def default_visibility(actor: Actor) -> NoteVisibility:
    """The structure; the team when it is under secrecy."""
    return people_policy.default_visibility(actor)


def ours(actor: Actor) -> ColumnElement[bool]:
    """SQL: the sessions of the actor's structure that the actor may list."""
    return people_policy.written_by_us(actor, SessionLog) if can_log(actor) else false()


def readable(actor: Actor, granted: Granted) -> ColumnElement[bool]:
    """SQL: the sessions with one person that this actor may read (the person is joined by the query)."""
    return people_policy.readable(actor, granted, Section.SESSIONS, SessionLog)


def note_readable(actor: Actor, granted: Granted | None = None) -> ColumnElement[bool]:
    """SQL, on readable rows: the author's note, the team's, the structure's, or what travels with opened notes."""
    travels = granted is not None and granted.opens(Section.SESSIONS | Section.NOTES)
    return people_policy.note_readable(actor, SessionLog, SessionText.visibility, SessionText.team_id, travels)
