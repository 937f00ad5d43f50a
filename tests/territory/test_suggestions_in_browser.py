"""Communes suggested while typing: keyboard, mouse, words for those who do not see; the same task without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from app.kernel.writes import commit
from app.territory import actions
from app.territory.actions import TerritoryData
from app.territory.enums import TerritoryKind
from tests.journeys.walk import Walk, staged
from tests.support.axe import assert_accessible
from tests.support.browser import assert_fits, shoot

pytestmark = pytest.mark.browser


@contextmanager
def at_the_desk(app: Flask, browser: Browser, width: int = 1280, *, javascript: bool = True) -> Iterator[Walk]:
    with app.app_context():
        actions.set_territory(None, TerritoryData(TerritoryKind.EPCI, "200030674"))
        commit()
    with (
        staged(app, browser, looked_at=False) as stage,
        stage.walk("suggestions", width, javascript=javascript) as walk,
    ):
        walk.sign_in(stage.world.emails["library.desk"])
        walk.reads("Bonjour")
        walk.go("/personnes/nouvelle")
        yield walk


@pytest.mark.parametrize("width", [1280, 360])
def test_marm_arrow_down_enter(committed_app: Flask, browser: Browser, width: int) -> None:
    with at_the_desk(committed_app, browser, width) as walk:
        page, field = walk.page, walk.page.get_by_role("combobox", name="Commune")
        expect(field).to_have_attribute("aria-expanded", "false")
        field.press_sequentially("marm")
        expect(page.get_by_role("listbox")).to_be_visible()
        expect(field).to_have_attribute("aria-expanded", "true")
        expect(page.get_by_role("status").filter(has_text="communes proposées")).to_be_attached()
        page.keyboard.press("ArrowDown")
        active = page.get_by_role("option", selected=True)
        expect(active).to_have_count(1)
        expect(active).to_contain_text("Marmande")
        expect(field).to_have_attribute("aria-activedescendant", str(active.get_attribute("id")))
        assert_fits(page)
        assert_accessible(page)
        shoot(page, "territory-suggestions")
        page.keyboard.press("Enter")
        expect(field).to_have_value("Marmande (47200)")
        expect(page.get_by_role("listbox")).to_be_hidden()
        assert field.get_attribute("aria-activedescendant") is None
        expect(field).to_be_focused()
        assert page.url.endswith("/personnes/nouvelle")
        # What was taken is what the server reads.
        expect(page.get_by_role("button", name="Vérifier la commune")).to_be_hidden()
        page.locator("#inscrire").get_by_role("button", name="Inscrire la personne").click()
        expect(page.locator(".error-summary")).to_be_visible()
        expect(page.locator(".field-found")).to_have_text("Marmande (47)")


def test_arrows_go_round_and_escape_closes(committed_app: Flask, browser: Browser) -> None:
    with at_the_desk(committed_app, browser) as walk:
        page, field = walk.page, walk.page.get_by_role("combobox", name="Commune")
        field.press_sequentially("saint")
        expect(page.get_by_role("option")).to_have_count(8)
        page.keyboard.press("ArrowUp")
        expect(page.get_by_role("option").last).to_have_attribute("aria-selected", "true")
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("option", selected=True)).to_have_count(0)
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Escape")
        expect(page.get_by_role("listbox")).to_be_hidden()
        expect(field).to_have_value("saint")
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("option")).to_have_count(8)
        page.keyboard.press("Tab")
        expect(page.get_by_role("listbox")).to_be_hidden()
        expect(field).to_have_value("saint")


def test_a_suggestion_is_pressed_with_the_mouse(committed_app: Flask, browser: Browser) -> None:
    with at_the_desk(committed_app, browser) as walk:
        field = walk.page.get_by_role("combobox", name="Commune")
        field.press_sequentially("47400")
        walk.page.get_by_role("option").filter(has_text="Tonneins").click()
        expect(field).to_have_value("Tonneins (47400)")
        expect(walk.page.get_by_role("listbox")).to_be_hidden()


def test_nothing_found_is_said(committed_app: Flask, browser: Browser) -> None:
    with at_the_desk(committed_app, browser) as walk:
        walk.page.get_by_role("combobox", name="Commune").press_sequentially("qwxzqwxz")
        said = walk.page.get_by_role("status").filter(has_text="Aucune commune trouvée")
        expect(said).to_be_attached()
        expect(walk.page.get_by_role("listbox")).to_be_hidden()


def test_typing_on_makes_the_latest_answer_win(committed_app: Flask, browser: Browser) -> None:
    with at_the_desk(committed_app, browser) as walk:
        field = walk.page.get_by_role("combobox", name="Commune")
        field.press_sequentially("ton", delay=10)
        field.press_sequentially("neins", delay=200)
        expect(walk.page.get_by_role("option")).to_have_count(1)
        expect(walk.page.get_by_role("option")).to_contain_text("Tonneins")


def test_the_next_field_is_near_and_nothing_jumps(committed_app: Flask, browser: Browser) -> None:
    """On a phone the list opens over what follows: the field takes its own height, and what is below does not move."""
    with at_the_desk(committed_app, browser, 360) as walk:
        field, box = walk.page.get_by_role("combobox", name="Commune"), walk.page.locator(".commune-field")
        taken, own = box.bounding_box(), field.bounding_box()
        assert taken
        assert own
        assert taken["y"] + taken["height"] - own["y"] - own["height"] < 40
        field.press_sequentially("marm")
        expect(walk.page.get_by_role("listbox")).to_be_visible()
        assert box.evaluate("one => one.getBoundingClientRect().height") == taken["height"]


def test_a_server_that_does_not_answer_leaves_an_ordinary_field(committed_app: Flask, browser: Browser) -> None:
    with at_the_desk(committed_app, browser) as walk:
        walk.page.route("**/territoire/communes*", lambda route: route.fulfill(status=404, body="non"))
        field = walk.page.get_by_role("combobox", name="Commune")
        field.press_sequentially("marmande")
        walk.page.get_by_role("button", name="Vérifier la commune").click()
        expect(walk.page.locator(".field-found")).to_have_text("Marmande (47)")


def test_the_same_without_javascript(committed_app: Flask, browser: Browser) -> None:
    with at_the_desk(committed_app, browser, javascript=False) as walk:
        walk.page.get_by_label("Commune").fill("saint denis")
        walk.page.get_by_role("button", name="Vérifier la commune").click()
        walk.page.locator(".commune-field .choice label").filter(has_text="93200").click()
        walk.page.get_by_role("button", name="Vérifier la commune").click()
        expect(walk.page.locator(".field-found")).to_have_text("Saint-Denis (93)")


@pytest.mark.parametrize("width", [1280, 360])
def test_the_screen_of_the_network_s_territory(committed_app: Flask, browser: Browser, width: int) -> None:
    with staged(committed_app, browser, looked_at=False) as stage, stage.walk("territory", width) as walk:
        walk.sign_in(stage.world.emails["coordinator"])
        walk.reads("Bonjour")
        walk.go("/territoire")
        walk.look("empty")
        expect(walk.page.get_by_label("Département", exact=True)).to_be_hidden()
        walk.page.get_by_label("Intercommunalité", exact=True).fill("marmande")
        walk.button("Enregistrer le territoire").click()
        walk.reads("Est-ce bien cette intercommunalité")
        walk.look("choices")
        walk.page.locator(".choice label").filter(has_text="Val de Garonne").click()
        walk.button("Enregistrer le territoire").click()
        walk.reads("Val de Garonne Agglomération", "h2")
        walk.unfold("Voir les communes")
        walk.look("chosen")
        walk.choose("Le réseau couvre", "Une liste de communes")
        walk.page.get_by_label("Communes", exact=True).fill("Marmande\n47200\nqwertz")
        walk.button("Enregistrer le territoire").click()
        walk.reads("peut être : Marmande (47)")
        walk.look("refused")
