"""Fields that clean what is typed: one line of text, a note, a phone, a commune, a year, several choices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import current_app
from wtforms import (
    DateField,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.kernel.forms.validators import NoSensitive, Short
from app.kernel.i18n import gettext as _
from app.kernel.pages import today
from app.kernel.phones import InvalidPhone, parse_phone

FIRST_YEAR = 1900


class TextField(StringField):
    """One line, trimmed, inner spaces folded, never control characters; checked for what must not be stored."""

    def __init__(self, label: str, validators: Any = None, max_length: int = 100, **kwargs: Any) -> None:
        super().__init__(label, [*(validators or [Optional()]), Short(max_length), NoSensitive()], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = " ".join("".join(c for c in valuelist[0] if c.isprintable() or c.isspace()).split())


class NoteField(TextAreaField):
    """Free text, line breaks kept; checked for what must not be stored."""

    def __init__(self, label: str, validators: Any = None, max_length: int = 4000, **kwargs: Any) -> None:
        super().__init__(label, [*(validators or [Optional()]), Short(max_length), NoSensitive()], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = valuelist[0].replace("\r\n", "\n").replace("\x00", "").strip()


class PhoneField(TelField):
    """A phone in any notation; `.e164` is the stored form, or None."""

    e164: str | None = None

    def __init__(self, label: str, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, [*(validators or [Optional()]), Short(30)], **kwargs)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if not self.data or not self.data.strip():
            return
        try:
            self.e164 = parse_phone(self.data, current_app.config["PHONE_REGION"])
        except InvalidPhone as error:
            raise ValidationError(
                _("Ce numéro n’est pas reconnu. Exemples : 06 12 34 56 78, 0692 12 34 56, +32 470 12 34 56.")
            ) from error


class YearField(IntegerField):
    """A year of birth between 1900 and this year."""

    def __init__(self, label: str, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators or [Optional()], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            self.data = None
            return
        if not text.isascii() or not text.isdigit() or len(text) != 4:
            raise ValueError(_("L’année s’écrit avec quatre chiffres, par exemple 1958."))
        self.data = int(text)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if self.data is not None and not FIRST_YEAR <= self.data <= today().year:
            raise ValidationError(_("L’année de naissance doit être entre 1900 et cette année."))


class DayField(DateField):
    """A calendar day, as the browser's calendar writes it or typed « 03/03/2026 »."""

    def __init__(self, label: str, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators or [Optional()], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        for shape in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                self.data = datetime.strptime(text, shape).date()  # noqa: DTZ007
                return
            except ValueError:
                continue
        if text:
            raise ValueError(_("Cette date n’existe pas. Écrivez le jour, le mois et l’année, par exemple 03/03/2026."))


class CheckboxesField(SelectMultipleField):
    """Several choices, as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def _offered(field: RadioField) -> Iterable[Any]:
    found: Iterable[Any] = field.iter_choices()
    return found


class OptionalRadioField(RadioField):
    """One choice or none; an unknown value is refused, an absent one is None."""

    def __init__(self, label: str, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators or [Optional()], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[0] if valuelist and valuelist[0] else None

    def pre_validate(self, form: Any) -> None:
        if self.data is not None and self.data not in {one.value for one in _offered(self)}:
            raise ValidationError(_("Choisissez une réponse de la liste."))
