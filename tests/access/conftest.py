"""The stage of the matrix, shared by what is generated from its table."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest
from flask import Flask

from app.kernel.db import db, set_mode
from tests.access.stage import Stage, build
from tests.support.world import build_world


@pytest.fixture(scope="module")
def stage(shared_app: Flask) -> Iterator[Stage]:
    """One stage for a whole module, in one transaction; each request is taken back."""
    with shared_app.app_context():
        engine = db.engine
        connection = engine.connect()
        outer = connection.begin()
        db.engines[None] = connection  # type: ignore[assignment]
    shared_app.config["WTF_CSRF_ENABLED"] = False
    yield build(shared_app, connection, build_world(shared_app))
    shared_app.config["WTF_CSRF_ENABLED"] = True
    with shared_app.app_context(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        outer.rollback()
        connection.close()
        db.engines[None] = engine
    set_mode("write")
