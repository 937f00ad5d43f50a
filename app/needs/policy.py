"""Who reads, notes, corrects and closes a need. The same functions show the buttons and allow the actions."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, and_, literal, or_

from app.kernel import grants
from app.kernel.access import ADVISING, FRONT, Actor
from app.kernel.grants import Granted, Section
from app.needs.enums import SENSITIVE_DEMARCHES, Demarche, NeedState
from app.needs.models import Need
from app.people import policy as people_policy


class Written(Protocol):
    """What the rules look at: who wrote the need, and whether it is open."""

    @property
    def author_id(self) -> UUID: ...

    @property
    def structure_id(self) -> UUID: ...

    @property
    def team_id(self) -> UUID | None: ...

    @property
    def state(self) -> NeedState: ...


def can_open(actor: Actor, granted: Granted) -> bool:
    """The desk, advisers and managers note a need of somebody they follow."""
    return actor.role in FRONT and granted.may_write


def can_edit(actor: Actor, granted: Granted, need: Written) -> bool:
    """An open need is corrected by the structure that noted it (its team, under secrecy)."""
    return can_open(actor, granted) and is_ours(actor, need) and need.state is NeedState.OPEN


def can_close(actor: Actor, granted: Granted, need: Written) -> bool:
    """The structure that noted the need says how it ended; the desk too, which solves small needs at once."""
    return can_edit(actor, granted, need)


def can_reopen(actor: Actor, granted: Granted, need: Written) -> bool:
    """A closed need is opened again by those who see closed needs."""
    return sees_closed(actor) and granted.may_write and is_ours(actor, need) and need.state is NeedState.CLOSED


def is_ours(actor: Actor, need: Written) -> bool:
    """Noted by the actor's structure, and by their own team when that team is under secrecy."""
    return need.structure_id == actor.structure_id and need.team_id in (None, actor.team_id)


def sees_closed(actor: Actor) -> bool:
    """The desk reads open needs only (domain/access.md)."""
    return actor.role in ADVISING


def readable(actor: Actor, granted: Granted) -> ColumnElement[bool]:
    """SQL: the needs of one person that this actor may read."""
    rows = people_policy.readable(actor, granted, Section.NEEDS, Need)
    mine = and_(Need.person_id == granted.person_id, rows)
    return mine if sees_closed(actor) else and_(mine, Need.state == NeedState.OPEN)


def readable_anywhere(actor: Actor) -> ColumnElement[bool]:
    """SQL: the same over several people at once, for lists."""
    opened = grants.opens(actor, Need.person_id, Section.NEEDS)
    theirs = and_(Need.structure_id != actor.structure_id, Need.secret.is_(False), opened)
    ours = and_(people_policy.written_by_us(actor, Need), grants.opens(actor, Need.person_id))
    return or_(ours, theirs)


def note_readable(actor: Actor, granted: Granted) -> ColumnElement[bool]:
    """SQL, on readable rows: our words for our advisers, the desk's own for the desk, others' with opened notes."""
    ours = Need.structure_id == actor.structure_id
    if actor.role not in ADVISING:
        return and_(ours, Need.author_id == actor.user_id)
    return or_(ours, literal(granted.opens(Section.NOTES)))


def shows_demarche(actor: Actor, granted: Granted, need: Written, demarche: Demarche | None) -> bool:
    """Health, justice and foreigners' procedures are outside what is shared by default (vocabularies.md)."""
    return demarche not in SENSITIVE_DEMARCHES or is_ours(actor, need) or opens_sensitive(granted)


def opens_sensitive(granted: Granted) -> bool:
    """What is sensitive travels with the sensitive section only, which the person opens by name."""
    return granted.opens(Section.ADAPTATION)
