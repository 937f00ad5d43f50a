"""Logging a session: with somebody of the register, without a name, or a workshop counted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from app.kernel import ids, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import DomainError, NotFound
from app.kernel.grants import Granted
from app.kernel.i18n import lazy_gettext as _
from app.mediation import policy
from app.mediation.actions.data import (
    ELSEWHERE,
    Anonymous,
    Counts,
    SessionData,
    check,
    count_faults,
    need_behind,
)
from app.mediation.enums import NoteVisibility, PlaceKind, SessionKind
from app.mediation.models import Participation, ParticipationFact, SessionLog, SessionText
from app.needs import actions as needs
from app.needs import queries as need_queries
from app.needs.actions import NeedData
from app.network.models import Place
from app.people import actions as people
from app.people import policy as people_policy
from app.people.enums import AgeBand, Genre, SocialStatus, age_band
from app.people.models import Person

PLAIN = ("kind", "held_on", "minutes", "place_kind", "channel", "autonomy", "posture", "title")
LISTS = ("materials", "themes", "demarches", "organismes", "acts")
Code = TypeVar("Code")


def log_session(actor: Actor, granted: Granted, data: SessionData, today: date) -> SessionLog:
    """Log an individual session with this person: one accompaniment, its facts, and the need it answers.

    NotFound when the actor does not follow the person; DomainError on the field of a broken rule.
    """
    if not policy.can_log_with(actor, granted):
        raise NotFound
    person = db.session.get_one(Person, granted.person_id)
    _check_born(person, data)
    session = _session(actor, data, today)
    session.need_id = need_of_session(actor, granted, data)
    fact = person_fact(session, person)
    session.participations = [Participation(id=ids.new_id(), person_id=person.id, fact=fact)]
    _keep(actor, session, granted)
    people.met(person.id, data.held_on)
    return session


def log_anonymous(actor: Actor, who: Anonymous, data: SessionData, today: date) -> SessionLog:
    """Log an individual session with somebody who is not in the register, or not yet: counted as new each time."""
    if not policy.can_log(actor):
        raise NotFound
    session = _session(actor, data, today)
    session.participations = [Participation(id=ids.new_id(), fact=anonymous_fact(session, who))]
    _keep(actor, session)
    return session


def log_workshop(actor: Actor, counts: Counts, data: SessionData, today: date) -> SessionLog:
    """Log a workshop of anonymous participants: as many accompaniments as people.

    Genres, age bands and statuses are dealt out separately: each total is true, their crossing means nothing.
    """
    if not policy.can_log(actor) or data.kind is not SessionKind.COLLECTIF:
        raise NotFound
    for field, message in count_faults(counts):
        raise DomainError(message, field)
    session = _session(actor, data, today)
    session.participations = [
        Participation(id=ids.new_id(), fact=anonymous_fact(session, who)) for who in _dealt(counts)
    ]
    _keep(actor, session)
    return session


def _dealt(counts: Counts) -> list[Anonymous]:
    genres = _each(counts.genres, counts.total, Genre.NON_COMMUNIQUE)
    bands = _each(counts.age_bands, counts.total, AgeBand.UNKNOWN)
    statuses = _each(counts.statuses, counts.total, SocialStatus.NON_COMMUNIQUE)
    return [
        Anonymous(genre=genre, age_band=band, statut_social=status, commune_code=counts.commune_code)
        for genre, band, status in zip(genres, bands, statuses, strict=True)
    ]


def _each(parts: Iterable[tuple[Code, int]], total: int, unknown: Code) -> list[Code]:
    known = [code for code, number in parts for _rank in range(number)]
    return known + [unknown] * (total - len(known))


def _session(actor: Actor, data: SessionData, today: date) -> SessionLog:
    check(data, today)
    session = SessionLog(id=ids.new_id(), **people_policy.authorship(actor))
    write(actor, session, data)
    if data.note:
        session.text = text_of(actor, data.note, data.visibility)
    return session


def write(actor: Actor, session: SessionLog, data: SessionData) -> None:
    """Put what was noted in the row. The place must be one of the structure's; a session in it takes its commune."""
    for name in PLAIN:
        setattr(session, name, getattr(data, name))
    for name in LISTS:
        setattr(session, name, [one.value for one in getattr(data, name)])
    session.place_id, session.commune_code = _where(actor, session.place_id, data)


def _where(actor: Actor, kept: UUID | None, data: SessionData) -> tuple[UUID | None, str | None]:
    if data.place_kind in ELSEWHERE:
        return None, data.commune_code
    if data.place_kind is PlaceKind.A_DISTANCE:
        return None, None
    query = select(Place).where(Place.id == data.place_id)
    place = db.session.scalars(query).first()
    if place is None or (place.structure_id != actor.structure_id and place.id != kept):
        raise DomainError(_("Choisissez un lieu de votre structure."), "place_id")
    return place.id, place.commune_code


def text_of(actor: Actor, note: str, visibility: NoteVisibility | None) -> SessionText:
    """The note and whom it is opened to. DomainError when this hat cannot open it so."""
    chosen = visibility or policy.default_visibility(actor)
    if chosen not in policy.visibilities(actor):
        raise DomainError(_("Choisissez qui peut lire cette note."), "visibility")
    return SessionText(note=note, visibility=chosen, team_id=actor.team_id)


def need_of_session(actor: Actor, granted: Granted, data: SessionData) -> UUID:
    """The chosen need, or the one that the session opens silently."""
    if data.need_id is not None:
        if not need_queries.is_open(actor, granted, data.need_id):
            raise DomainError(_("Cette demande n’est plus en cours : choisissez-en une autre."), "need")
        return data.need_id
    kind, demarche = need_behind(data)
    if data.new_need:
        fresh = NeedData(kind=kind, demarche=demarche, organismes=data.organismes)
        return needs.open_need(actor, granted, fresh).id
    return needs.silent_need(actor, granted, kind, demarche, data.organismes).id


def person_fact(session: SessionLog, person: Person) -> ParticipationFact:
    """What statistics will count of this person in this session, as things stand at its date."""
    return ParticipationFact(
        subject_key=person.subject_key,
        anonymous=False,
        held_on=session.held_on,
        structure_id=session.structure_id,
        age_band=age_band(person.birth_year, session.held_on.year),
        genre=person.genre,
        statut_social=person.statut_social,
        area_code=person.commune_code,
    )


def anonymous_fact(session: SessionLog, who: Anonymous) -> ParticipationFact:
    """The same for somebody without a name: a random key that no other session will bear."""
    return ParticipationFact(
        subject_key=ids.random_key(),
        anonymous=True,
        held_on=session.held_on,
        structure_id=session.structure_id,
        age_band=who.age_band,
        genre=who.genre,
        statut_social=who.statut_social,
        area_code=who.commune_code,
    )


def _check_born(person: Person, data: SessionData) -> None:
    if person.birth_year is not None and person.birth_year > data.held_on.year:
        raise DomainError(_("Cette date est avant la naissance de la personne : vérifiez l’année."), "held_on")


def _keep(actor: Actor, session: SessionLog, granted: Granted | None = None) -> None:
    db.session.add(session)
    db.session.flush()
    journal.note(
        actor,
        "session.log",
        "session_log",
        session.id,
        person_id=granted.person_id if granted else None,
        grant=granted.source if granted else "",
        kind=session.kind.value,
        people=len(session.participations),
    )
