"""Two years after the last contact the record is archived, then anonymised; frozen ones wait; figures do not move."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.kernel import clock, grants, jobs
from app.kernel.db import Base, db
from app.kernel.writes import commit
from app.mediation.models import ParticipationFact
from app.people import actions as people
from app.people.enums import PersonState
from app.people.models import Consent, Person, PersonIdentity
from app.privacy import actions, policy
from app.privacy.enums import AskedWay, IdentityCheck, RightKind, RightOutcome
from app.privacy.queries import held, inventory
from app.referrals.models import ReferralEvent
from tests.privacy.test_erasure import WORDS, life_of, traces
from tests.support.world import World, build_world

# What anonymising empties: no row of these is left for the person. Everything else keeps codes, dates and random keys.
CLEARED = {
    "person_adaptation",
    "person_contact",
    "person_representative",
    "person_measure",
    "mandate",
    "need_text",
    "session_text",
    "referral_text",
    "assessment_answer",
    "rights_request_text",
    "access_copy",
    "sharing_card",
    "card_notice",
}


@pytest.fixture
def lived(committed_app: Flask) -> World:
    world = build_world(committed_app)
    with committed_app.app_context():
        person = life_of(world)
        world.people["zephyrine"], world.made["code"] = person.id, person.code  # type: ignore[assignment]
        commit()
        db.session.remove()
    return world


def last_met(world: World, months: int, person: str = "zephyrine") -> None:
    """The last contact was so many months ago."""
    day = policy.months_after(world.today, -months)
    with world.app.app_context():
        db.session.execute(update(Person).where(Person.id == world.people[person]).values(last_contact_on=day))
        commit()
        db.session.remove()


def run(world: World, *options: str) -> str:
    done = world.app.test_cli_runner().invoke(args=["privacy", "retention", *options])
    assert done.exit_code == 0, done.output
    return done.output


def state(world: World, person: str = "zephyrine") -> PersonState:
    with world.app.app_context():
        return db.session.get_one(Person, world.people[person]).state


def figures(world: World) -> dict[str, object]:
    """What the past is counted from."""
    with world.app.app_context():
        facts = select(ParticipationFact.held_on, ParticipationFact.age_band, ParticipationFact.genre)
        counted = select(func.count()).select_from(ReferralEvent)
        people_counted = select(func.count(func.distinct(ParticipationFact.subject_key)))
        return {
            "facts": sorted(map(str, db.session.execute(facts).all())),
            "events": (db.session.scalar(counted) or 0) > 0,
            "people": db.session.scalar(people_counted),
        }


def test_a_dry_run_counts_and_changes_nothing(lived: World, tmp_path: Path) -> None:
    last_met(lived, 24)
    report = tmp_path / "rapport.json"
    assert "archivées 1" in run(lived, "--dry-run", "--report", str(report))
    told = json.loads(report.read_text())
    assert (told["dry_run"], told["archived"], told["anonymised"]) == (True, 1, 0)
    assert str(lived.made["code"]) not in report.read_text()
    assert state(lived) is PersonState.ACTIVE


@pytest.mark.parametrize(("months", "days", "archived"), [(24, 0, True), (24, 1, False), (23, 0, False)])
def test_on_the_very_day(lived: World, months: int, days: int, archived: bool) -> None:
    last_met(lived, months)
    if days:
        with lived.app.app_context():
            later = policy.months_after(lived.today, -months) + timedelta(days=days)
            db.session.execute(
                update(Person).where(Person.id == lived.people["zephyrine"]).values(last_contact_on=later)
            )
            commit()
    run(lived)
    assert (state(lived) is PersonState.ARCHIVED) is archived


def test_an_archived_record_opens_to_nobody_and_the_officer_answers_for_it(lived: World) -> None:
    last_met(lived, 25)
    run(lived)
    with lived.app.app_context():
        assert not grants.on_person(lived.actors["library.adviser"], lived.people["zephyrine"])
        holding = Consent.withdrawn_at.is_(None)
        theirs = (
            select(func.count()).select_from(Consent).where(Consent.person_id == lived.people["zephyrine"], holding)
        )
        assert db.session.scalar(theirs) == 0
        assert db.session.get_one(PersonIdentity, lived.people["zephyrine"]).first_name == WORDS[0]
        asked = actions.record_by_code(lived.actors["dpo"], str(lived.made["code"]), _data(lived), lived.today)
        assert asked.person_id == lived.people["zephyrine"]


def _data(world: World) -> actions.RequestData:
    return actions.RequestData(
        kind=RightKind.ACCESS, received_on=world.today, way=AskedWay.FACE, identity_check=IdentityCheck.KNOWN
    )


def test_then_anonymised_nothing_is_left_anywhere_and_figures_are_the_same(lived: World) -> None:
    actor, before = lived.actors["library.adviser"], figures(lived)
    with lived.app.app_context():
        granted = grants.on_person(actor, lived.people["zephyrine"])
        made = actions.record_request(actor, granted, _data(lived), lived.today)
        actions.ask_answer(lived.actors["dpo"], made.id)
        commit()
        while jobs.work_once():
            pass
        answer = actions.AnswerData(outcome=RightOutcome.DONE, way=AskedWay.FACE, words="gargouille")
        actions.answer_request(lived.actors["dpo"], made.id, answer, lived.today)
        commit()
        db.session.remove()
    last_met(lived, 36)
    assert "archivées 1, anonymisées 0" in run(lived)
    assert "archivées 0, anonymisées 1" in run(lived)
    with lived.app.app_context(), clock.fixed(clock.now() + timedelta(minutes=16)):
        people.purge_searches()
        commit()
        db.session.remove()
    assert traces(lived.app, *WORDS, str(lived.made["code"])) == []
    assert figures(lived) == before
    assert "archivées 0, anonymisées 0" in run(lived)


def test_every_table_is_cleared_or_kept_as_it_is_declared(lived: World) -> None:
    with lived.app.app_context():
        before = {part["table"] for part in held.everything(lived.actors["dpo"], lived.people["zephyrine"])["sections"]}
        actions.anonymise(None, lived.people["zephyrine"])
        commit()
        after = {part["table"] for part in held.everything(lived.actors["dpo"], lived.people["zephyrine"])["sections"]}
        emptied = db.session.get_one(PersonIdentity, lived.people["zephyrine"])
        values = [
            getattr(emptied, c.name) for c in Base.metadata.tables["person_identity"].columns if c.name != "person_id"
        ]
    assert before - after == before & CLEARED
    assert set(values) == {"", False}
    assert {one.table for one in inventory.HOLDINGS} >= CLEARED


def test_frozen_records_and_open_requests_wait(lived: World) -> None:
    with lived.app.app_context():
        db.session.get_one(Person, lived.people["zephyrine"]).restricted_on = lived.today
        actor = lived.actors["library.adviser"]
        actions.record_request(actor, grants.on_person(actor, lived.people["amina"]), _data(lived), lived.today)
        commit()
        db.session.remove()
    for person in ("zephyrine", "amina"):
        last_met(lived, 40, person)
    assert "archivées 0, anonymisées 0, en attente 2" in run(lived)


def test_the_reminder_comes_two_months_before(lived: World) -> None:
    client = lived.client("library.adviser")
    assert "bientôt archivée" not in client.text(client.get("/"))
    last_met(lived, 22)
    assert "1 fiche bientôt archivée" in client.text(client.get("/"))
    other = lived.client("ccas.adviser")
    assert "bientôt archivée" not in other.text(other.get("/"))
