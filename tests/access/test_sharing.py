"""Random histories of sharing: what each hat reads equals a naive model written from `domain/access.md` alone."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.kernel.db import db
from tests.access.histories import STEP, apart, live
from tests.access.naive import HATS
from tests.access.pictures import compare, show
from tests.support.world import World


@given(
    first=st.tuples(st.sampled_from(HATS), st.sampled_from(HATS), st.integers(0, 11)),
    history=st.lists(STEP, min_size=1, max_size=16),
    viewer=st.sampled_from(HATS),
)
@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_what_is_read_is_what_the_document_says(
    world: World, first: tuple[str, str, int], history: list[tuple[str, str, str, int]], viewer: str
) -> None:
    with apart(world) as naive:
        begun = [("register", first[0], "anna", first[2]), ("register", first[1], "bilal", first[2] + 1)]
        for step in [*begun, *history]:
            live(world, naive, step)
        db.session.commit()
        compare(world, naive)
        db.session.commit()
        show(world, naive, viewer)


TWICE = (
    ("register", "library.adviser", "anna", 1),
    ("register", "library.adviser", "bilal", 1),
    ("make_card", "library.adviser", "anna", 0),
    ("make_card", "library.adviser", "bilal", 0),
    ("follow", "camille.fablab", "anna", 0),
    ("follow", "camille.fablab", "bilal", 0),
    ("follow", "fs.adviser", "bilal", 0),
)


@pytest.mark.parametrize("pick", [0, 1])
@pytest.mark.parametrize("between", [(), ("withdraw",), ("need", "session", "assess"), ("withdraw", "need")])
def test_an_undo_gives_back_what_was_but_never_against_what_the_person_said_since(
    world: World, pick: int, between: tuple[str, ...]
) -> None:
    with apart(world) as naive:
        for step in TWICE:
            live(world, naive, step)
        live(world, naive, ("merge", "library.adviser", "anna", pick))
        assert len(naive.merges) == 1
        compare(world, naive)
        for name in between:
            live(world, naive, (name, "library.adviser", "anna", 0))
        live(world, naive, ("undo", "library.adviser", "anna", 0))
        assert naive.merges == []
        compare(world, naive)
        for who in ("ccas.adviser", "shelter.adviser"):
            for key in ("anna", "bilal"):
                live(world, naive, ("present", who, key, 0))
        compare(world, naive)
