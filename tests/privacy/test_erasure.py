"""After anonymising, nothing seeded is left: in any table, nor in the bytes of the SQLite file. Past figures do not move."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from app.assessments import actions as assessments
from app.assessments.actions import Answer
from app.assessments.enums import Mode
from app.assessments.models import Assessment
from app.kernel import clock, grants, scan
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.kernel.journal import verify
from app.kernel.writes import commit
from app.mediation import actions as mediation
from app.mediation.actions import SessionData
from app.mediation.enums import PlaceKind, Theme
from app.mediation.models import ParticipationFact
from app.needs import actions as needs
from app.needs.actions import NeedData
from app.needs.enums import NeedKind
from app.people import actions as people
from app.people.models import Person
from app.privacy import actions as privacy
from app.referrals import actions as referrals
from app.referrals.actions import Agreement, DraftData
from app.referrals.enums import State
from app.referrals.models import Referral
from tests.support.world import World, add_person, build_world

EXPRESS = {"M1": "langue", "U2": "droit", "L1": "peu", "S1": "bloque", "C2": "avec", "T2": "avec"}
WORDS = (
    "Zéphyrine",
    "Quetzalcoatl",
    "639981234",
    "zephyrine@exemple.example",
    "gargouille",
    "hippocampe",
    "ornithorynque",
)


def life_of(world: World) -> Person:
    """Somebody known by every room: words in a need, a session, a referral, a search, an assessment."""
    actor = world.actors["library.adviser"]
    contact = {"phone": "+33639981234", "email": WORDS[3], "adaptation": ("vue",), "languages": ("ar",)}
    person_id = add_person(world, "library.adviser", WORDS[0], WORDS[1], birth_year=1951, **contact)
    granted = grants.on_person(actor, person_id)
    need = needs.open_need(actor, granted, NeedData(kind=NeedKind.ACCES_AUX_DROITS, note="dossier gargouille"))
    session = SessionData(
        held_on=world.today,
        minutes=30,
        themes=(Theme.EMAIL,),
        place_kind=PlaceKind.A_DISTANCE,
        need_id=need.id,
        note="la note hippocampe",
    )
    mediation.log_session(actor, granted, session, world.today)
    begun = assessments.start(actor, granted, Mode.EXPRESS)
    assessments.save_sheet(actor, granted, begun.id, {q: Answer(code) for q, code in EXPRESS.items()}, None)
    world.made["assessment"] = assessments.finish(actor, granted, begun.id).id
    data = DraftData(need_id=need.id, recipients=(world.structures["ccas"],), message="le message ornithorynque")
    draft = referrals.draft(actor, granted, data)
    referrals.send(actor, draft.id, Agreement(sections=SHARED_BY_DEFAULT | Section.NOTES))
    people.save_search(actor, WORDS[1])
    return db.session.get_one(Person, person_id)


@pytest.fixture
def lived(committed_app: Flask) -> tuple[Flask, World]:
    world = build_world(committed_app)
    with committed_app.app_context():
        person = life_of(world)
        world.made["person"] = person.id
        world.made["code"] = person.code  # type: ignore[assignment]
        commit()
        db.session.remove()
    return committed_app, world


def traces(app: Flask, *words: str) -> list[scan.Trace]:
    """Where the words are, in tables and in the file."""
    with app.app_context():
        with db.engine.connect() as connection:
            found = scan.scan_tables(connection, words)
        url = make_url(str(app.config["SQLALCHEMY_DATABASE_URI"]))
        if url.drivername == "sqlite":
            scan.checkpoint(db.engine)
            found += scan.scan_file(Path(str(url.database)), words)
    return found


def erase(app: Flask, world: World) -> None:
    """Anonymise, then let the worker purge what lives 15 minutes."""
    with app.app_context(), clock.fixed(clock.now() + timedelta(minutes=16)):
        privacy.anonymise(None, world.made["person"])
        people.purge_searches()
        commit()
        db.session.remove()


def test_the_scan_finds_every_word_before(lived: tuple[Flask, World]) -> None:
    app, _world = lived
    found = traces(app, *WORDS)
    assert {trace.rank for trace in found} == set(range(len(WORDS)))


def test_nothing_is_left_after(lived: tuple[Flask, World]) -> None:
    app, world = lived
    erase(app, world)
    assert traces(app, *WORDS, str(world.made["code"])) == []


def test_facts_and_figures_stay_and_the_link_to_the_person_is_cut(lived: tuple[Flask, World]) -> None:
    app, world = lived
    with app.app_context():
        key = db.session.get_one(Person, world.made["person"]).subject_key
        db.session.remove()
    erase(app, world)
    with app.app_context():
        facts = db.session.scalar(select(func.count()).where(ParticipationFact.subject_key == key))
        person = db.session.get_one(Person, world.made["person"])
        assert facts == 1
        assert person.subject_key != key
        assert (person.birth_year, person.commune_code, person.identity.display_name) == (None, None, "")


def test_answers_go_and_the_profile_stays_for_the_figures(lived: tuple[Flask, World]) -> None:
    app, world = lived
    erase(app, world)
    with app.app_context():
        kept = db.session.get_one(Assessment, world.made["assessment"])
        assert (kept.result, kept.answers) == (None, [])
        assert (kept.profile, kept.priority) != (None, None)


def test_live_referrals_end_in_the_same_transaction_and_the_journal_holds(lived: tuple[Flask, World]) -> None:
    app, world = lived
    erase(app, world)
    with app.app_context():
        states = set(db.session.scalars(select(Referral.state).where(Referral.person_id == world.made["person"])))
        assert states == {State.WITHDRAWN}
        assert verify() == []
        assert not grants.on_person(world.actors["library.adviser"], world.made["person"])


def test_nobody_by_that_id(world: World) -> None:
    with world.app.app_context(), pytest.raises(NotFound):
        privacy.anonymise(None, world.structures["library"])


def test_the_commands(lived: tuple[Flask, World]) -> None:
    app, world = lived
    runner = app.test_cli_runner()
    before = runner.invoke(args=["privacy", "scan"], input="Quetzalcoatl\n")
    assert before.exit_code == 1
    assert "person_identity.last_name" in before.output
    assert "Quetzalcoatl" not in before.output
    assert runner.invoke(args=["privacy", "anonymise", "INCONNU"]).exit_code == 1
    assert runner.invoke(args=["privacy", "anonymise", str(world.made["code"]).lower()]).exit_code == 0
    after = runner.invoke(args=["privacy", "scan"], input="gargouille\nhippocampe\n")
    assert (after.exit_code, after.output.strip()) == (0, "Rien trouvé.")
