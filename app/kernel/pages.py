"""Rendering: what every template receives, and the pages of errors."""

from __future__ import annotations

import hashlib
import logging
import re
import sqlite3
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from jinja2 import StrictUndefined
from markupsafe import Markup
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app.kernel import clock, formats, gate, i18n, logs, panels
from app.kernel.access import Actor
from app.kernel.errors import Difference, DomainError, NotFound, Stale
from app.kernel.phones import format_phone

STATIC = Path(__file__).resolve().parents[1] / "static"
WITH_PAGE = {400, 403, 404, 409, 413, 422, 429, 500, 503}
SHARED = "maillage.shared"
NEAREST = {405: 404, 410: 404, 415: 400}
# A path of this site: browsers drop control characters and take a backslash for a slash.
INSIDE = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")

log = logging.getLogger("maillage.pages")


def render(template: str, status: int = 200, **context: Any) -> tuple[str, int]:
    """A page and its status."""
    return render_template(template, **context), status


def timezone() -> str:
    """The network's time zone."""
    return str(current_app.config["TIMEZONE"])


def today() -> date:
    """The calendar day of the network."""
    return clock.today(timezone())


def inside(wanted: str | None) -> str | None:
    """An address given by the browser when it stays on this site, or None (no open redirect)."""
    return wanted if wanted and INSIDE.fullmatch(wanted) else None


def install(app: Flask) -> None:
    """Strict templates, the context they share, filters, and pages for errors."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.install_gettext_callables(_jinja_gettext, _jinja_ngettext, newstyle=False)  # type: ignore[attr-defined]
    # Hundreds of times a page: without the two detours of Jinja’s own.
    app.jinja_env.globals["_"] = _jinja_gettext
    app.context_processor(_shared)
    app.jinja_env.filters.update(_filters())
    app.jinja_env.globals["asset"] = _asset
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(StaleDataError, lambda error: _domain_error(Stale()))
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _overloaded)
    app.register_error_handler(Exception, _unexpected)


def _jinja_gettext(message: str, **values: object) -> str:
    return i18n.gettext(message, **values)


def _jinja_ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """Called alone, fills `%(num)d`; a `{% trans %}` block that counts under another name fills its own words."""
    text = i18n.plural_form(singular, plural, num)
    return text % {"num": num, **values} if values or "%(num)" in text else text


def _shared() -> dict[str, Any]:
    """Once per request, unless somebody comes, goes or fails meanwhile: a page is made of several templates."""
    state = (gate.identity(), g.get("actor"), i18n.language(), g.get("failed"))
    known: tuple[object, dict[str, Any]] | None = request.environ.get(SHARED)
    if known is None or known[0] != state:
        known = request.environ[SHARED] = (state, _read_shared())
    return known[1]


def _read_shared() -> dict[str, Any]:
    settings = current_app.config
    me = gate.identity()
    return {
        "lang": i18n.language(),
        "network_name": settings["NETWORK_NAME"],
        "demo": settings["DEMO"],
        "me": me,
        "nav": _items(gate.actor()) if me and me.actor else [],
        "today": today(),
        "here": None if g.get("failed") else _here(),
    }


def _here() -> str:
    """This page's address, to come back to after changing language."""
    return request.full_path.rstrip("?") if request.method == "GET" else request.path


def _items(actor: Actor) -> list[dict[str, Any]]:
    items = sorted((item for item in panels.navigation if actor.role in item.roles), key=lambda item: item.order)
    lit = _lit(items)
    return [
        {
            "label": item.label,
            "url": _address(item.endpoint),
            "current": item in lit,
            "count": item.counter(actor) if item.counter else None,
        }
        for item in items
    ]


def _lit(items: list[panels.NavItem]) -> list[panels.NavItem]:
    """The tab of this page, else those of its room; of several, those above its address."""
    here = request.endpoint or ""
    exact = [item for item in items if item.endpoint == here]
    of_room = [item for item in items if here.split(".")[0] in {item.endpoint.split(".")[0], *item.also}]
    above = [item for item in of_room if request.path.startswith(_address(item.endpoint) + "/")]
    return exact or (above if len(of_room) > 1 and above else of_room)


def _filters() -> dict[str, Any]:
    return {
        "day": lambda value: formats.day(_as_day(value)),
        "short_day": lambda value: formats.short_day(_as_day(value)),
        "near_day": lambda value: formats.relative_day(_as_day(value), today()),
        "hour": lambda value: formats.hour(value, timezone()),
        "moment": lambda value: formats.moment(value, timezone()),
        "number": formats.number,
        "duration": formats.duration,
        "phone": format_phone,
        "share": formats.percent,
        "opening_days": formats.opening_days,
        "lines": lambda text: Markup("<br>").join(str(text).splitlines()),
    }


def _as_day(value: date | datetime) -> date:
    return clock.local(value, timezone()).date() if isinstance(value, datetime) else value


def _address(endpoint: str) -> str:
    """The address of a page that depends on nothing, made once."""
    known: dict[tuple[str, str], str] = current_app.extensions.setdefault("page_addresses", {})
    where = (request.script_root, endpoint)
    if where not in known:
        known[where] = url_for(endpoint)
    return known[where]


def _asset(path: str) -> str:
    """The address of a static file, versioned by its content so that it may be cached for ever."""
    known: dict[tuple[str, str], str] = current_app.extensions.setdefault("asset_addresses", {})
    where = (request.script_root, path)
    if where not in known or current_app.debug:
        version = hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:12]
        known[where] = url_for("static", filename=path, v=version)
    return known[where]


def _domain_error(error: DomainError) -> ResponseReturnValue:
    differences = error.differences if isinstance(error, Stale) else ()
    return error_page(error.status, str(error.message), differences)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or (error.code or 500) < 400:
        return error.get_response()
    return error_page(error.code or 500, "")


def _overloaded(error: OperationalError) -> ResponseReturnValue:
    """The database did not answer in time, or not at all; SQLite also says so of mistakes in a statement."""
    if isinstance(error.orig, sqlite3.OperationalError) and "locked" not in str(error.orig):
        return _unexpected(error)
    log.error("database: %s", logs.told(error))
    return error_page(503, "")


def _unexpected(error: Exception) -> ResponseReturnValue:
    if current_app.config.get("PROPAGATE_EXCEPTIONS") or current_app.debug:
        raise error
    log.error("unexpected: %s", logs.told(error))
    return error_page(500, "")


def error_page(
    code: int, message: str, differences: tuple[Difference, ...] = (), *, signed_out: bool = False
) -> ResponseReturnValue:
    """The page of a refusal. After a failure nothing is read: whatever broke could break it too.

    `signed_out`: what was refused is only for people who are signed in, and nobody is.
    """
    g.failed = True
    if code >= 500 or not hasattr(g, "identity"):
        g.identity = g.actor = None
    retry_url = request.path if gate.can_be_shown(request.path) else None
    before = gate.came_from()
    back_url = before if before != request.path or request.method not in gate.SAFE else None
    name = f"errors/{_page_of(code)}.html"
    return render(
        name,
        code,
        message=message,
        differences=differences,
        retry_url=retry_url,
        back_url=back_url,
        signed_out=signed_out,
    )


def _page_of(code: int) -> int:
    known = NEAREST.get(code, code)
    return known if known in WITH_PAGE else (500 if code >= 500 else 400)


__all__ = ["NotFound", "inside", "install", "render", "timezone", "today"]
