"""What statistics will count: written once, never changed by what becomes of the person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.kernel import grants
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError, NotFound
from app.kernel.journal.models import JournalEntry
from app.kernel.writes import commit
from app.mediation import actions
from app.mediation.actions import Anonymous, Counts
from app.mediation.enums import SessionKind
from app.mediation.models import Participation, ParticipationFact, SessionLog
from app.needs.models import Need
from app.people import actions as people
from app.people.actions import PersonData
from app.people.enums import AgeBand, Genre, SocialStatus
from app.people.models import Person
from tests.mediation.helpers import data, log, log_anonymous, years_before
from tests.support.world import World, add_person


def only_fact() -> ParticipationFact:
    return db.session.scalars(select(ParticipationFact)).one()


def as_written(fact: ParticipationFact) -> dict[str, object]:
    return {column.key: getattr(fact, column.key) for column in ParticipationFact.__table__.columns}


def test_facts_are_those_of_the_day(app: Flask, world: World) -> None:
    day = years_before(world.today, 2)
    with app.app_context():
        actor = world.actors["library.adviser"]
        about = {"genre": Genre.FEMININ, "statut_social": SocialStatus.RETRAITE, "commune_code": "47157"}
        person_id = add_person(world, "library.adviser", "Rose", "Petit", birth_year=day.year - 39, **about)
        commit()
    log(world, person=person_id, held_on=day)
    with app.app_context():
        person, fact = db.session.get_one(Person, person_id), only_fact()
        assert (fact.subject_key, fact.anonymous, fact.held_on) == (person.subject_key, False, day)
        # 39 that year; 41 today.
        assert fact.age_band is AgeBand.FROM_25
        assert (fact.genre, fact.statut_social, fact.area_code) == (Genre.FEMININ, SocialStatus.RETRAITE, "47157")
        assert fact.structure_id == actor.structure_id


def test_a_corrected_person_changes_no_fact(app: Flask, world: World) -> None:
    log(world)
    with app.app_context():
        before = as_written(only_fact())
        actor = world.actors["library.adviser"]
        granted = grants.on_person(actor, world.people["amina"])
        person = db.session.get_one(Person, world.people["amina"])
        changed = PersonData(
            first_name="X",
            birth_year=2001,
            genre=Genre.MASCULIN,
            statut_social=SocialStatus.SCOLARISE,
            commune_code="33063",
        )
        people.correct(actor, granted, changed, person.version)
        commit()
    with app.app_context():
        db.session.expire_all()
        assert as_written(only_fact()) == before


def test_the_last_contact_follows(app: Flask, world: World) -> None:
    with app.app_context():
        person = db.session.get_one(Person, world.people["amina"])
        person.last_contact_on = date(2020, 1, 1)
        commit()
    log(world)
    with app.app_context():
        db.session.expire_all()
        assert db.session.get_one(Person, world.people["amina"]).last_contact_on == world.today


def test_two_anonymous_sessions_are_two_people(app: Flask, world: World) -> None:
    known = Anonymous(genre=Genre.MASCULIN, age_band=AgeBand.FROM_60, commune_code="47310")
    log_anonymous(world, known=known)
    log_anonymous(world, known=known)
    with app.app_context():
        facts = db.session.scalars(select(ParticipationFact)).all()
        assert len({fact.subject_key for fact in facts}) == 2
        assert {(fact.anonymous, fact.age_band, fact.area_code) for fact in facts} == {(True, AgeBand.FROM_60, "47310")}
        assert db.session.scalar(select(func.count()).select_from(Need)) == 0


def test_attaching_counts_the_person_once(app: Flask, world: World) -> None:
    day = years_before(world.today, 1)
    with_name = log(world)
    loose = log_anonymous(
        world, known=Anonymous(statut_social=SocialStatus.EN_EMPLOI, genre=Genre.MASCULIN), held_on=day
    )
    with app.app_context():
        actor = world.actors["library.adviser"]
        granted = grants.on_person(actor, world.people["amina"])
        actions.attach(actor, loose, granted)
        commit()
    with app.app_context():
        person = db.session.get_one(Person, world.people["amina"])
        facts = db.session.scalars(select(ParticipationFact).join(Participation)).all()
        assert {fact.subject_key for fact in facts} == {person.subject_key}
        attached = db.session.scalars(select(Participation).where(Participation.session_id == loose)).one()
        assert attached.person_id == person.id
        fact = attached.fact
        assert (fact.anonymous, fact.held_on) == (False, day)
        # Born in 1958: the band is that of the session's year; what the card does not say stays as noted.
        assert fact.age_band is AgeBand.FROM_60
        assert (fact.genre, fact.statut_social) == (Genre.MASCULIN, SocialStatus.EN_EMPLOI)
        entry = db.session.scalars(select(JournalEntry).where(JournalEntry.action == "session.attach")).one()
        assert (entry.object_id, entry.person_id) == (loose, person.id)
        needs = {db.session.get_one(SessionLog, one).need_id for one in (with_name, loose)}
        assert len(needs) == 1


def test_attaching_twice_is_a_conflict(app: Flask, world: World) -> None:
    loose = log_anonymous(world)
    with app.app_context():
        actor = world.actors["library.adviser"]
        granted = grants.on_person(actor, world.people["amina"])
        actions.attach(actor, loose, granted)
        with pytest.raises(Conflict):
            actions.attach(actor, loose, granted)


@pytest.mark.parametrize("who", ["ccas.adviser", "library.desk", "coordinator"])
def test_only_who_may_correct_attaches(app: Flask, world: World, who: str) -> None:
    loose = log_anonymous(world)
    with app.app_context():
        granted = grants.on_person(world.actors["library.adviser"], world.people["amina"])
        with pytest.raises(NotFound):
            actions.attach(world.actors[who], loose, granted)


def test_nobody_is_attached_to_a_person_they_do_not_follow(app: Flask, world: World) -> None:
    loose = log_anonymous(world)
    with app.app_context():
        actor = world.actors["library.adviser"]
        with pytest.raises(NotFound):
            actions.attach(actor, loose, grants.on_person(actor, world.people["jean"]))


def test_a_workshop_of_eight_is_eight_accompaniments(app: Flask, world: World) -> None:
    counts = Counts(
        total=8,
        genres=((Genre.FEMININ, 5), (Genre.MASCULIN, 2)),
        age_bands=((AgeBand.FROM_70, 8),),
        statuses=((SocialStatus.RETRAITE, 6),),
    )
    with app.app_context():
        actor = world.actors["library.adviser"]
        actions.log_workshop(actor, counts, data(world, kind=SessionKind.COLLECTIF, title="Tablette"), world.today)
        commit()
    with app.app_context():
        facts = db.session.scalars(select(ParticipationFact)).all()
        assert len({fact.subject_key for fact in facts}) == 8
        genres = [fact.genre for fact in facts]
        assert [genres.count(code) for code in (Genre.FEMININ, Genre.MASCULIN, Genre.NON_COMMUNIQUE)] == [5, 2, 1]
        assert [fact.statut_social for fact in facts].count(SocialStatus.RETRAITE) == 6
        assert {fact.age_band for fact in facts} == {AgeBand.FROM_70}


def test_a_workshop_that_does_not_add_up_is_refused(app: Flask, world: World) -> None:
    with app.app_context():
        actor = world.actors["library.adviser"]
        workshop = data(world, kind=SessionKind.COLLECTIF)
        with pytest.raises(DomainError) as refusal:
            actions.log_workshop(actor, Counts(total=2, genres=((Genre.FEMININ, 3),)), workshop, world.today)
        assert refusal.value.field == "genres"


def test_the_facts_follow_a_corrected_date_and_nothing_else(app: Flask, world: World) -> None:
    day = years_before(world.today, 4)
    with app.app_context():
        person_id = add_person(world, "library.adviser", "Rose", "Petit", birth_year=world.today.year - 40)
        commit()
    session_id = log(world, person=person_id)
    with app.app_context():
        before = as_written(only_fact())
        assert before["age_band"] is AgeBand.FROM_40
        db.session.get_one(Person, person_id).genre = Genre.MASCULIN
        actor = world.actors["library.adviser"]
        version = db.session.get_one(SessionLog, session_id).version
        actions.correct_session(actor, session_id, data(world, held_on=day), version, world.today)
        commit()
    with app.app_context():
        db.session.expire_all()
        assert as_written(only_fact()) == {**before, "held_on": day, "age_band": AgeBand.FROM_25}


def test_before_the_persons_birth_is_refused(app: Flask, world: World) -> None:
    with app.app_context():
        actor = world.actors["library.adviser"]
        baby = add_person(world, "library.adviser", "Léo", "Petit", birth_year=world.today.year)
        wrong = data(world, held_on=years_before(world.today, 1))
        with pytest.raises(DomainError) as refusal:
            actions.log_session(actor, grants.on_person(actor, baby), wrong, world.today)
        assert refusal.value.field == "held_on"


def test_silent_needs(app: Flask, world: World) -> None:
    log(world)
    log(world)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Need)) == 1
        actor = world.actors["library.adviser"]
        granted = grants.on_person(actor, world.people["amina"])
        fresh = replace(data(world), new_need=True)
        session = actions.log_session(actor, granted, fresh, world.today)
        assert db.session.scalar(select(func.count()).select_from(Need)) == 2
        chosen = actions.log_session(actor, granted, replace(data(world), need_id=session.need_id), world.today)
        assert chosen.need_id == session.need_id


def test_the_need_of_somebody_else_is_refused(app: Flask, world: World) -> None:
    log(world, "ccas.adviser", "jean")
    with app.app_context():
        theirs = db.session.scalars(select(Need.id)).one()
        actor = world.actors["library.adviser"]
        granted = grants.on_person(actor, world.people["amina"])
        with pytest.raises(DomainError) as refusal:
            actions.log_session(actor, granted, replace(data(world), need_id=theirs), world.today)
        assert refusal.value.field == "need"
