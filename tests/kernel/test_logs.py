"""No name and no phone in a log line or in an address, even when everything breaks."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from werkzeug.test import TestResponse

from app.kernel import logs
from app.kernel.db import db
from app.people.models import PersonIdentity, SearchKeyRow
from tests.support.pages import InspectingClient
from tests.support.probes import within
from tests.support.quiet import listening
from tests.support.world import World

NAMES = ("Amina", "Benali", "Gauthier", "Zélie", "Quintard", "0612345678", "+33612345678", "0639981234", "+33639981234")


def test_a_whole_journey_names_nobody(probe_world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Registering, searching, reading, correcting, being refused, and failing."""
    app, client = probe_world.app, probe_world.client("library.adviser")
    app.config["PROPAGATE_EXCEPTIONS"] = app.testing = False
    with listening(app, caplog) as heard:
        _register(client)
        _search(client, "quintard")
        _search(client, "06 12 34 56 78")
        person = probe_world.people["amina"]
        client.get(f"/personnes/{person}")
        client.get(f"/personnes/{probe_world.people['jean']}")
        client.get(f"/personnes/{person}/corriger")
        client.get("/essai/panne")
        client.submit(client.get("/essai/note"), "#essai", button="Enregistrer", text="Amina", notes="y" * 5000)
    assert any("GET /personnes/<uuid:person_id> 200" in line for line in heard.lines())
    assert any("unexpected: RuntimeError" in line for line in heard.lines())
    assert len(heard.addresses) > 10
    heard.assert_silent_about(*NAMES)


def _register(client: InspectingClient) -> TestResponse:
    page = client.get("/personnes/nouvelle")
    fields = {"first_name": "Zélie", "last_name": "Quintard", "phone": "06 39 98 12 34"}
    chosen = {str(tag["name"]) for tag in client.select(page, "main form input[type=radio][checked]")}
    open_ones = [
        tag for tag in client.select(page, "main form input[type=radio][required]") if tag["name"] not in chosen
    ]
    radios = {str(tag["name"]): str(tag["value"]) for tag in reversed(open_ones)}
    answer = client.submit(page, "main form", data={**radios, **fields})
    assert answer.status_code == 303, client.text(answer, "main")
    return answer


def _search(client: InspectingClient, words: str) -> None:
    page = client.get("/personnes")
    answer = client.submit(page, "main form[action$='recherche']", q=words)
    assert answer.status_code == 303
    assert client.get(answer.location).status_code == 200


def test_what_listens_would_hear_a_name(probe_app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with listening(probe_app, caplog) as heard:
        logging.getLogger("maillage.essai").info("06 12 34 56 78")
        probe_app.test_client().get("/inconnue?q=Z%C3%A9lie")
    for word in ("0612345678", "zelie"):
        with pytest.raises(AssertionError, match=word):
            heard.assert_silent_about(word)
    heard.assert_silent_about("Benali")


def _violations(world: World) -> list[DBAPIError]:
    """What the database says when a row that names somebody is refused."""
    found = []
    for row in (
        SearchKeyRow(person_id=world.people["amina"], kind="name", value="quintard"),
        PersonIdentity(person_id=world.people["amina"], first_name="Zélie", last_name="Quintard"),
    ):
        db.session.add(row)
        if isinstance(row, SearchKeyRow):
            db.session.add(SearchKeyRow(person_id=row.person_id, kind=row.kind, value=row.value))
        try:
            with db.session.no_autoflush:
                db.session.flush()
        except IntegrityError as error:
            found.append(error)
        db.session.rollback()
    return found


@pytest.mark.filterwarnings("ignore:New instance")
def test_an_error_is_told_by_its_kind_and_its_place(probe_world: World) -> None:
    errors = within(probe_world.app, lambda: _violations(probe_world))
    assert errors
    for error in errors:
        told = logs.told(error)
        assert "IntegrityError" in told
        assert "uintard" not in told
    try:
        raise ValueError("Quintard")
    except ValueError as error:
        told = logs.told(error)
    assert told.startswith("ValueError (")
    assert Path(__file__).name in told
    assert "Quintard" not in told


def test_statements_are_told_without_their_values(probe_app: Flask) -> None:
    def broken() -> None:
        db.session.execute(text("SELECT * FROM absente WHERE nom = :nom"), {"nom": "Quintard"})

    with pytest.raises(DBAPIError) as refused:
        within(probe_app, broken)
    assert "Quintard" not in str(refused.value)


def test_even_an_error_of_theerror_page_is_told_without_words(
    probe_world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, client = probe_world.app, probe_world.client("library.adviser")
    app.config["PROPAGATE_EXCEPTIONS"] = app.testing = False
    monkeypatch.setattr("app.kernel.pages.error_page", _fails)
    with listening(app, caplog) as heard:
        assert client.get("/essai/panne").status_code == 500
    assert any("unhandled: RuntimeError" in line for line in heard.lines())
    heard.assert_silent_about(*NAMES)


def _fails(*_given: object) -> None:
    raise RuntimeError("Amina Benali")


def test_a_line_per_request_says_the_route_and_not_the_address(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with listening(app, caplog) as heard:
        app.test_client().get("/sante?jeton=abc")
        app.test_client().get("/nom/de/personne")
    lines = [line for line in heard.lines() if line.startswith("maillage.requests")]
    assert lines[0].startswith("maillage.requests GET /sante 200 ")
    assert lines[1].startswith("maillage.requests GET (inconnue) 404 ")
