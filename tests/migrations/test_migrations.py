"""Migrations: numbered, reversible with data, equal to the models, on both databases."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Column, Connection, Engine, NullPool, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from app import create_app
from app.cli.database import alembic_config, downgrade, upgrade
from app.kernel import clock, ids
from app.kernel.db import Base, db
from tests.conftest import _create_database, settings_for
from tests.support.world import build_world

SCRIPTS = ScriptDirectory.from_config(alembic_config("sqlite://"))
REVISIONS = [script.revision for script in reversed(list(SCRIPTS.walk_revisions()))]
NewUrl = Callable[[], str]


@pytest.fixture
def new_url(tmp_path: Path, worker_id: str) -> NewUrl:
    """An empty database, as many times as wanted."""
    made: list[str] = []

    def make() -> str:
        server = os.environ.get("TEST_DATABASE_URL")
        made.append("")
        name = f"migrations_{worker_id}_{len(made)}"
        return _create_database(server, f"maillage_{name}") if server else f"sqlite:///{tmp_path / name}.sqlite"

    return make


@pytest.fixture
def engine_of() -> Iterator[Callable[[str], Engine]]:
    engines: list[Engine] = []

    def make(url: str) -> Engine:
        engines.append(create_engine(url, poolclass=NullPool))
        return engines[-1]

    yield make
    for engine in engines:
        engine.dispose()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_migrations_are_numbered_in_one_line() -> None:
    assert SCRIPTS.get_heads() == [REVISIONS[-1]]
    assert [f"{rank:04}" for rank in range(1, len(REVISIONS) + 1)] == REVISIONS
    for script in SCRIPTS.walk_revisions():
        assert re.fullmatch(rf"{script.revision}_[a-z0-9_]+\.py", Path(script.path).name)


def test_up_down_up(new_url: NewUrl, engine_of: Callable[[str], Engine]) -> None:
    url = new_url()
    engine = engine_of(url)
    upgrade(url)
    first = schema(engine)
    downgrade(url, "base")
    assert tables(engine) == set()
    assert leftovers(engine) == []
    upgrade(url)
    assert schema(engine) == first


def leftovers(engine: Engine) -> list[Any]:
    """Triggers and functions that a downgrade forgot."""
    sqlite = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    postgres = "SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'public'"
    with engine.connect() as connection:
        return list(connection.scalars(text(sqlite if engine.dialect.name == "sqlite" else postgres)))


@pytest.mark.slow
def test_each_step_down_and_up_with_data(new_url: NewUrl, engine_of: Callable[[str], Engine]) -> None:
    url = new_url()
    engine = engine_of(url)
    upgrade(url)
    with_people(url)
    before = counts(engine)
    assert before["person"] >= 2
    assert before["journal_entry"] > 10
    for rank in range(len(REVISIONS) - 1, 0, -1):
        above = definitions(engine)
        downgrade(url, REVISIONS[rank - 1])
        kept = counts(engine)
        assert kept == {name: before[name] for name in kept}
        touched = differing(above, definitions(engine))
        below = schema(engine, touched)
        upgrade(url, REVISIONS[rank])
        assert tables(engine) >= set(kept)
        assert schema(engine, touched) != below
        downgrade(url, REVISIONS[rank - 1])
    downgrade(url, "base")
    upgrade(url)
    with_people(url)
    assert counts(engine)["person"] == before["person"]


DEFINITIONS = {
    "sqlite": "SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL",
    "postgresql": """
        SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL
        SELECT conrelid::regclass::text, conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid <> 0
        UNION ALL
        SELECT table_name, concat_ws(' ', column_name, data_type, character_maximum_length, is_nullable, column_default)
        FROM information_schema.columns WHERE table_schema = 'public'
    """,
}


def definitions(engine: Engine) -> dict[str, list[str]]:
    """What the database itself keeps of each table, in its own words: quickly read, enough to see which ones changed."""
    found: dict[str, list[str]] = {}
    with engine.connect() as connection:
        for name, words in connection.execute(text(DEFINITIONS[engine.dialect.name])):
            found.setdefault(name, []).append(words)
    return {name: sorted(words) for name, words in found.items()}


def differing(one: dict[str, list[str]], other: dict[str, list[str]]) -> set[str]:
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def with_people(url: str) -> None:
    app = create_app(settings_for(url))
    build_world(app)
    with app.app_context():
        db.engine.dispose()


def counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {name: connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0 for name in sorted(tables(engine))}


def _other_default(
    _context: object, _inspected: object, column: Column[Any], kept: str | None, _default: object, asked: str | None
) -> bool | None:
    """Defaults of JSON columns compared as text, for PostgreSQL compares no two of them; the others as alembic does."""
    if not isinstance(column.type, JSON):
        return None
    return (kept or "").partition("::")[0] != (asked or "")


def test_models_and_migrations_are_the_same(new_url: NewUrl, engine_of: Callable[[str], Engine]) -> None:
    url = new_url()
    upgrade(url)
    with engine_of(url).connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": _other_default}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_constraints_too_are_the_same(new_url: NewUrl, engine_of: Callable[[str], Engine]) -> None:
    """Alembic does not compare CHECKs, nor the conditions of partial indexes."""
    migrated, created = new_url(), new_url()
    upgrade(migrated)
    Base.metadata.create_all(engine_of(created))
    ours, theirs = schema(engine_of(migrated)), schema(engine_of(created))
    assert ours.keys() == theirs.keys()
    for name in ours:
        assert ours[name] == theirs[name], name


def schema(engine: Engine, only: set[str] | None = None) -> dict[str, Any]:
    """Everything the database says of its tables (or of `only` these), in an order that does not depend on how they were made."""
    found = inspect(engine)
    names = sorted(tables(engine) if only is None else tables(engine) & only)
    columns, primary, unique, foreign, checks, indexes = (
        {name: kept for (_schema, name), kept in read(filter_names=names).items()}
        for read in (
            found.get_multi_columns,
            found.get_multi_pk_constraint,
            found.get_multi_unique_constraints,
            found.get_multi_foreign_keys,
            found.get_multi_check_constraints,
            found.get_multi_indexes,
        )
    )
    return {
        name: {
            "columns": {column["name"]: (str(column["type"]), column["nullable"]) for column in columns[name]},
            "primary": primary[name]["constrained_columns"],
            "unique": _sorted(unique[name], "name", "column_names"),
            "foreign": _sorted(foreign[name], "name", "constrained_columns", "referred_table"),
            "checks": _sorted(checks[name], "name", "sqltext"),
            "indexes": _sorted(indexes[name], "name", "column_names", "unique", "dialect_options"),
        }
        for name in names
    }


def _sorted(items: Any, *keys: str) -> list[str]:
    return sorted(" | ".join(_told(item.get(key)) for key in keys) for item in items)


def _told(value: Any) -> str:
    plain = {key: str(one) for key, one in value.items()} if isinstance(value, dict) else value
    return re.sub(r"\s+", " ", str(plain))


def test_the_command_says_whether_the_schema_is_up_to_date(new_url: NewUrl) -> None:
    url = new_url()
    app = create_app(settings_for(url))
    run = app.test_cli_runner().invoke
    assert run(args=["db", "upgrade", REVISIONS[-2]]).exit_code == 0
    assert run(args=["db", "check"]).exit_code != 0
    assert run(args=["db", "upgrade"]).output == "Schéma à jour.\n"
    assert run(args=["db", "check"]).exit_code == 0
    assert run(args=["db", "downgrade", REVISIONS[-2]]).output == f"Schéma revenu à {REVISIONS[-2]}.\n"
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("statement", ["UPDATE referral_event SET id = id", "DELETE FROM referral_event"])
def test_the_events_of_referrals_are_append_only(
    new_url: NewUrl, engine_of: Callable[[str], Engine], statement: str
) -> None:
    url = new_url()
    upgrade(url)
    with engine_of(url).connect() as connection:
        _insert_anything(connection, "referral_event")
        assert connection.scalar(text("SELECT count(*) FROM referral_event")) == 1
        with pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(statement))


def _insert_anything(connection: Connection, name: str) -> None:
    """A row of a table alone, its references left aside."""
    table = Base.metadata.tables[name]
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    else:
        for constraint in table.foreign_key_constraints:
            connection.execute(text(f'ALTER TABLE {name} DROP CONSTRAINT "{constraint.name}"'))
    values = {column.name: _anything(column) for column in table.columns if not column.nullable}
    connection.execute(table.insert().values(values))


def _anything(column: Column[Any]) -> object:
    enums = getattr(column.type, "enum_class", None)
    if enums is not None:
        return next(iter(enums))
    made = {UUID: ids.new_id, datetime: clock.now, int: lambda: 1, str: lambda: "x", bool: lambda: False, object: dict}
    return made[getattr(column.type, "impl", column.type).python_type]()


def test_no_trigger_is_lost(new_url: NewUrl, engine_of: Callable[[str], Engine]) -> None:
    url = new_url()
    upgrade(url)
    engine = engine_of(url)
    with engine.connect() as connection:
        for table in ("journal_entry", "journal_checkpoint", "referral_event"):
            assert triggers_of(engine, connection, table) >= {f"{table}_no_update", f"{table}_no_delete"}
        assert any(name.startswith("membership_elected") for name in triggers_of(engine, connection, "membership"))


def triggers_of(engine: Engine, connection: Any, table: str) -> set[str]:
    sqlite = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :name"
    postgres = "SELECT tgname FROM pg_trigger WHERE tgrelid = CAST(:name AS regclass) AND NOT tgisinternal"
    chosen = sqlite if engine.dialect.name == "sqlite" else postgres
    return set(connection.scalars(text(chosen), {"name": table}))
