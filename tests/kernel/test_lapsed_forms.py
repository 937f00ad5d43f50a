"""A form opened before the session was opened again: the text is shown again, nothing is written by itself."""

from __future__ import annotations

from sqlalchemy import func, select

from app.kernel.db import db
from app.needs.models import Need
from tests.support.world import World


def needs(world: World) -> int:
    with world.app.app_context():
        return int(db.session.scalar(select(func.count()).select_from(Need)) or 0)


def test_what_was_typed_before_signing_in_again_is_kept(world: World) -> None:
    client = world.client("library.adviser")
    form = f"/personnes/{world.people['amina']}/demandes/nouvelle"
    fields = {"csrf_token": "lapsed", "form_key": "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000", "note": "dossier de logement"}
    client.get(form)
    answer = client.post(form, data=fields)
    assert answer.status_code == 303
    again = client.get(answer.headers["Location"])
    assert "dossier de logement" in client.text(again, "textarea")
    assert "rouverte" in client.text(again)
    assert needs(world) == 0


def test_nobody_known_gets_nothing_kept(world: World) -> None:
    client = world.app.test_client()
    form = f"/personnes/{world.people['amina']}/demandes/nouvelle"
    assert client.post(form, data={"csrf_token": "forged", "note": "x"}).status_code == 400


def test_somebody_signed_out_is_told_so_and_how_to_keep_the_text(world: World) -> None:
    client = world.app.test_client()
    page = client.post("/annuaire/import", data={"csrf_token": "lapsed"})
    assert page.status_code == 400
    assert "session est fermée" in client.text(page, "h1")
    (way_out,) = client.select(page, "main a.button")
    assert (way_out["href"], way_out["target"]) == ("/compte/connexion", "_blank")
    here = client.post("/compte/connexion", data={"csrf_token": "lapsed"})
    assert "session est fermée" not in client.text(here, "h1")


def test_a_button_without_a_page_is_refused(world: World) -> None:
    client = world.client("library.adviser")
    assert client.post("/compte/deconnexion", data={"csrf_token": "lapsed"}).status_code == 400


def test_a_refusal_leads_back_to_the_page_before_it(world: World) -> None:
    client = world.client("coordinator")
    early = "/pilotage/syntheses/preparer/2099-T1"
    for came, button in (
        ("http://localhost/pilotage/syntheses", "/pilotage/syntheses"),
        ("http://ailleurs.example/pilotage/syntheses", "/"),
        (f"http://localhost{early}", "/"),
        ("", "/"),
    ):
        page = client.get(early, headers={"Referer": came})
        assert page.status_code == 409
        assert client.select(page, "main a.button")[0]["href"] == button
