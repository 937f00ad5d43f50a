"""Identifiers and time: ordered, random where they must be, and chosen by the tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, MetaData, Table, create_engine, insert, select

from app.kernel import clock, ids
from app.kernel.db import UtcDateTime

NOON = datetime(2026, 3, 3, 12, 0, 0, 123000, tzinfo=UTC)


def test_a_row_id_is_a_uuid7_that_carries_its_instant() -> None:
    with clock.fixed(NOON):
        found = ids.new_id()
    assert (found.version, found.variant) == (7, "specified in RFC 4122")
    assert found.int >> 80 == int(NOON.timestamp() * 1000)


def test_row_ids_follow_time() -> None:
    made = []
    for rank in range(50):
        with clock.fixed(NOON + timedelta(milliseconds=rank)):
            made.append(ids.new_id())
    assert made == sorted(made)


def test_row_ids_of_one_instant_differ() -> None:
    with clock.fixed(NOON):
        assert len({ids.new_id() for _ in range(2000)}) == 2000


def test_a_random_key_carries_no_date() -> None:
    with clock.fixed(NOON):
        keys = {ids.random_key() for _ in range(200)}
    assert {key.version for key in keys} == {4}
    assert len({key.int >> 80 for key in keys}) > 190


def test_a_code_can_be_read_aloud() -> None:
    codes = {ids.new_code() for _ in range(500)}
    assert len(codes) > 490
    assert {len(code) for code in codes} == {6}
    assert not set("".join(codes)) & set("01ILOU")


def test_seeded_identifiers_are_the_same_again() -> None:
    def some() -> list[object]:
        with clock.fixed(NOON), ids.seeded(7):
            return [ids.new_id(), ids.random_key(), ids.new_code()]

    assert some() == some()
    with clock.fixed(NOON), ids.seeded(8):
        assert ids.new_id() != some()[0]
    with clock.fixed(NOON):
        assert ids.new_id() != some()[0]


def test_the_clock_is_aware_and_in_utc() -> None:
    assert clock.now().tzinfo is UTC
    with clock.fixed(NOON.astimezone(timezone(timedelta(hours=4)))):
        assert clock.now() == NOON
        assert clock.now().tzinfo is UTC
    assert clock.now() != NOON


def test_the_day_is_that_of_the_network() -> None:
    with clock.fixed(datetime(2026, 2, 28, 21, 0, tzinfo=UTC)):
        assert clock.today("Europe/Paris") == date(2026, 2, 28)
        assert clock.today("Indian/Reunion") == date(2026, 3, 1)
        assert clock.today("America/Cayenne") == date(2026, 2, 28)


def test_instants_come_back_as_they_went() -> None:
    engine = create_engine("sqlite://")
    table = Table("instant", MetaData(), Column("at", UtcDateTime()))
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(insert(table), [{"at": NOON.astimezone(timezone(timedelta(hours=4)))}, {"at": None}])
        assert connection.scalars(select(table.c.at)).all() == [NOON, None]
    engine.dispose()


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        UtcDateTime().process_bind_param(datetime(2026, 3, 3), None)  # type: ignore[arg-type]  # noqa: DTZ001


def test_seeded_codes_never_repeat() -> None:
    """Two signs make 900 codes: 800 draws would meet many times."""
    with ids.seeded(1):
        codes = [ids.new_code(2) for _ in range(800)]
    assert len(set(codes)) == 800
