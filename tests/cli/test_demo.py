"""The demonstration: made by the product's own actions, the same for the same day, and keeping every rule of the network."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import MetaData, func, select

from app.accounts import queries as accounts
from app.accounts.models import AccessReview, Membership, User
from app.assessments.enums import AssessmentState
from app.assessments.models import Assessment, AssessmentAnswer
from app.cli.demo import fill
from app.cli.demo.cast import PASSWORD, PLAYERS
from app.cli.demo.story import Volume
from app.kernel import clock, due
from app.kernel.access import Role
from app.kernel.db import db
from app.kernel.journal import JournalEntry, verify
from app.kernel.opening_days import OpeningDays
from app.kernel.outbox import OutboxMessage
from app.mediation.models import SessionLog
from app.needs.models import Need
from app.network.models import Place, Structure
from app.network.schema import hours
from app.people.models import Person, SharingCard
from app.pilotage.queries import summaries
from app.pilotage.queries.summaries import Frame
from app.referrals import actions as referrals
from app.referrals.enums import State
from app.referrals.models import Referral, ReferralEvent
from config import Settings, WeakSettings
from tests.conftest import settings_for

DAY = datetime(2026, 6, 15, 10, 0, tzinfo=UTC)
SMALL = Volume(people=14, anonymous=10, workshops=4, years=1)
# Random by nature: salted password hashes.
UNSEEDED = {"user_account"}


def filled(app: Flask, volume: Volume = SMALL) -> None:
    settings: Settings = app.extensions["settings"]
    with app.app_context(), clock.fixed(DAY):
        fill(settings, volume, lambda _words: None)
        db.session.remove()


def fingerprint(app: Flask) -> dict[str, str]:
    """One hash per table of everything that is written in it."""
    with app.app_context(), db.engine.connect() as connection:
        metadata = MetaData()
        metadata.reflect(connection)
        found = {}
        for table in metadata.sorted_tables:
            rows = sorted(str(tuple(row)) for row in connection.execute(select(table)))
            found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return {name: digest for name, digest in found.items() if name not in UNSEEDED}


@pytest.mark.one_database
def test_the_same_day_gives_the_same_network(make_app: Callable[[], Flask]) -> None:
    first, second = make_app(), make_app()
    filled(first)
    filled(second)
    assert fingerprint(first) == fingerprint(second)


def test_the_network_lives_and_keeps_its_rules(make_app: Callable[[], Flask]) -> None:
    app = make_app()
    filled(app)
    with app.app_context(), clock.fixed(DAY):
        counts = [
            db.session.scalar(select(func.count()).select_from(table)) for table in (Person, SessionLog, Referral)
        ]
        people, sessions, sent = (int(count or 0) for count in counts)
        assert people == SMALL.people
        assert sessions > people + SMALL.anonymous
        assert sent > people / 2
        assert len(set(db.session.scalars(select(ReferralEvent.act)))) >= 6
        assert verify() == []
        gaps = referrals.check_nightly(clock.now())
        assert (gaps.without_referent, gaps.without_clock) == ((), ())


@pytest.mark.slow
@pytest.mark.one_database
def test_assessments_take_time_are_made_again_and_some_by_two(make_app: Callable[[], Flask]) -> None:
    app = make_app()
    filled(app, Volume(people=60, anonymous=0, workshops=0, years=1))
    with app.app_context():
        done = db.session.scalars(select(Assessment).where(Assessment.state == AssessmentState.DONE)).all()
        assert all(one.finished_at > one.started_at for one in done if one.finished_at)
        assert db.session.scalar(select(func.count()).where(AssessmentAnswer.seconds.is_(None))) == 0
        by_person: dict[tuple[object, object], list[Assessment]] = {}
        for one in sorted(done, key=lambda one: one.started_at):
            by_person.setdefault((one.person_id, one.mode), []).append(one)
        twice = [found for found in by_person.values() if len({one.author_id for one in found}) > 1]
        again = [found for found in by_person.values() if (found[-1].started_at - found[0].started_at).days > 60]
        assert twice
        assert again
        gained = [(first.index_value or 0) - (last.index_value or 0) for first, *_between, last in again]
        assert sum(gained) > 0
        assert not db.session.scalar(select(func.count()).select_from(OutboxMessage))


@pytest.mark.one_database
def test_one_account_per_role_opens_with_the_printed_password(make_app: Callable[[], Flask]) -> None:
    app = make_app()
    filled(app, Volume(people=1, anonymous=0, workshops=0, years=1))
    with app.app_context():
        offered = accounts.demo_accounts(DAY.date())
    assert {account.role for account in offered} == set(Role)
    client = app.test_client()
    page = client.submit(
        client.get("/compte/connexion"), email=offered[0].email, password=PASSWORD, follow_redirects=True
    )
    assert offered[0].display_name in client.text(page)
    assert {account.display_name for account in offered} <= {player.name for player in PLAYERS}


def test_production_refuses_the_demonstration(fresh_url: str) -> None:
    with pytest.raises(WeakSettings):
        settings_for(fresh_url, env="production").check()


@pytest.mark.one_database
def test_the_house_is_in_order(make_app: Callable[[], Flask]) -> None:
    """Each structure has a manager, who reviewed its accesses within the year but for two; few needs wait for 90 days."""
    app = make_app()
    filled(app, Volume(people=40, anonymous=0, workshops=0, years=1))
    with app.app_context():
        managed = select(Membership.structure_id).where(Membership.role == Role.MANAGER)
        assert set(db.session.scalars(managed)) == set(db.session.scalars(select(Structure.id)))
        assert not db.session.scalar(select(func.count()).select_from(User).where(User.last_seen_on.is_(None)))
        checked = db.session.scalars(select(Place)).all()
        assert len({place.updated_on for place in checked}) > 5
        assert all(hours.read(place.details["horaires"]) for place in checked)
        since = DAY.date() - timedelta(days=365)
        reviewed = select(AccessReview.structure_id).where(AccessReview.reviewed_on > since)
        forgotten = set(db.session.scalars(managed)) - set(db.session.scalars(reviewed))
        assert set(db.session.scalars(select(Structure.name).where(Structure.id.in_(forgotten)))) == {
            "Mairie de Clairac",
            "Ordis solidaires",
        }
        assert db.session.scalar(select(func.count()).select_from(SharingCard).where(SharingCard.ended_at.is_(None)))
        old = select(func.count()).select_from(Need).where(Need.created_at < DAY - timedelta(days=90))
        waiting, noted = db.session.scalar(old.where(Need.closed_at.is_(None))), db.session.scalar(old)
        assert 0 < (waiting or 0) < (noted or 0) / 3


@pytest.mark.slow
def test_everybody_opens_on_a_believable_day(make_app: Callable[[], Flask]) -> None:
    """Some of it presses, little is late, nothing waits since another season; the journal was written day after day."""
    app = make_app()
    filled(app, Volume(people=80, anonymous=0, workshops=0, years=2))
    today = DAY.date()
    with app.test_request_context(), clock.fixed(DAY):
        hats = [accounts.actor_of(hat) for hat in db.session.scalars(select(Membership))]
        days = {hat.membership_id: due.entries(hat) for hat in hats if hat.role is not Role.COORDINATOR}
        for tasks in days.values():
            late = [task.due for task in tasks if task.due < today]
            assert len(late) <= 8
            assert all(due > today - timedelta(days=62) for due in late)
        library = [days[hat.membership_id] for hat in hats if hat.role in {Role.DESK, Role.MANAGER}]
        assert any(task.urgent for task in library[0])
        assert {task.due == today for tasks in library for task in tasks} == {True, False}
        reviewers = [hat for hat in hats if hat.role in {Role.ADMIN, Role.MANAGER}]
        said = [(hat, task) for hat in reviewers for task in days[hat.membership_id] if task.row is None]
        titles = [(task.tell(hat, due.Names({}, {})).title, task.due) for hat, task in said]
        assert 0 < len([1 for title, due_on in titles if title == "Revoir qui a accès" and due_on < today]) <= 2
        assert not [title for title, _due_on in titles if "sans responsable" in title]
        coordinator = next(hat for hat in hats if hat.role is Role.COORDINATOR)
        settings: Settings = app.extensions["settings"]
        frame = Frame(settings.timezone, OpeningDays("47"), settings.secrecy_k, settings.network_name)
        # Every quarter is published; of so few people, secrecy may refuse a year that would tell what its quarters hide.
        assert not [term for term in summaries.offered(coordinator, frame) if term.quarter]
        drafts = select(Referral.created_at).where(Referral.state == State.DRAFT)
        assert all(begun > DAY - timedelta(days=14) for begun in db.session.scalars(drafts))
        written = [at.date() for at in db.session.scalars(select(JournalEntry.at).order_by(JournalEntry.seq))]
        assert written == sorted(written)
