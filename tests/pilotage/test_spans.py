"""Opening days counted by the database: the same as by the calendar, whatever the time zone and the change of hour."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import bindparam, select

from app.kernel import clock
from app.kernel.db import UtcDateTime, db
from app.kernel.opening_days import OpeningDays
from app.kernel.remembered import FIGURES
from app.pilotage.indicators import Answer, delays
from app.pilotage.queries.period import Period
from app.pilotage.queries.sent import counts_in, sent_in, together
from app.pilotage.queries.spans import Calendar, all_delays, rank_of
from app.referrals.models import Referral
from tests.pilotage.test_flows import PAGE, send
from tests.pilotage.test_map import PAGE as MAP
from tests.support.world import World

FIRST, LAST = date(2025, 3, 1), date(2026, 4, 30)
# Around both changes of hour in Europe, a midnight, a public holiday, and anywhere.
EDGES = [
    datetime(2025, 3, 29, 22, 59, 59, tzinfo=UTC),
    datetime(2025, 3, 29, 23, 0, tzinfo=UTC),
    datetime(2025, 3, 30, 21, 59, 59, tzinfo=UTC),
    datetime(2025, 3, 30, 22, 0, tzinfo=UTC),
    datetime(2025, 5, 1, 12, 0, tzinfo=UTC),
    datetime(2025, 10, 25, 21, 59, 59, tzinfo=UTC),
    datetime(2025, 10, 26, 22, 59, 59, tzinfo=UTC),
    datetime(2025, 10, 26, 23, 0, tzinfo=UTC),
]


@pytest.mark.parametrize("zone", ["Europe/Paris", "Indian/Reunion", "Pacific/Marquesas"])
def test_the_database_counts_opening_days_as_the_calendar_does(world: World, zone: str) -> None:
    days, period, draw = OpeningDays("47"), Period(FIRST, LAST, zone), Random(zone)
    length = (LAST - FIRST).days - 2
    anywhere = [datetime(2025, 3, 2, tzinfo=UTC) + timedelta(days=length * draw.random()) for _rank in range(60)]
    query = select(rank_of(bindparam("instant", type_=UtcDateTime())))
    with world.app.app_context():
        given = Calendar(period, days, LAST).given
        for instant in EDGES + anywhere:
            found = db.session.scalar(query, given | {"instant": instant})
            assert found == days.between(FIRST, instant.astimezone(ZoneInfo(zone)).date()), instant


def test_all_together_is_the_sum_of_the_directions_and_what_each_referral_says(world: World) -> None:
    days, now = OpeningDays("47"), clock.now()
    draw = Random(5)
    for to in ("ccas", "ccas", "ccas", "france_services", "ccas", "france_services"):
        send(world, draw.randrange(3, 60), to=to)
    with world.app.app_context():
        sent = db.session.query(Referral).all()
        for rank, one in enumerate(sent):
            one.answered_at = now - timedelta(days=rank, hours=draw.randrange(24)) if rank % 3 else None
        db.session.flush()
        period = Period(world.today - timedelta(days=90), world.today, "Europe/Paris")
        expected = delays(
            [
                Answer(_day(one.sent_at), one.answered_at and _day(one.answered_at), _day(one.ended_at or now))
                for one in sent
            ],
            days.between,
        )
        pairs = counts_in(period)
        assert all_delays(period, days) == expected == together(sent_in(period, days, None, pairs).values())
        assert sum(one.sent for one in pairs.values()) == expected.sent
        assert sum(one.unanswered for one in pairs.values()) == expected.unanswered


def _day(instant: datetime | None) -> date:
    assert instant is not None
    return clock.local(instant, "Europe/Paris").date()


@pytest.mark.parametrize("page", [PAGE, MAP])
def test_figures_that_are_many_say_their_hour_and_the_others_are_of_now(
    world: World, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    client = world.client("coordinator")
    send(world, 3)
    assert _said(client.text(client.get(page))) == ""
    monkeypatch.setitem(world.app.extensions, FIGURES, {})
    for module in ("app.pilotage.queries.flows", "app.pilotage.queries.map.layers"):
        monkeypatch.setattr(sys.modules[module], "MANY", 0)
    with clock.fixed(clock.now().replace(hour=9, minute=5)):
        first = client.text(client.get(page))
    send(world, 3)
    assert _said(first)
    assert _said(client.text(client.get(page))) == _said(first)


def _said(words: str) -> str:
    found = [one for one in ("Totaux de ", "Chiffres de ") if one in words]
    return words.partition(found[0])[2][:9] if found else ""
