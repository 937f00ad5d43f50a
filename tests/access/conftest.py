"""The stage of the matrix, shared by what is generated from its table."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest

from app.kernel.db import db, set_mode
from app.kernel.writes import commit
from tests.access.stage import Stage, apart
from tests.conftest import installed_anew
from tests.referrals.helpers import add_need, send
from tests.support.daily import Daily
from tests.support.world import World, add_person


@pytest.fixture(scope="module")
def stage(peopled: Daily[tuple[World, Stage]]) -> Iterator[Stage]:
    """One stage for a whole module, in one transaction; each request is taken back."""
    world, made = peopled.get()
    app = world.app
    installed_anew(app)
    with app.app_context():
        engine = db.engine
        connection = engine.connect()
        outer = connection.begin()
        db.engines[None] = connection  # type: ignore[assignment]
    app.config["WTF_CSRF_ENABLED"] = False
    yield apart(made, connection)
    app.config["WTF_CSRF_ENABLED"] = True
    with app.app_context(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        outer.rollback()
        connection.close()
        db.engines[None] = engine
    set_mode("write")


@pytest.fixture
def sent(world: World) -> World:
    """The library sent Amina's need to the CCAS; somebody else of the library has a need too."""
    with world.app.app_context():
        need_id = add_need(world, note="Note secrète.")
        world.made["need"] = need_id
        world.made["referral"] = send(world, need_id=need_id).id
        world.people["lea"] = add_person(world, "library.adviser", "Léa", "Marchand")
        world.made["lea.need"] = add_need(world, person="lea")
        commit()
    return world
