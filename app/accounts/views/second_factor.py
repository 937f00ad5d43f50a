"""The second factor of one's own account: on, off, new recovery codes."""

from __future__ import annotations

from io import BytesIO

import pyotp
import segno
from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.accounts import actions, policy, queries
from app.accounts.forms import CodeForm, EnrolForm
from app.accounts.models import User
from app.accounts.views.blueprint import bp
from app.accounts.views.identity import limits
from app.kernel import access, gate, pages
from app.kernel.errors import DomainError, NotFound
from app.kernel.i18n import gettext as _
from config import Settings

OFF = "desactiver"


@bp.route("/double-authentification", methods=["GET", "POST"])
@access.signed_in("Chaque personne connectée règle sa propre double authentification")
def second_factor() -> ResponseReturnValue:
    """Set it up, or once it is on, renew its recovery codes or turn it off with a code."""
    identity = gate.identity()
    if identity is None:
        raise NotFound
    user = queries.user(identity.user_id)
    return _change(user, identity) if queries.has_second_factor(user.id) else _set_up(user, identity)


def _set_up(user: User, identity: gate.Identity) -> ResponseReturnValue:
    form = EnrolForm()
    codes = form.save(
        lambda: actions.enrol(identity.user_id, form.key_seed(), form.code.data or "", keep=identity.session_id)
    )
    if codes is None:
        return shown(form, user)
    return shown(None, user, codes=codes, onward=url_for("accounts.account"))


def _change(user: User, identity: gate.Identity) -> ResponseReturnValue:
    form = CodeForm()
    turns_off = OFF in request.form
    codes = form.save(lambda: _checked(form, identity, turns_off))
    if codes is None:
        return shown(form, user, left=queries.codes_left(identity.user_id), required=_required(identity))
    if turns_off:
        flash(_("La double authentification est désactivée."), "success")
        return redirect(url_for("accounts.account"), 303)
    return shown(None, user, codes=codes, onward=url_for("accounts.account"))


def _required(identity: gate.Identity) -> bool:
    return policy.needs_second_factor(queries.roles_of(identity.user_id, pages.today()))


def _checked(form: CodeForm, identity: gate.Identity, turns_off: bool) -> list[str]:
    if turns_off and _required(identity):
        raise DomainError(_("L’un de vos rôles demande une double authentification : elle reste active."))
    actions.check_code(identity.user_id, form.code.data or "", request.remote_addr or "", limits())
    if not turns_off:
        return actions.renew_codes(identity.user_id)
    actions.turn_off(identity.user_id, keep=identity.session_id)
    return []


def shown(  # noqa: PLR0913
    form: EnrolForm | CodeForm | None,
    user: User,
    *,
    layout: str = "layouts/base.html",
    codes: list[str] | None = None,
    onward: str = "",
    left: int = 0,
    required: bool = False,
) -> ResponseReturnValue:
    """The page, at each of its moments."""
    enrolling = isinstance(form, EnrolForm)
    key = policy.one_time_key(user.id, form.key_seed()) if isinstance(form, EnrolForm) else ""
    settings: Settings = current_app.extensions["settings"]
    return pages.render(
        "accounts/second_factor.html",
        form.status if form else 200,
        form=form,
        enrolling=enrolling,
        layout=layout,
        drawing=_drawing(key, user.email, settings.network_name) if enrolling else "",
        key=" ".join(key[rank : rank + 4] for rank in range(0, len(key), 4)),
        codes=codes or [],
        onward=onward,
        left=left,
        required=required,
        off=OFF,
    )


def _drawing(key: str, email: str, network: str) -> Markup:
    """The key as a drawing that applications read, in SVG with presentation attributes alone (content policy)."""
    address = pyotp.TOTP(key).provisioning_uri(name=email, issuer_name=network)
    target, title = BytesIO(), _("Code à photographier avec l’application")
    drawn = segno.make(address, error="m", micro=False)
    drawn.save(target, kind="svg", xmldecl=False, svgns=False, omitsize=True, light="#fff", svgclass="qr", title=title)
    return Markup(target.getvalue().decode())  # noqa: S704
