"""« Passer la main » at a shared counter: one session closes at once, the next person signs in with their own secret."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from flask import current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app.accounts import actions, queries
from app.accounts.views.blueprint import bp
from app.kernel import access, drafts, gate, pages
from app.kernel.access import FRONT
from app.kernel.errors import NotFound

# Where one was, and the mark of the sign-in page that follows.
BACK, HANDED = "retour", "main"
NOT_TYPED = frozenset({"csrf_token", "form_key", "version", BACK})


@bp.post("/passer-la-main")
@access.signed_in("Chaque personne connectée ferme sa session et laisse la place à la suivante")
def hand_over() -> ResponseReturnValue:
    """Close this session; what was being typed waits one hour for its author alone."""
    who = gate.identity()
    if who is None:
        raise NotFound
    path = _left()
    typed = {name: values for name, values in request.form.to_dict(flat=False).items() if name != BACK}
    if path and any(any(values) for name, values in typed.items() if name not in NOT_TYPED):
        drafts.keep(who.user_id, path, typed)
    actions.close_session(who.session_id)
    language = session.get("langue", "fr")
    session.clear()
    session["langue"] = language
    return redirect(url_for("accounts.sign_in", suite=_same_kind(path), main=1), 303)


def _left() -> str | None:
    """The page where the form was, on this site and shown by GET."""
    told = pages.inside(request.form.get(BACK)) or pages.inside(urlsplit(request.referrer or "").path)
    path = urlsplit(told).path if told else None
    return path if path and gate.can_be_shown(path) else None


def _same_kind(path: str | None) -> str | None:
    """The list of the same room, never the record of anybody: the address up to the first id."""
    found = gate.page_at(path) if path else None
    if found is None or not found.arguments:
        return path
    start = found.rule.partition("<")[0].rstrip("/")
    return start if start and gate.can_be_shown(start) else None


def welcomes(user_id: UUID, path: str) -> bool:
    """Whether every hat of this user opens that page: whichever they choose, they are not told that it does not exist."""
    found = gate.page_at(urlsplit(path).path)
    declared = access.rule_of(current_app.view_functions[found.endpoint]) if found is not None else None
    if declared is None:
        return False
    return declared.roles is None or queries.roles_of(user_id, pages.today()) <= declared.roles


def offered() -> bool:
    """For templates: somebody who works at a counter is signed in."""
    who = gate.identity()
    return who is not None and who.actor is not None and who.actor.role in FRONT
