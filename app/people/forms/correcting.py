"""« Corriger la fiche » : what registering asks, and what it leaves for later."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, EmailField, HiddenField, ValidationError
from wtforms.validators import Optional

from app.kernel.forms import NoSensitive, Short, TextField
from app.kernel.i18n import gettext
from app.kernel.i18n import lazy_gettext as _
from app.kernel.phones import format_phone
from app.people.actions import PersonData
from app.people.forms.contacts import ContactsMixin, as_lines, check_email
from app.people.forms.record import LONGEST_NAME, PersonForm
from app.people.queries import PersonCard


def _email_shape(form: Any, field: Any) -> None:
    check_email(field.data or "")


class CorrectForm(PersonForm, ContactsMixin):
    """« Corriger la fiche » : the same, with what registering leaves for later."""

    version = HiddenField()
    usual_name = TextField(_("Nom d’usage"), max_length=LONGEST_NAME)
    email = EmailField(_("Adresse électronique"), [Optional(), Short(254), NoSensitive(), _email_shape])
    email_first = BooleanField(_("Lui écrire avant de l’appeler"))

    def validate_email_first(self, field: Any) -> None:
        """One way at most is tried before the others."""
        if self.first_lines() + bool(field.data and self.email.data) > 1:
            raise ValidationError(gettext("Un seul moyen se tente en premier : décochez les autres."))

    def to_data(self) -> PersonData:
        """What is to be written."""
        email = (self.email.data or "").strip()
        return PersonData(
            **self.person_values(),
            usual_name=self.usual_name.data or "",
            email=email,
            email_first=bool(email and self.email_first.data),
            contacts=self.told_contacts(),
        )

    def typed_version(self) -> int:
        """The version the form was filled from; a forged one is older than any."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() else 0


def filled(card: PersonCard) -> dict[str, Any]:
    """The form's fields as the card holds them."""
    values: dict[str, Any] = {"version": card.version}
    for part in (card.identity, card.contact):
        values |= vars(part) if part else {}
    if card.adaptation:
        values |= vars(card.adaptation) | {"adaptation": list(card.adaptation.needs)}
        values["languages"] = list(card.adaptation.languages)
    values["commune"] = values.pop("commune_code", None)
    values["phone"] = format_phone(values.get("phone") or "")
    if card.contact:
        values["contacts"] = as_lines(card.contact.others)
    return {name: getattr(value, "value", value) for name, value in values.items()}
