"""The needs of a structure whose day is near: what its people come back to."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Select

from app.kernel import due
from app.kernel.access import FRONT, Actor
from app.kernel.constants import same
from app.kernel.due import Branch
from app.kernel.grants import Section
from app.needs.enums import NeedState, Priority
from app.needs.models import Need
from app.people import policy as people_policy

# A limit is told a week before; an urgent need is on the list until somebody says how it ended.
SOON = timedelta(days=7)
MOST = 30


def due_needs(actor: Actor, today: date) -> tuple[Branch, ...]:
    """The open needs that our structure noted, whose limit comes within a week or that are for today; soonest first.

    Codes: the kind, the procedure, the organisations (JSON), the priority.
    """
    if actor.role not in FRONT:
        return ()
    latest = (Need.created_at.desc(), Need.id)
    near = _open(actor).where(Need.due_on <= today + SOON)
    urgent = _open(actor).where(Need.due_on.is_(None), same(Need.priority, Priority.P1))
    return (
        Branch(near, Section.NEEDS, (Need.due_on, *latest), MOST),
        Branch(urgent, Section.NEEDS, latest, MOST),
    )


def _open(actor: Actor) -> Select[tuple[object, ...]]:
    codes = (Need.kind, Need.demarche, Need.organismes, Need.priority)
    found = due.row(Need.id, person=Need.person_id, day=Need.due_on, at=Need.created_at, codes=codes)
    return found.where(same(Need.state, NeedState.OPEN), people_policy.written_by_us(actor, Need))
