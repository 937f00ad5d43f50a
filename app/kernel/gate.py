"""The gate in front of every view: deny by default, 404 for what is not yours, nothing typed lost with a session."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect, Rule

from app.kernel import drafts, merges
from app.kernel.access import Actor, rule_of
from app.kernel.errors import NotFound

log = logging.getLogger("maillage.gate")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Identity:
    """The signed-in user as pages see them. `actor` is None until a hat is chosen."""

    user_id: UUID
    session_id: UUID
    display_name: str
    language: str
    hats_count: int
    actor: Actor | None = None
    hat_label: str = ""


def check() -> ResponseReturnValue | None:
    """None when the view may run; a redirect to sign in or to choose a hat; NotFound otherwise."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or request.endpoint == "static":
        return None
    declared = rule_of(view)
    if declared is None:
        log.error("route without an access rule: %s", request.endpoint)
        raise NotFound
    if declared.roles is None:
        return None
    who = identity()
    if who is None:
        return _to_sign_in()
    if declared.hat_needed and g.actor is None:
        return _by_way_of("accounts.choose_hat", who.user_id)
    if declared.hat_needed and not declared.allows(g.actor):
        raise NotFound
    _follow_merges()
    return None


def is_for_the_signed_in() -> bool:
    """Whether the view asked for opens to nobody who is not signed in."""
    view = current_app.view_functions.get(request.endpoint or "")
    declared = rule_of(view) if view is not None else None
    return declared is not None and declared.roles is not None


def _follow_merges() -> None:
    """An address that names a record merged into another is the other's, before anybody asks who may read it."""
    asked = (request.view_args or {}).get("person_id")
    if isinstance(asked, UUID) and request.view_args is not None:
        request.view_args["person_id"] = merges.answering(asked)


def identity() -> Identity | None:
    """Who is signed in on this request, or None."""
    found: Identity | None = g.get("identity")
    return found


def actor() -> Actor:
    """The hat of this request. Only for views whose rule needs one."""
    found: Actor | None = g.get("actor")
    if found is None:
        raise NotFound
    return found


def _to_sign_in() -> ResponseReturnValue:
    expired: UUID | None = g.get("expired_user_id")
    return _by_way_of("accounts.sign_in", expired, expiree=1 if expired else None)


def _by_way_of(endpoint: str, user_id: UUID | None, **values: Any) -> ResponseReturnValue:
    """Another page first. The way back is remembered, and what a known user typed (never sent by itself)."""
    if request.method in SAFE:
        wanted = request.full_path.rstrip("?")
        return redirect(url_for(endpoint, suite=None if wanted == "/" else wanted, **values), 303)
    if user_id is None or not can_be_shown(request.path):
        return redirect(url_for(endpoint, suite=came_from(), **values), 303)
    token = drafts.keep(user_id, request.path, request.form.to_dict(flat=False))
    return redirect(url_for(endpoint, reprise=token), 303)


def can_be_shown(path: str) -> bool:
    """This address answers GET (a button alone does not)."""
    return page_at(path) is not None


def page_at(path: str) -> Rule | None:
    """The route that answers GET at this address of the site, or None."""
    adapter = current_app.create_url_adapter(request)
    try:
        found = adapter.match(path, method="GET", return_rule=True) if adapter is not None else None
    except (HTTPException, RequestRedirect):
        return None
    return found[0] if found is not None else None


def came_from() -> str | None:
    """The page of this site where the button was."""
    parts = urlsplit(request.referrer or "")
    return parts.path if parts.netloc == request.host and can_be_shown(parts.path) else None
