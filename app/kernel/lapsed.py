"""A form opened before signing in again (in another tab): its token no longer counts, what was typed does.

The text is kept and shown again at the same address, to be checked and sent anew: nothing is written by itself. A request
forged by another site carries no session cookie (SameSite=Lax), so nobody is known and nothing is kept.
"""

from __future__ import annotations

from flask import Flask, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from app.kernel import drafts, gate, pages, writes
from app.kernel.i18n import gettext as _


def install(app: Flask) -> None:
    """Answer a lapsed form with the same form, filled."""
    app.register_error_handler(CSRFError, _show_again)


def _show_again(error: CSRFError) -> ResponseReturnValue:
    who = gate.identity()
    if who is None:
        return pages.error_page(400, "", signed_out=gate.is_for_the_signed_in())
    if request.method != "POST" or not gate.can_be_shown(request.path):
        return pages.error_page(400, "")
    token = drafts.keep(who.user_id, request.path, request.form.to_dict(flat=False))
    writes.commit()
    flash(_("La session a été rouverte entre-temps. Vérifiez ce qui est écrit, puis enregistrez."), "warning")
    return redirect(f"{request.path}?reprise={token}", 303)
