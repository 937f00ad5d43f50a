"""Two devices at the same instant, on real connections: one assessment, one row per question, one result."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.assessments.models import Assessment, AssessmentAnswer, PlanAction
from app.kernel.db import db
from tests.assessments.counter import answers_of, ask, begin, id_of, stored
from tests.support.world import build_world


def at_once(*acts: Callable[[], TestResponse]) -> list[int]:
    """Run every act in a thread of its own, all released together; the statuses of the answers."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], TestResponse]) -> int:
        gate.wait()
        return act().status_code

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_starting_twice_makes_one_assessment(committed_app: Flask) -> None:
    world = build_world(committed_app)
    clients = [world.client(who) for who in ("library.adviser", "camille.library", "library.desk")]
    address = f"/personnes/{world.people['amina']}/evaluation"
    pages = [client.get(address) for client in clients]
    pairs = list(zip(clients, pages, strict=True))
    for client, page in pairs:
        client.select(page, "main form")[0]["id"] = "express"
    acts = [lambda client=client, page=page: client.submit(page, "#express") for client, page in pairs]
    assert at_once(*acts) == [303, 303, 303]
    with committed_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Assessment)) == 1


def test_answering_the_same_question_leaves_one_row(committed_app: Flask) -> None:
    world = build_world(committed_app)
    one, two = world.client("library.adviser"), world.client("library.desk")
    page = begin(one, world.people["amina"])
    other = two.get(page.request.path)
    statuses = at_once(lambda: one.submit(page, answer="langue"), lambda: two.submit(other, answer="urgence"))
    assert statuses == [303, 303]
    with committed_app.app_context():
        assert answers_of(id_of(page)) in ({"M1": "langue"}, {"M1": "urgence"})


def test_finishing_twice_gives_one_result_and_an_answer_that_lost_is_refused(committed_app: Flask) -> None:
    world = build_world(committed_app)
    one, two, three = (world.client(who) for who in ("library.adviser", "library.desk", "camille.library"))
    page = begin(one, world.people["amina"])
    found = id_of(page)
    ask(one, page, "langue")
    first, second = one.get(f"/evaluations/{found}"), two.get(f"/evaluations/{found}")
    late = three.get(f"/evaluations/{found}/questions/U2")
    finishing = at_once(
        lambda: one.submit(first, "form.form"),
        lambda: two.submit(second, "form.form"),
        lambda: three.submit(late, answer="vital"),
    )
    assert sorted(finishing[:2]) == [303, 409]
    with committed_app.app_context():
        row, answers = stored(found), answers_of(found)
        assert finishing[2] == (303 if "U2" in answers else 409)
        assert row.result is not None
        assert ("U2" not in row.result["reponses_absentes"]) == ("U2" in answers)
        rows = db.session.scalar(select(func.count()).select_from(PlanAction))
        assert rows == len({one.code for one in row.plan})
        assert db.session.scalar(select(func.count()).select_from(AssessmentAnswer)) == len(answers)
