"""Distance travelled on the person's page: what is compared, what is said, to whom."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from app.assessments import engine, queries
from app.assessments.enums import AssessmentState, Mode
from app.assessments.models import Assessment
from app.assessments.queries import Travelled
from app.kernel import clock, ids
from app.kernel.db import db
from app.kernel.grants import Section
from app.kernel.writes import commit
from app.needs.enums import Priority
from app.people import policy as people_policy
from tests.assessments.counter import finished, granted
from tests.assessments.made import FULL, follow
from tests.assessments.sheets import AT_EASE, INSTRUMENT, sheet
from tests.support.world import World

FAR = FULL
NEAR = AT_EASE


def told(
    world: World,
    answers: dict[str, str],
    days_ago: int,
    *,
    who: str = "library.adviser",
    version: str = "1.0.0",
    mode: Mode = Mode.FULL,
    replaces: UUID | None = None,
    reason: str | None = None,
) -> UUID:
    """A finished assessment as it is stored, on the day it was told. Inside an application context."""
    scored = engine.score(engine.load_instrument(), mode.value, answers)
    at = clock.now() - timedelta(days=days_ago)
    row = Assessment(
        id=ids.new_id(),
        person_id=world.people["amina"],
        state=AssessmentState.DONE,
        mode=mode,
        instrument_version=version,
        instrument_hash="0" * 64,
        engine_version=engine.ENGINE_VERSION,
        started_at=at,
        finished_at=at,
        profile=scored.profile,
        priority=Priority(scored.priority),
        index_value=scored.index,
        band=scored.band,
        result={**scored.to_document(), "version": version, "attentes": {}},
        supersedes_id=replaces,
        correction_reason=reason,
        **people_policy.authorship(world.actors[who]),
    )
    db.session.add(row)
    commit()
    return row.id


def seen(world: World, who: str = "library.adviser") -> Travelled | None:
    actor = world.actors[who]
    return queries.on_page(actor, granted(actor, world.people["amina"]))[1]


def test_first_and_last_are_compared_and_those_between_are_not(world: World) -> None:
    with world.app.app_context():
        told(world, FAR, 200)
        told(world, sheet(C2="non"), 100)
        told(world, NEAR, 3)
        found = seen(world)
        first = engine.score(engine.load_instrument(), "complet", FAR)
        assert found is not None
        assert (found.before, found.after, found.reading) == (first.index, 0, "rapprochement")
        assert [(one.before, one.after) for one in found.dimensions] == [
            (score, 0) for score in first.dimensions.values() if score is not None
        ]
        assert not found.break_between


def test_the_page_says_it_as_a_path_with_its_chart_and_its_table(world: World) -> None:
    with world.app.app_context():
        told(world, FAR, 90)
        told(world, NEAR, 0)
        found = seen(world)
    assert found is not None
    adviser = world.client("library.adviser")
    page = adviser.get(f"/personnes/{world.people['amina']}")
    words = adviser.text(page, "#chemin")
    assert f"la distance est passée de {found.before} à {found.after} sur 100" in words
    assert "pas la preuve d’un effet" in words
    assert len(adviser.select(page, "#chemin svg")) == len(adviser.select(page, "#chemin tbody tr")) == 8
    assert not adviser.select(page, "#chemin [style]")


@pytest.mark.parametrize("who", ["library.desk"])
def test_the_desk_never_sees_it(world: World, who: str) -> None:
    with world.app.app_context():
        told(world, FAR, 90, who=who)
        told(world, NEAR, 0, who=who)
        assert seen(world, who) is None
    desk = world.client(who)
    assert "Chemin parcouru" not in desk.text(desk.get(f"/personnes/{world.people['amina']}"))


@pytest.mark.parametrize(
    ("changes", "points", "reading"),
    [({"C2": "un_peu"}, 5, "stable"), ({"C2": "un_peu", "T1": "refuse", "T2": "non"}, 10, "rapprochement")],
)
def test_an_index_is_shown_from_ten_points(world: World, changes: dict[str, str], points: int, reading: str) -> None:
    with world.app.app_context():
        told(world, sheet(**changes), 90)
        told(world, NEAR, 0)
        found = seen(world)
    assert found is not None
    assert found.reading == reading
    assert (found.before, found.after) == ((points, 0) if points >= 10 else (None, None))
    assert all(one.shown == (abs(one.gained) >= 10) for one in found.dimensions)


def test_under_ten_points_the_page_gives_no_index(world: World) -> None:
    with world.app.app_context():
        told(world, sheet(C2="un_peu"), 90)
        told(world, NEAR, 0)
    adviser = world.client("library.adviser")
    words = adviser.text(adviser.get(f"/personnes/{world.people['amina']}"), "#chemin")
    assert "pas de changement assez net" in words
    assert "est passée de" not in words


def test_one_alone_or_express_ones_are_no_path(world: World) -> None:
    with world.app.app_context():
        told(world, FAR, 90)
        assert seen(world) is None
        told(world, {"M1": "langue", "C2": "non"}, 30, mode=Mode.EXPRESS)
        assert seen(world) is None


def test_what_was_corrected_is_ignored_and_the_correction_keeps_the_day_of_the_talk(world: World) -> None:
    with world.app.app_context():
        wrong = told(world, NEAR, 90)
        told(world, NEAR, 20)
        assert seen(world).reading == "stable"  # type: ignore[union-attr]
        told(world, FAR, 1, replaces=wrong, reason="erreur_saisie")
        found = seen(world)
        assert found is not None
        assert found.reading == "rapprochement"
        assert (clock.now() - found.first_at).days == 90
        assert (clock.now() - found.last_at).days == 20


def test_a_correction_alone_is_no_path(world: World) -> None:
    with world.app.app_context():
        wrong = told(world, NEAR, 90)
        told(world, FAR, 1, replaces=wrong, reason="erreur_saisie")
        assert seen(world) is None


def test_another_major_is_a_break_that_is_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    # An earlier major is not published yet: its words are those of the present one.
    monkeypatch.setattr(engine, "instrument_in", lambda _language, _version="": INSTRUMENT)
    with world.app.app_context():
        told(world, FAR, 300, version="0.9.0")
        told(world, FAR, 90)
        only = seen(world)
        assert only is not None
        assert (only.reading, only.dimensions, only.break_between) == (None, (), True)
        told(world, NEAR, 0)
        found = seen(world)
        assert found is not None
        assert found.break_between
        assert (clock.now() - found.first_at).days == 90
    adviser = world.client("library.adviser")
    words = adviser.text(adviser.get(f"/personnes/{world.people['amina']}"), "#chemin")
    assert "Le questionnaire a changé" in words


def test_what_another_structure_asked_travels_without_its_index(world: World) -> None:
    with world.app.app_context():
        told(world, FAR, 90)
        told(world, NEAR, 0)
        follow(world, "ccas", "amina", Section.IDENTITY | Section.ASSESSMENT)
        found = seen(world, "ccas.adviser")
        assert found is not None
        assert (found.before, found.after, found.reading) == (None, None, "rapprochement")
        assert found.dimensions


def test_nothing_without_the_agreement_to_show_assessments(world: World) -> None:
    with world.app.app_context():
        told(world, FAR, 90)
        told(world, NEAR, 0)
        follow(world, "ccas", "amina", Section.IDENTITY)
        assert seen(world, "ccas.adviser") is None


def test_it_is_read_from_what_the_counter_stored(world: World) -> None:
    with world.app.app_context():
        with clock.fixed(clock.now() - timedelta(days=60)):
            finished(world, "library.adviser", "amina", Mode.FULL, FAR)
        finished(world, "library.adviser", "amina", Mode.FULL, NEAR)
        found = seen(world)
        assert found is not None
        assert found.reading == "rapprochement"
