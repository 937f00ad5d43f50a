"""The protected situation in a true browser, at a desk and on a phone: accessible, within the screen."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from tests.people.helpers import follow
from tests.support.axe import assert_accessible
from tests.support.browser import assert_fits, new_page, served, shoot
from tests.support.world import World, build_world

pytestmark = pytest.mark.browser


@pytest.fixture
def world(committed_app: Flask) -> World:
    return build_world(committed_app)


def _look(page: Page, name: str) -> None:
    shoot(page, name)
    assert_fits(page)
    assert_accessible(page)


@pytest.mark.parametrize("width", [1280, 360])
def test_a_situation_is_protected_then_lifted(world: World, browser: Browser, width: int) -> None:
    amina = world.people["amina"]
    follow(world, amina, "fablab")
    cookie = world.client("library.adviser").get_cookie("maillage")
    assert cookie is not None
    with served(world.app) as base, new_page(browser, width) as page:
        page.context.add_cookies([{"name": "maillage", "value": cookie.value, "url": base}])
        page.goto(f"{base}/personnes/{amina}")
        page.get_by_role("link", name="Protéger sa situation").click()
        _look(page, "protect-form")
        page.get_by_label("Comment la joindre sans risque").fill("Le mardi matin, au travail")
        page.get_by_label("Mot convenu").fill("tilleul")
        page.get_by_role("button", name="Protéger sa situation").click()
        page.get_by_text("dites d’abord le mot convenu").wait_for()
        _look(page, "protected-person")
        page.goto(f"{base}/personnes/{amina}/coupon")
        _look(page, "protected-no-paper")
        page.get_by_role("link", name="Elle veut un papier discret").click()
        page.get_by_role("heading", name="À garder").wait_for()
        _look(page, "protected-discreet")
        page.goto(f"{base}/personnes/{amina}/protection/lever")
        _look(page, "protected-lift")
        page.get_by_role("button", name="Lever la protection").click()
        page.get_by_text("La protection est levée").first.wait_for()
