"""With whom was a session that was logged without a name."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from app.kernel.forms import Form, Needed, TextField
from app.kernel.i18n import lazy_gettext as _


class FindForm(Form):
    """One box, as in the register."""

    q = TextField(
        _("Nom, téléphone, année de naissance ou code"),
        [Needed(_("Écrivez un nom, un téléphone, une année de naissance ou un code."))],
        max_length=200,
    )


class AttachForm(Form):
    """Somebody of the list."""

    person = RadioField(_("Avec qui était cette séance ?"), [Needed(_("Choisissez la personne."))])

    def __init__(self, people: list[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.person.choices = [SelectChoice(str(person_id), label) for person_id, label in people]
