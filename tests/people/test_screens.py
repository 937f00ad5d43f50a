"""The register in a true browser, at a desk and on a phone: accessible, within the screen, usable without scripts."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser

from app.kernel.writes import commit
from tests.people.screens import look, signed_in
from tests.support.browser import new_page, served
from tests.support.world import World, add_person, build_world

pytestmark = pytest.mark.browser


@pytest.fixture
def world(committed_app: Flask) -> World:
    world = build_world(committed_app)
    with committed_app.app_context():
        known = {"phone": "+33612345679", "no_message": True, "email": "f.diallo@exemple.fr", "birth_year": 1971}
        comfort = {"adaptation": ("vue", "calme"), "languages": ("ff",), "interpreter": True}
        world.people["full"] = add_person(
            world, "library.adviser", "Fatoumata", "Diallo", commune_code="47157", **known, **comfort
        )
        world.people["long"] = add_person(world, "library.adviser", "A" * 150, "B" * 150)
        world.people["nameless"] = add_person(world, "library.adviser", "", "")
        for rank in range(30):
            add_person(world, "library.adviser", "Ana", f"Nomen{rank}")
        commit()
    return world


@pytest.mark.parametrize("width", [1280, 360])
def test_every_screen_fits_and_is_accessible(world: World, browser: Browser, width: int) -> None:
    full, nameless = world.people["full"], world.people["nameless"]
    paths = {
        "liste": "/personnes?tri=nom&page=2",
        "notice": "/personnes/notice?grand=",
        "fiche": f"/personnes/{full}",
        "nom-long": f"/personnes/{world.people['long']}",
        "sans-nom": f"/personnes/{nameless}",
        "coupon": f"/personnes/{nameless}/coupon",
        "corriger": f"/personnes/{full}/corriger",
        "accord": f"/personnes/{full}/accord",
    }
    with served(world.app) as base, new_page(browser, width) as page:
        signed_in(page, base, world, "library.adviser")
        for name, path in paths.items():
            page.goto(base + path)
            look(page, f"personnes-{name}")
        page.goto(f"{base}/personnes/{full}")
        page.get_by_role("link", name="Retirer cet accord").click()
        look(page, "personnes-retirer")
        for name, typed in (("trouvees", "nomen"), ("aucune", "zorglub"), ("trop-court", "a")):
            page.goto(f"{base}/personnes")
            page.fill("#q", typed)
            page.press("#q", "Enter")
            look(page, f"personnes-{name}")


@pytest.mark.parametrize(("width", "javascript"), [(1280, True), (360, False)])
def test_registering_with_the_keyboard_and_without_scripts(
    world: World, browser: Browser, width: int, javascript: bool
) -> None:
    with served(world.app) as base, new_page(browser, width, javascript=javascript) as page:
        signed_in(page, base, world, "library.desk")
        page.goto(f"{base}/personnes/nouvelle")
        page.get_by_text("Notice lue à voix haute").click()
        page.fill("#first_name", "Éloïse")
        page.fill("#commune", "saint-denis")
        if javascript:
            page.press("#first_name", "Enter")
        else:
            page.get_by_role("button", name="Vérifier la commune").click()
        page.get_by_text("Seine-Saint-Denis").click()
        page.get_by_text("La personne refuse").click()
        page.press("#first_name", "Enter")
        page.wait_for_url(f"{base}/personnes/*-*")
        assert page.locator("h1").inner_text() == "Éloïse"
        assert "Saint-Denis (93)" in page.locator("main").inner_text()
        if javascript:
            look(page, "personnes-inscrite")


@pytest.mark.parametrize("width", [1280, 360])
def test_what_is_to_be_corrected_is_accessible_too(world: World, browser: Browser, width: int) -> None:
    with served(world.app) as base, new_page(browser, width) as page:
        signed_in(page, base, world, "library.desk")
        page.goto(f"{base}/personnes/nouvelle")
        look(page, "personnes-inscrire")
        page.get_by_text("Moins de 15 ans").click()
        page.fill("#last_name", "Petit")
        page.fill("#phone", "12")
        page.fill("#commune", "saint-denis")
        page.press("#phone", "Enter")
        page.wait_for_selector(".error-summary")
        look(page, "personnes-erreurs")
