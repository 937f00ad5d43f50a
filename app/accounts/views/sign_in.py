"""Signing in, choosing a hat, signing out."""

from __future__ import annotations

from uuid import UUID

from flask import current_app, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app.accounts import actions, policy, queries
from app.accounts.enums import LinkPurpose
from app.accounts.forms import ChooseHatForm, SignInForm
from app.accounts.models import User
from app.accounts.views.blueprint import bp
from app.accounts.views.handing import HANDED, welcomes
from app.accounts.views.identity import COOKIE, browser, limits
from app.kernel import access, drafts, gate, pages
from app.kernel.errors import DomainError, NotFound
from app.kernel.i18n import gettext as _
from app.kernel.writes import later, retrying, without_lock
from config import Settings

STEP = "etape"


@bp.route("/connexion", methods=["GET", "POST"])
@access.public("Tout le monde peut se connecter")
def sign_in() -> ResponseReturnValue:
    """The way in."""
    who = gate.identity()
    if who is not None:
        return redirect(next_page(who.user_id), 303)
    form = SignInForm()
    settings: Settings = current_app.extensions["settings"]
    user = form.save(lambda: _authenticate(form))
    if user is not None:
        return _go_on(user)
    demo = queries.demo_accounts(pages.today()) if settings.demo else []
    return pages.render(
        "accounts/sign_in.html",
        form.status,
        form=form,
        demo_accounts=demo,
        demo_password=policy.DEMO_PASSWORD if settings.demo else "",
        draft_waits="reprise" in request.args,
        expired="expiree" in request.args,
        handed=HANDED in request.args,
    )


def _authenticate(form: SignInForm) -> User:
    """The attempt is counted first, in a transaction of its own; hashing then holds no lock."""
    counted = limits()
    email, address = form.email.data or "", request.remote_addr or ""
    attempt = retrying(lambda: actions.begin_attempt(email, address, counted))
    try:
        with without_lock():
            user = actions.authenticate(email, form.password.data or "", counted)
    except DomainError:
        later(lambda: actions.note_refusal(email, counted))
        raise
    actions.forgive_attempt(attempt)
    return user


def _go_on(user: User) -> ResponseReturnValue:
    """The password was right: the session opens, unless something else is asked first."""
    second = queries.has_second_factor(user.id)
    roles = queries.roles_of(user.id, pages.today())
    if policy.next_step(user.must_change_password, second, False, roles) is None:
        return enter(user)
    return to_step(user, LinkPurpose.SIGN_IN)


def to_step(user: User, purpose: LinkPurpose) -> ResponseReturnValue:
    """On to what is asked before the session opens; the way back is remembered."""
    link = actions.make_link(user.id, purpose)
    session[STEP] = policy.token_of(purpose, link.id)
    way = {name: request.args.get(name) for name in ("suite", "reprise", HANDED)}
    return redirect(url_for("accounts.step", **way), 303)  # type: ignore[arg-type]


def enter(user: User) -> ResponseReturnValue:
    """Open the session, and go where one was going."""
    open_for(user)
    return redirect(next_page(user.id), 303)


def open_for(user: User) -> None:
    """A new session, a new cookie."""
    key = actions.open_session(user, pages.today(), browser())
    language = session.get("langue", user.language)
    session.clear()
    session[COOKIE], session["langue"] = key, language


def next_page(user_id: UUID) -> str:
    """The page asked for before signing in, with what was typed when it was this user's; inside this site only."""
    wanted = pages.inside(request.args.get("suite"))
    if wanted and HANDED in request.args and not welcomes(user_id, wanted):
        wanted = None
    return _draft_page(user_id) or wanted or url_for("home.index")


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
        return redirect(next_page(identity.user_id), 303)
    hats = queries.hats_of(identity.user_id, pages.today())
    worn_now = identity.actor.membership_id if identity.actor else None
    return pages.render(
        "accounts/choose_hat.html",
        form.status,
        hats=hats,
        worn_now=worn_now,
        draft_waits="reprise" in request.args,
        refused=form.refused,
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
