"""Log lines for whoever operates the server: method, route, status, duration, a request number.

Never a name, never words typed by somebody, never an address with its values.
"""

from __future__ import annotations

import logging
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

from flask import Flask, Response, g, request

from app.kernel import ids

log = logging.getLogger("maillage.requests")
APP = Path(__file__).resolve().parents[1]


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


def told(error: BaseException | None) -> str:
    """An error as the logs may keep it: its kind and where, never its words, which may quote what somebody typed."""
    return " < ".join(_kind_and_place(one) for one in _chain(error))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _kind_and_place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(APP)] or list(frames)
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in ours[-4:]]
    return f"{type(error).__name__} ({', '.join(places)})"
