"""Helpers of the tests at the counter: answering through the pages as an agent does."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from werkzeug.test import TestResponse

from app.assessments import actions
from app.assessments.actions import Answer
from app.assessments.enums import Mode
from app.assessments.models import Assessment, AssessmentAnswer
from app.kernel import grants
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.grants import Granted
from app.kernel.writes import commit
from tests.support.pages import InspectingClient
from tests.support.world import World

EXPRESS = {"M1": "langue", "U2": "vital", "L1": "interprete", "S1": "plusieurs", "C2": "non", "T2": "avec"}
ORDER = ["M1", "U2", "L1", "S1", "C2", "T2"]


def begin(client: InspectingClient, person_id: UUID, title: str = "Express") -> TestResponse:
    """The first question, reached from the page where one chooses how long to talk."""
    page = client.get(f"/personnes/{person_id}/evaluation")
    chosen = [form for form in client.select(page, "main form") if title == form.select_one(".big-choice__title").text]
    assert len(chosen) == 1, client.text(page, "main")
    index = client.select(page, "main form").index(chosen[0]) + 1
    chosen[0]["id"] = f"form-{index}"
    return client.submit(page, f"#form-{index}", follow_redirects=True)


def id_of(page: TestResponse) -> UUID:
    """The assessment whose page this is."""
    return UUID(page.request.path.split("/")[2])


def ask(client: InspectingClient, page: TestResponse, code: str, **fields: object) -> TestResponse:
    """Answer the question on screen and follow to the next."""
    return client.submit(page, answer=code, follow_redirects=True, **fields)


def express(client: InspectingClient, person_id: UUID, answers: dict[str, str] = EXPRESS) -> UUID:
    """A whole express assessment through the pages, finished."""
    page = begin(client, person_id)
    found = id_of(page)
    for name in ORDER:
        assert page.request.path.endswith(f"/questions/{name}"), page.request.path
        page = ask(client, page, answers[name])
    assert page.request.path == f"/evaluations/{found}"
    assert client.submit(page, "form.form").status_code == 303
    return found


def stored(assessment_id: UUID) -> Assessment:
    """The row as it is now."""
    db.session.expire_all()
    return db.session.get_one(Assessment, assessment_id)


def answers_of(assessment_id: UUID) -> dict[str, str]:
    """The raw answers as they are now."""
    query = select(AssessmentAnswer).where(AssessmentAnswer.assessment_id == assessment_id)
    return {row.question: row.code for row in db.session.scalars(query)}


def granted(actor: Actor, person_id: UUID) -> Granted:
    """The actor's rights now."""
    return grants.on_person(actor, person_id)


def finished(world: World, who: str, person: str, mode: Mode, answers: dict[str, str]) -> UUID:
    """A finished assessment made by the product's own actions. Inside an application context."""
    actor, person_id = world.actors[who], world.people[person]
    rights = granted(actor, person_id)
    begun = actions.start(actor, rights, mode)
    given = {name: Answer(code) for name, code in answers.items()}
    actions.save_sheet(actor, rights, begun.id, given, begun.version)
    actions.finish(actor, rights, begun.id)
    commit()
    return begun.id
