"""Rule 7: what falls due and when, in opening days, with the public holidays of the territory; then the worker doing it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest
from sqlalchemy import select

from app.kernel import clock
from app.kernel.db import db
from app.kernel.journal.models import JournalEntry
from app.kernel.opening_days import OpeningDays
from app.kernel.outbox import OutboxMessage
from app.kernel.writes import commit
from app.needs.enums import Priority
from app.referrals import actions, machine, queries
from app.referrals.enums import Contact, Outcome, State, TaskKind
from app.referrals.machine import Clocks, Kind, Tick, next_tick, resumed, ticks
from app.referrals.models import Referral, ReferralTask
from tests.referrals.helpers import RECIPIENT, SENDER, prepare, send
from tests.support.world import World

DAYS = OpeningDays("FR")
CLOCKS = Clocks()
R, A, E = Kind.REMINDER, Kind.AT_RISK, Kind.EXPIRY
MONDAY = date(2026, 3, 2)

# state, urgency, what falls due: (opening days, kind). Numbers of the document.
TABLE = [
    (State.SENT, Priority.P3, [(9, R), (21, A), (45, E)]),
    (State.SENT, Priority.P2, [(1, R), (2, A), (5, E)]),
    (State.SENT, Priority.P1, [(1, R), (2, A), (5, E)]),
    (State.ASKED, Priority.P3, [(5, R), (20, E)]),
    (State.ASKED, Priority.P1, [(5, R), (20, E)]),
    (State.ACCEPTED, Priority.P3, [(7, R), (15, A), (30, E)]),
    (State.ACCEPTED, Priority.P2, [(1, R), (2, A), (5, E)]),
]


@pytest.mark.parametrize(("state", "urgency", "wanted"), TABLE)
def test_delays_of_the_document(state: State, urgency: Priority, wanted: list[tuple[int, Kind]]) -> None:
    found = list(ticks(CLOCKS.of(state, urgency), MONDAY, DAYS))
    assert [(DAYS.between(MONDAY, tick.on), tick.kind) for tick in found] == wanted


def test_work_in_progress_is_reminded_for_ever_and_never_expires() -> None:
    found = list(islice(ticks(CLOCKS.of(State.IN_PROGRESS, Priority.P1), MONDAY, DAYS), 6))
    days = [(DAYS.between(MONDAY, tick.on), tick.kind) for tick in found]
    assert days == [(30, R), (45, R), (60, R), (60, A), (75, R), (90, R)]


@pytest.mark.parametrize(
    ("region", "since", "reminder"),
    [
        # Easter Monday 6 April 2026 is closed everywhere; Good Friday 3 April in Moselle only.
        ("FR", date(2026, 3, 25), date(2026, 4, 8)),
        ("57", date(2026, 3, 25), date(2026, 4, 9)),
        # 1 and 8 May, Ascension 14 May 2026.
        ("FR", date(2026, 4, 30), date(2026, 5, 18)),
        # Abolition of slavery: 27 May in Guadeloupe.
        ("971", date(2026, 5, 18), date(2026, 6, 2)),
        ("FR", date(2026, 5, 18), date(2026, 6, 1)),
        # Sent on a Saturday: the count begins on Monday.
        ("FR", date(2026, 3, 7), date(2026, 3, 19)),
    ],
)
def test_holidays_of_the_territory(region: str, since: date, reminder: date) -> None:
    days = OpeningDays(region)
    first = next_tick(CLOCKS.of(State.SENT, Priority.P3), since, days)
    assert first is not None
    assert (first.kind, first.on) == (R, reminder)


def test_next_after_another_and_after_the_last() -> None:
    delays = CLOCKS.of(State.SENT, Priority.P3)
    first = next_tick(delays, MONDAY, DAYS)
    assert first is not None
    second = next_tick(delays, MONDAY, DAYS, first)
    assert second is not None
    assert second.kind is A
    last = next_tick(delays, MONDAY, DAYS, second)
    assert last is not None
    assert next_tick(delays, MONDAY, DAYS, last) is None
    assert next_tick(delays, MONDAY, DAYS, first.on) == second
    both = Tick.of(DAYS.add(MONDAY, 60), R)
    assert next_tick(CLOCKS.of(State.IN_PROGRESS, Priority.P3), MONDAY, DAYS, both) == Tick.of(both.on, A)


@pytest.mark.parametrize("elapsed", [0, 1, 8, 44])
def test_a_resumed_clock_has_run_as_long(elapsed: int) -> None:
    tuesday = date(2026, 6, 2)
    assert DAYS.between(resumed(tuesday, elapsed, DAYS), tuesday) == elapsed


def test_a_closed_state_has_no_clock() -> None:
    with pytest.raises(KeyError):
        CLOCKS.of(State.CLOSED, Priority.P3)


# ---------------------------------------------------------------- the worker

# After the day on which the world's agreements are signed, whatever the day the tests run.
TODAY = clock.today("Europe/Paris")
START = TODAY + timedelta(days=7 - TODAY.weekday())
NOON = datetime(START.year, START.month, START.day, 12, tzinfo=UTC)


@pytest.fixture
def sent(world: World) -> World:
    with world.app.app_context(), clock.fixed(NOON):
        referral = send(world)
        world.made["referral"] = referral.id
        commit()
    return world


def after(opening_days: int, hour: int = 12) -> datetime:
    day = DAYS.add(START, opening_days)
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def ring(world: World, now: datetime) -> Referral:
    with clock.fixed(now):
        actions.run_due_clocks(now)
        commit()
    return db.session.get_one(Referral, world.made["referral"], populate_existing=True)


def mails() -> int:
    return len(
        list(db.session.scalars(select(OutboxMessage.id).where(OutboxMessage.subject == "Une orientation attend")))
    )


def test_nothing_before_the_ninth_day_then_both_sides_are_reminded_once(sent: World) -> None:
    with sent.app.app_context():
        ring(sent, after(8))
        assert mails() == 0
        ring(sent, after(9, hour=4))
        assert mails() == 0
        referral = ring(sent, after(9))
        # Two advisers and a manager at the library (Camille also advises there), two advisers at the CCAS.
        told = mails()
        assert told == 5
        ring(sent, after(10))
        assert mails() == told
        assert (referral.next_clock, referral.at_risk) == ("at_risk", False)


def test_at_risk_then_expired_with_what_follows(sent: World) -> None:
    with sent.app.app_context():
        ring(sent, after(9))
        assert ring(sent, after(21)).at_risk
        referral = ring(sent, after(45))
        assert referral.state is State.EXPIRED
        assert referral.next_clock_at is None
        assert not referral.at_risk
        tasks = list(db.session.scalars(select(ReferralTask).where(ReferralTask.referral_id == referral.id)))
        assert {task.kind for task in tasks} == {TaskKind.TELL_PERSON, TaskKind.NEXT_ACTION}
        assert all(task.due_on > DAYS.add(START, 45) for task in tasks)


def test_a_worker_that_slept_says_each_thing_once(sent: World) -> None:
    with sent.app.app_context():
        referral = ring(sent, after(44))
        assert referral.at_risk
        assert referral.next_clock == "expiry"
        assert mails() == 5
        late = ring(sent, after(60))
        assert late.state is State.EXPIRED


def test_a_question_stops_the_clock_and_the_answer_resumes_it(sent: World) -> None:
    world = sent
    with world.app.app_context():
        referral_id = world.made["referral"]
        with clock.fixed(after(5)):
            actions.ask(world.actors[RECIPIENT], referral_id, "Peut-elle venir le matin ?")
        asked = ring(world, after(9))
        assert (asked.state, mails()) == (State.ASKED, 0)
        with clock.fixed(after(12)):
            actions.answer(world.actors[SENDER], referral_id, "Oui, le matin.")
        resumed_at = db.session.get_one(Referral, referral_id)
        assert clock.local(resumed_at.next_clock_at, "Europe/Paris").date() == DAYS.add(START, 16)  # type: ignore[arg-type]
        assert resumed_at.next_clock == "reminder"


def test_an_answer_says_again_nothing_that_was_said(sent: World) -> None:
    world = sent
    with world.app.app_context():
        ring(world, after(9))
        ring(world, after(21))
        with clock.fixed(after(22)):
            actions.ask(world.actors[RECIPIENT], world.made["referral"], "Quel jour ?")
        with clock.fixed(after(25)):
            actions.answer(world.actors[SENDER], world.made["referral"], "Le lundi.")
        referral = db.session.get_one(Referral, world.made["referral"])
        assert referral.at_risk
        assert referral.next_clock == "expiry"
        assert clock.local(referral.next_clock_at, "Europe/Paris").date() == DAYS.add(START, 48)  # type: ignore[arg-type]


def test_work_in_progress_news_restart_the_clock(sent: World) -> None:
    world = sent
    with world.app.app_context():
        agent = world.actors[RECIPIENT]
        with clock.fixed(after(1)):
            actions.accept(agent, world.made["referral"])
            actions.start(agent, world.made["referral"], Contact.CALL)
        assert ring(world, after(31)).next_clock_at is not None
        told = mails()
        assert told > 0
        with clock.fixed(after(32)):
            actions.message(agent, world.made["referral"], "Deuxième rendez-vous lundi.")
        ring(world, after(46))
        assert mails() == told
        assert not ring(world, after(32 + 59)).at_risk
        assert ring(world, after(32 + 60)).at_risk
        assert ring(world, after(300)).state is State.IN_PROGRESS


def test_urgent_ones_are_quick(world: World) -> None:
    with world.app.app_context():
        with clock.fixed(NOON):
            world.made["referral"] = send(world, urgency=Priority.P1).id
            commit()
        ring(world, after(1))
        assert mails() == 5
        assert ring(world, after(2)).at_risk
        assert ring(world, after(5)).state is State.EXPIRED


def test_reminders_are_journalled_without_a_name(sent: World) -> None:
    with sent.app.app_context():
        ring(sent, after(9))
        entries = db.session.scalars(select(JournalEntry).where(JournalEntry.action == "referral.reminder")).all()
        assert [(entry.object_id, entry.user_id) for entry in entries] == [(sent.made["referral"], None)]


# ---------------------------------------------------------------- rule 13


def test_nothing_is_missing_after_an_ordinary_life(sent: World) -> None:
    world = sent
    with world.app.app_context():
        actions.accept(world.actors[RECIPIENT], world.made["referral"])
        actions.close(world.actors[RECIPIENT], world.made["referral"], Outcome.NOT_POSSIBLE)
        prepare(world)
        assert not actions.check_nightly(clock.now())


def test_what_breaks_rule_13_is_found(sent: World) -> None:
    world = sent
    with world.app.app_context():
        referral = db.session.get_one(Referral, world.made["referral"])
        late = referral.next_clock_at
        assert late is not None
        assert queries.gaps(late + timedelta(days=2)).without_clock == (referral.id,)
        actions.accept(world.actors[RECIPIENT], referral.id)
        actions.close(world.actors[RECIPIENT], referral.id, Outcome.UNREACHABLE)
        for task in db.session.scalars(select(ReferralTask)):
            db.session.delete(task)
        db.session.flush()
        found = actions.check_nightly(clock.now())
        assert found.without_next == (referral.id,)
        assert queries.gaps(clock.now(), world.structures["fablab"]).without_next == ()
        assert queries.gaps(clock.now(), world.structures["library"]).without_next == (referral.id,)


def test_late_side() -> None:
    assert [
        machine.late_side(state).value for state in (State.SENT, State.ASKED, State.ACCEPTED, State.IN_PROGRESS)
    ] == [
        "recipient",
        "sender",
        "recipient",
        "recipient",
    ]
