"""One request, one transaction; one form, one write."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import create_engine, delete, text
from sqlalchemy.exc import DBAPIError
from werkzeug.test import TestResponse

from app.kernel import clock, writes
from app.kernel.db import ReadOnlyViolation, db
from app.kernel.journal import JournalCheckpoint, JournalHead
from app.kernel.writes import Submission
from tests.support.pages import InspectingClient
from tests.support.probes import count, journalled, within, written
from tests.support.world import World

WHO = "library.adviser"
IMPATIENT = "ALTER DATABASE \"{}\" SET lock_timeout = '100ms'"


@pytest.fixture
def adviser(probe_world: World) -> InspectingClient:
    return probe_world.client(WHO)


def filled(client: InspectingClient, path: str = "/essai/note", **fields: str) -> dict[str, str]:
    """The body that the page's form would send."""
    page = client.get(path)
    hidden = {str(tag["name"]): str(tag["value"]) for tag in client.select(page, "#essai input[type=hidden]")}
    return {**hidden, **fields}


def test_a_form_writes_once_and_answers_the_same_page(probe_app: Flask, adviser: InspectingClient) -> None:
    body = filled(adviser, text="bonjour")
    first, again = adviser.post("/essai/note", data=body), adviser.post("/essai/note", data=body)
    assert (first.status_code, first.location) == (again.status_code, again.location) == (303, "/accessibilite")
    assert written(probe_app) == ["bonjour"]
    assert journalled(probe_app, "essai.note") == 1


def test_another_body_under_the_same_key_is_refused(probe_app: Flask, adviser: InspectingClient) -> None:
    body = filled(adviser, text="bonjour")
    adviser.post("/essai/note", data=body)
    answer = adviser.post("/essai/note", data={**body, "text": "bonsoir"})
    assert answer.status_code == 409
    assert "déjà été envoyé avec un autre contenu" in adviser.text(answer, "main")
    assert written(probe_app) == ["bonjour"]


def test_the_same_key_on_another_form_is_refused(probe_app: Flask, adviser: InspectingClient) -> None:
    body = filled(adviser, text="bonjour")
    adviser.post("/essai/note", data=body)
    assert adviser.post("/essai/bouton", data=body).status_code == 409
    assert written(probe_app) == ["bonjour"]


def test_keys_belong_to_a_user(probe_world: World) -> None:
    first, second = probe_world.client("library.adviser"), probe_world.client("library.manager")
    body = filled(first, text="bonjour")
    first.post("/essai/note", data=body)
    other = filled(second, text="bonsoir")
    answer = second.post("/essai/note", data={**other, "form_key": body["form_key"]})
    assert answer.status_code == 303
    assert written(probe_world.app) == ["bonjour", "bonsoir"]


@pytest.mark.parametrize("key", [None, "", "abc"])
def test_a_form_without_its_key_is_refused(probe_app: Flask, adviser: InspectingClient, key: str | None) -> None:
    body = filled(adviser, text="bonjour")
    body.pop("form_key")
    answer = adviser.post("/essai/note", data=body if key is None else {**body, "form_key": key})
    assert answer.status_code == 400
    assert written(probe_app) == []


def test_a_form_only_shown_again_keeps_its_key(probe_app: Flask, adviser: InspectingClient) -> None:
    page = adviser.submit(adviser.get("/essai/note"), "#essai", button="check", text="bon")
    assert page.status_code == 200
    assert adviser.submit(page, "#essai", button="Enregistrer", text="bonjour").status_code == 303
    assert written(probe_app) == ["bonjour"]


def test_a_refused_form_keeps_its_key(probe_app: Flask, adviser: InspectingClient) -> None:
    page = adviser.submit(adviser.get("/essai/note"), "#essai", button="Enregistrer", text="x" * 101)
    assert page.status_code == 422
    assert adviser.submit(page, "#essai", button="Enregistrer", text="bonjour").status_code == 303
    assert written(probe_app) == ["bonjour"]


def test_two_simultaneous_requests_write_once(probe_app: Flask, adviser: InspectingClient) -> None:
    body = filled(adviser, text="bonjour")
    answers = at_once([sending(adviser, body) for _ in range(2)])
    assert [(one.status_code, one.location) for one in answers] == [(303, "/accessibilite")] * 2
    assert written(probe_app) == ["bonjour"]
    assert count(probe_app, Submission) == 1


def test_two_simultaneous_bodies_under_one_key(probe_app: Flask, adviser: InspectingClient) -> None:
    body = filled(adviser)
    bodies = [{**body, "text": words} for words in ("bonjour", "bonsoir")]
    answers = at_once([sending(adviser, body) for body in bodies])
    assert sorted(one.status_code for one in answers) == [303, 409]
    assert len(written(probe_app)) == 1


def sending(client: InspectingClient, body: dict[str, str]) -> Callable[[], TestResponse]:
    return partial(same(client).post, "/essai/note", data=body)


def same(client: InspectingClient) -> InspectingClient:
    """Another tab of the same browser."""
    other = client.application.test_client()
    cookie = client.get_cookie("maillage")
    assert cookie is not None
    assert isinstance(other, InspectingClient)
    other.set_cookie("maillage", cookie.value)
    return other


