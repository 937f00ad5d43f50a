"""The coordinator's quality page: what is counted, what is hidden, in how many queries."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest

from app.assessments import engine
from app.assessments.enums import AssessmentState, Mode
from app.assessments.models import Assessment, AssessmentAnswer
from app.kernel import clock, ids
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.writes import commit
from app.needs.enums import Priority
from app.people import policy as people_policy
from app.pilotage import queries
from app.pilotage.queries import Period, Quality
from app.pilotage.views import AGREEMENT_WORDS
from tests.assessments.made import FULL
from tests.assessments.sheets import AT_EASE, WORST, sheet
from tests.support.queries import count_queries
from tests.support.world import World, add_person

PAGE = "/pilotage/qualite"
THREE = ("library.adviser", "ccas.adviser", "fs.adviser")


def assess(
    world: World,
    who: str,
    answers: dict[str, str],
    *,
    person: UUID | None = None,
    days_ago: float = 10,
    mode: Mode = Mode.FULL,
    version: str = "1.0.0",
    kept: str | None = None,
    replaces: UUID | None = None,
    reason: str | None = None,
    seconds: int | None = None,
    untimed: str = "",
) -> UUID:
    """A finished assessment as it is stored. Inside an application context."""
    actor, at = world.actors[who], clock.now() - timedelta(days=days_ago)
    asked = engine.load_instrument().modes[mode.value].questions
    scored = engine.score(engine.load_instrument(), mode.value, {name: answers[name] for name in asked})
    row = Assessment(
        id=ids.new_id(),
        person_id=person or world.people["amina"],
        mode=mode,
        instrument_version=version,
        instrument_hash="0" * 64,
        engine_version=engine.ENGINE_VERSION,
        started_at=at,
        profile=scored.profile,
        priority=Priority(scored.priority),
        index_value=scored.index,
        band=scored.band,
        result={**scored.to_document(), "attentes": {}},
        supersedes_id=replaces,
        correction_reason=reason,
        **(_overridden(actor, kept, at) if kept else {}),
        **people_policy.authorship(actor),
    )
    if seconds is not None:
        took = {name: None if name == untimed else seconds for name in asked}
        row.answers = [_answer(name, answers[name], at, took[name]) for name in asked]
    db.session.add(row)
    db.session.flush()
    row.state, row.finished_at = AssessmentState.DONE, at
    db.session.flush()
    return row.id


def _answer(question: str, code: str, at: datetime, seconds: int | None) -> AssessmentAnswer:
    return AssessmentAnswer(question=question, code=code, answered_at=at, seconds=seconds)


def _overridden(actor: Actor, kept: str, at: datetime) -> dict[str, Any]:
    """Another profile was kept than the one that was scored."""
    return {
        "kept_profile": kept,
        "override_reason": "observation",
        "overridden_by": actor.user_id,
        "overridden_at": at,
    }


def read(world: World, days: int = 365) -> Quality:
    period = Period(world.today - timedelta(days=days), world.today, world.app.config["TIMEZONE"])
    return queries.quality(world.actors["coordinator"], period)


def pairs(world: World, count: int, answers: tuple[dict[str, str], dict[str, str]], gap: float = 2) -> None:
    """People assessed twice, each by two of three advisers in turn."""
    for rank in range(count):
        person = add_person(world, "library.adviser", f"Prénom{rank}", f"Nom{rank}")
        assess(world, THREE[rank % 3], answers[0], person=person, days_ago=10 + gap)
        assess(world, THREE[(rank + 1) % 3], answers[1], person=person)
    commit()


def by_three(world: World, answers: dict[str, str], times: int = 1, **changes: object) -> None:
    """The same answers, assessed by three advisers, of different people."""
    for rank in range(times):
        for who in THREE:
            person = add_person(world, "library.adviser", f"Autre{rank}", who)
            assess(world, who, answers, person=person, **changes)  # type: ignore[arg-type]
    commit()


def test_agreement_is_hidden_under_eleven_and_told_from_eleven(world: World) -> None:
    with world.app.app_context():
        pairs(world, 10, (AT_EASE, AT_EASE))
        ten = read(world).doubles
        assert (ten.pairs, ten.profile, ten.band) == (10, None, None)
        pairs(world, 1, (WORST, WORST))
        eleven = read(world).doubles
        assert eleven.pairs == 11
        assert eleven.profile is not None
        assert eleven.band is not None
        assert (eleven.profile.raw, eleven.profile.kappa, eleven.profile.word) == (1, 1, "presque_parfait")
        assert (eleven.band.kappa, eleven.index_difference) == (1, 0)


def test_disagreement_lowers_kappa(world: World) -> None:
    with world.app.app_context():
        pairs(world, 8, (AT_EASE, AT_EASE))
        pairs(world, 3, (WORST, AT_EASE))
        pairs(world, 3, (WORST, WORST))
        found = read(world).doubles.profile
        assert found is not None
        assert found.raw is not None
        assert found.kappa is not None
        assert found.interval is not None
        assert found.kappa < found.raw < 1
        assert found.interval[0] <= found.kappa <= found.interval[1]
        assert read(world).doubles.profile == found, "the interval is drawn from a fixed seed"


@pytest.mark.parametrize(
    ("second", "days", "mode", "version", "expected"),
    [
        ("ccas.adviser", 7, Mode.FULL, "1.0.0", 1),
        ("ccas.adviser", 7.01, Mode.FULL, "1.0.0", 0),
        ("library.adviser", 2, Mode.FULL, "1.0.0", 0),
        ("ccas.adviser", 2, Mode.EXPRESS, "1.0.0", 0),
        ("ccas.adviser", 2, Mode.FULL, "1.3.0", 1),
        ("ccas.adviser", 2, Mode.FULL, "2.0.0", 0),
    ],
)
def test_what_is_a_double_assessment(
    world: World, second: str, days: float, mode: Mode, version: str, expected: int
) -> None:
    with world.app.app_context():
        at = clock.now()
        by_three(world, AT_EASE)
        with clock.fixed(at):
            assess(world, "library.adviser", AT_EASE, days_ago=20 + days)
            assess(world, second, AT_EASE, days_ago=20, mode=mode, version=version)
        commit()
        assert read(world).doubles.pairs == expected


def test_a_correction_is_no_second_opinion(world: World) -> None:
    with world.app.app_context():
        by_three(world, AT_EASE)
        first = assess(world, "library.adviser", AT_EASE, days_ago=3)
        assess(world, "library.manager", WORST, days_ago=2, replaces=first, reason="erreur_saisie")
        commit()
        found = read(world)
        assert found.doubles.pairs == 0
        assert found.assessed == 4, "what was corrected is counted once"


def test_an_express_one_completed_since_still_had_its_second_opinion(world: World) -> None:
    with world.app.app_context():
        by_three(world, AT_EASE)
        first = assess(world, "library.adviser", AT_EASE, days_ago=5, mode=Mode.EXPRESS)
        assess(world, "ccas.adviser", AT_EASE, days_ago=4, mode=Mode.EXPRESS)
        assess(world, "library.adviser", AT_EASE, days_ago=3, replaces=first)
        commit()
        assert read(world).doubles.pairs == 1


def test_nothing_at_all_under_three_advisers(world: World) -> None:
    with world.app.app_context():
        for who in THREE[:2]:
            assess(world, who, WORST, seconds=9)
        commit()
        found = read(world)
        assert (found.enough, found.assessed, found.times.timed) == (False, 0, 0)
    client = world.client("coordinator")
    page = client.get(PAGE)
    assert "Pas assez d’évaluations" in client.text(page, "main")
    assert not client.select(page, "main table")


def test_a_line_of_one_adviser_is_hidden_and_cannot_be_subtracted(world: World) -> None:
    with world.app.app_context():
        by_three(world, AT_EASE, 2)
        by_three(world, WORST)
        assess(world, "library.adviser", FULL)
        commit()
        found = read(world).profiles
        hidden = [line.code for line in found.lines if line.count is None]
        assert "oublies" in hidden
        assert len(hidden) == 2
        assert found.gap is None


def test_overrides_are_told_with_their_reason_from_three_advisers(world: World) -> None:
    with world.app.app_context():
        by_three(world, AT_EASE, 3)
        assess(world, "library.adviser", AT_EASE, kept="naufrages")
        commit()
        one = read(world)
        assert (one.kept.count, one.kept_reasons.total) == (None, 0)
        by_three(world, AT_EASE, kept="naufrages")
        told = read(world)
        assert told.kept.count == told.kept_reasons.of("observation") == 4
        assert told.kept_reasons.of("autre") == 0


def test_times_are_those_of_whole_assessments_asked_question_by_question(world: World) -> None:
    with world.app.app_context():
        by_three(world, AT_EASE, seconds=10)
        by_three(world, AT_EASE)
        first = assess(world, "library.adviser", AT_EASE, mode=Mode.EXPRESS, seconds=1000)
        assess(world, "ccas.adviser", AT_EASE, replaces=first, seconds=1000)
        commit()
        found = read(world).times
        assert (found.timed, found.median, found.p90) == (3, 240, 240)
        assert {one.count for one in found.questions} == {10}


def test_an_assessment_with_an_untimed_answer_has_no_total(world: World) -> None:
    with world.app.app_context():
        by_three(world, AT_EASE, seconds=10)
        assess(world, "library.adviser", AT_EASE, seconds=20, untimed="M1")
        commit()
        assert read(world).times.timed == 3


def test_reasons_and_alerts_are_counted(world: World) -> None:
    with world.app.app_context():
        by_three(world, sheet(M1="langue"), 2)
        by_three(world, AT_EASE)
        found = read(world)
        assert (found.reasons.of("langue"), found.reasons.total) == (6, 6)
        assert found.reasons.gap == pytest.approx(83 / 99)
        assert {one.code: one.count for one in found.alerts if one.count} == {"X6": 6}
        assert len(found.alerts) == 10


def test_another_major_is_left_aside_and_said(world: World) -> None:
    with world.app.app_context():
        by_three(world, AT_EASE)
        assess(world, "library.adviser", WORST, version="2.0.0")
        commit()
        assert (read(world).assessed, read(world).other_scales) == (3, 1)
    client = world.client("coordinator")
    assert "autre version majeure" in client.text(client.get(PAGE), "main")


def test_the_period_bounds_what_is_counted(world: World) -> None:
    with world.app.app_context():
        by_three(world, AT_EASE, days_ago=40)
        assert read(world, 30).assessed == 0
        assert read(world, 41).assessed == 3


def test_the_page_shows_every_chart_with_its_table_and_names_nobody(world: World) -> None:
    with world.app.app_context():
        pairs(world, 11, (AT_EASE, WORST))
        by_three(world, sheet(M1="langue"), seconds=12, kept="naufrages")
    client = world.client("coordinator")
    page = client.get(PAGE)
    assert page.status_code == 200
    said = client.text(page, "main")
    assert "Landis et Koch" in said
    assert "jamais des objectifs" in said
    assert "sans connaître la première" in said
    for name in ("Library", "Ccas Adviser", "Prénom", "Médiathèque", "CCAS de Tonneins", "Benali"):
        assert name not in said
    for section in ("temps", "derogations", "tendances", "alertes"):
        assert len(client.select(page, f"#{section} .bars")) >= 1
        assert len(client.select(page, f"#{section} table")) >= len(client.select(page, f"#{section} .bars"))
    assert not client.select(page, "main [style]")
    assert not re.search(r"Fraction|None|Undefined", said)


def test_no_stated_kappa_word_is_missing() -> None:
    labels = {engine.landis_koch(Fraction(value, 100)) for value in range(-10, 101)}
    assert labels == set(AGREEMENT_WORDS)


@pytest.mark.parametrize(
    ("query", "status"), [("?du=2026-13-01", 400), ("?du=2026-05-01&au=2026-01-01", 400), ("", 200)]
)
def test_an_impossible_period_is_said(world: World, query: str, status: int) -> None:
    assert world.client("coordinator").get(PAGE + query).status_code == status


def test_nobody_but_a_coordinator(world: World) -> None:
    with world.app.app_context(), pytest.raises(NotFound):
        queries.quality(world.actors["elected"], Period(world.today, world.today, "Europe/Paris"))


def test_the_menu_marks_one_page_of_the_room(world: World) -> None:
    client = world.client("coordinator")
    marked = [one.get_text(strip=True) for one in client.select(client.get(PAGE), "nav [aria-current=page]")]
    assert marked == ["Qualité des évaluations"]


def test_queries_do_not_grow_with_rows(world: World) -> None:
    with world.app.app_context():
        by_three(world, AT_EASE, seconds=5)
        engine_ = db.engine
    client = world.client("coordinator")
    client.get(PAGE)
    with count_queries(engine_) as few:
        client.get(PAGE)
    with world.app.app_context():
        pairs(world, 12, (AT_EASE, WORST))
        by_three(world, WORST, 3, seconds=5)
    with count_queries(engine_) as many:
        client.get(PAGE)
    many.assert_same_as(few)
    many.assert_at_most(7)
