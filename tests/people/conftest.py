"""Who is at the screens of the register."""

from __future__ import annotations

import pytest

from tests.support.pages import InspectingClient
from tests.support.world import World


@pytest.fixture
def fs(world: World) -> InspectingClient:
    return world.client("fs.adviser")
