"""Spoken codes: short, so drawn again when somebody bears them."""

from __future__ import annotations

import pytest

from app.kernel import ids
from app.kernel.db import db
from app.people import queries
from app.people.models import Person
from tests.support.world import World, add_person


def test_a_code_that_somebody_bears_is_drawn_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with world.app.app_context():
        taken = db.session.get_one(Person, add_person(world, "library.adviser", "Rose", "Amar")).code
        draws = iter([taken, taken, "ZZ99ZZ"])
        monkeypatch.setattr(ids, "new_code", lambda: next(draws))
        assert queries.free_code() == "ZZ99ZZ"
