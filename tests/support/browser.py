"""Chromium for the journeys: as the tests ask it, at two widths, and never silent about what the page got wrong."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright
from werkzeug.serving import make_server

from tools import chromium

OUTPUT = Path(__file__).resolve().parents[2] / "tests-output" / "screens"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
SIZES = {1280: 800, 360: 740}
# Generous: a slow machine makes a test slow, never red.
PATIENCE = 30_000
SCHEMES_WITHOUT_NETWORK = {"data", "blob", "about"}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run; the tests that need it skip, saying so, where there is none."""
    path = os.environ.get("CHROMIUM") or chromium.find()
    if not path:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE / 2)
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def desk(browser: Browser) -> Iterator[Page]:
    """An empty page 1280 px wide."""
    with new_page(browser, 1280) as page:
        yield page


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """An empty page 360 px wide, touched with a finger."""
    with new_page(browser, 360) as page:
        yield page


@contextmanager
def new_page(
    browser: Browser, width: int = 1280, *, javascript: bool = True, language: str = "fr-FR"
) -> Iterator[Page]:
    """A page with its own cookies. Fails if the console complained or if anything was asked of elsewhere."""
    context = browser.new_context(
        viewport={"width": width, "height": SIZES.get(width, 800)},
        has_touch=width < 600,
        java_script_enabled=javascript,
        locale=language,
        timezone_id="Europe/Paris",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    complaints = _listen(context)
    try:
        yield context.new_page()
    finally:
        context.close()
    assert not complaints, "the browser complained:\n" + "\n".join(complaints)


def _listen(context: BrowserContext) -> list[str]:
    complaints: list[str] = []

    def console(message: ConsoleMessage) -> None:
        if message.type == "error" and not _is_refusal_asked_for(message):
            complaints.append(f"console: {message.text}")

    def requested(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in SCHEMES_WITHOUT_NETWORK and address.hostname not in {"127.0.0.1", "localhost"}:
            complaints.append(f"asked of elsewhere: {request.url}")

    context.on("console", console)
    context.on("request", requested)
    context.on("weberror", lambda error: complaints.append(f"script: {error.error}"))
    return complaints


def _is_refusal_asked_for(message: ConsoleMessage) -> bool:
    """Chromium writes an error for every answer of 400 and above; tests of refusals ask for them."""
    return re.match(r"Failed to load resource: the server responded with a status of 4\d\d", message.text) is not None


def shoot(page: Page, name: str) -> Path:
    """Keep a picture of the whole page under `tests-output/screens`, named with its width."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    settle(page)
    width = page.viewport_size["width"] if page.viewport_size else 0
    path = OUTPUT / f"{re.sub(r'[^a-z0-9-]+', '-', name.lower())}-{width}.png"
    page.screenshot(path=path, full_page=True, animations="disabled")
    return path


def settle(page: Page) -> None:
    """Wait for the page that a click has asked for: a document just committed has no element yet."""
    page.wait_for_load_state("load")
    page.wait_for_function("document.readyState === 'complete' && document.body !== null")


def assert_fits(page: Page) -> None:
    """Nothing makes the page wider than the screen."""
    settle(page)
    width, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width <= seen, f"{page.url} is {width} px wide on a screen of {seen} px"


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Address of the application, served by threads of this process for as long as the block lasts."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, name="served-app", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
