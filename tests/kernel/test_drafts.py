"""A session that expires in the middle of a form: nothing typed is lost, nothing is sent by itself, nobody else reads it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app.accounts.models import Membership, UserSession
from app.kernel import clock, drafts
from app.kernel.db import db
from app.kernel.drafts import SavedForm
from app.kernel.writes import commit
from tests.support.pages import InspectingClient
from tests.support.probes import count, within, written
from tests.support.world import PASSWORD, World

LATER = timedelta(minutes=31)
TYPED = {"text": "bonjour", "notes": "deux\nlignes", "password": "secret de personne", "new_password": "autre secret"}


@pytest.fixture
def adviser(probe_world: World) -> InspectingClient:
    return probe_world.client("library.adviser")


def expire(client: InspectingClient, path: str = "/essai/note") -> TestResponse:
    """Type a form, wait too long, send it. Call with the clock moved on afterwards."""
    page = client.get(path)
    with clock.fixed(clock.now() + LATER):
        return client.submit(page, "#essai", button="Enregistrer", **TYPED)


def sign_in(client: InspectingClient, address: str | None, email: str) -> TestResponse:
    assert address is not None
    page = client.get(address)
    return client.submit(page, "#connexion", email=email, password=PASSWORD)


def test_what_was_typed_is_shown_again_and_sent_only_by_hand(probe_world: World, adviser: InspectingClient) -> None:
    answer = expire(adviser)
    assert answer.status_code == 303
    assert answer.location.startswith("/compte/connexion?reprise=")
    with clock.fixed(clock.now() + LATER):
        page = adviser.get(answer.location)
        assert "Votre session a expiré. Ce que vous avez écrit vous attend" in adviser.text(page, "main")
        back = sign_in(adviser, answer.location, probe_world.emails["library.adviser"])
        assert back.status_code == 303
        assert back.location.startswith("/essai/note?reprise=")
        again = adviser.get(back.location)
        assert [field["value"] for field in adviser.select(again, "#text")] == ["bonjour"]
        assert adviser.select(again, "#notes")[0].get_text().strip().splitlines() == ["deux", "lignes"]
        assert "Voici ce que vous aviez écrit" in adviser.text(again, "main")
        assert written(probe_world.app) == []
        assert adviser.submit(again, "#essai", button="Enregistrer").status_code == 303
        assert written(probe_world.app) == ["bonjour"]
        assert count(probe_world.app, SavedForm) == 0


def test_no_password_in_a_draft(probe_world: World, adviser: InspectingClient) -> None:
    expire(adviser)
    kept = within(probe_world.app, lambda: db.session.scalars(select(SavedForm)).one())
    assert set(kept.fields) == {"text", "notes"}
    assert "secret" not in str(kept.fields)


def test_another_user_reads_nothing_of_it(probe_world: World, adviser: InspectingClient) -> None:
    address = expire(adviser).location
    other = probe_world.app.test_client()
    assert isinstance(other, InspectingClient)
    back = sign_in(other, address, probe_world.emails["library.manager"])
    assert back.location == "/"
    token = str(address).partition("reprise=")[2]
    page = other.get(f"/essai/note?reprise={token}")
    assert "bonjour" not in page.get_data(as_text=True)
    assert count(probe_world.app, SavedForm) == 1


@pytest.mark.parametrize("token", ["abc", "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000", ""])
def test_a_token_made_up_shows_an_empty_form(adviser: InspectingClient, token: str) -> None:
    page = adviser.get(f"/essai/note?reprise={token}")
    assert page.status_code == 200
    assert adviser.select(page, "#text")[0].get("value") == ""


def test_a_draft_lives_an_hour(probe_world: World, adviser: InspectingClient) -> None:
    address = expire(adviser).location
    with clock.fixed(clock.now() + LATER + timedelta(minutes=61)):
        assert sign_in(adviser, address, probe_world.emails["library.adviser"]).location == "/"
        within(probe_world.app, lambda: (drafts.purge(), commit()))
    assert count(probe_world.app, SavedForm) == 0


def test_one_draft_per_form(probe_app: Flask, adviser: InspectingClient) -> None:
    page = adviser.get("/essai/note")
    with clock.fixed(clock.now() + LATER):
        adviser.submit(page, "#essai", button="Enregistrer", text="un")
        adviser.submit(page, "#essai", button="Enregistrer", text="deux")
    kept = within(probe_app, lambda: db.session.scalars(select(SavedForm)).one())
    assert kept.fields["text"] == ["deux"]


def test_a_button_alone_leaves_no_draft_but_a_way_back(probe_app: Flask, adviser: InspectingClient) -> None:
    page = adviser.get("/essai/note")
    token = adviser.select(page, "#essai input[name=csrf_token]")[0]["value"]
    with clock.fixed(clock.now() + LATER):
        answer = adviser.post(
            "/essai/bouton",
            data={"csrf_token": token, "form_key": str(uuid4())},
            headers={"Referer": "http://localhost/essai/note"},
        )
        assert answer.location == "/compte/connexion?suite=/essai/note&expiree=1"
        assert "Votre session a expiré" in adviser.text(adviser.get(answer.location), "main")
    assert count(probe_app, SavedForm) == 0
    assert written(probe_app) == []


def test_somebody_never_signed_in_leaves_nothing(probe_world: World) -> None:
    client = probe_world.app.test_client()
    assert isinstance(client, InspectingClient)
    page = client.get("/compte/connexion")
    token = client.select(page, "#connexion input[name=csrf_token]")[0]["value"]
    answer = client.post("/essai/note", data={"csrf_token": token, "text": "bonjour"})
    assert (answer.status_code, answer.location) == (303, "/compte/connexion")
    assert count(probe_world.app, SavedForm) == 0


def test_a_hat_that_ends_in_the_middle_of_a_form_loses_nothing(probe_world: World) -> None:
    client = probe_world.client("camille.library")
    page = client.get("/essai/note")
    ended = update(Membership).where(Membership.id == probe_world.actors["camille.library"].membership_id)
    yesterday = probe_world.today - timedelta(days=1)
    within(probe_world.app, lambda: (db.session.execute(ended.values(ends_on=yesterday)), db.session.commit()))
    answer = client.submit(page, "#essai", button="Enregistrer", text="bonjour")
    assert answer.location.startswith("/compte/casquette?reprise=")
    hats = client.get(answer.location)
    assert "Ce que vous avez écrit vous attend" in client.text(hats, "main")
    back = client.submit(hats, "main form")
    assert client.select(client.get(back.location), "#text")[0]["value"] == "bonjour"


def test_with_two_hats_the_draft_survives_the_choice(probe_world: World) -> None:
    client = probe_world.client("camille.library")
    address = expire(client).location
    with clock.fixed(clock.now() + LATER):
        back = sign_in(client, address, probe_world.emails["camille.library"])
        hats = client.get(back.location)
        assert hats.location.startswith("/compte/casquette?suite=/essai/note?reprise%3D")
        page = client.get(hats.location)
        shown = client.submit(page, "main li:nth-child(2) form")
        assert client.select(client.get(shown.location), "#text")[0]["value"] == "bonjour"


def test_sessions_of_the_database_are_what_expires(probe_world: World, adviser: InspectingClient) -> None:
    """The cookie alone opens nothing."""
    within(probe_world.app, lambda: (db.session.execute(update(UserSession).values(ended_at=clock.now())), commit()))
    assert adviser.get("/essai/note").status_code == 303
