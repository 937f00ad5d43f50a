from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from tests.support.queries import count_queries


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = create_engine("sqlite://")
    yield engine
    engine.dispose()


def test_statements_are_counted_and_housekeeping_is_not(engine: Engine) -> None:
    with Session(engine) as session, count_queries(session) as queries:
        session.execute(text("PRAGMA foreign_keys"))
        with session.begin_nested():
            session.execute(text("SELECT\n 1"))
        session.execute(text("SELECT 2"))
    assert queries.statements == ["SELECT 1", "SELECT 2"]


def test_counting_ends_with_the_block(engine: Engine) -> None:
    with engine.connect() as connection:
        with count_queries(engine) as queries:
            connection.execute(text("SELECT 1"))
        connection.execute(text("SELECT 2"))
    assert len(queries) == 1


def test_a_count_that_grows_is_told_with_its_statements(engine: Engine) -> None:
    with engine.connect() as connection:
        with count_queries(connection) as few:
            connection.execute(text("SELECT 1"))
        with count_queries(connection) as many:
            for _ in range(3):
                connection.execute(text("SELECT 1"))
    assert many.repeated() == {"SELECT 1": 3}
    few.assert_same_as(few)
    few.assert_at_most(1)
    with pytest.raises(AssertionError, match="SELECT 1"):
        many.assert_same_as(few)
    with pytest.raises(AssertionError, match="3 statements, 2 allowed"):
        many.assert_at_most(2)
