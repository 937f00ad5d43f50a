"""The needs of a structure whose day is near: what its people come back to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import and_, or_, select

from app.kernel import grants
from app.kernel.access import FRONT, Actor
from app.kernel.db import db
from app.kernel.grants import Section
from app.needs.enums import Demarche, NeedState, Organisme, Priority
from app.needs.models import Need
from app.needs.queries.reading import title
from app.people import policy as people_policy

# A limit is told a week before; an urgent need is on the list until somebody says how it ended.
SOON = timedelta(days=7)
MOST = 30


@dataclass(frozen=True)
class DueNeed:
    """An open need of ours with a limit within a week, or urgent. `due` is its limit, else the day it was noted."""

    id: UUID
    person_id: UUID
    title: str
    due_on: date | None
    priority: Priority
    noted_on: date


def due_needs(actor: Actor, today: date) -> list[DueNeed]:
    """The open needs that our structure noted, whose limit comes within a week or that are for today; soonest first."""
    if actor.role not in FRONT:
        return []
    near = and_(Need.due_on.is_not(None), Need.due_on <= today + SOON)
    query = (
        select(Need)
        .where(Need.state == NeedState.OPEN, people_policy.written_by_us(actor, Need))
        .where(or_(near, and_(Need.due_on.is_(None), Need.priority == Priority.P1)))
        .where(grants.opens(actor, Need.person_id, Section.NEEDS))
        .order_by(Need.due_on.is_(None), Need.due_on, Need.created_at.desc(), Need.id)
        .limit(MOST)
    )
    return [_line(one) for one in db.session.scalars(query)]


def _line(need: Need) -> DueNeed:
    demarche: Demarche | None = need.demarche
    words = title(need.kind, demarche, tuple(Organisme(value) for value in need.organismes))
    return DueNeed(need.id, need.person_id, words, need.due_on, need.priority, need.created_at.date())
