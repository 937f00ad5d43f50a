"""Security headers of every answer. The policy is exact (docs/architecture.md) and tested."""

from __future__ import annotations

from flask import Flask, Response, current_app, g, request

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FIXED = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# Of a page whose address is a secret: no other site, nor another page of this one, is told where one comes from.
SECRET = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow, noarchive"}
FOR_EVER = "public, max-age=31536000, immutable"
# Scripts and fonts that files call by their plain name: kept by the browser, which asks each time whether they changed.
ASKED_AGAIN = "public, no-cache"


def install(app: Flask) -> None:
    """Add the headers to every answer of the application."""
    app.after_request(_add)


def _add(response: Response) -> Response:
    for name, value in FIXED.items():
        response.headers[name] = value
    if g.get("secret_address"):
        response.headers.update(SECRET)
    response.headers["Cache-Control"] = _kept(response)
    if current_app.config["HTTPS_ONLY"]:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return response


def _kept(response: Response) -> str:
    """How long a browser may keep the answer: a page, never; what is the same for everybody, as long as it does not change."""
    if request.endpoint != "static" or response.status_code not in {200, 304}:
        return "no-store"
    return FOR_EVER if request.args.get("v") else ASKED_AGAIN
