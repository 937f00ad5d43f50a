"""Logging a session: with somebody of the register, without a name, or a workshop counted."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.kernel import ids, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import DomainError, NotFound
from app.kernel.grants import Granted
from app.kernel.i18n import lazy_gettext as _
from app.mediation import policy
from app.mediation.actions import rows
from app.mediation.actions.data import Anonymous, Counts, SessionData, check, count_faults, need_behind
from app.mediation.enums import PlaceKind, SessionKind
from app.mediation.models import Participation, ParticipationFact, SessionLog, SessionText
from app.needs import actions as needs
from app.needs import queries as need_queries
from app.needs.actions import NeedData
from app.network.models import Place
from app.people import actions as people
from app.people import policy as people_policy
from app.people.models import Person


def log_session(actor: Actor, granted: Granted, data: SessionData, today: date) -> SessionLog:
    """Log an individual session with this person: one accompaniment, its facts, and the need it answers.

    NotFound when the actor does not follow the person; DomainError on the field of a broken rule.
    """
    if not policy.can_log_with(actor, granted):
        raise NotFound
    person = db.session.get_one(Person, granted.person_id)
    rows.check_born(person.birth_year, data)
    session = _session(actor, data, today)
    session.need_id = need_of_session(actor, granted, data)
    fact = ParticipationFact(**rows.fact_values(data.held_on, actor.structure_id, person))
    session.participations = [Participation(id=ids.new_id(), person_id=person.id, fact=fact)]
    _keep(actor, session, granted)
    people.met(person.id, data.held_on)
    return session


def log_anonymous(actor: Actor, who: Anonymous, data: SessionData, today: date) -> SessionLog:
    """Log an individual session with somebody who is not in the register, or not yet: counted as new each time."""
    if not policy.can_log(actor):
        raise NotFound
    session = _session(actor, data, today)
    session.participations = [Participation(id=ids.new_id(), fact=_anonymous(actor, data, who))]
    _keep(actor, session)
    return session


def log_workshop(actor: Actor, counts: Counts, data: SessionData, today: date) -> SessionLog:
    """Log a workshop of anonymous participants: as many accompaniments as people.

    Genres, age bands and statuses are dealt out separately: each total is true, their crossing means nothing.
    """
    check_workshop(actor, counts, data)
    session = _session(actor, data, today)
    session.participations = [
        Participation(id=ids.new_id(), fact=_anonymous(actor, data, who)) for who in rows.dealt(counts)
    ]
    _keep(actor, session)
    return session


def check_workshop(actor: Actor, counts: Counts, data: SessionData) -> None:
    """NotFound for a hat that logs nothing, or a session that is no workshop; DomainError on a count that is wrong."""
    if not policy.can_log(actor) or data.kind is not SessionKind.COLLECTIF:
        raise NotFound
    for field, message in count_faults(counts):
        raise DomainError(message, field)


def _anonymous(actor: Actor, data: SessionData, who: Anonymous) -> ParticipationFact:
    return ParticipationFact(**rows.anonymous_values(data.held_on, actor.structure_id, who))


def _session(actor: Actor, data: SessionData, today: date) -> SessionLog:
    check(data, today)
    session = SessionLog(id=ids.new_id(), **people_policy.authorship(actor))
    write(actor, session, data)
    if data.note:
        session.text = SessionText(**rows.text_values(actor, data.note, data.visibility))
    return session


def write(actor: Actor, session: SessionLog, data: SessionData) -> None:
    """Put what was noted in the row. The place must be one of the structure's; a session in it takes its commune."""
    at_place = data.place_kind is PlaceKind.LIEU_ACTIVITE
    place = db.session.scalars(select(Place).where(Place.id == data.place_id)).first() if at_place else None
    for name, value in rows.noted_values(actor, data, place, session.place_id).items():
        setattr(session, name, value)


def need_of_session(actor: Actor, granted: Granted, data: SessionData) -> UUID:
    """The chosen need, or the one that the session opens silently."""
    if data.need_id is not None:
        check_need_open(need_queries.is_open(actor, granted, data.need_id))
        return data.need_id
    kind, demarche = need_behind(data)
    if data.new_need:
        fresh = NeedData(kind=kind, demarche=demarche, organismes=data.organismes)
        return needs.open_need(actor, granted, fresh).id
    return needs.silent_need(actor, granted, kind, demarche, data.organismes).id


def check_need_open(is_open: bool) -> None:
    """DomainError for a session about a need that is over."""
    if not is_open:
        raise DomainError(_("Cette demande n’est plus en cours : choisissez-en une autre."), "need")


def _keep(actor: Actor, session: SessionLog, granted: Granted | None = None) -> None:
    db.session.add(session)
    db.session.flush()
    note_logged(actor, session.id, session.kind, len(session.participations), granted)


def note_logged(actor: Actor, session_id: UUID, kind: SessionKind, people: int, granted: Granted | None) -> None:
    """Journal a session: its kind, and how many people were there."""
    journal.note(
        actor,
        "session.log",
        "session_log",
        session_id,
        person_id=granted.person_id if granted else None,
        grant=granted.source if granted else "",
        kind=kind.value,
        people=people,
    )
