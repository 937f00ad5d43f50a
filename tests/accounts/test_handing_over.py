"""« Passer la main » : the session ends at once, what was typed waits for its author, nobody lands on somebody’s record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import UserSession
from app.kernel import clock, drafts
from app.kernel.db import db
from app.kernel.drafts import SavedForm
from tests.support.browser import assert_fits, new_page, served, shoot
from tests.support.pages import InspectingClient
from tests.support.world import PASSWORD, World, build_world

MENU = "header form[data-hand-over]"
TYPED = "Un mot commencé."


def _sign_in(client: InspectingClient, world: World, who: str, address: str) -> str:
    answer = client.submit(client.get(address), "#connexion", email=world.emails[who], password=PASSWORD)
    assert answer.status_code == 303
    return str(answer.location)


def test_the_session_ends_at_once(world: World) -> None:
    client = world.client("library.adviser")
    with client.session_transaction() as session:
        key = session["cle"]
    answer = client.submit(client.get("/personnes"), MENU)
    assert (answer.status_code, answer.location) == (303, "/compte/connexion?suite=/personnes&main=1")
    with world.app.app_context():
        open_now = select(func.count()).select_from(UserSession).where(UserSession.ended_at.is_(None))
        assert db.session.scalar(open_now.where(UserSession.user_id == world.actors["library.adviser"].user_id)) == 0
    with client.session_transaction() as session:
        session["cle"] = key
    assert client.get("/personnes").status_code == 303
    assert "Library Adviser" not in client.get(str(answer.location)).get_data(as_text=True)


@pytest.mark.parametrize(
    ("left", "found"),
    [
        ("/personnes/{amina}", "/personnes"),
        ("/personnes/{amina}/demandes/nouvelle", "/personnes"),
        ("/personnes/nouvelle", "/personnes/nouvelle"),
        ("/seances?theme=email", "/seances"),
        ("/", "/"),
    ],
)
def test_the_next_one_comes_to_the_same_kind_of_page(world: World, left: str, found: str) -> None:
    client = world.client("library.adviser")
    amina = world.people["amina"]
    page = client.submit(client.get(left.format(amina=amina)), MENU)
    assert str(amina) not in page.location
    assert _sign_in(client, world, "fs.adviser", page.location) == found
    assert client.get(found).status_code == 200


def test_a_page_that_their_hat_does_not_open_is_replaced_by_their_first_screen(world: World) -> None:
    client = world.client("library.adviser")
    page = client.submit(client.get("/personnes"), MENU)
    assert _sign_in(client, world, "elected", page.location) == "/"


def test_an_address_elsewhere_leads_nowhere(world: World) -> None:
    client = world.client("library.adviser")
    page = client.get("/personnes")
    for forged in ("https://mechant.example/personnes", "//mechant.example", "/rien/du/tout", "/deconnexion"):
        other = world.client("library.adviser")
        answer = other.submit(other.get("/personnes"), MENU, forged={"retour": forged})
        assert "mechant" not in answer.location
        assert answer.status_code == 303
    assert page.status_code == 200


def _leave_typing(world: World, client: InspectingClient, address: str, body: str = TYPED) -> str:
    page = client.get(address)
    token = client.select(page, "main form input[name=csrf_token]")[0]["value"]
    fields = {"csrf_token": token, "body": body, "visibility": "structure", "retour": address, "password": "secret"}
    return str(client.post("/compte/passer-la-main", data=fields).location)


def test_what_was_typed_waits_for_its_author_alone(world: World) -> None:
    address = f"/personnes/{world.people['amina']}/notes/nouvelle"
    client = world.client("library.adviser")
    following = _leave_typing(world, client, address)
    assert TYPED not in client.get(following).get_data(as_text=True)
    _sign_in(client, world, "library.manager", following)
    home = client.get("/")
    assert "Reprendre ce que vous écriviez" not in client.text(home, "main")
    with world.app.app_context():
        saved = db.session.scalars(select(SavedForm)).one()
        assert (saved.user_id, saved.path) == (world.actors["library.adviser"].user_id, address)
        assert set(saved.fields) == {"body", "visibility", "retour"} - {"retour"}
    theirs = client.get(f"{address}?reprise={saved.id}")
    assert TYPED not in theirs.get_data(as_text=True)
    mine = world.client("library.adviser")
    link = next(tag for tag in mine.select(mine.get("/"), "#a-faire h4 a") if "Reprendre" in tag.get_text())
    page = mine.get(str(link["href"]))
    assert TYPED in mine.select(page, "textarea")[0].get_text()
    assert mine.submit(page, "main form").status_code == 303
    with world.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SavedForm)) == 0


def test_it_waits_one_hour(world: World) -> None:
    client = world.client("library.adviser")
    _leave_typing(world, client, f"/personnes/{world.people['amina']}/notes/nouvelle")
    user = world.actors["library.adviser"].user_id
    with world.app.app_context():
        assert len(drafts.waiting(user)) == 1
        with clock.fixed(clock.now() + timedelta(minutes=61)):
            assert drafts.waiting(user) == []


def test_nothing_typed_keeps_nothing(world: World) -> None:
    client = world.client("library.adviser")
    client.submit(client.get(f"/personnes/{world.people['amina']}/notes/nouvelle"), MENU)
    with world.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SavedForm)) == 0


def test_without_a_script_the_form_has_its_own_button(world: World) -> None:
    client = world.client("library.adviser")
    page = client.get(f"/personnes/{world.people['amina']}/notes/nouvelle")
    button = client.select(page, "main form .without-js")[0]
    assert button["formaction"] == "/compte/passer-la-main"
    assert not client.select(client.get("/compte/connexion"), ".without-js")


def test_the_signed_out_have_nothing_to_hand_over(client: InspectingClient) -> None:
    page = client.get("/mentions")
    assert not client.select(page, MENU)


@pytest.mark.browser
def test_in_a_browser_the_text_is_found_again(committed_app: Flask, browser: object) -> None:
    world = build_world(committed_app)
    address = f"/personnes/{world.people['amina']}/notes/nouvelle"
    with served(committed_app) as site, new_page(browser, 360) as page:  # type: ignore[arg-type]

        def sign_in(who: str) -> None:
            page.get_by_label("Adresse électronique").fill(world.emails[who])
            page.get_by_label("Mot de passe").fill(PASSWORD)
            page.get_by_role("button", name="Se connecter").click()

        page.goto(f"{site}{address}")
        sign_in("library.adviser")
        page.get_by_label("Note", exact=True).fill(TYPED)
        page.locator(".user-menu summary").click()
        page.get_by_role("button", name="Passer la main", exact=True).click()
        page.get_by_role("heading", name="À qui le tour").wait_for()
        shoot(page, "hand-over")
        assert_fits(page)
        sign_in("fs.adviser")
        page.wait_for_url(f"{site}/personnes")
        page.locator(".user-menu summary").click()
        page.get_by_role("button", name="Passer la main", exact=True).click()
        page.get_by_role("heading", name="À qui le tour").wait_for()
        sign_in("library.adviser")
        page.goto(f"{site}/")
        page.get_by_role("link", name="Reprendre ce que vous écriviez").click()
        page.wait_for_url("**/notes/nouvelle?reprise=*")
        assert page.get_by_label("Note", exact=True).input_value() == TYPED
