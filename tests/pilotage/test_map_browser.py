"""The map in a real browser: accessible, fitting, read with the keyboard, whole without JavaScript."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.assessments.test_counter_browser import go, signed_in
from tests.pilotage.test_flows import send
from tests.pilotage.test_map import MARMANDE, PAGE, settle
from tests.support.axe import assert_accessible
from tests.support.browser import assert_fits, shoot
from tests.support.world import World, build_world

pytestmark = pytest.mark.browser


def lively(app: Flask) -> World:
    world = build_world(app)
    for days_ago in (2, 30):
        send(world, days_ago)
    send(world, 12, to="france_services")
    send(world, 4, to="shelter")
    settle(world, MARMANDE, 6)
    return world


@pytest.mark.parametrize("width", [1280, 360])
def test_every_layer_is_accessible_and_fits(committed_app: Flask, browser: Browser, width: int) -> None:
    world = lively(committed_app)
    with signed_in(committed_app, browser, world, "coordinator", width) as page:
        for layer in ("flux", "personnes", "besoins", "attente"):
            go(page, f"{PAGE}?couche={layer}")
            expect(page.get_by_role("img")).to_be_visible()
            assert_fits(page)
            assert_accessible(page)
            shoot(page, f"pilotage-map-{layer}")


def test_the_keyboard_reads_and_enlarges_the_map(committed_app: Flask, browser: Browser) -> None:
    world = lively(committed_app)
    with signed_in(committed_app, browser, world, "coordinator", 1280) as page:
        go(page, f"{PAGE}?couche=personnes")
        view, drawing, words = (
            page.locator("[data-map-view]"),
            page.locator(".map__drawing"),
            page.locator(".map__detail"),
        )
        whole = drawing.get_attribute("viewBox")
        expect(words).to_contain_text("Passez sur la carte")
        view.focus()
        page.keyboard.press("ArrowRight")
        first = words.inner_text()
        assert "\xa0: " in first
        page.keyboard.press("ArrowRight")
        expect(words).not_to_have_text(first)
        page.keyboard.press("+")
        expect(drawing).not_to_have_attribute("viewBox", whole or "")
        page.keyboard.press("0")
        expect(drawing).to_have_attribute("viewBox", f"{_as_moved(whole)}")
        page.get_by_role("button", name="Agrandir", exact=True).click()
        expect(drawing).not_to_have_attribute("viewBox", _as_moved(whole))
        page.get_by_role("button", name="Recentrer").click()
        expect(drawing).to_have_attribute("viewBox", _as_moved(whole))


def test_the_wheel_alone_scrolls_the_page(committed_app: Flask, browser: Browser) -> None:
    world = lively(committed_app)
    with signed_in(committed_app, browser, world, "coordinator", 1280) as page:
        go(page, PAGE)
        drawing = page.locator(".map__drawing")
        whole = drawing.get_attribute("viewBox")
        drawing.hover()
        page.mouse.wheel(0, -200)
        expect(drawing).to_have_attribute("viewBox", whole or "")
        page.keyboard.down("Control")
        page.mouse.wheel(0, -200)
        page.keyboard.up("Control")
        expect(drawing).not_to_have_attribute("viewBox", whole or "")


def test_without_javascript_the_map_and_its_table_are_whole(committed_app: Flask, browser: Browser) -> None:
    world = lively(committed_app)
    with signed_in(committed_app, browser, world, "coordinator", 1280, javascript=False) as page:
        go(page, PAGE)
        expect(page.get_by_role("img")).to_be_visible()
        expect(page.get_by_role("button", name="Agrandir")).to_have_count(0)
        page.get_by_label("Montrer").select_option("personnes")
        page.get_by_role("button", name="Voir la carte").click()
        expect(page.get_by_role("rowheader", name="Marmande", exact=True)).to_be_visible()


def _as_moved(box: str | None) -> str:
    return " ".join(f"{float(number):.1f}" for number in (box or "").split())
