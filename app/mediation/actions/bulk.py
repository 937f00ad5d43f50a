"""Logging very many sessions (data made for load): the checks, values and journal of `log`, rows kept for a batch."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from app.kernel import ids
from app.kernel.access import Actor
from app.kernel.bulk import Batch
from app.kernel.errors import NotFound
from app.kernel.grants import Granted
from app.mediation import policy
from app.mediation.actions import rows
from app.mediation.actions.data import Anonymous, Counts, SessionData, check
from app.mediation.actions.log import check_need_open, check_workshop, note_logged
from app.mediation.actions.rows import Somewhere
from app.mediation.models import Participation, ParticipationFact, SessionLog, SessionText
from app.people import policy as people_policy
from app.people.actions import Known


def log_session_in(  # noqa: PLR0913
    batch: Batch, actor: Actor, who: Known, data: SessionData, today: date, place: Somewhere | None, need_open: bool
) -> None:
    """As `log_session` about a chosen need, with somebody registered in bulk, whose last contact was written then."""
    if not policy.can_log_with(actor, who.granted):
        raise NotFound
    rows.check_born(who.birth_year, data)
    check_need_open(need_open)
    fact = rows.fact_values(data.held_on, actor.structure_id, who)
    _keep(batch, actor, data, today, place, [(who.id, fact)], who.granted)


def log_anonymous_in(  # noqa: PLR0913
    batch: Batch, actor: Actor, who: Anonymous, data: SessionData, today: date, place: Somewhere | None
) -> None:
    """As `log_anonymous`."""
    if not policy.can_log(actor):
        raise NotFound
    fact = rows.anonymous_values(data.held_on, actor.structure_id, who)
    _keep(batch, actor, data, today, place, [(None, fact)], None)


def log_workshop_in(  # noqa: PLR0913
    batch: Batch, actor: Actor, counts: Counts, data: SessionData, today: date, place: Somewhere | None
) -> None:
    """As `log_workshop`."""
    check_workshop(actor, counts, data)
    facts = (rows.anonymous_values(data.held_on, actor.structure_id, who) for who in rows.dealt(counts))
    _keep(batch, actor, data, today, place, [(None, fact) for fact in facts], None)


def _keep(  # noqa: PLR0913
    batch: Batch,
    actor: Actor,
    data: SessionData,
    today: date,
    place: Somewhere | None,
    taking: Iterable[tuple[UUID | None, rows.Values]],
    granted: Granted | None,
) -> None:
    check(data, today)
    session_id, people = ids.new_id(), list(taking)
    written = {**people_policy.authorship(actor), **rows.noted_values(actor, data, place)}
    batch.add(SessionLog, {**written, "id": session_id, "need_id": data.need_id})
    if data.note:
        batch.add(SessionText, {**rows.text_values(actor, data.note, data.visibility), "session_id": session_id})
    for person_id, fact in people:
        participation_id = ids.new_id()
        batch.add(Participation, {"id": participation_id, "session_id": session_id, "person_id": person_id})
        batch.add(ParticipationFact, {**fact, "participation_id": participation_id})
    note_logged(actor, session_id, data.kind, len(people), granted)
