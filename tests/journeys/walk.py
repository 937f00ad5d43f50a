"""Somebody at a screen: what they press, what they read, and every page they meet looked at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect
from werkzeug.exceptions import HTTPException

from tests.support.axe import assert_accessible
from tests.support.browser import assert_fits, new_page, served, settle, shoot
from tests.support.world import PASSWORD, World, build_world

NARROWEST = 320
TALLEST = 6000
SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " "})
MOST_TABS = 80


@dataclass
class Walk:
    """The browser of one person, on the served application."""

    stage: Stage
    page: Page
    title: str

    @property
    def is_phone(self) -> bool:
        size = self.page.viewport_size
        return size is not None and size["width"] < 600

    def go(self, path: str) -> None:
        self.page.goto(self.stage.address + path)

    def endpoint(self) -> str:
        """The view that answered the page on screen."""
        try:
            return str(self.stage.world.app.url_map.bind("").match(urlsplit(self.page.url).path, method="GET")[0])
        except HTTPException:
            return ""

    def look(self, name: str) -> None:
        """The page as it stands is accessible, no wider than the screen, and kept as a picture."""
        settle(self.page)
        self.stage.seen.add(self.endpoint())
        assert_fits(self.page)
        size = self.page.viewport_size
        assert size is not None
        # As tall as the page: the button that sticks to the bottom is then where it belongs, and covers nothing.
        height = max(size["height"], min(TALLEST, self.page.evaluate("document.documentElement.scrollHeight")))
        self.page.set_viewport_size({"width": size["width"], "height": height})
        shoot(self.page, f"{self.title}-{name}")
        assert_accessible(self.page)
        if self.is_phone:
            self.page.set_viewport_size({"width": NARROWEST, "height": height})
            assert_fits(self.page)
        self.page.set_viewport_size(size)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name)

    def link(self, name: str) -> Locator:
        return self.page.get_by_role("link", name=name)

    def choose(self, group: str, answer: str) -> None:
        """Press an answer as one sees it, whether one or several may be chosen."""
        self.group(group).get_by_text(answer, exact=True).click()

    def group(self, name: str) -> Locator:
        legend = self.page.locator("legend").filter(has_text=name)
        return self.page.locator("fieldset").filter(has=legend).last

    def unfold(self, summary: str) -> None:
        self.page.locator("main summary").filter(has_text=summary).click()

    def reads(self, text: str, where: str = "main") -> None:
        """These words are on the page, whatever the kind of space between them."""
        expect(self.page.locator(where).first).to_contain_text(text)

    def source(self) -> str:
        """All that the server sent for this page, attributes and hidden fields included."""
        answer = self.page.context.request.get(self.page.url)
        return answer.text().translate(SPACES)

    def sign_in(self, email: str) -> None:
        self.go("/compte/connexion")
        self.page.get_by_label("Adresse électronique").fill(email)
        self.page.get_by_label("Mot de passe").fill(PASSWORD)
        self.button("Se connecter").click()

    def tab_to(self, wanted: Locator) -> None:
        """Press Tab until this element has the focus; nothing focused on the way is hidden by something else."""
        expect(wanted).to_have_count(1)
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            covered = self.page.evaluate(COVERED)
            assert not covered, f"{self.page.url}: {covered}"
            if wanted.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"{self.page.url}: {wanted} is not reached with the Tab key")


# What has the focus is on screen, and what is drawn at its middle is itself, its label or a part of it (WCAG 2.4.11).
COVERED = """() => {
  const focused = document.activeElement;
  if (!focused || focused === document.body) return null;
  const ticked = focused.matches('input[type=radio], input[type=checkbox]') && focused.labels.length;
  const shown = ticked ? focused.labels[0] : focused;
  const box = shown.getBoundingClientRect();
  const x = Math.min(Math.max(box.left + Math.min(box.width, innerWidth) / 2, 1), innerWidth - 2);
  const y = Math.min(Math.max(box.top + Math.min(box.height, innerHeight) / 2, 1), innerHeight - 2);
  const top = document.elementFromPoint(x, y);
  const fine = top && (shown.contains(top) || focused.contains(top) || top.contains(focused) || top === focused);
  return fine ? null : `${focused.outerHTML.slice(0, 120)} is hidden by ${top ? top.outerHTML.slice(0, 120) : 'the edge'}`;
}"""


@dataclass
class Stage:
    """The small world, served. Kinds of pages met and kinds of pages looked at are counted by endpoint."""

    world: World
    browser: Browser
    address: str
    met: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)

    @contextmanager
    def walk(self, title: str, width: int = 1280, *, javascript: bool = True) -> Iterator[Walk]:
        """Somebody opens a browser of their own."""
        with new_page(self.browser, width, javascript=javascript) as page:
            walk = Walk(self, page, title)
            page.on("framenavigated", lambda _frame: self.met.add(walk.endpoint()))
            yield walk


@contextmanager
def staged(app: Flask, browser: Browser, *, looked_at: bool = True) -> Iterator[Stage]:
    """The stage of one journey. With `looked_at`, no kind of page may be met without having been looked at."""
    world = build_world(app)
    with served(app) as address:
        stage = Stage(world, browser, address)
        yield stage
    unseen = stage.met - stage.seen - {""}
    assert not looked_at or not unseen, f"met and never looked at: {sorted(unseen)}"
