"""What a person's history says of their sessions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, true

from app.kernel import timeline
from app.kernel.access import ADVISING, Actor
from app.kernel.grants import Granted
from app.mediation import policy
from app.mediation.models import Participation, SessionLog, SessionText
from app.people import policy as people_policy

KIND = "session"


def lines(actor: Actor, granted: Granted, timezone: str) -> Sequence[Select[Any]]:
    """SQL: the sessions with this person that the actor may read; the desk, dates and themes (`policy.sees_details`)."""
    details, ours = _details(actor), timeline.flag(people_policy.written_by_us(actor, SessionLog))
    codes = (
        SessionLog.themes,
        case((details, SessionLog.demarches)),
        case((details, SessionLog.minutes)),
        ours,
        SessionLog.kind,
    )
    query = timeline.row(
        KIND,
        "held",
        SessionLog.id,
        SessionLog.created_at,
        timezone,
        day=SessionLog.held_on,
        structure=SessionLog.structure_id,
        author=case((details, SessionLog.author_id)),
        codes=codes,
        words=SessionText.note,
    )
    noted = and_(SessionText.session_id == SessionLog.id, policy.note_readable(actor, granted))
    query = query.join(Participation, Participation.session_id == SessionLog.id).outerjoin(SessionText, noted)
    return (query.where(Participation.person_id == granted.person_id, policy.readable(actor, granted)),)


def _details(actor: Actor) -> ColumnElement[bool]:
    """SQL of `policy.sees_details`."""
    if actor.role in ADVISING:
        return true()
    return and_(SessionLog.author_id == actor.user_id, SessionLog.structure_id == actor.structure_id)
