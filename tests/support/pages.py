"""The test client that reads every page it is given, and fills forms as they are on the page."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from app.kernel.access import rule_of
from tests.support import filling, inspection

# Drawn for each page: pages that differ by these alone are inspected once.
DRAWN = re.compile(
    r"(?P<id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})|(?P<token>(?<=name=\"csrf_token\" value=\")[^\"]+)"
)
# SQLite's run inspects every page of every test; PostgreSQL's looks for what another database could change.
INSPECTED_BEFORE = "TEST_DATABASE_URL" in os.environ
CSRF = re.compile(r'(name="csrf_token" value=")[^"]+')
SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " "})


def without_tokens(html: str) -> str:
    """A page to compare with another: a csrf token says the second it was drawn at."""
    return CSRF.sub(r"\1", html)


class InspectingClient(FlaskClient):
    """A Flask test client; every HTML page it receives is inspected, and a fault fails the test.

    Install it with `app.test_client_class = InspectingClient`.
    """

    _tolerated: tuple[str, ...] = ()
    _sound: ClassVar[set[int]] = set()

    @contextmanager
    def tolerating(self, *beginnings: str) -> Iterator[None]:
        """Let pass, inside the block, the faults that begin with one of these words (a test about bad pages)."""
        before, self._tolerated = self._tolerated, (*self._tolerated, *beginnings)
        try:
            yield
        finally:
            self._tolerated = before

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        if _is_page(response) and not hasattr(response, "inspected"):
            response.inspected = True  # type: ignore[attr-defined]
            self._inspect(response)
        return response

    def soup(self, page: TestResponse) -> BeautifulSoup:
        """The page as a tree, parsed once."""
        if not hasattr(page, "tree"):
            page.tree = inspection.parse(page.get_data(as_text=True))  # type: ignore[attr-defined]
        return page.tree  # type: ignore[attr-defined, no-any-return]

    def select(self, page: TestResponse, selector: str) -> list[Tag]:
        """The elements of the page that a CSS selector chooses."""
        return list(self.soup(page).select(selector))

    def text(self, page: TestResponse, selector: str = "body", *, plain: bool = True) -> str:
        """What one reads in a part of the page. `plain` turns French non-breaking spaces into ordinary ones."""
        read = " ".join(inspection.words(tag) for tag in self.select(page, selector))
        return read.translate(SPACES) if plain else read

    def submit(
        self,
        page: TestResponse,
        form_selector: str | None = None,
        *,
        button: str | None = None,
        follow_redirects: bool = False,
        data: Mapping[str, Any] | None = None,
        forged: Mapping[str, Any] | None = None,
        **fields: Any,
    ) -> TestResponse:
        """Fill a form of the page and send it, hidden fields included.

        `fields` (or `data`, for names that Python refuses) are typed over what the form holds: see `filling.fill`.
        `forged` adds or replaces values that the form does not offer, for tests of hostile input.
        """
        tree = self.soup(page)
        form = filling.find_form(tree, form_selector)
        filled = filling.fill(tree, form, {**(data or {}), **fields}, button)
        pairs = _forge(filled.pairs, forged or {})
        address = urljoin(page.request.full_path.rstrip("?"), filled.action)
        sent = {"data": MultiDict(pairs)} if filled.method == "post" else {"query_string": MultiDict(pairs)}
        return self.open(address, method=filled.method.upper(), follow_redirects=follow_redirects, **sent)

    def _inspect(self, page: TestResponse) -> None:
        markup = page.get_data(as_text=True)
        faults = [*inspection.faults_of_headers(dict(page.headers)), *_faults_of_cookies(page)]
        if INSPECTED_BEFORE:
            faults += inspection.leaks_of(markup)
        elif (shape := _shape(page, markup)) not in self._sound:
            found = [*inspection.faults_of_page(self.soup(page), markup, self.application.config["NETWORK_NAME"])]
            found += self._faults_of_forms(page)
            self._sound |= set() if found else {shape}
            faults += found
        faults = [fault for fault in faults if not fault.startswith(self._tolerated or ("\0",))]
        asked = f"{page.request.method} {page.request.path} ({page.status_code})"
        assert not faults, f"{asked} has {len(faults)} faults:\n" + "\n".join(f"- {fault}" for fault in faults)

    def _faults_of_forms(self, page: TestResponse) -> Iterator[str]:
        for form in self.select(page, "form"):
            method = str(form.get("method", "get")).upper()
            address = urljoin(page.request.path, str(form.get("action") or ""))
            if urlsplit(address).netloc:
                yield f"a form sent elsewhere: {inspection.short(form)}"
            elif method == "POST":
                yield from self._faults_of_post(form, urlsplit(address).path)

    def _faults_of_post(self, form: Tag, path: str) -> Iterator[str]:
        if not _value(form, "csrf_token"):
            yield f"a form without csrf_token: {inspection.short(form)}"
        try:
            endpoint, _ = self.application.url_map.bind("").match(path, method="POST")
        except HTTPException as error:
            yield f"a form sent to {path}, which answers {error.code}: {inspection.short(form)}"
            return
        rule = rule_of(self.application.view_functions[endpoint])
        if rule is not None and rule.form_key and not form.has_attr("data-no-key") and not _value(form, "form_key"):
            yield f"a form without form_key, which {endpoint} needs: {inspection.short(form)}"


def _shape(page: TestResponse, markup: str) -> int:
    """The page and its address, what is drawn for each page replaced by its rank."""
    ranks: dict[str, str] = defaultdict(lambda: f"#{len(ranks)}")
    return hash(DRAWN.sub(lambda drawn: ranks[drawn[0]], f"{page.request.path}\n{markup}"))


def _is_page(response: TestResponse) -> bool:
    redirected = 300 <= response.status_code < 400
    return response.mimetype == "text/html" and not redirected and response.request.method != "HEAD"


def _value(form: Tag, name: str) -> str:
    field = form.find("input", attrs={"name": name, "type": "hidden"})
    return str(field.get("value", "")) if isinstance(field, Tag) else ""


def _forge(pairs: filling.Pairs, forged: Mapping[str, Any]) -> filling.Pairs:
    kept = [(name, value) for name, value in pairs if name not in forged]
    return [*kept, *((name, value) for name, value in forged.items() if value is not None)]


def _faults_of_cookies(page: TestResponse) -> Iterator[str]:
    for cookie in page.headers.getlist("Set-Cookie"):
        if "httponly" not in cookie.lower() or "samesite" not in cookie.lower():
            yield f"a cookie without HttpOnly or SameSite: {cookie.partition('=')[0]}"
