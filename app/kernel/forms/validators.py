"""Validators whose messages say what is wrong, where, and what to do."""

from __future__ import annotations

from typing import Any

from wtforms import ValidationError
from wtforms.validators import InputRequired, Length

from app.kernel.i18n import gettext, ngettext
from app.kernel.i18n import lazy_gettext as _
from app.kernel.sensitive import find_forbidden

SENSITIVE = {
    "nir": _("Ce texte semble contenir un numéro de sécurité sociale. Il ne doit jamais être noté ici : effacez-le."),
    "card": _("Ce texte semble contenir un numéro de carte bancaire. Il ne doit jamais être noté ici : effacez-le."),
    "iban": _("Ce texte semble contenir un numéro de compte bancaire. Il ne doit jamais être noté ici : effacez-le."),
    "password": _("Ce texte semble contenir un mot de passe. Il ne doit jamais être noté ici : effacez-le."),
}


class Needed(InputRequired):
    """Required, with words: `Needed(_("Indiquez…"))`."""

    def __call__(self, form: Any, field: Any) -> None:
        empty = not field.raw_data or not str(field.raw_data[0]).strip()
        if empty:
            field.errors = []
            raise ValidationError(str(self.message or gettext("Ce champ doit être rempli.")))


class Short(Length):
    """At most `max` characters; says how many there are."""

    def __init__(self, max: int) -> None:  # noqa: A002
        super().__init__(max=max)

    def __call__(self, form: Any, field: Any) -> None:
        length = len(field.data or "")
        if length > self.max:
            raise ValidationError(
                ngettext(
                    "Ce texte est trop long : %(num)d caractère pour %(max)d au plus.",
                    "Ce texte est trop long : %(num)d caractères pour %(max)d au plus.",
                    length,
                    max=self.max,
                )
            )


class NoSensitive:
    """Refuse a social security number, a card or account number, a password (vocabularies.md, « never stored »)."""

    def __call__(self, form: Any, field: Any) -> None:
        found = find_forbidden(field.data or "")
        if found is not None:
            raise ValidationError(str(SENSITIVE[found.kind]))
