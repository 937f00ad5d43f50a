"""Signing in, choosing a hat, signing out; and who is there on each request."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, current_app, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app.accounts import actions, policy, queries
from app.accounts.forms import ChooseHatForm, SignInForm
from app.accounts.models import Membership, User, UserSession
from app.kernel import access, clock, drafts, gate, i18n, pages
from app.kernel.errors import DomainError, NotFound
from app.kernel.i18n import gettext as _
from app.kernel.writes import later, retrying, without_lock
from config import Settings

bp = Blueprint("accounts", __name__, url_prefix="/compte")
COOKIE = "cle"


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
    who = gate.identity()
    if who is not None:
        return redirect(_next_page(who.user_id), 303)
    form = SignInForm()
    settings: Settings = current_app.extensions["settings"]
    user = form.save(lambda: _authenticate(form, settings))
    if user is not None:
        return _enter(user)
    demo = queries.demo_accounts(pages.today()) if settings.demo else []
    return pages.render(
        "accounts/sign_in.html",
        form.status,
        form=form,
        demo_accounts=demo,
        demo_password=policy.DEMO_PASSWORD if settings.demo else "",
        draft_waits="reprise" in request.args,
        expired="expiree" in request.args,
    )


def _authenticate(form: SignInForm, settings: Settings) -> User:
    """The attempt is counted first, in a transaction of its own; hashing then holds no lock."""
    limits = actions.Limits(
        settings.secret_key,
        settings.sign_in_attempts,
        settings.sign_in_window,
        settings.hash_memory_kib,
        settings.production,
    )
    email, address = form.email.data or "", request.remote_addr or ""
    attempt = retrying(lambda: actions.begin_attempt(email, address, limits))
    try:
        with without_lock():
            user = actions.authenticate(email, form.password.data or "", limits)
    except DomainError:
        later(lambda: actions.note_refusal(email, limits))
        raise
    actions.forgive_attempt(attempt)
    return user


def _enter(user: User) -> ResponseReturnValue:
    key = actions.open_session(user, pages.today())
    language = session.get("langue", user.language)
    session.clear()
    session[COOKIE], session["langue"] = key, language
    return redirect(_next_page(user.id), 303)


def _next_page(user_id: UUID) -> str:
    """The page asked for before signing in, with what was typed when it was this user's; inside this site only."""
    return _draft_page(user_id) or pages.inside(request.args.get("suite")) or url_for("home.index")


def _draft_page(user_id: UUID) -> str | None:
    try:
        token = UUID(request.args.get("reprise", ""))
    except ValueError:
        return None
    path = drafts.address(user_id, token)
    return f"{path}?reprise={token}" if path else None


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
    worn_now = identity.actor.membership_id if identity.actor else None
    return pages.render(
        "accounts/choose_hat.html", form.status, hats=hats, worn_now=worn_now, draft_waits="reprise" in request.args
    )


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
