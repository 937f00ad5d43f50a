"""« Mon compte » : the password, the sessions that are open."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import actions, queries
from app.accounts.forms import ActForm, ChangePasswordForm
from app.accounts.views.blueprint import bp
from app.accounts.views.identity import limits
from app.kernel import access, gate, pages
from app.kernel.errors import NotFound
from app.kernel.i18n import gettext as _


def _who() -> gate.Identity:
    identity = gate.identity()
    if identity is None:
        raise NotFound
    return identity


@bp.get("/")
@access.signed_in("Chaque personne connectée voit son propre compte")
def account() -> ResponseReturnValue:
    """One's account: address, hats, password, second factor, open sessions."""
    who = _who()
    return pages.render(
        "accounts/account.html",
        email=queries.user(who.user_id).email,
        hats=queries.hats_of(who.user_id, pages.today()),
        second_factor=queries.has_second_factor(who.user_id),
        left=queries.codes_left(who.user_id),
        sessions=queries.open_sessions(who.user_id, who.session_id),
        form=ActForm(),
    )


@bp.route("/mot-de-passe", methods=["GET", "POST"])
@access.signed_in("Chaque personne connectée change son propre mot de passe")
def password() -> ResponseReturnValue:
    """Change it: the present one is asked, the other sessions end."""
    who, form = _who(), ChangePasswordForm()
    user = queries.user(who.user_id)
    email, address = user.email, request.remote_addr or ""
    changed = form.save(
        lambda: actions.change_password(
            user, form.current_password.data or "", form.chosen(email), who.session_id, address, limits()
        )
    )
    if changed:
        flash(_("Le mot de passe est changé. Vos autres sessions sont fermées."), "success")
        return redirect(url_for("accounts.account"), 303)
    return pages.render("accounts/password.html", form.status, form=form, layout="layouts/narrow.html", why="change")


@bp.post("/sessions/<uuid:opened_id>/fermer")
@access.signed_in("Chaque personne connectée ferme ses propres sessions")
def end_session(opened_id: UUID) -> ResponseReturnValue:
    """End one, left open on another machine."""
    actions.end_session(_who().user_id, opened_id)
    flash(_("La session est fermée."), "success")
    return redirect(url_for("accounts.account"), 303)


@bp.post("/sessions/fermer-les-autres")
@access.signed_in("Chaque personne connectée ferme ses propres sessions")
def end_other_sessions() -> ResponseReturnValue:
    """End all but this one."""
    who = _who()
    actions.end_sessions(who.user_id, keep=who.session_id)
    flash(_("Vos autres sessions sont fermées."), "success")
    return redirect(url_for("accounts.account"), 303)
