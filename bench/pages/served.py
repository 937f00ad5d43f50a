"""What gunicorn serves while pages are measured: the application, and beside it a bare Flask page of the same process.

Every answer says how many statements it took. With `X-Bench-Record: <file>`, they are kept to be run again bare.
"""

from __future__ import annotations

import pickle
import threading
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Engine, event
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from app import create_app
from config import Settings

QUERIES = "X-Bench-Queries"
RECORD = "X-Bench-Record"
BARE = "/nue"
_seen = threading.local()


def _bare() -> Flask:
    bare = Flask("bare")

    @bare.get("/")
    def page() -> str:
        return "<!doctype html><title>Bonjour</title><p>Bonjour"

    return bare


def _counted() -> Flask:
    app = create_app(Settings.from_env())
    event.listen(Engine, "before_cursor_execute", _note)
    app.before_request(_start)
    app.after_request(_tell)
    return app


def _start() -> None:
    _seen.statements = []


def _note(conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:  # noqa: PLR0913
    getattr(_seen, "statements", []).append((statement, _kept(parameters)))


def _kept(parameters: Any) -> Any:
    """What may be written to a file: a driver’s view of bytes may not."""
    if isinstance(parameters, dict):
        return {name: _bytes(one) for name, one in parameters.items()}
    return tuple(_bytes(one) for one in parameters) if isinstance(parameters, tuple) else parameters


def _bytes(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def _tell(response: Response) -> Response:
    found = [one for one in _seen.statements if one[0].lstrip()[:6].upper() in {"SELECT", "INSERT", "UPDATE", "DELETE"}]
    response.headers[QUERIES] = str(len(found))
    if RECORD in request.headers:
        with open(request.headers[RECORD], "wb") as file:  # noqa: PTH123
            pickle.dump([one for one in found if one[0].lstrip()[:6].upper() == "SELECT"], file)
    return response


def served() -> DispatcherMiddleware:
    """Both applications behind one server (`gunicorn "bench.pages.served:served()"`)."""
    return DispatcherMiddleware(_counted().wsgi_app, {BARE: _bare().wsgi_app})
