"""Forms of signing in."""

from __future__ import annotations

from wtforms import EmailField, PasswordField

from app.kernel.forms import Form, Needed, Short
from app.kernel.i18n import lazy_gettext as _


class SignInForm(Form):
    """Address and password."""

    email = EmailField(_("Adresse électronique"), [Needed(_("Indiquez votre adresse électronique.")), Short(254)])
    password = PasswordField(_("Mot de passe"), [Needed(_("Indiquez votre mot de passe.")), Short(200)])


class ChooseHatForm(Form):
    """One button per hat; the hat's id travels in the button."""
