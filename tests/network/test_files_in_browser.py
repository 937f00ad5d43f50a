"""A file of places in a real browser: the page follows the worker by itself, and does without JavaScript."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app.kernel import jobs
from app.kernel.db import db
from tests.network.test_places_import import sheet
from tests.support.axe import assert_accessible
from tests.support.browser import assert_fits, new_page, served, shoot
from tests.support.world import World, build_world

ROWS = ({"id": "a"}, {"id": "b", "nom": "Autre lieu"}, {"id": "c", "nom": ""})


def work(app: Flask) -> None:
    with app.app_context():
        while jobs.work_once():
            db.session.remove()
        db.session.remove()


def sign_in(page: Page, world: World, address: str) -> None:
    cookie = world.client("coordinator").get_cookie("maillage")
    assert cookie is not None
    page.context.add_cookies([{"name": "maillage", "value": cookie.value, "url": address}])


@pytest.mark.browser
@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])
def test_a_file_is_sent_compared_and_written(
    committed_app: Flask, browser: Browser, tmp_path: Path, javascript: bool
) -> None:
    world, file = build_world(committed_app), tmp_path / "lieux.csv"
    file.write_text(sheet(*ROWS), encoding="utf-8")
    with served(committed_app) as address, new_page(browser, 360, javascript=javascript) as page:
        sign_in(page, world, address)
        page.goto(f"{address}/annuaire/import")
        page.get_by_label("Fichier CSV").set_input_files(file)
        page.get_by_role("button", name="Envoyer et comparer").click()
        expect(page.get_by_text("comparé avec l’annuaire")).to_be_visible()
        work(committed_app)
        if not javascript:
            page.get_by_role("link", name="Voir où cela en est").click()
        expect(page.get_by_text("Rien n’est encore écrit")).to_be_visible()
        assert_fits(page)
        if javascript:
            shoot(page, "places-preview")
            assert_accessible(page)
        page.get_by_role("button", name="Importer ces lieux").click()
        expect(page.get_by_text("Les lieux s’enregistrent")).to_be_visible()
        work(committed_app)
        if not javascript:
            page.get_by_role("link", name="Voir où cela en est").click()
        expect(page.get_by_text("Import terminé")).to_be_visible()
        expect(page.get_by_role("link", name="Autre lieu")).to_be_visible()
        page.goto(f"{address}/annuaire?q=autre")
        expect(page.get_by_role("link", name="Autre lieu", exact=True)).to_be_visible()
