"""Signing in, choosing a hat, signing out; and who is there on each request."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, current_app, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app.accounts import actions, policy, queries
from app.accounts.forms import ChooseHatForm, SignInForm
from app.accounts.models import Membership, User, UserSession
from app.kernel import access, clock, drafts, gate, i18n, pages
from app.kernel.errors import DomainError, NotFound
from app.kernel.i18n import gettext as _
from app.kernel.writes import later
from config import Settings

bp = Blueprint("accounts", __name__, url_prefix="/compte")
COOKIE = "cle"


def load_identity() -> None:
    """Who is there, from the cookie's key. Runs before every view; one query."""
    g.identity = g.actor = g.expired_user_id = None
    i18n.set_language(str(session.get("langue", "fr")))
    key = session.get(COOKIE)
    found = queries.session_by_key(key) if key and request.endpoint != "static" else None
    if found is None:
        return
    kept, user, membership, hats = found
    settings: Settings = current_app.extensions["settings"]
    if not policy.is_alive(kept, clock.now(), settings.idle_limit, settings.absolute_limit):
        g.expired_user_id = user.id
        return
    _install(kept, user, membership, hats)


def _install(kept: UserSession, user: User, membership: Membership | None, hats: int) -> None:
    worn = membership if membership and policy.is_current(membership, pages.today()) else None
    g.actor = queries.actor_of(worn) if worn else None
    label = f"{worn.structure.name} · {worn.role.label}" if worn else ""
    g.identity = gate.Identity(user.id, kept.id, user.display_name, user.language, hats, g.actor, label)
    g.user_id = user.id
    if (clock.now() - kept.seen_at).total_seconds() > 60:
        session_id = kept.id
        later(lambda: actions.touch(session_id))


@bp.route("/connexion", methods=["GET", "POST"])
@access.public("Tout le monde peut se connecter")
def sign_in() -> ResponseReturnValue:
    """The way in."""
    if gate.identity() is not None:
        return redirect(url_for("home.index"), 303)
    form = SignInForm()
    settings: Settings = current_app.extensions["settings"]
    limits = actions.Limits(settings.secret_key, settings.sign_in_attempts, settings.sign_in_window, settings.hash_memory_kib)
    user = form.save(lambda: _authenticate(form, limits))
    if user is not None:
        return _enter(user)
    demo = queries.demo_accounts(pages.today()) if settings.demo else []
    return pages.render("accounts/sign_in.html", form.status, form=form, demo_accounts=demo)


def _authenticate(form: SignInForm, limits: actions.Limits) -> User:
    email, address = form.email.data or "", request.remote_addr or ""
    try:
        return actions.authenticate(email, form.password.data or "", address, limits)
    except actions.TooManyAttempts:
        raise
    except DomainError:
        later(lambda: actions.record_failure(email, address, limits))
        raise


def _enter(user: User) -> ResponseReturnValue:
    key = actions.open_session(user, pages.today())
    language = session.get("langue", user.language)
    session.clear()
    session[COOKIE], session["langue"] = key, language
    return redirect(_next_page(user.id), 303)


def _next_page(user_id: UUID) -> str:
    """The page asked for before signing in, with what was typed when it was this user's; inside this site only."""
    try:
        token = UUID(request.args.get("reprise", ""))
        path = drafts.address(user_id, token)
        if path:
            return f"{path}?reprise={token}"
    except ValueError:
        pass
    wanted = request.args.get("suite", "")
    parts = urlsplit(wanted)
    inside = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc
    return wanted if inside else url_for("home.index")


@bp.route("/casquette", methods=["GET", "POST"])
@access.signed_in("Chaque personne connectée choisit parmi ses propres rôles")
def choose_hat() -> ResponseReturnValue:
    """Choose which hat to wear."""
    identity = gate.identity()
    if identity is None:
        raise NotFound
    form = ChooseHatForm()
    worn = form.save(lambda: actions.wear(identity.session_id, identity.user_id, _chosen(), pages.today()))
    if worn is not None:
        return redirect(_next_page(identity.user_id), 303)
    hats = queries.hats_of(identity.user_id, pages.today())
    return pages.render("accounts/choose_hat.html", form.status, form=form, hats=hats)


def _chosen() -> UUID:
    try:
        return UUID(request.form.get("membership_id", ""))
    except ValueError as error:
        raise NotFound from error


@bp.post("/deconnexion")
@access.signed_in("Chaque personne connectée peut se déconnecter")
def sign_out() -> ResponseReturnValue:
    """Leave."""
    identity = gate.identity()
    if identity is not None:
        actions.close_session(identity.session_id)
    language = session.get("langue", "fr")
    session.clear()
    session["langue"] = language
    flash(_("La session est fermée. À bientôt."), "success")
    return redirect(url_for("accounts.sign_in"), 303)
