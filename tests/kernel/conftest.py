from __future__ import annotations

import pytest
from flask import Flask

from tests.support import probes
from tests.support.world import World, build_world


@pytest.fixture
def probe_app(committed_app: Flask) -> Flask:
    """An application of its own, with the probes and real commits."""
    probes.install(committed_app)
    return committed_app


@pytest.fixture
def probe_world(probe_app: Flask) -> World:
    return build_world(probe_app)
