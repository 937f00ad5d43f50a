"""Who is there on each request, and from which browser."""

from __future__ import annotations

import re

from flask import current_app, g, request, session

from app.accounts import actions, policy, queries
from app.accounts.models import Membership, User, UserSession
from app.kernel import clock, gate, i18n, pages
from app.kernel.writes import later
from config import Settings

COOKIE = "cle"
# The first that matches: Edge and Opera also call themselves Chrome, which calls itself Safari.
_BROWSERS = (("Firefox", "Firefox"), ("Edg", "Edge"), ("OPR", "Opera"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def load_identity() -> None:
    """Who is there, from the cookie's key. Runs before every view; one query."""
    g.identity = g.actor = g.expired_user_id = None
    if request.endpoint == "static":
        return
    i18n.set_language(str(session.get("langue", "fr")))
    key = session.get(COOKIE)
    found = queries.session_by_key(key, pages.today()) if key else None
    if found is None:
        return
    kept, user, membership, hats = found
    settings: Settings = current_app.extensions["settings"]
    if not policy.is_alive(kept, clock.now(), settings.idle_limit, settings.absolute_limit):
        g.expired_user_id = user.id
        return
    _install(kept, user, membership, hats)


def forget_language(_error: BaseException | None) -> None:
    """What a request speaks does not outlive it: the same thread serves the next one, a command or a worker."""
    i18n.set_language("fr")


def _install(kept: UserSession, user: User, membership: Membership | None, hats: int) -> None:
    worn = membership if membership and policy.is_current(membership, pages.today()) else None
    g.actor = queries.actor_of(worn) if worn else None
    label = f"{worn.structure.name} · {worn.role.label}" if worn else ""
    g.identity = gate.Identity(user.id, kept.id, user.display_name, user.language, hats, g.actor, label)
    g.user_id = user.id
    if (clock.now() - kept.seen_at).total_seconds() > 60:
        session_id = kept.id
        later(lambda: actions.touch(session_id))


def browser() -> str:
    """« Firefox, Windows »: enough to recognise one's own machine, no more."""
    told = request.user_agent.string
    found = (next((name for sign, name in known if re.search(sign, told)), "") for known in (_BROWSERS, _SYSTEMS))
    return ", ".join(one for one in found if one)


def limits() -> actions.Limits:
    """The limits of attempts of this installation."""
    settings: Settings = current_app.extensions["settings"]
    return actions.Limits(
        settings.secret_key,
        settings.sign_in_attempts,
        settings.sign_in_window,
        settings.hash_memory_kib,
        settings.production,
    )
