"""Each night: a report without names, a reminder to the structure, the work where it is on; the officer opens the archive."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.kernel import clock, grants, jobs, outbox
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError, NotFound
from app.kernel.journal import JournalEntry, verify
from app.kernel.writes import commit
from app.network.models import Structure
from app.people import queries as people
from app.people.enums import PersonState
from app.people.models import Consent, FollowUp, Person
from app.privacy import actions, policy
from app.privacy.actions import nightly
from app.privacy.enums import UnarchiveReason
from app.privacy.models import RetentionReport
from tests.support.queries import count_queries
from tests.support.world import World, add_person, build_world

ON = "/protection/conservation"


@pytest.fixture
def network(committed_app: Flask) -> World:
    return build_world(committed_app)


def turned_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "_rules", [replace(policy.rules(), retention=True)])


def last_met(world: World, months: int, key: str = "amina", more: int = 0) -> None:
    """The last contact was so many months (and days) ago."""
    day = policy.months_after(world.today, -months) - timedelta(days=more)
    with world.app.app_context():
        db.session.execute(update(Person).where(Person.id == world.people[key]).values(last_contact_on=day))
        commit()
        db.session.remove()


def night(world: World, after: int = 0) -> None:
    """The worker’s night, so many days from now, until nothing is left to do of it."""
    with world.app.app_context(), clock.fixed(clock.now() + timedelta(days=after)):
        actions.retain_tonight({})
        commit()
        while jobs_done():
            pass
        db.session.remove()


def jobs_done() -> bool:
    query = select(jobs.Job).where(jobs.Job.kind == nightly.SLICE_JOB, jobs.Job.state == jobs.JobState.QUEUED)
    found = db.session.scalars(query.order_by(jobs.Job.id)).first()
    if found is None:
        return False
    found.state = jobs.JobState.DONE
    actions.retain_slice(dict(found.payload))
    commit()
    return True


def state(world: World, key: str = "amina") -> PersonState:
    with world.app.app_context():
        return db.session.get_one(Person, world.people[key]).state


def reports(world: World, structure: str = "library") -> list[RetentionReport]:
    with world.app.app_context():
        query = select(RetentionReport).where(RetentionReport.structure_id == world.structures[structure])
        found = list(db.session.scalars(query.order_by(RetentionReport.day)))
        db.session.expunge_all()
        return found


def archived(world: World, key: str = "amina") -> None:
    with world.app.app_context():
        actions.archive(world.people[key])
        commit()
        db.session.remove()


def mails(world: World) -> list[outbox.OutboxMessage]:
    with world.app.app_context():
        found = list(db.session.scalars(select(outbox.OutboxMessage)))
        db.session.expunge_all()
        return found


def test_off_the_worker_reports_and_changes_nothing(network: World) -> None:
    last_met(network, 25)
    night(network)
    (report,) = reports(network)
    assert (report.active, report.to_archive, report.archived, report.reminded) == (False, 1, 0, False)
    assert state(network) is PersonState.ACTIVE
    assert mails(network) == []


def test_on_nobody_is_archived_before_the_structure_was_told_for_a_month(
    network: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    turned_on(monkeypatch)
    last_met(network, 25)
    night(network)
    assert state(network) is PersonState.ACTIVE
    (mail,) = mails(network)
    assert mail.user_id == network.actors["library.manager"].user_id
    assert "1 fiche bientôt archivée" in mail.subject
    assert "Amina" not in mail.subject + mail.body
    night(network, 29)
    assert state(network) is PersonState.ACTIVE
    night(network, 30)
    assert state(network) is PersonState.ARCHIVED
    assert [(one.archived, one.anonymised) for one in reports(network)] == [(0, 0), (0, 0), (1, 0)]
    with network.app.app_context():
        assert verify() == []


def test_a_reminder_a_month_and_none_when_nobody_is_concerned(network: World, monkeypatch: pytest.MonkeyPatch) -> None:
    turned_on(monkeypatch)
    night(network)
    assert mails(network) == []
    last_met(network, 22)
    first = network.today.replace(day=1)
    nights = [(policy.months_after(first, 1) - network.today).days + days for days in (0, 1, 15)]
    for after in nights:
        night(network, after)
    assert len(mails(network)) == 1


def test_the_same_night_twice_is_one_report(network: World, monkeypatch: pytest.MonkeyPatch) -> None:
    turned_on(monkeypatch)
    last_met(network, 23)
    night(network)
    night(network)
    assert len(reports(network)) == 1
    assert len(mails(network)) == 1


def test_nobody_is_archived_and_anonymised_the_same_night(network: World, monkeypatch: pytest.MonkeyPatch) -> None:
    turned_on(monkeypatch)
    monkeypatch.setattr(nightly, "SLICE", 1)
    with network.app.app_context():
        for key in ("b", "c"):
            network.people[key] = add_person(network, "library.adviser", key, "Essai")
        commit()
    for key in ("amina", "b", "c"):
        last_met(network, 60, key)
    night(network)
    night(network, 31)
    assert {state(network, key) for key in ("amina", "b", "c")} == {PersonState.ARCHIVED}
    with network.app.app_context():
        assert db.session.get_one(Person, network.people["amina"]).referent_structure_id is not None
    night(network, 32)
    assert [(one.archived, one.anonymised) for one in reports(network)] == [(0, 0), (3, 0), (0, 3)]


def test_reports_are_forgotten_after_two_years(network: World) -> None:
    night(network)
    with network.app.app_context():
        actions.purge_reports(network.today + nightly.KEPT)
        commit()
    assert len(reports(network)) == 1
    with network.app.app_context():
        actions.purge_reports(network.today + nightly.KEPT + timedelta(days=1))
        commit()
    assert reports(network) == []


def test_the_list_of_whom_to_call(network: World) -> None:
    last_met(network, 22)
    client = network.client("library.adviser")
    words = client.text(client.get("/protection/bientot-archivees"), "main")
    assert "Amina Benali" in words
    other = network.client("ccas.adviser")
    assert "Amina" not in other.text(other.get("/protection/bientot-archivees"))
    assert network.client("library.desk").get("/protection/bientot-archivees").status_code == 404


def test_an_archived_record_is_read_by_its_officer_alone_and_journalled(network: World) -> None:
    address = f"/protection/archives/{network.people['amina']}"
    assert network.client("dpo").get(address).status_code == 404, "still active"
    archived(network)
    for who in ("library.adviser", "library.manager", "ccas.adviser", "coordinator", "admin", "elected"):
        client = network.client(who)
        assert client.get(address).status_code == 404
        assert client.get(f"/personnes/{network.people['amina']}").status_code == 404
    with network.app.app_context():
        elsewhere = network.actors["ccas.adviser"]
        dpo = replace(network.actors["dpo"], structure_id=elsewhere.structure_id)
        with pytest.raises(NotFound):
            actions.unarchive(dpo, network.people["amina"], UnarchiveReason.CAME_BACK, network.today)
    client = network.client("dpo")
    assert "Amina" in client.text(client.get(address))
    with network.app.app_context():
        query = select(JournalEntry.person_id).where(JournalEntry.action == "archive.read")
        assert set(db.session.scalars(query)) == {network.people["amina"]}


def opened_again(world: World, key: str = "amina") -> Person:
    with world.app.app_context():
        done = actions.unarchive(world.actors["dpo"], world.people[key], UnarchiveReason.CAME_BACK, world.today)
        commit()
        db.session.expunge(done)
        return done


def test_opened_again_it_is_followed_by_the_referent_and_shared_with_nobody(network: World) -> None:
    person_id = network.people["amina"]
    last_met(network, 25)
    archived(network)
    client = network.client("dpo")
    page = client.get(f"/protection/archives/{person_id}")
    refused = client.submit(page, "main form")
    assert refused.status_code == 422
    done = client.submit(page, "main form", reason="came_back", follow_redirects=True)
    assert "sortie de l’archive" in client.text(done)
    with network.app.app_context():
        person = db.session.get_one(Person, person_id)
        assert (person.state, person.last_contact_on) == (PersonState.ACTIVE, network.today)
        assert grants.on_person(network.actors["library.adviser"], person_id).may_write
        assert not grants.on_person(network.actors["ccas.adviser"], person_id)
        held = db.session.scalars(select(Consent).where(Consent.person_id == person_id)).all()
        assert not any(one.holds for one in held)
        found = people.search(network.actors["library.adviser"], "Benali")
        assert [row.id for row in found.rows] == [person_id]
        entry = db.session.scalars(select(JournalEntry).where(JournalEntry.action == "person.unarchive")).one()
        assert '"reason":"came_back"' in entry.details.replace(" ", "")
    assert client.get(f"/protection/archives/{person_id}").status_code == 404


def test_the_night_after_it_is_not_archived_again(network: World, monkeypatch: pytest.MonkeyPatch) -> None:
    turned_on(monkeypatch)
    last_met(network, 25)
    night(network)
    night(network, 30)
    opened_again(network)
    night(network, 31)
    assert state(network) is PersonState.ACTIVE


def test_a_record_of_a_team_under_secrecy_comes_back_to_that_team_alone(network: World) -> None:
    social, adviser = network.actors["ccas.social"], network.actors["ccas.adviser"]
    with network.app.app_context():
        network.people["sam"] = add_person(network, "ccas.social", "Sam", "Secret")
        commit()
    archived(network, "sam")
    dpo: Actor = replace(network.actors["dpo"], structure_id=adviser.structure_id)
    with network.app.app_context():
        actions.unarchive(dpo, network.people["sam"], UnarchiveReason.MISTAKE, network.today)
        commit()
        assert grants.on_person(social, network.people["sam"])
        assert not grants.on_person(adviser, network.people["sam"])


def test_twice_or_without_a_structure_it_is_refused(network: World) -> None:
    archived(network)
    opened_again(network)
    with network.app.app_context(), pytest.raises((Conflict, NotFound)):
        actions.unarchive(network.actors["dpo"], network.people["amina"], UnarchiveReason.MISTAKE, network.today)
    archived(network)
    with network.app.app_context():
        db.session.get_one(Structure, network.structures["library"]).closed_on = network.today
        db.session.flush()
        with pytest.raises(DomainError):
            actions.unarchive(network.actors["dpo"], network.people["amina"], UnarchiveReason.MISTAKE, network.today)
        db.session.rollback()


def test_an_anonymised_record_never_comes_back(network: World) -> None:
    archived(network)
    with network.app.app_context():
        actions.anonymise(None, network.people["amina"])
        commit()
        with pytest.raises(NotFound):
            actions.unarchive(network.actors["dpo"], network.people["amina"], UnarchiveReason.MISTAKE, network.today)


def test_one_open_referent_follow_up(network: World) -> None:
    archived(network)
    opened_again(network)
    with network.app.app_context():
        query = select(FollowUp).where(FollowUp.person_id == network.people["amina"], FollowUp.ended_on.is_(None))
        assert len(db.session.scalars(query).all()) == 1


def test_the_officer_s_page_shows_counts_reports_and_the_archive_in_the_same_queries(network: World) -> None:
    night(network)
    made: list[UUID] = []
    with network.app.app_context():
        engine = db.engine
        made = [add_person(network, "library.adviser", f"P{rank}", "Ancien") for rank in range(12)]
        commit()
    client = network.client("dpo")
    archived(network)
    client.get(ON)
    with count_queries(engine) as few:
        client.get(ON)
    with network.app.app_context():
        for one in made:
            actions.archive(one)
        commit()
    with count_queries(engine) as many:
        page = client.get(ON)
    many.assert_same_as(few)
    words = client.text(page, "main")
    assert "simulation" in words
    assert "Ancien" not in words
    assert len(client.select(page, "#archive tbody tr")) == 13


@pytest.mark.parametrize(("months", "more", "archives"), [(24, 0, True), (24, -1, False)])
def test_on_the_very_day(
    network: World, monkeypatch: pytest.MonkeyPatch, months: int, more: int, archives: bool
) -> None:
    turned_on(monkeypatch)
    night(network)
    with network.app.app_context():
        db.session.execute(update(RetentionReport).values(reminded=True, day=network.today - timedelta(days=30)))
        commit()
    last_met(network, months, more=more)
    night(network)
    assert (state(network) is PersonState.ARCHIVED) is archives