def at_once(acts: list[Callable[[], TestResponse]]) -> list[TestResponse]:
    """Real threads with real connections, starting together."""
    barrier, answers = Barrier(len(acts)), []

    def run(act: Callable[[], TestResponse]) -> None:
        barrier.wait()
        answers.append(act())

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.parametrize("token", [None, "faux"])
def test_without_csrf_token_nothing_is_written(probe_app: Flask, adviser: InspectingClient, token: str | None) -> None:
    body = filled(adviser, text="bonjour")
    body.pop("csrf_token")
    answer = adviser.post("/essai/note", data={**body, **({"csrf_token": token} if token else {})})
    assert (answer.status_code, "reprise=" in answer.headers["Location"]) == (303, True)
    assert written(probe_app) == []


def test_a_token_of_another_browser_is_refused(probe_world: World) -> None:
    first, second = probe_world.client("library.adviser"), probe_world.client("library.manager")
    stolen = filled(first, text="bonjour")
    assert second.post("/essai/note", data=stolen).status_code == 303
    assert written(probe_world.app) == []


@pytest.mark.parametrize("path", ["/essai/ecrit", "/essai/ecrit-en-sql"])
def test_get_cannot_write(probe_app: Flask, adviser: InspectingClient, path: str) -> None:
    with pytest.raises((ReadOnlyViolation, DBAPIError)):
        adviser.get(path)
    assert written(probe_app) == []
    assert count(probe_app, JournalCheckpoint) == 0


def test_what_get_reads_is_journalled_before_the_answer(probe_app: Flask, adviser: InspectingClient) -> None:
    assert adviser.get(f"/essai/lu/{uuid4()}").get_data(as_text=True) == "le secret lu"
    assert journalled(probe_app, "essai.read") == 1


def test_a_read_that_cannot_be_journalled_is_not_shown(probe_app: Flask, adviser: InspectingClient) -> None:
    within(probe_app, lambda: (db.session.execute(delete(JournalHead)), db.session.commit()))
    answer = adviser.get(f"/essai/lu/{uuid4()}")
    assert answer.status_code == 503
    assert "secret" not in answer.get_data(as_text=True)
    assert adviser.get("/essai/note").status_code == 200


@pytest.mark.parametrize("status", [200, 303])
def test_below_400_is_committed(probe_app: Flask, adviser: InspectingClient, status: int) -> None:
    assert adviser.post(f"/essai/refuse/{status}", data=filled(adviser)).status_code == status
    assert written(probe_app) == ["refusé"]
    assert journalled(probe_app, "essai.note") == 1


@pytest.mark.parametrize("status", [400, 404, 409, 422])
def test_from_400_on_nothing_is_committed(probe_app: Flask, adviser: InspectingClient, status: int) -> None:
    assert adviser.post(f"/essai/refuse/{status}", data=filled(adviser)).status_code == status
    assert written(probe_app) == []
    assert journalled(probe_app, "essai.note") == 0


def test_a_failure_commits_nothing(probe_app: Flask, adviser: InspectingClient) -> None:
    probe_app.config["PROPAGATE_EXCEPTIONS"] = probe_app.testing = False
    assert adviser.post("/essai/refuse/500", data=filled(adviser)).status_code == 500
    assert written(probe_app) == []


def test_writers_take_turns_and_readers_do_not_wait(probe_app: Flask, adviser: InspectingClient) -> None:
    """The lock is taken when the transaction of a POST begins, never in the middle of it."""
    bodies = [filled(adviser, text=str(rank)) for rank in range(4)]
    writers = [sending(adviser, body) for body in bodies]
    readers = [partial(same(adviser).get, "/essai/note") for _ in range(3)]
    answers = at_once([*writers, *readers])
    assert sorted(one.status_code for one in answers) == [200] * 3 + [303] * 4
    assert sorted(written(probe_app)) == ["0", "1", "2", "3"]
    assert probe_app.test_cli_runner().invoke(args=["journal", "verify"]).exit_code == 0


@pytest.mark.parametrize("field", ["text", "form_key", "autre"])
def test_a_nul_is_refused(probe_app: Flask, adviser: InspectingClient, field: str) -> None:
    assert adviser.post("/essai/note", data={**filled(adviser), field: "a\0b"}).status_code == 400
    assert adviser.get("/essai/note?x=%00").status_code == 400
    assert written(probe_app) == []


def test_a_database_that_does_not_answer_is_a_pause(
    probe_app: Flask, adviser: InspectingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = filled(adviser, text="bonjour")
    with probe_app.app_context():
        url, sqlite = db.engine.url, db.engine.dialect.name == "sqlite"
        monkeypatch.setattr("app.kernel.db.PRAGMAS", ("busy_timeout=100",))
        if not sqlite:
            within(probe_app, lambda: (db.session.execute(text(IMPATIENT.format(url.database))), db.session.commit()))
        db.engine.dispose()
        holder = create_engine(url)
        with holder.begin() as other:
            other.execute(text("SELECT 1" if sqlite else "LOCK TABLE submission IN ACCESS EXCLUSIVE MODE"))
            answer = adviser.post("/essai/note", data=body)
        holder.dispose()
    assert answer.status_code == 503
    assert written(probe_app) == []


def test_keys_are_forgotten_after_two_days(probe_app: Flask, adviser: InspectingClient) -> None:
    adviser.post("/essai/note", data=filled(adviser, text="bonjour"))
    for days, left in ((1, 1), (3, 0)):
        with probe_app.app_context(), clock.fixed(clock.now() + timedelta(days=days)):
            writes.purge()
            writes.commit()
        assert count(probe_app, Submission) == left
