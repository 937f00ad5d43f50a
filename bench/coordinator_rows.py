"""A large network written in bulk: structures, people, needs, referrals and sessions over two years."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from app.accounts.models import Membership, User
from app.kernel import clock, ids
from app.kernel.access import Role
from app.kernel.db import db
from app.kernel.grants import Section
from app.kernel.writes import commit
from app.mediation.enums import Channel, PlaceKind, SessionKind
from app.mediation.models import Participation, ParticipationFact, SessionLog
from app.needs.enums import NeedKind, NeedResult, NeedState, Origin, Priority
from app.needs.models import Need
from app.network.enums import StructureKind
from app.network.models import Structure
from app.people.enums import AgeBand, ConsentAnswer, ConsentKind, ConsentWay, Genre, SocialStatus
from app.people.models import Consent, Person
from app.referrals.enums import DeclineReason, Outcome, State
from app.referrals.models import Referral
from app.territory import communes

EPCI, CHUNK = "200030674", 10_000
Rows = list[dict[str, Any]]


def fill(draw: Random, structures: int, referrals: int, people: int) -> Membership:
    towns = [one.code for one in communes.epci_members(EPCI)]
    homes = _structures(draw, structures, towns)
    user = User(id=ids.new_id(), email="coordination@example.org", display_name="Coordination", password_hash="-")
    hat = Membership(user_id=user.id, structure_id=homes[0], role=Role.COORDINATOR, starts_on=date(2020, 1, 1))
    db.session.add_all([user, hat])
    db.session.flush()
    persons = _people(draw, people, homes, towns)
    _referrals(draw, referrals, homes, persons, user.id)
    _sessions(draw, homes, persons, towns, user.id)
    commit()
    return hat


def _structures(draw: Random, count: int, towns: list[str]) -> list[UUID]:
    kinds = list(StructureKind)
    found = [ids.new_id() for _ in range(count)]
    _write(
        Structure,
        [
            {
                "id": one,
                "version": 1,
                "name": f"Structure {rank}",
                "kind": draw.choice(kinds),
                "commune_code": draw.choice(towns),
                "under_secrecy": False,
                "sensitive": rank % 40 == 39,
            }
            for rank, one in enumerate(found)
        ],
    )
    return found


def _people(draw: Random, count: int, homes: list[UUID], towns: list[str]) -> list[tuple[UUID, UUID, UUID]]:
    """(person, subject key, structure) of each."""
    found = [(ids.new_id(), ids.random_key(), draw.choice(homes)) for _ in range(count)]
    _write(
        Person,
        [
            {
                "id": one,
                "subject_key": key,
                "code": f"P{rank}",
                "version": 1,
                "referent_structure_id": home,
                "commune_code": draw.choice(towns),
                "last_contact_on": date(2026, 1, 1),
            }
            for rank, (one, key, home) in enumerate(found)
        ],
    )
    return found


def _referrals(
    draw: Random, count: int, homes: list[UUID], persons: list[tuple[UUID, UUID, UUID]], author: UUID
) -> None:
    """A need, a consent and a referral each; half of the structures' pairs are used often, as partners are."""
    today, kinds = clock.now(), list(NeedKind)
    partners = {home: draw.sample([one for one in homes if one != home], 12) for home in homes}
    needs, consents, sent = [], [], []
    for _rank in range(count):
        person, _key, home = draw.choice(persons)
        at = today - timedelta(days=draw.uniform(0, 364))
        need, consent = ids.new_id(), ids.new_id()
        ending = _ending(draw, at, today)
        kind = draw.choice(kinds)
        by = {"author_id": author, "structure_id": home, "secret": False, "version": 1}
        needs.append(by | {"id": need, "person_id": person, "kind": kind, "created_at": at} | _need_end(draw, at))
        consents.append(_consent(consent, person, home, author, at))
        sent.append(
            by
            | _referral(draw, kind, person, need, consent, at)
            | ending
            | {"recipient_id": draw.choice(partners[home])}
        )
    _write(Need, needs)
    _write(Consent, consents)
    _write(Referral, sent)


