"""The link of a partner in a true browser: accessible, within the smallest screens, on paper, without scripts."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from tests.referrals.links import NAME, Given, give, given, sent
from tests.support.axe import assert_accessible
from tests.support.browser import assert_fits, new_page, served, shoot
from tests.support.world import World, build_world

pytestmark = pytest.mark.browser


@pytest.fixture
def world(committed_app: Flask) -> World:
    return build_world(committed_app)


def _wear(page: Page, base: str, world: World, who: str) -> None:
    cookie = world.client(who).get_cookie("maillage")
    assert cookie is not None
    page.context.add_cookies([{"name": "maillage", "value": cookie.value, "url": base}])


def _look(page: Page, name: str) -> None:
    shoot(page, name)
    assert_fits(page)
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    assert_accessible(page)


def _write_code(page: Page, code: str) -> None:
    page.get_by_label("Le second code").fill(code)
    page.get_by_role("button", name="Continuer").click()


@pytest.mark.parametrize("width", [1280, 360, 320])
def test_the_sender_gives_and_the_partner_answers(world: World, browser: Browser, width: int) -> None:
    referral_id = sent(world)
    with served(world.app) as base, new_page(browser, width) as page:
        _wear(page, base, world, "library.adviser")
        page.goto(f"{base}/orientations/{referral_id}")
        _look(page, "link-referral")
        page.get_by_role("link", name="Donner le lien").click()
        page.get_by_role("heading", name=f"Donner le lien à {NAME}").wait_for()
        _look(page, "link-none")
        page.get_by_role("button", name="Préparer le lien et le code").click()
        page.get_by_role("heading", name="Le code, à donner à part").wait_for()
        _look(page, "link-made")
        page.emulate_media(media="print")
        shoot(page, "link-paper")
        page.emulate_media(media="screen")
        address, code = page.locator("#lien").inner_text(), page.locator("#code").inner_text()
        page.goto(f"{base}/orientations/{referral_id}/lien")
        _look(page, "link-state")
    with served(world.app) as base, new_page(browser, width) as page:
        _answer(world, page, base, Given(referral_id, "/lien/" + address.rpartition("/")[2], code))


def _answer(world: World, page: Page, base: str, one: Given) -> None:
    page.goto(base + one.path)
    _look(page, "partner-closed")
    _write_code(page, "2222 2222")
    page.get_by_text("Ce code n’ouvre pas la demande").first.wait_for()
    _look(page, "partner-wrong")
    _write_code(page, one.code)
    page.get_by_role("button", name="Accepter la demande").wait_for()
    _look(page, "partner-answer")
    page.get_by_role("button", name="Accepter la demande").click()
    page.get_by_text("Votre oui est enregistré").wait_for()
    _look(page, "partner-accepted")
    page.goto(base + one.path)
    page.get_by_role("heading", name="Ce lien ne sert pas, ou ne sert plus").wait_for()
    _look(page, "partner-gone")
    two = give(world, one.referral_id)
    page.goto(base + two.path)
    _write_code(page, two.code)
    page.get_by_role("button", name="Envoyer les nouvelles").wait_for()
    _look(page, "partner-follow")
    page.get_by_role("button", name="Envoyer les nouvelles").click()
    page.get_by_text("Écrivez quelques mots.").first.wait_for()
    _look(page, "partner-refused")


def test_without_scripts_and_by_keyboard_alone(world: World, browser: Browser) -> None:
    one = given(world)
    with served(world.app) as base:
        context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
        page = context.new_page()
        page.goto(base + one.path)
        page.get_by_label("Le second code").focus()
        page.keyboard.type(one.code)
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Accepter la demande").focus()
        page.keyboard.press("Enter")
        page.get_by_text("Votre oui est enregistré").wait_for()
        assert "Amina" in page.content()
        context.close()


@pytest.mark.parametrize("width", [1280, 320])
def test_the_liaison_sheet(world: World, browser: Browser, width: int) -> None:
    with served(world.app) as base, new_page(browser, width) as page:
        _wear(page, base, world, "library.desk")
        page.goto(f"{base}/orientations/fiche-de-liaison")
        _look(page, "liaison")
        page.get_by_role("link", name="En grand").click()
        _look(page, "liaison-large")
