"""Forms of one's own account: passwords, codes, an invitation accepted."""

from __future__ import annotations

from uuid import UUID

from wtforms import EmailField, HiddenField, PasswordField, StringField

from app.accounts.actions import Chosen
from app.kernel import ids
from app.kernel.errors import DomainError
from app.kernel.forms import Form, Needed, Short, TextField
from app.kernel.i18n import lazy_gettext as _

# Asked of the browser and of password managers alike.
RULE = _("Au moins 12 caractères. Quatre mots sans rapport font un bon mot de passe, facile à retenir.")


class NewPasswordForm(Form):
    """A password, typed twice."""

    new_password = PasswordField(
        _("Nouveau mot de passe"), [Needed(_("Choisissez un mot de passe.")), Short(200)], description=RULE
    )
    again_password = PasswordField(
        _("Le même, encore une fois"), [Needed(_("Écrivez le mot de passe une seconde fois.")), Short(200)]
    )

    def chosen(self, email: str) -> Chosen:
        """What was typed, for the account of this address."""
        return Chosen(self.new_password.data or "", self.again_password.data or "", email)


class ChangePasswordForm(NewPasswordForm):
    """The same, with the present one."""

    current_password = PasswordField(
        _("Mot de passe actuel"), [Needed(_("Indiquez votre mot de passe actuel.")), Short(200)]
    )


class JoinForm(NewPasswordForm):
    """An invitation accepted by somebody who has no account."""

    display_name = TextField(
        _("Vos prénom et nom"),
        [Needed(_("Indiquez vos prénom et nom."))],
        max_length=120,
        description=_("Vos collègues et vos partenaires les liront à côté de ce que vous notez."),
    )


class AcceptForm(Form):
    """An invitation accepted by somebody who has an account: one button."""


class ForgottenForm(Form):
    """The address of an account, which may not exist."""

    email = EmailField(_("Adresse électronique"), [Needed(_("Indiquez votre adresse électronique.")), Short(254)])


class CodeForm(Form):
    """A one-time code, or a recovery code."""

    code = StringField(_("Code"), [Needed(_("Indiquez le code.")), Short(20)])


class EnrolForm(Form):
    """The first code that the telephone shows. The seed travels with the form: nothing is written before it is right."""

    seed = HiddenField(default=lambda: str(ids.random_key()))
    code = StringField(_("Code affiché par l’application"), [Needed(_("Indiquez le code.")), Short(20)])

    def key_seed(self) -> UUID:
        """The seed of the key shown. DomainError when it was tampered with."""
        try:
            return UUID(self.seed.data or "")
        except ValueError as error:
            raise DomainError(_("Rechargez la page, puis recommencez.")) from error


class ActForm(Form):
    """One button."""
