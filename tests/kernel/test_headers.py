"""Security headers of every answer, whatever it is."""

from __future__ import annotations

import pytest
from flask import Flask

from app import create_app
from tests.conftest import settings_for
from tests.support.pages import InspectingClient
from tests.support.world import World

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
EXPECTED = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/compte/connexion", 200),
        ("GET", "/", 303),
        ("GET", "/inconnue", 404),
        ("GET", "/compte/deconnexion", 405),
        ("POST", "/compte/connexion", 400),
        ("GET", "/sante", 200),
    ],
)
def test_headers_are_exact(client: InspectingClient, method: str, path: str, status: int) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in EXPECTED} == EXPECTED
    assert "camera=()" in answer.headers["Permissions-Policy"]


def test_headers_of_a_signed_in_page(world: World) -> None:
    answer = world.client("library.adviser").get("/")
    assert answer.status_code == 200
    assert {name: answer.headers.get(name) for name in EXPECTED} == EXPECTED


def test_only_a_versioned_static_file_may_be_cached(client: InspectingClient) -> None:
    plain = client.get("/static/css/base.css", buffered=True)
    assert plain.headers["Cache-Control"] == "public, no-cache"
    again = client.get("/static/css/base.css", headers={"If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert "immutable" in client.get("/static/css/base.css?v=abc", buffered=True).headers["Cache-Control"]
    assert client.get("/static/absent.css?v=abc").headers["Cache-Control"] == "no-store"


def test_https_is_required_and_the_cookie_is_secure_when_set(fresh_url: str) -> None:
    app = create_app(settings_for(fresh_url, https_only=True))
    answer = app.test_client().get("/compte/connexion", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    cookie = answer.headers["Set-Cookie"]
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax"))
    _close(app)


def test_without_https_no_promise_of_it(client: InspectingClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/compte/connexion").headers


def _close(app: Flask) -> None:
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()