def _need_end(draw: Random, at: datetime) -> dict[str, Any]:
    common: dict[str, Any] = {"organismes": [], "origin": Origin.SPONTANEE, "priority": Priority.P3}
    if draw.random() < 0.3:
        return common | {"state": NeedState.OPEN, "result": None, "closed_at": None}
    return common | {"state": NeedState.CLOSED, "result": draw.choice(list(NeedResult)), "closed_at": at}


def _consent(consent: UUID, person: UUID, home: UUID, author: UUID, at: datetime) -> dict[str, Any]:
    return {
        "id": consent,
        "person_id": person,
        "kind": ConsentKind.REFERRAL,
        "answer": ConsentAnswer.GIVEN,
        "way": next(iter(ConsentWay)),
        "text_version": "1",
        "language": "fr",
        "sections": Section.IDENTITY,
        "starts_on": at.date(),
        "recorded_by": author,
        "structure_id": home,
    }


def _referral(  # noqa: PLR0913
    draw: Random, kind: NeedKind, person: UUID, need: UUID, consent: UUID, at: datetime
) -> dict[str, Any]:
    return {
        "id": ids.new_id(),
        "person_id": person,
        "need_id": need,
        "consent_id": consent,
        "path_id": ids.new_id(),
        "need_kind": kind,
        "urgency": Priority.P3,
        "adaptation": [],
        "sent_at": at,
        "at_risk": draw.random() < 0.2,
        "created_at": at,
    }


def _ending(draw: Random, at: datetime, now: datetime) -> dict[str, Any]:
    nothing: dict[str, Any] = dict.fromkeys(("answered_at", "ended_at", "outcome", "decline_reason", "next_clock_at"))
    answered = min(at + timedelta(days=draw.expovariate(1 / 8)), now)
    chance = draw.random()
    if chance < 0.15:
        return nothing | {"state": State.SENT, "next_clock_at": now}
    if chance < 0.25:
        return nothing | {"state": State.EXPIRED, "ended_at": now}
    if chance < 0.4:
        reason = draw.choice(list(DeclineReason))
        return nothing | {
            "state": State.DECLINED,
            "answered_at": answered,
            "ended_at": answered,
            "decline_reason": reason,
        }
    if chance < 0.55:
        return nothing | {"state": State.ACCEPTED, "answered_at": answered, "next_clock_at": now}
    return nothing | {
        "state": State.CLOSED,
        "answered_at": answered,
        "ended_at": answered,
        "outcome": draw.choice(list(Outcome)),
    }


def _sessions(
    draw: Random, homes: list[UUID], persons: list[tuple[UUID, UUID, UUID]], towns: list[str], author: UUID
) -> None:
    """Four sessions of each person."""
    logs, parts, facts = [], [], []
    for person, key, home in [one for one in persons for _ in range(4)]:
        log, part = ids.new_id(), ids.new_id()
        day = clock.now().date() - timedelta(days=draw.randrange(720))
        logs.append(_session(log, home, author, day))
        parts.append({"id": part, "session_id": log, "person_id": person})
        facts.append(_fact(draw, part, key, home, day, towns))
    _write(SessionLog, logs)
    _write(Participation, parts)
    _write(ParticipationFact, facts)


def _session(log: UUID, home: UUID, author: UUID, day: date) -> dict[str, Any]:
    lists: dict[str, Any] = {name: [] for name in ("materials", "themes", "demarches", "organismes", "acts")}
    return lists | {
        "id": log,
        "version": 1,
        "author_id": author,
        "structure_id": home,
        "secret": False,
        "kind": SessionKind.INDIVIDUEL,
        "held_on": day,
        "minutes": 30,
        "place_kind": PlaceKind.A_DISTANCE,
        "channel": next(iter(Channel)),
        "title": "",
    }


def _fact(  # noqa: PLR0913
    draw: Random, part: UUID, key: UUID, home: UUID, day: date, towns: list[str]
) -> dict[str, Any]:
    return {
        "participation_id": part,
        "subject_key": key,
        "anonymous": False,
        "held_on": day,
        "structure_id": home,
        "age_band": draw.choice(list(AgeBand)),
        "genre": draw.choice(list(Genre)),
        "statut_social": draw.choice(list(SocialStatus)),
        "area_code": draw.choice(towns),
    }


def _write(model: Any, rows: Rows) -> None:
    for first in range(0, len(rows), CHUNK):
        db.session.execute(insert(model), rows[first : first + CHUNK])
