"""Links received by mail: a password forgotten, an invitation. Looking at one spends nothing; mail servers look too."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import actions, queries
from app.accounts.enums import LinkPurpose
from app.accounts.forms import AcceptForm, ForgottenForm, JoinForm, NewPasswordForm
from app.accounts.models import Invitation, User
from app.accounts.views.blueprint import bp
from app.accounts.views.identity import limits
from app.kernel import access, pages
from app.kernel.i18n import gettext as _

LAYOUT = "layouts/public.html"


@bp.route("/mot-de-passe-oublie", methods=["GET", "POST"])
@access.public("Qui a oublié son mot de passe en demande un autre")
def forgotten() -> ResponseReturnValue:
    """Ask for a link. The answer is the same whether or not the account exists, and costs the same."""
    form = ForgottenForm()
    asked = form.save(lambda: actions.ask_reset(form.email.data or "", request.remote_addr or "", limits()))
    return pages.render("accounts/forgotten.html", form.status, form=form, asked=bool(asked))


@bp.route("/nouveau-mot-de-passe/<link_id>", methods=["GET", "POST"])
@access.public("Qui a reçu le lien choisit un nouveau mot de passe, une fois")
def reset(link_id: str) -> ResponseReturnValue:
    """Choose another password."""
    found = queries.link(link_id, LinkPurpose.RESET)
    if found is None:
        flash(_("Ce lien ne sert plus : il a déjà servi, ou son délai est passé. Demandez-en un autre ici."), "warning")
        return redirect(url_for("accounts.forgotten"), 303)
    link, user = found
    form, email = NewPasswordForm(), user.email
    if form.save(lambda: actions.reset_password(link, form.chosen(email))):
        flash(_("Le mot de passe est changé. Connectez-vous."), "success")
        return redirect(url_for("accounts.sign_in"), 303)
    return pages.render("accounts/password.html", form.status, form=form, layout=LAYOUT, why="reset")


@bp.route("/invitation/<link_id>", methods=["GET", "POST"])
@access.public("Qui a reçu une invitation l’accepte, une fois")
def join(link_id: str) -> ResponseReturnValue:
    """Open an account, or add a hat to the one that this address has."""
    invitation = queries.invitation(link_id)
    if invitation is None:
        flash(_("Cette invitation ne sert plus. Demandez-en une autre à la personne qui vous a invité."), "warning")
        return redirect(url_for("accounts.sign_in"), 303)
    user = queries.user_by_email(invitation.email)
    form = AcceptForm() if user else JoinForm()
    if form.save(lambda: _accept(form, invitation, user)):
        flash(_("Votre accès est ouvert. Connectez-vous."), "success")
        return redirect(url_for("accounts.sign_in"), 303)
    return pages.render(
        "accounts/join.html",
        form.status,
        form=form,
        email=invitation.email,
        structure=invitation.structure.name,
        role=invitation.role,
        known=user is not None,
    )


def _accept(form: AcceptForm | JoinForm, invitation: Invitation, user: User | None) -> User:
    if not isinstance(form, JoinForm):
        return actions.join(invitation, user, "", "")
    password_hash = actions.hashed(form.chosen(invitation.email))
    return actions.join(invitation, None, form.display_name.data or "", password_hash)
