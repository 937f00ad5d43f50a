"""Data for load: what the bulk way writes is what the ordinary actions would have written, and refuses what they refuse."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from random import Random
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.cli.demo import Load, fill
from app.cli.demo.network import Network, build_network
from app.cli.demo.people import registration, somebody
from app.cli.demo.story import Volume
from app.kernel import clock, grants, ids
from app.kernel.access import Actor
from app.kernel.bulk import Batch
from app.kernel.db import Base, db
from app.kernel.errors import DomainError
from app.kernel.grants import Section
from app.kernel.journal import verify
from app.kernel.writes import commit
from app.mediation import actions as mediation
from app.mediation.actions import Anonymous, Counts, SessionData
from app.mediation.enums import Act, Autonomy, Channel, NoteVisibility, PlaceKind, SessionKind, Theme
from app.mediation.models import Participation, SessionLog
from app.needs import actions as needs
from app.needs.actions import CloseData, NeedData
from app.needs.enums import Demarche, NeedKind, NeedResult, Organisme, Priority, RightOutcome
from app.network.models import Place
from app.people import actions as people
from app.people.actions import Registration
from app.people.enums import Adaptation, AgeBand, AgeStatus, ConsentAnswer, Genre
from app.people.models import Person
from app.referrals.models import Referral
from config import Settings

TODAY = date(2026, 6, 15)
NOON = datetime(2026, 6, 15, 10, 0, tzinfo=UTC)
# Random by nature, or made of what is.
WIDE = NoteVisibility.NETWORK
CLOSED = CloseData(result=NeedResult.RESOLUE)
UNTOLD = {"code", "hash", "previous_hash"}
COMPARED = (
    "person",
    "person_identity",
    "person_adaptation",
    "search_key",
    "follow_up",
    "notice",
    "consent",
    "consent_recipient",
    "need",
    "need_text",
    "session_log",
    "session_text",
    "participation",
    "participation_fact",
    "journal_entry",
)


@dataclass(frozen=True)
class Visitor:
    """Somebody who registers, what they want, how it ends, and two sessions."""

    actor: Actor
    registration: Registration
    need: NeedData
    closing: CloseData | None
    sessions: tuple[SessionData, ...]


def visitors(network: Network) -> list[Visitor]:
    """Twelve people, with everything that a registration may hold."""
    rng = Random(7)
    hats = [network.hats["library"][0], network.hats["library"][1], network.hats["ccas"][2], network.hats["bus"][0]]
    return [_visitor(rng, rank, hats[rank % len(hats)], network) for rank in range(12)]


def _visitor(rng: Random, rank: int, actor: Actor, network: Network) -> Visitor:
    who = somebody(rng, rank, TODAY)
    agreed = replace(who, data=_particular(who.data, rank), agrees=rank % 3 != 0)
    data = registration(rng, agreed, TODAY - timedelta(days=20))
    assert data.register is not None
    recipients = tuple(network.structures[key] for key in ("words", "repair"))[: rank % 3]
    asked = replace(data.register, people_present="representative", recipients=recipients)
    need = NeedData(
        kind=NeedKind.DEMARCHE_EN_LIGNE,
        demarche=rng.choice(list(Demarche)),
        organismes=tuple(Organisme)[: rank % 3],
        priority=Priority.P2,
        due_on=TODAY if rank % 4 == 0 else None,
        note="Un courrier à comprendre" if rank % 3 == 1 else "",
    )
    closing = CloseData(result=NeedResult.RESOLUE, right_outcome=RightOutcome.YES, trip_avoided=True)
    sessions = tuple(_session(network, actor, rank + turn) for turn in range(2))
    return Visitor(actor, replace(data, register=asked), need, closing if rank % 2 else None, sessions)


def _particular(data: people.PersonData, rank: int) -> people.PersonData:
    if rank == 3:
        return replace(data, age_status=AgeStatus.UNDER_15, birth_year=2014)
    if rank == 5:
        return replace(
            data, adaptation=(next(iter(Adaptation)).value,), languages=("ar",), interpreter=True, birth_year=None
        )
    return data


def _session(network: Network, actor: Actor, turn: int) -> SessionData:
    places = network.places.get(network.key_of(actor.structure_id), [])
    kinds = (
        {"place_kind": PlaceKind.LIEU_ACTIVITE, "place_id": places[0]},
        {"place_kind": PlaceKind.DOMICILE, "commune_code": "47310"},
        {"place_kind": PlaceKind.A_DISTANCE, "channel": Channel.TELEPHONE},
    )
    values: dict[str, Any] = {
        "held_on": TODAY - timedelta(days=turn % 9),
        "minutes": 30 + turn,
        "themes": (Theme.AIDE_AUX_DEMARCHES_ADMINISTRATIVES, Theme.EMAIL),
        "acts": tuple(Act)[: turn % 3],
        "autonomy": list(Autonomy)[turn % len(Autonomy)],
        "note": "Revenue avec le courrier" if turn % 4 == 1 else "",
        "visibility": NoteVisibility.AUTHOR if turn % 8 == 1 else None,
    }
    return SessionData(**{**values, **kinds[turn % 3]})


def ordinarily(network: Network, coming: list[Visitor]) -> None:
    """The ordinary actions, one after the other."""
    for rank, one in enumerate(coming):
        with at(rank, 0):
            person = people.register(one.actor, one.registration)
            granted = grants.on_person(one.actor, person.id)
        with at(rank, 1):
            need = needs.open_need(one.actor, granted, one.need)
        for turn, data in enumerate(one.sessions):
            with at(rank, 2 + turn):
                mediation.log_session(one.actor, granted, replace(data, need_id=need.id), TODAY)
        if one.closing is not None:
            with at(rank, 9):
                needs.close_need(one.actor, granted, need.id, one.closing)
    for rank, (actor, who, data) in enumerate(strangers(network)):
        with at(rank + 20, 0):
            mediation.log_anonymous(actor, who, data, TODAY)
    for rank, (actor, counts, data) in enumerate(workshops(network)):
        with at(rank + 30, 0):
            mediation.log_workshop(actor, counts, data, TODAY)
    commit()


def in_bulk(network: Network, coming: list[Visitor]) -> None:
    """The same, through a batch."""
    batch, spots = Batch(), {place.id: place for place in db.session.scalars(select(Place))}
    for rank, one in enumerate(coming):
        with at(rank, 0):
            last = max(data.held_on for data in one.sessions)
            known = people.register_in(batch, one.actor, one.registration, last)
        with at(rank, 1):
            ended = (one.closing, moment(rank, 9)) if one.closing else None
            need_id = needs.open_need_in(batch, one.actor, known.granted, one.need, ended)
        for turn, data in enumerate(one.sessions):
            with at(rank, 2 + turn):
                about = replace(data, need_id=need_id)
                mediation.log_session_in(batch, one.actor, known, about, TODAY, _spot(spots, data), True)
        if one.closing is not None:
            with at(rank, 9):
                needs.note_closing(one.actor, known.granted, need_id, one.closing)
    for rank, (actor, who, data) in enumerate(strangers(network)):
        with at(rank + 20, 0):
            mediation.log_anonymous_in(batch, actor, who, data, TODAY, _spot(spots, data))
    for rank, (actor, counts, data) in enumerate(workshops(network)):
        with at(rank + 30, 0):
            mediation.log_workshop_in(batch, actor, counts, data, TODAY, _spot(spots, data))
    batch.write()
    commit()


def _spot(spots: dict[UUID, Place], data: SessionData) -> Place | None:
    return spots[data.place_id] if data.place_id else None


def strangers(network: Network) -> list[tuple[Actor, Anonymous, SessionData]]:
    actor = network.hats["bus"][0]
    who = Anonymous(genre=Genre.FEMININ, age_band=AgeBand.UNKNOWN, commune_code="47157")
    return [(actor, who, _session(network, actor, turn)) for turn in range(3)]


def workshops(network: Network) -> list[tuple[Actor, Counts, SessionData]]:
    actor = network.hats["library"][0]
    data = replace(_session(network, actor, 0), kind=SessionKind.COLLECTIF, autonomy=None, title="Atelier")
    return [(actor, Counts(total=4, genres=((Genre.FEMININ, 3),)), data)]


def moment(rank: int, step: int) -> datetime:
    return NOON + timedelta(minutes=10 * rank + step)


def at(rank: int, step: int) -> Any:
    return clock.fixed(moment(rank, step))


@contextmanager
def networked(app: Flask) -> Iterator[Network]:
    settings: Settings = app.extensions["settings"]
    with app.app_context(), ids.seeded(3):
        with clock.fixed(NOON - timedelta(days=60)):
            network = build_network(TODAY - timedelta(days=60), settings.hash_memory_kib)
            commit()
        yield network
        db.session.remove()


def told() -> dict[str, list[dict[str, Any]]]:
    """Every compared row, its ids replaced by the rank of what they name, in an order that does not depend on them."""
    found = {name: rows_of(name) for name in COMPARED}
    names: dict[Any, str] = {}
    for table in COMPARED:
        for rank, row in enumerate(found[table]):
            names[row.get("id")] = f"{table} {rank}"
            if table == "person":
                names[row["subject_key"]] = f"subject {rank}"
            if table == "participation":
                names[row["id"]] = f"one of {names[row['session_id']]}"
    return {table: sorted((_named(row, names) for row in rows), key=repr) for table, rows in found.items()}


def _named(row: dict[str, Any], names: dict[Any, str]) -> dict[str, Any]:
    kept = {name: value for name, value in row.items() if name not in UNTOLD}
    if row.get("anonymous"):
        kept["subject_key"] = "random"
    return {name: names.get(value, value) if isinstance(value, UUID) else value for name, value in kept.items()}


def rows_of(name: str) -> list[dict[str, Any]]:
    """Rows of a table, by identifier: in the order of the clock."""
    table = Base.metadata.tables[name]
    query = select(table).order_by(*table.primary_key.columns)
    return [dict(row._mapping) for row in db.session.execute(query)]


def test_bulk_writes_what_the_actions_write(make_app: Callable[[], Flask]) -> None:
    written = []
    for way in (ordinarily, in_bulk):
        with networked(make_app()) as network:
            way(network, visitors(network))
            assert verify() == []
            written.append(told())
    for table in COMPARED:
        assert written[1][table] == written[0][table], table
        assert written[0][table], f"nothing to compare in {table}"


def test_rights_known_without_asking_are_those_of_the_database(make_app: Callable[[], Flask]) -> None:
    with networked(make_app()) as network:
        batch = Batch()
        registered = [
            (one.actor, people.register_in(batch, one.actor, one.registration, TODAY)) for one in visitors(network)
        ]
        batch.write()
        assert {known.granted.opens(Section.ANSWERS) for _actor, known in registered} == {True, False}
        for actor, known in registered:
            assert grants.on_person(actor, known.id) == known.granted


def faults(network: Network) -> Iterator[tuple[str, Callable[[Batch], object], Callable[[], object]]]:
    """The same mistake made both ways: (name, in bulk, ordinarily)."""
    one = visitors(network)[0]
    actor, elsewhere = one.actor, network.hats["bus"][0]
    child = replace(one.registration, person=replace(one.registration.person, age_status=AgeStatus.UNDER_15))
    assert child.register is not None
    alone = replace(child, register=replace(child.register, answer=ConsentAnswer.GIVEN, people_present=""))
    elected = network.hats["agglomeration"][1]
    for name, who, data in (("a child alone", actor, alone), ("an elected official", elected, one.registration)):
        yield name, partial(_register_in, who, data), partial(people.register, who, data)
    good = _session(network, actor, 0)
    place = SimpleNamespace(id=good.place_id, structure_id=actor.structure_id, commune_code="47157")
    sessions = {
        "no theme": (actor, replace(good, themes=())),
        "tomorrow": (actor, replace(good, held_on=TODAY + timedelta(days=1))),
        "too long": (actor, replace(good, minutes=1440)),
        "a procedure without its theme": (actor, replace(good, themes=(Theme.EMAIL,), demarches=(Demarche.LOGEMENT,))),
        "the place of others": (elsewhere, good),
        "a note opened too wide": (network.hats["ccas"][2], replace(one.sessions[1], note="x", visibility=WIDE)),
    }
    for name, (who, data) in sessions.items():
        bulk = partial(_log_in, who, data, place if data.place_id else None)
        yield name, bulk, partial(mediation.log_anonymous, who, Anonymous(), data, TODAY)
    many = Counts(total=2, genres=((Genre.FEMININ, 3),))
    workshop = replace(good, kind=SessionKind.COLLECTIF, autonomy=None)
    bulk = partial(_workshop_in, actor, many, workshop, place)
    yield "more women than people", bulk, partial(mediation.log_workshop, actor, many, workshop, TODAY)


def _register_in(actor: Actor, data: Registration, batch: Batch) -> object:
    return people.register_in(batch, actor, data, TODAY)


def _log_in(actor: Actor, data: SessionData, place: Any, batch: Batch) -> object:
    return mediation.log_anonymous_in(batch, actor, Anonymous(), data, TODAY, place)


def _workshop_in(actor: Actor, counts: Counts, data: SessionData, place: Any, batch: Batch) -> object:
    return mediation.log_workshop_in(batch, actor, counts, data, TODAY, place)


def test_bulk_refuses_what_the_actions_refuse(make_app: Callable[[], Flask]) -> None:
    with networked(make_app()) as network:
        for name, in_batch, ordinary in faults(network):
            said = [refusal(lambda act=act: act()) for act in (partial(in_batch, Batch()), ordinary)]  # type: ignore[misc]
            assert said[0] == said[1], name
            db.session.rollback()


def refusal(act: Callable[[], object]) -> tuple[str, str, object]:
    with pytest.raises(DomainError) as refused:
        act()
    return type(refused.value).__name__, str(refused.value), getattr(refused.value, "field", None)


def test_a_session_with_somebody_is_refused_as_ordinarily(make_app: Callable[[], Flask]) -> None:
    """Before the person's birth, or about a need that is over."""
    with networked(make_app()) as network:
        batch, one = Batch(), visitors(network)[1]
        born = replace(one.registration, person=replace(one.registration.person, birth_year=TODAY.year))
        data = replace(_session(network, one.actor, 2), held_on=date(TODAY.year - 1, 12, 1))
        known = people.register_in(batch, one.actor, born, TODAY)
        need_id = needs.open_need_in(batch, one.actor, known.granted, one.need, (one.closing or CLOSED, NOON))
        batch.write()
        over = replace(data, held_on=TODAY, need_id=need_id)
        for case in (data, over):
            bulk = refusal(
                lambda case=case: mediation.log_session_in(batch, one.actor, known, case, TODAY, None, False)
            )  # type: ignore[misc]
            ordinary = refusal(lambda case=case: mediation.log_session(one.actor, known.granted, case, TODAY))  # type: ignore[misc]
            assert bulk == ordinary


