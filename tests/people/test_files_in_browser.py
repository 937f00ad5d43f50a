"""People imported and taken away, in a real browser: the pages follow the worker by themselves, and do without JavaScript."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.people.doubles import look
from tests.people.helpers import add
from tests.people.sheets import row, someone, work, xlsx_of
from tests.support.axe import assert_accessible
from tests.support.browser import assert_fits, new_page, served, shoot
from tests.support.world import World, build_world


def prepared(app: Flask) -> World:
    world = build_world(app)
    add(world, "library.adviser", "Zohra", "Kaci", birth_year=1958, phone="+33639980011")
    look(world)
    return world


def sign_in(page: Page, world: World, who: str, address: str) -> None:
    cookie = world.client(who).get_cookie("maillage")
    assert cookie is not None
    page.context.add_cookies([{"name": "maillage", "value": cookie.value, "url": address}])


def look_at(page: Page, name: str, *, axe: bool) -> None:
    assert_fits(page)
    if axe:
        shoot(page, f"people-{name}")
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        assert_accessible(page)


def followed(page: Page, app: Flask, *, by_hand: bool) -> None:
    """The worker ends what is under way; without JavaScript, somebody asks where it is."""
    expect(page.locator("[data-follow]")).to_be_visible()
    work(app)
    if by_hand:
        page.get_by_role("link", name="Voir où cela en est").click()


@pytest.mark.browser
@pytest.mark.parametrize(("width", "javascript"), [(360, True), (1280, True), (360, False)])
def test_people_are_imported_then_removed(
    committed_app: Flask, browser: Browser, tmp_path: Path, width: int, javascript: bool
) -> None:
    world, file = prepared(committed_app), tmp_path / "personnes.xlsx"
    file.write_bytes(xlsx_of(row(notes="vient le mardi"), someone(1), someone(2, annee="58"), someone(3)))
    with served(committed_app) as address, new_page(browser, width, javascript=javascript) as page:
        sign_in(page, world, "library.adviser", address)
        page.goto(f"{address}/personnes/import")
        look_at(page, "import-upload", axe=javascript)
        page.get_by_label("Fichier XLSX ou CSV").set_input_files(file)
        page.get_by_role("button", name="Envoyer le fichier").click()
        expect(page.get_by_label("Année de naissance")).to_have_value("2")
        look_at(page, "import-columns", axe=javascript)
        page.get_by_role("button", name="Voir ce que l’import fera").click()
        followed(page, committed_app, by_hand=not javascript)
        expect(page.get_by_text("Rien n’est encore écrit")).to_be_visible()
        look_at(page, "import-preview", axe=javascript)
        page.get_by_label("Inscrire quand même la ligne 2").check()
        page.get_by_role("button", name="Inscrire ces personnes").click()
        followed(page, committed_app, by_hand=not javascript)
        expect(page.get_by_text("Import terminé")).to_be_visible()
        look_at(page, "import-done", axe=javascript)
        page.get_by_role("link", name="Voir qui informer").click()
        expect(page.get_by_role("link", name="Noter la notice")).to_have_count(3)
        look_at(page, "to-inform", axe=javascript)
        page.get_by_role("link", name="Noter la notice").first.click()
        look_at(page, "notice-given", axe=javascript)
        page.get_by_label("Notice lue à voix haute").check()
        page.get_by_role("button", name="Noter la notice").click()
        expect(page.get_by_text("La notice est notée.")).to_be_visible()
        page.goto(f"{address}/personnes/import")
        page.locator("#fichiers tbody a").click()
        page.get_by_role("link", name="Annuler cet import").click()
        look_at(page, "import-undo", axe=javascript)
        page.get_by_role("button", name="Annuler l’import").click()
        followed(page, committed_app, by_hand=not javascript)
        expect(page.get_by_text("La notice a été donnée.")).to_be_visible()
        look_at(page, "import-undone", axe=javascript)


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_a_manager_takes_people_away(committed_app: Flask, browser: Browser, width: int) -> None:
    world = prepared(committed_app)
    with served(committed_app) as address, new_page(browser, width) as page:
        sign_in(page, world, "library.manager", address)
        page.goto(f"{address}/personnes")
        page.get_by_role("link", name="Exporter").click()
        look_at(page, "export-ask", axe=True)
        page.get_by_role("radio", name="CSV", exact=True).check()
        page.get_by_role("button", name="Préparer le fichier").click()
        followed(page, committed_app, by_hand=False)
        expect(page.get_by_role("link", name="Télécharger le fichier")).to_be_visible()
        look_at(page, "export-ready", axe=True)
        with page.expect_download() as taken:
            page.get_by_role("link", name="Télécharger le fichier").click()
        assert taken.value.suggested_filename == "personnes.csv"
        assert b"Benali;Amina" in Path(taken.value.path()).read_bytes()
        page.get_by_role("button", name="Effacer ce fichier maintenant").click()
        expect(page.get_by_text("Le fichier est effacé.")).to_be_visible()
