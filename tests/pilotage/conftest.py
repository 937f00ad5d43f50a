"""A quarter that was lived."""

from __future__ import annotations

import pytest

from app.kernel import ids
from app.kernel.writes import commit
from app.territory.actions import TerritoryData, set_territory
from app.territory.enums import TerritoryKind
from tests.pilotage.quarters import EPCI, THREE, crowd, rank, visit
from tests.support.world import World


@pytest.fixture(autouse=True)
def first_in_turn() -> None:
    rank.begin()


@pytest.fixture
def lived(world: World) -> World:
    """A territory of 43 communes and a quarter with enough people to be told, and some communes too small."""
    with world.app.app_context():
        set_territory(world.actors["coordinator"], TerritoryData(TerritoryKind.EPCI, EPCI))
        crowd(world, 40, "47157", times=2)
        crowd(world, 25, "47310")
        crowd(world, 4, "47065")
        crowd(world, 9, "47301")
        for _one in range(12):
            visit(world, THREE[next(rank) % 3], ids.random_key(), anonymous=True, commune=None)
        commit()
    return world
