"""A session is quicker to log than in a notebook: in Chromium, on a laptop and on a telephone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from app.kernel.db import db
from app.mediation.models import SessionLog
from tests.support.axe import assert_accessible
from tests.support.browser import assert_fits, new_page, served, shoot
from tests.support.world import World, build_world

pytestmark = pytest.mark.browser


@contextmanager
def signed_in(
    world: World, browser: Browser, who: str, width: int, javascript: bool = True
) -> Iterator[tuple[Page, str]]:
    cookie = world.client(who).get_cookie("maillage")
    assert cookie is not None
    with served(world.app) as address, new_page(browser, width, javascript=javascript) as page:
        page.context.add_cookies([{"name": "maillage", "value": cookie.value, "url": address}])
        yield page, address


def logged(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(SessionLog)) or 0


@pytest.mark.parametrize("width", [1280, 360])
def test_three_presses_and_save(committed_app: Flask, browser: Browser, width: int) -> None:
    world = build_world(committed_app)
    with signed_in(world, browser, "library.adviser", width) as (page, address):
        page.goto(f"{address}/personnes/{world.people['amina']}/seances/nouvelle")
        assert_fits(page)
        save = page.get_by_role("button", name="Enregistrer la séance")
        expect(save).to_be_in_viewport(ratio=1)
        expect(page.get_by_role("group", name="Démarches")).to_be_hidden()
        page.get_by_text("45 min", exact=True).click()
        page.get_by_text("Tous les thèmes").click()
        page.get_by_text("Aide aux démarches administratives").click()
        expect(page.get_by_role("group", name="Démarches")).to_be_visible()
        page.get_by_text("Logement", exact=True).click()
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        assert_accessible(page)
        shoot(page, "session")
        save.click()
        page.wait_for_url("**/personnes/*")
        expect(page.get_by_text("Séance enregistrée à")).to_be_visible()
        assert logged(committed_app) == 1


def test_without_javascript_everything_is_there(committed_app: Flask, browser: Browser) -> None:
    world = build_world(committed_app)
    with signed_in(world, browser, "library.desk", 360, javascript=False) as (page, address):
        page.goto(f"{address}/seances/nouvelle")
        page.get_by_text("30 min", exact=True).click()
        page.get_by_role("button", name="Enregistrer la séance").click()
        expect(page.get_by_text("Choisissez au moins un thème.").first).to_be_visible()
        page.get_by_text("Tous les thèmes").click()
        page.get_by_text("E-mail", exact=True).click()
        page.get_by_role("button", name="Enregistrer la séance").click()
        page.wait_for_url("**/seances/*")
        assert logged(committed_app) == 1


@pytest.mark.parametrize("width", [1280, 360])
def test_a_need_is_noted_in_two_presses(committed_app: Flask, browser: Browser, width: int) -> None:
    world = build_world(committed_app)
    with signed_in(world, browser, "library.adviser", width) as (page, address):
        page.goto(f"{address}/personnes/{world.people['amina']}/demandes/nouvelle")
        assert_fits(page)
        page.get_by_text("Démarche en ligne", exact=True).click()
        expect(page.get_by_role("radiogroup", name="Quelle démarche ?")).to_be_visible()
        page.get_by_text("Logement", exact=True).click()
        page.get_by_text("Boîte mail", exact=True).click()
        expect(page.get_by_role("radiogroup", name="Quelle démarche ?")).to_be_hidden()
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        assert_accessible(page)
        shoot(page, "need")
        page.get_by_role("button", name="Enregistrer la demande").click()
        page.wait_for_url("**/personnes/*")
        expect(page.locator("#demandes").get_by_text("Boîte mail")).to_be_visible()
