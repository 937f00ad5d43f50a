"""Where referrals are made."""

from __future__ import annotations

import pytest

from tests.support.world import World


@pytest.fixture
def here(world: World) -> object:
    with world.app.app_context():
        yield world
