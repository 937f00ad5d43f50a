"""Fixtures: one migrated database per run, one rolled-back transaction per test, real commits only where a test asks for them."""

from __future__ import annotations

import gc
import itertools
import os
import shutil
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from itsdangerous import TimestampSigner
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import make_url

from app import create_app, wiring
from app.cli.database import upgrade
from app.kernel import jobs, remembered
from app.kernel.db import db, set_mode
from config import Settings
from tests.access.stage import Stage, apart, build
from tests.support import once
from tests.support.daily import Daily
from tests.support.pages import InspectingClient
from tests.support.world import World, build_world, copy_of

settings.register_profile("ci", max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

pytest_plugins = ["tests.support.skips", "tests.support.browser"]


signed = TimestampSigner.sign
seconds_ago = itertools.cycle(range(60))


def sign(signer: TimestampSigner, value: str | bytes) -> bytes:
    """No two tokens of one second: what compares pages with their tokens fails always, and not now and then."""
    signer.get_timestamp = lambda: int(time.time()) - next(seconds_ago)  # type: ignore[method-assign]
    return signed(signer, value)


TimestampSigner.sign = sign  # type: ignore[method-assign]

Home = tuple[World, Stage | None] | None
OPENS_A_DATABASE = {"app", "template_url"}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The slow ones first: none is alone at the end, while other processors wait.

    On PostgreSQL, leave out what SQLite's run has just lived: tests that open no database, or that none could change.
    """
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    if "TEST_DATABASE_URL" not in os.environ:
        return
    chosen = [item for item in items if _opens_a_database(item) and not item.get_closest_marker("one_database")]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(chosen)])
    items[:] = chosen


def pytest_collection_finish() -> None:
    """What every test shares stays: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 25, 25)


def _opens_a_database(item: pytest.Item) -> bool:
    return bool(OPENS_A_DATABASE & set(getattr(item, "fixturenames", ()))) or "tests/migrations/" in item.nodeid


