"""No page is forgotten: each is inspected for every role it opens to, and each kind is read by axe, on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext

from tests.journeys.pages import NOT_PAGES, Visitor, prepare, visit
from tests.support.axe import assert_accessible
from tests.support.browser import assert_fits, new_page, served, shoot

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
# Not pages: what pages are made of, and what is shown when something went wrong (tests/kernel).
PIECES = {"layouts", "components", "errors"}
# Only answers a form that came too late: lived in tests/pilotage/test_summaries_browser.py.
ANSWERS = {"pilotage/summary_refused.html"}


def page_templates() -> set[str]:
    """Every template that is a page."""
    found = {path.relative_to(TEMPLATES) for path in TEMPLATES.rglob("*.html")}
    pages = {path.as_posix() for path in found if path.parts[0] not in PIECES and not path.name.startswith("_")}
    return pages - ANSWERS


@pytest.mark.slow
def test_every_page_of_every_role_passes_the_inspection(committed_app: Flask) -> None:
    _world, visitors, lives = prepare(committed_app)
    found = visit(committed_app, visitors, lives)
    assert not found.refusals, "\n".join(found.refusals)
    pages = {rule.endpoint for rule in committed_app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert pages - NOT_PAGES - found.endpoints == set(), "never shown to anybody"
    assert page_templates() - set(found.templates) == set(), "never rendered"


@pytest.mark.slow
@pytest.mark.browser
def test_every_kind_of_page_is_accessible_on_a_phone(committed_app: Flask, browser: Browser) -> None:
    _world, visitors, lives = prepare(committed_app)
    found = visit(committed_app, visitors, lives, once=True)
    assert page_templates() - set(found.templates) == set(), "never rendered"
    with served(committed_app) as address, new_page(browser, 360) as page:
        for template, (role, path) in sorted(found.templates.items(), key=lambda one: str(one[1][0])):
            wear(page.context, visitors[role], address)
            page.goto(address + path)
            assert_fits(page)
            shoot(page, f"every-{template.removesuffix('.html')}")
            page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
            assert_accessible(page)


def wear(context: BrowserContext, visitor: Visitor, address: str) -> None:
    """The browser becomes this visitor."""
    context.clear_cookies()
    cookie = visitor.get_cookie("maillage")
    if cookie is not None:
        context.add_cookies([{"name": "maillage", "value": cookie.value, "url": address}])
