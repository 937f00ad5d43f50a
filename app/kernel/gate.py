"""The gate in front of every view: deny by default, 404 for what is not yours, and nothing typed is lost when a session expires."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from uuid import UUID

from flask import current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import drafts
from app.kernel.access import Actor, rule_of
from app.kernel.errors import NotFound

log = logging.getLogger("maillage.gate")


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
    if identity() is None:
        return _to_sign_in()
    if declared.hat_needed and g.actor is None:
        return redirect(url_for("accounts.choose_hat"), 303)
    if declared.hat_needed and not declared.allows(g.actor):
        raise NotFound
    return None


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
    if request.method == "POST" and expired is not None:
        token = drafts.keep(expired, request.path, request.form.to_dict(flat=False))
        return redirect(url_for("accounts.sign_in", reprise=token), 303)
    if request.method == "POST":
        return redirect(url_for("accounts.sign_in"), 303)
    return redirect(url_for("accounts.sign_in", suite=request.path if request.path != "/" else None), 303)
