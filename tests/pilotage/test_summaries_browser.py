"""Summaries in a real browser: accessible and fitting at both widths, published and read by hand."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from app.kernel.writes import commit
from app.pilotage import actions
from app.pilotage.formulas.terms import Term
from app.territory.actions import TerritoryData, set_territory
from app.territory.enums import TerritoryKind
from tests.assessments.test_counter_browser import go, signed_in
from tests.pilotage.quarters import EPCI, FRAME, TERM, WORDS, crowd, published
from tests.support.axe import assert_accessible
from tests.support.browser import assert_fits, shoot
from tests.support.world import World, build_world

pytestmark = pytest.mark.browser


def lively(app: Flask) -> World:
    world = build_world(app)
    with app.app_context():
        set_territory(world.actors["coordinator"], TerritoryData(TerritoryKind.EPCI, EPCI))
        for commune, people in (("47157", 40), ("47310", 25), ("47065", 4), ("47301", 9)):
            crowd(world, people, commune)
        commit()
    return world


@pytest.mark.parametrize("width", [1280, 360])
def test_every_page_is_accessible_and_fits(committed_app: Flask, browser: Browser, width: int) -> None:
    world = lively(committed_app)
    made = published(world, Term(2024, 1))
    with committed_app.app_context():
        part = actions.publish(world.actors["coordinator"], TERM, WORDS, FRAME, "commune-47157").id
        commit()
    with signed_in(committed_app, browser, world, "coordinator", width) as page:
        for name, path in (
            ("list", "/pilotage/syntheses"),
            ("one", f"/pilotage/syntheses/{made}"),
            ("part", f"/pilotage/syntheses/{part}"),
            ("part-form", "/pilotage/syntheses/preparer/2024/commune-47157"),
            ("form", f"/pilotage/syntheses/preparer/{TERM.key}"),
            ("withdraw", f"/pilotage/syntheses/{made}/retirer"),
        ):
            go(page, path)
            for folded in page.locator("main details > summary").all():
                folded.click()
            assert_fits(page)
            assert_accessible(page)
            shoot(page, f"pilotage-summary-{name}")


@pytest.mark.parametrize("width", [1280, 360])
def test_published_meanwhile_what_was_typed_stays(committed_app: Flask, browser: Browser, width: int) -> None:
    world = lively(committed_app)
    with signed_in(committed_app, browser, world, "coordinator", width) as page:
        go(page, f"/pilotage/syntheses/preparer/{TERM.key}")
        page.get_by_label("Votre commentaire").fill("Un trimestre calme.")
        published(world)
        page.get_by_role("button", name="Publier la synthèse").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("La synthèse n’est pas publiée")
        expect(page.get_by_label("Votre commentaire")).to_have_value("Un trimestre calme.")
        assert_fits(page)
        assert_accessible(page)
        shoot(page, "pilotage-summary-refused")


def test_published_by_the_coordinator_and_read_with_its_definitions(committed_app: Flask, browser: Browser) -> None:
    world = lively(committed_app)
    with signed_in(committed_app, browser, world, "coordinator", 1280) as page:
        go(page, "/pilotage/syntheses")
        page.get_by_role("link", name="2e trimestre 2024").click()
        page.get_by_label("Votre commentaire").fill("Un trimestre calme.")
        page.get_by_role("button", name="Publier la synthèse").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Synthèse, 2e trimestre 2024")
    with signed_in(committed_app, browser, world, "elected", 360) as page:
        go(page, "/pilotage/syntheses")
        page.get_by_role("link", name="2e trimestre 2024", exact=True).click()
        definition = page.locator(".key-figure details").first
        expect(definition.locator("p")).to_be_hidden()
        definition.locator("summary").press("Enter")
        expect(definition.locator("p")).to_contain_text("Chaque personne compte une fois")
        with page.expect_download() as download:
            page.get_by_role("link", name="Télécharger le PDF").click()
        assert download.value.suggested_filename == "synthese-2024-T2.pdf"
