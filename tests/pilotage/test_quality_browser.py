"""The quality page and the path on the person's page, in a real browser: accessible and fitting at both widths."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.assessments.sheets import AT_EASE, WORST, sheet
from tests.assessments.test_counter_browser import go, signed_in
from tests.assessments.test_progress import FAR, NEAR, told
from tests.pilotage.test_quality import PAGE, by_three, pairs
from tests.support.axe import assert_accessible
from tests.support.browser import assert_fits, shoot
from tests.support.world import build_world

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 360])
def test_the_quality_page(committed_app: Flask, browser: Browser, width: int) -> None:
    world = build_world(committed_app)
    with committed_app.app_context():
        pairs(world, 8, (AT_EASE, AT_EASE))
        pairs(world, 4, (AT_EASE, WORST))
        by_three(world, sheet(M1="langue"), 2, seconds=12, kept="naufrages")
    with signed_in(committed_app, browser, world, "coordinator", width) as page:
        go(page, PAGE)
        expect(page.get_by_role("heading", level=1)).to_have_text("Qualité des évaluations")
        page.get_by_text("Les chiffres").first.click()
        assert_fits(page)
        assert_accessible(page)
        shoot(page, "pilotage-quality")


@pytest.mark.parametrize("width", [1280, 360])
def test_the_path_opens_on_the_persons_page(committed_app: Flask, browser: Browser, width: int) -> None:
    world = build_world(committed_app)
    with committed_app.app_context():
        told(world, FAR, 90)
        told(world, NEAR, 0)
    with signed_in(committed_app, browser, world, "library.adviser", width) as page:
        go(page, f"/personnes/{world.people['amina']}")
        expect(page.get_by_text("la distance est passée de")).to_be_hidden()
        page.get_by_text("Chemin parcouru", exact=True).click()
        expect(page.get_by_text("la distance est passée de")).to_be_visible()
        assert_fits(page)
        assert_accessible(page)
        shoot(page, "assessment-path")
