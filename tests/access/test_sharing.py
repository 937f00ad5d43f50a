"""Random histories of sharing: what each hat reads equals a naive model written from `domain/access.md` alone."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.kernel import journal
from app.kernel.db import db
from tests.access.histories import STEP, compare, live, show, staffed
from tests.access.naive import HATS, Naive
from tests.support.world import World


@given(
    first=st.tuples(st.sampled_from(HATS), st.sampled_from(HATS), st.integers(0, 11)),
    history=st.lists(STEP, min_size=1, max_size=16),
    viewer=st.sampled_from(HATS),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_what_is_read_is_what_the_document_says(
    world: World, first: tuple[str, str, int], history: list[tuple[str, str, str, int]], viewer: str
) -> None:
    with world.app.app_context():
        nested = db.engines[None].begin_nested()  # type: ignore[attr-defined]
        naive = Naive()
        staffed(world)
        try:
            begun = [("register", first[0], "anna", first[2]), ("register", first[1], "bilal", first[2] + 1)]
            for step in [*begun, *history]:
                live(world, naive, step)
            db.session.commit()
            compare(world, naive)
            db.session.commit()
            show(world, naive, viewer)
        finally:
            db.session.remove()
            nested.rollback()
            journal.forget()