def settings_for(url: str, **changes: object) -> Settings:
    """Settings of a test application."""
    values: dict[str, object] = {
        "env": "test",
        "secret_key": "0123456789abcdefghijklmnopqrstuvwxyzABCDEF",
        "database_url": url,
        "network_name": "Réseau d’essai",
        "https_only": False,
        "hash_memory_kib": 8,
        "second_factor_roles": (),
    }
    return Settings(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def template_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """An empty, migrated database: a SQLite file, or a PostgreSQL database of this worker."""
    server = os.environ.get("TEST_DATABASE_URL")
    if server is None:
        url = f"sqlite:///{tmp_path_factory.mktemp('database') / 'template.sqlite'}"
        upgrade(url)
        yield url
        return
    name = f"maillage_template_{worker_id}"
    url = _create_database(server, name)
    upgrade(url)
    yield url


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """The pytest-xdist worker, or `main`."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "main"))


def _create_database(server: str, name: str, template: str | None = None) -> str:
    engine = create_engine(make_url(server).set(database="postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else "")))
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _copy(template_url: str, folder: Path, name: str) -> str:
    """A copy of the migrated database. Nobody is connected to the template, or PostgreSQL would not copy it."""
    parsed = make_url(template_url)
    if parsed.drivername != "sqlite":
        return _create_database(os.environ["TEST_DATABASE_URL"], f"maillage_{name}", str(parsed.database))
    target = folder / f"{name}.sqlite"
    shutil.copyfile(str(parsed.database), target)
    return f"sqlite:///{target}"


@pytest.fixture
def fresh_url(template_url: str, tmp_path: Path, worker_id: str) -> str:
    """A copy of the migrated database, with real commits, for one test."""
    return _copy(template_url, tmp_path, f"fresh_{worker_id}")


@pytest.fixture(scope="session")
def shared_app(template_url: str, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Flask]:
    """One application for the run, on a copy of its own."""
    yield from _opened(_copy(template_url, tmp_path_factory.mktemp("shared"), f"shared_{worker_id}"))


@pytest.fixture(scope="session")
def inhabited(template_url: str, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Daily[World]]:
    """A second application for the run, whose database holds the small network: built once, never changed."""

    @contextmanager
    def make() -> Iterator[World]:
        for app in _opened(_copy(template_url, tmp_path_factory.mktemp("inhabited"), f"inhabited_{worker_id}")):
            yield build_world(app)

    kept = Daily(make)
    yield kept
    kept.close()


@pytest.fixture(scope="session")
def peopled(
    template_url: str, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Daily[tuple[World, Stage]]]:
    """A third one, with the people of the access matrix too."""

    @contextmanager
    def make() -> Iterator[tuple[World, Stage]]:
        for app in _opened(_copy(template_url, tmp_path_factory.mktemp("peopled"), f"peopled_{worker_id}")):
            world = build_world(app)
            yield world, build(app, None, world)

    kept = Daily(make)
    yield kept
    kept.close()


def _made(url: str) -> Flask:
    without_handlers()
    app = create_app(settings_for(url))
    app.test_client_class = InspectingClient
    once.share(app)
    return app


def _opened(url: str) -> Iterator[Flask]:
    app = _made(url)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def home(request: pytest.FixtureRequest) -> Home:
    """The network in which a test takes place: none, the small one, or the one with people of every relation."""
    if "staged" in request.fixturenames:
        found: tuple[World, Stage] = request.getfixturevalue("peopled").get()
        return found
    return (request.getfixturevalue("inhabited").get(), None) if "world" in request.fixturenames else None


def without_handlers() -> None:
    """Work that a test invented is nobody's any more."""
    jobs._handlers.clear()
    jobs._recurring.clear()


def installed_anew(app: Flask) -> None:
    """Rules belong to the process: those of the latest application made, perhaps one of production. Counts outlive tests."""
    without_handlers()
    wiring.connect(app.extensions["settings"])
    app.extensions.pop(remembered.KEY, None)


@pytest.fixture
def app(request: pytest.FixtureRequest, home: Home) -> Iterator[Flask]:
    """The application inside a transaction that is rolled back after the test; requests use savepoints of it.

    Its database is empty, unless the test asks for `world` too, and has people of every relation if it asks for `staged`.
    """
    shared_app: Flask = request.getfixturevalue("shared_app") if home is None else home[0].app
    installed_anew(shared_app)
    with shared_app.app_context():
        engine = db.engine
        connection = engine.connect()
        outer = connection.begin()
        db.engines[None] = connection  # type: ignore[assignment]
    yield shared_app
    with shared_app.app_context(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        outer.rollback()
        connection.close()
        db.engines[None] = engine
    set_mode("write")


@pytest.fixture
def committed_app(fresh_url: str) -> Iterator[Flask]:
    """An application on its own copy of the database: real connections, real commits."""
    app = _made(fresh_url)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    set_mode("write")


@pytest.fixture
def world(app: Flask, home: Home) -> World:
    """A small network with people in it (see tests/support/world.py)."""
    assert home is not None
    assert home[0].app is app
    return copy_of(home[0])


@pytest.fixture
def staged(app: Flask, home: Home) -> Stage:
    """Somebody in each relation to the CCAS (see tests/access/stage.py), in the network that `world` then is."""
    assert home is not None
    assert home[0].app is app
    assert home[1] is not None
    return apart(home[1])


@pytest.fixture
def client(app: Flask) -> InspectingClient:
    """A browser nobody is signed in with; every HTML page it fetches is inspected."""
    found = app.test_client()
    assert isinstance(found, InspectingClient)
    return found


@pytest.fixture
def make_app(template_url: str, tmp_path: Path, worker_id: str) -> Iterator[Callable[[], Flask]]:
    """Applications with real commits, each on its own copy of the migrated database."""
    made: list[Flask] = []

    def make() -> Flask:
        app = _made(_copy(template_url, tmp_path, f"made{len(made)}_{worker_id}"))
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    set_mode("write")
