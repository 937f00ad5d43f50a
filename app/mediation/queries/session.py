"""One session on its page, and the people it may be attached to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select

from app.accounts import queries as account_queries
from app.kernel import grants, journal
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.grants import Granted, Right, Section
from app.mediation import policy
from app.mediation.enums import (
    Act,
    Autonomy,
    Channel,
    Material,
    NoteVisibility,
    PlaceKind,
    Posture,
    SessionKind,
    Theme,
)
from app.mediation.models import Participation, ParticipationFact, SessionLog, SessionText
from app.mediation.queries.lists import demarches_shown
from app.needs import queries as need_queries
from app.needs.enums import Demarche, Organisme
from app.network import queries as network_queries
from app.network.models import Place
from app.people import queries as people_queries
from app.people.enums import AgeBand, Genre, PersonState, SocialStatus
from app.people.models import Person

SEEN_LATELY = 12


@dataclass(frozen=True)
class Details:
    """What the desk does not read of a session logged by somebody else."""

    minutes: int
    place_kind: PlaceKind
    place_id: UUID | None
    place_name: str
    commune_code: str | None
    channel: Channel
    materials: tuple[Material, ...]
    demarches: tuple[Demarche, ...]
    organismes: tuple[Organisme, ...]
    acts: tuple[Act, ...]
    autonomy: Autonomy | None
    posture: Posture | None
    need_id: UUID | None
    need_title: str


@dataclass(frozen=True)
class Facts:
    """What is known of an anonymous participant."""

    genre: Genre
    age_band: AgeBand
    statut_social: SocialStatus
    area_code: str | None


@dataclass(frozen=True)
class SessionView:
    """One session. `details`, `note` and `visibility` are None when they are not open to the reader.

    `anonymous` are the facts of the only participant while nobody of the register is attached.
    """

    id: UUID
    version: int
    kind: SessionKind
    held_on: date
    title: str
    themes: tuple[Theme, ...]
    people: int
    person_id: UUID | None
    person: str
    attached: bool
    author_id: UUID
    structure_id: UUID
    team_id: UUID | None
    by: str
    details: Details | None
    anonymous: Facts | None
    note: str | None
    visibility: NoteVisibility | None


@dataclass(frozen=True)
class Recent:
    """Somebody seen lately, whom a session may be attached to."""

    id: UUID
    label: str
    birth_year: int | None


def get(actor: Actor, session_id: UUID) -> SessionView:
    """One session of ours, or with a person whose sessions are open to us; else NotFound. Journalled as read."""
    session, taking = db.session.get(SessionLog, session_id), _participants(session_id)
    person_id = taking[0].person_id if len(taking) == 1 else None
    # Asked even of nobody: a session that does not exist costs what a hidden one does.
    granted = grants.on_person(actor, person_id or session_id)
    if session is None or not policy.can_log(actor):
        raise NotFound
    if not policy.is_ours(actor, session) and not _opened(session, granted):
        raise NotFound
    if granted:
        journal.read_person(actor, granted, "session")
    return _view(actor, session, taking, granted or None)


def _opened(session: SessionLog, granted: Granted) -> bool:
    return granted.opens(Section.SESSIONS) and not session.secret


def _participants(session_id: UUID) -> list[Participation]:
    return list(db.session.scalars(select(Participation).where(Participation.session_id == session_id)))


def _view(actor: Actor, session: SessionLog, taking: list[Participation], granted: Granted | None) -> SessionView:
    known = granted is not None and granted.opens(Section.IDENTITY)
    person_id = granted.person_id if granted is not None and known else None
    text = _text(actor, session.id, granted)
    return SessionView(
        session.id,
        session.version,
        session.kind,
        session.held_on,
        session.title,
        tuple(Theme(value) for value in session.themes),
        len(taking),
        person_id,
        people_queries.labels(actor, {person_id}).get(person_id, "") if person_id else "",
        any(one.person_id for one in taking),
        session.author_id,
        session.structure_id,
        session.team_id,
        _by(actor, session),
        _details(actor, session, granted) if policy.sees_details(actor, session) else None,
        _facts(taking),
        text.note if text else None,
        text.visibility if text else None,
    )


def _text(actor: Actor, session_id: UUID, granted: Granted | None) -> SessionText | None:
    query = select(SessionText).join(SessionLog, SessionLog.id == SessionText.session_id)
    return db.session.scalars(
        query.where(SessionText.session_id == session_id, policy.note_readable(actor, granted))
    ).first()


def _by(actor: Actor, session: SessionLog) -> str:
    """A colleague by name; of another structure, the structure alone."""
    if session.structure_id == actor.structure_id:
        return account_queries.display_names({session.author_id}).get(session.author_id, "")
    return network_queries.names(actor, {session.structure_id}).get(session.structure_id, "")


def _details(actor: Actor, session: SessionLog, granted: Granted | None) -> Details:
    need = {session.need_id} if session.need_id else set()
    titles = need_queries.titles(actor, granted, need) if granted else {}
    return Details(
        session.minutes,
        session.place_kind,
        session.place_id,
        _place_name(session.place_id),
        session.commune_code,
        session.channel,
        tuple(Material(value) for value in session.materials),
        demarches_shown(actor, granted, session),
        tuple(Organisme(value) for value in session.organismes),
        tuple(Act(value) for value in session.acts),
        session.autonomy,
        session.posture,
        session.need_id if titles else None,
        next(iter(titles.values()), ""),
    )


def _place_name(place_id: UUID | None) -> str:
    found = db.session.scalar(select(Place.name).where(Place.id == place_id)) if place_id else None
    return found or ""


def _facts(taking: list[Participation]) -> Facts | None:
    if len(taking) != 1 or taking[0].person_id is not None:
        return None
    fact = db.session.get_one(ParticipationFact, taking[0].id)
    return Facts(fact.genre, fact.age_band, fact.statut_social, fact.area_code)


def attachable_to(actor: Actor) -> list[Recent]:
    """The people seen lately whom the actor follows and may write about, the last one met first."""
    query = select(Person).where(Person.id.in_(_followed(actor)), Person.state == PersonState.ACTIVE)
    found = list(db.session.scalars(query.order_by(Person.last_contact_on.desc(), Person.id.desc()).limit(SEEN_LATELY)))
    names = people_queries.labels(actor, {person.id for person in found})
    return [Recent(p.id, names[p.id], p.birth_year) for p in found if p.id in names]


def attachable(actor: Actor, person_ids: set[UUID]) -> set[UUID]:
    """Which of these people the actor may write about."""
    ours = grants.opens(actor, Person.id, Section.IDENTITY, Right.WRITE)
    query = select(Person.id).where(Person.id.in_(person_ids), ours)
    return set(db.session.scalars(query)) if person_ids else set()


def _followed(actor: Actor) -> Select[UUID]:
    rows = grants.granted_rows(actor)
    return select(rows.c.person_id).where(
        rows.c.right == Right.WRITE.value, grants.includes(rows.c.sections, Section.IDENTITY)
    )
