"""Somebody signed in at a screen, and a page looked at."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.support.axe import assert_accessible
from tests.support.browser import assert_fits, shoot
from tests.support.world import World


def signed_in(page: Page, base: str, world: World, who: str) -> None:
    """The browser of this hat."""
    cookie = world.client(who).get_cookie("maillage")
    assert cookie is not None
    page.context.add_cookies([{"name": "maillage", "value": cookie.value, "url": base}])


def look(page: Page, name: str) -> None:
    """The page is kept as a picture, fits and is accessible."""
    shoot(page, name)
    assert_fits(page)
    assert_accessible(page)
