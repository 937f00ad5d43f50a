"""Log lines for whoever operates the server: method, route, status, duration, a request number. Never a name, an id typed by somebody or a query."""

from __future__ import annotations

import logging
import sys
import time

from flask import Flask, Response, g, request

from app.kernel import ids

log = logging.getLogger("maillage.requests")


def install(app: Flask) -> None:
    """Write one line per request on standard error; the route's pattern, not the address."""
    root = logging.getLogger("maillage")
    if not root.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        root.addHandler(handler)
        root.setLevel(logging.WARNING if app.config["TESTING"] else logging.INFO)
    app.before_request(_start)
    app.after_request(_line)


def _start() -> None:
    g.request_number = ids.new_code(10)
    g.started = time.perf_counter()


def _line(response: Response) -> Response:
    if request.endpoint == "static":
        return response
    pattern = request.url_rule.rule if request.url_rule else "(inconnue)"
    taken = (time.perf_counter() - g.get("started", time.perf_counter())) * 1000
    log.info("%s %s %s %.0fms %s", request.method, pattern, response.status_code, taken, g.get("request_number", "-"))
    return response
