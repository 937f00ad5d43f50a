"""Who is there on each request, and from which browser."""

from __future__ import annotations

import re

from flask import current_app, g, request, session

from app.accounts import actions, policy, queries
from app.kernel import clock, gate, i18n, pages
from app.kernel.writes import later
from config import Settings

COOKIE = "cle"
# Seconds between two times that a session says it is used.
SEEN_EVERY = 60
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
    settings: Settings = current_app.extensions["settings"]
    if not policy.is_alive(found, clock.now(), settings.idle_limit, settings.absolute_limit):
        g.expired_user_id = found.user_id
        return
    _install(found)


def forget_language(_error: BaseException | None) -> None:
    """What a request speaks does not outlive it: the same thread serves the next one, a command or a worker."""
    i18n.set_language("fr")


def _install(found: queries.SignedIn) -> None:
    worn = g.actor = found.actor
    label = f"{found.structure_name} · {worn.role.label}" if worn else ""
    who = (found.user_id, found.id, found.display_name, found.language, found.hats)
    g.identity = gate.Identity(*who, worn, label)
    g.user_id = found.user_id
    if (clock.now() - found.seen_at).total_seconds() > SEEN_EVERY:
        later(lambda: actions.touch(found.id))


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
