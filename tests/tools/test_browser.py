"""The browser's fixtures see what they promise to see, under our own content policy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from app.kernel import headers
from tests.support.axe import assert_accessible
from tests.support.browser import assert_fits, new_page, served, shoot

pytestmark = pytest.mark.browser

PAGE = """<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>Essai</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"></head>
<body><main><h1>Essai</h1>MAIN</main></body></html>"""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    app = Flask(__name__)
    app.config["HTTPS_ONLY"] = False
    headers.install(app)
    pages = {
        "bon": "<p>Tout va bien.</p>",
        "sans-nom": '<input name="a">',
        "large": '<svg width="900" height="5" aria-hidden="true"></svg>',
        "en-ligne": "<script>document.title = 'x'</script>",
        "ailleurs": '<img alt="" src="http://ailleurs.invalid/x.png">',
    }
    app.add_url_rule("/<name>", "page", lambda name: PAGE.replace("MAIN", pages[name]))
    with served(app) as address:
        yield address


def test_a_sound_page_passes_at_both_widths(site: str, desk: Page, phone: Page) -> None:
    for page in (desk, phone):
        page.goto(f"{site}/bon")
        assert_accessible(page)
        assert_fits(page)
    assert shoot(phone, "Essai du téléphone").read_bytes().startswith(b"\x89PNG")


def test_axe_sees_a_field_without_name(site: str, desk: Page) -> None:
    desk.goto(f"{site}/sans-nom")
    with pytest.raises(AssertionError, match=r"label \(critical\)"):
        assert_accessible(desk)


def test_what_overflows_a_phone_is_seen(site: str, phone: Page) -> None:
    phone.goto(f"{site}/large")
    with pytest.raises(AssertionError, match="on a screen of 360 px"):
        assert_fits(phone)


@pytest.mark.parametrize(
    ("path", "said"), [("en-ligne", "Content Security Policy"), ("ailleurs", "asked of elsewhere")]
)
def test_a_page_that_breaks_its_policy_is_seen(site: str, browser: Browser, path: str, said: str) -> None:
    with pytest.raises(AssertionError, match=said), new_page(browser) as page:
        page.goto(f"{site}/{path}")
