"""How long each question took: a signed field, believed only when it can be."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from werkzeug.test import TestResponse

from app.assessments import actions
from app.assessments.actions import Answer
from app.assessments.models import AssessmentAnswer
from app.kernel import clock
from app.kernel.db import db
from tests.assessments.counter import answers_of, ask, begin, express, granted, id_of
from tests.support.pages import InspectingClient
from tests.support.world import World


def seconds_of(assessment_id: UUID) -> dict[str, int | None]:
    """The seconds kept, by question."""
    db.session.expire_all()
    query = select(AssessmentAnswer).where(AssessmentAnswer.assessment_id == assessment_id)
    return {row.question: row.seconds for row in db.session.scalars(query)}


def token_of(client: InspectingClient, page: TestResponse) -> str:
    """The signed instant in the form on screen."""
    return str(client.select(page, "input[name=asked]")[0]["value"])


@pytest.mark.parametrize(("waited", "kept"), [(0, 0), (12, 12), (600, 600), (-5, None)])
def test_the_time_between_showing_and_answering_is_kept(world: World, waited: int, kept: int | None) -> None:
    client = world.client("library.desk")
    shown = clock.now()
    with clock.fixed(shown):
        page = begin(client, world.people["amina"])
    with clock.fixed(shown + timedelta(seconds=waited)):
        ask(client, page, "langue")
    with world.app.app_context():
        assert seconds_of(id_of(page)) == {"M1": kept}


@pytest.mark.parametrize(("spent", "kept"), [(1800, 1800), (1801, None), (-1, None), (None, None)])
def test_more_than_half_an_hour_is_nobody_in_front_of_the_screen(
    world: World, spent: int | None, kept: int | None
) -> None:
    page = begin(world.client("library.desk"), world.people["amina"])
    with world.app.app_context():
        actor = world.actors["library.desk"]
        rights = granted(actor, world.people["amina"])
        actions.answer(actor, rights, id_of(page), "M1", Answer("langue", seconds=spent))
        assert seconds_of(id_of(page)) == {"M1": kept}


@pytest.mark.parametrize("forged", ["", "x", "WyJhIiwiTTEiLDFd.AAAA", "é" * 50, "a" * 5000])
def test_a_forged_or_absent_time_is_unknown_and_the_answer_is_kept(world: World, forged: str) -> None:
    client = world.client("library.desk")
    page = begin(client, world.people["amina"])
    assert client.submit(page, forged={"asked": forged}, answer="langue").status_code == 303
    with world.app.app_context():
        assert answers_of(id_of(page)) == {"M1": "langue"}
        assert seconds_of(id_of(page)) == {"M1": None}


def test_the_time_of_another_question_or_assessment_is_not_believed(world: World) -> None:
    client = world.client("library.desk")
    page = begin(client, world.people["amina"])
    other = client.get(page.request.path.replace("/M1", "/U2"))
    client.submit(page, forged={"asked": token_of(client, other)}, answer="langue")
    with world.app.app_context():
        assert seconds_of(id_of(page)) == {"M1": None}


def test_a_question_refused_once_counts_from_when_it_was_first_shown(world: World) -> None:
    client = world.client("library.desk")
    shown = clock.now()
    with clock.fixed(shown):
        page = begin(client, world.people["amina"])
    with clock.fixed(shown + timedelta(seconds=20)):
        refused = client.submit(page)
    with clock.fixed(shown + timedelta(seconds=50)):
        client.submit(refused, answer="langue")
    with world.app.app_context():
        assert seconds_of(id_of(page)) == {"M1": 50}


def test_going_back_without_changing_the_answer_keeps_the_first_time(world: World) -> None:
    client = world.client("library.desk")
    shown = clock.now()
    with clock.fixed(shown):
        page = begin(client, world.people["amina"])
    with clock.fixed(shown + timedelta(seconds=15)):
        ask(client, page, "langue")
        again = client.get(page.request.path)
        ask(client, again, "langue")
        with world.app.app_context():
            assert seconds_of(id_of(page)) == {"M1": 15}
        ask(client, client.get(page.request.path), "urgence")
        with world.app.app_context():
            assert seconds_of(id_of(page)) == {"M1": 0}


def test_all_on_one_page_tells_no_time_and_completing_does_not_count_twice(world: World) -> None:
    client = world.client("library.adviser")
    done = express(client, world.people["amina"])
    page = begin(client, world.people["amina"], "Compléter l’évaluation express")
    with world.app.app_context():
        assert set(seconds_of(done).values()) != {None}
        assert set(seconds_of(id_of(page)).values()) == {None}
    sheet = client.get(f"/evaluations/{id_of(page)}/feuille")
    client.submit(sheet, data={"A1": "tel"})
    with world.app.app_context():
        assert seconds_of(id_of(page))["A1"] is None


def test_the_database_refuses_an_unbelievable_time(world: World) -> None:
    client = world.client("library.desk")
    ask(client, begin(client, world.people["amina"]), "langue")
    with world.app.app_context(), pytest.raises(DBAPIError), db.session.begin_nested():
        db.session.execute(text("UPDATE assessment_answer SET seconds = 1801"))
