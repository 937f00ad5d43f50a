"""Proposals to pass the referent follow-up on, and where they stand."""

from __future__ import annotations

from uuid import UUID

from app.people.enums import HandOverEnd, HandOverState
from tests.people.helpers import follow
from tests.people.relays import newest, propose
from tests.support.world import World


def shared(world: World, structure: str = "ccas") -> UUID:
    """Amina, whom the CCAS follows beside the library."""
    amina = world.people["amina"]
    follow(world, amina, structure)
    return amina


def proposed_to(world: World, structure: str = "ccas") -> UUID:
    """The id of a proposal to a structure that follows."""
    amina = shared(world, structure)
    assert propose(world.client("library.adviser"), amina, world.structures[structure]).status_code == 303
    return newest(world, amina).id


def state_of(world: World) -> tuple[HandOverState, HandOverEnd | None]:
    one = newest(world, world.people["amina"])
    return one.state, one.end_reason