def filled(app: Flask, load: Load) -> dict[str, str]:
    """Fill, and give one hash per table."""
    settings: Settings = app.extensions["settings"]
    said: list[str] = []
    with app.app_context(), clock.fixed(NOON):
        fill(settings, Volume(), said.append, load)
        assert re.fullmatch(r"  500 jours sur \d+ : \d+ personnes, \d+ séances", said[-1])
        digests = {name: hashlib.sha256(repr(rows_of(name)).encode()).hexdigest() for name in COMPARED}
        db.session.remove()
    return digests


@pytest.mark.slow
def test_a_load_is_exact_and_always_the_same(make_app: Callable[[], Flask]) -> None:
    load = Load(people=60, sessions=500)
    first, second = make_app(), make_app()
    assert filled(first, load) == filled(second, load)
    with first.app_context(), clock.fixed(NOON):
        assert verify() == []
        counted = [db.session.scalar(select(func.count()).select_from(table)) for table in (Person, SessionLog)]
        assert counted == [load.people, load.sessions]
        assert db.session.scalar(select(func.count()).select_from(Referral))
        met = select(Participation.person_id, func.max(SessionLog.held_on)).join(SessionLog)
        latest = dict(
            db.session.execute(met.where(Participation.person_id.is_not(None)).group_by(Participation.person_id)).all()
        )
        told_by_phone = set(db.session.scalars(select(Referral.person_id)))
        contacts = dict(db.session.execute(select(Person.id, Person.last_contact_on)).all())
        assert {key: day for key, day in latest.items() if key not in told_by_phone} == {
            key: day for key, day in contacts.items() if key not in told_by_phone
        }
