"""« Représentant et mesure de protection » : as many lines as needed, without script."""

from __future__ import annotations

from typing import Any

from flask import request
from wtforms import BooleanField, FieldList, FormField, HiddenField, RadioField, SelectField, ValidationError
from wtforms import Form as Fields
from wtforms.validators import Optional

from app.kernel.forms import Form, NoSensitive, OptionalRadioField, PhoneField, Short, TextField, choices_of
from app.kernel.i18n import gettext
from app.kernel.i18n import lazy_gettext as _
from app.kernel.phones import format_phone
from app.people.actions.representing import RepresentationData
from app.people.capacity import Measure, RepresentativeKind, Scope
from app.people.forms.contacts import check_email
from app.people.queries.representation import Representation, RepresentativeView

ADD = "ajouter_representant"
MOST = 4
NONE = "aucune"


def _email(form: Any, field: Any) -> None:
    check_email(field.data or "")


class RepresentativeFields(Fields):
    """One line. Without a kind it is not kept."""

    kind = SelectField(_("Qui"), choices=lambda: [("", gettext("Choisir…")), *choices_of(RepresentativeKind)])
    name = TextField(_("Son nom"), max_length=300)
    phone = PhoneField(_("Son téléphone"))
    email = TextField(_("Son adresse électronique"), [Optional(), Short(254), NoSensitive(), _email], max_length=254)
    remove = BooleanField(_("Retirer"))

    @property
    def kept(self) -> bool:
        """Something was said, and is not to be removed."""
        return bool(not self.remove.data and (self.kind.data or self.name.data or self.phone.data or self.email.data))

    def validate_kind(self, field: Any) -> None:
        """Who this is, as soon as something else is written."""
        if self.kept and not field.data:
            raise ValidationError(gettext("Dites qui est cette personne pour elle."))

    def to_view(self) -> RepresentativeView:
        """What was noted."""
        return RepresentativeView(
            kind=RepresentativeKind(self.kind.data),
            name=self.name.data or "",
            phone=self.phone.e164 or "",
            email=self.email.data or "",
        )


class RepresentForm(Form):
    """Who stands beside the person, and the measure that protects them."""

    version = HiddenField()
    people = FieldList(FormField(RepresentativeFields), max_entries=MOST)
    measure = RadioField(
        _("Mesure de protection"), choices=lambda: [(NONE, gettext("Aucune")), *choices_of(Measure)], default=NONE
    )
    scope = OptionalRadioField(_("Ce qu’elle concerne"), choices=lambda: choices_of(Scope))

    def adds_line(self) -> bool:
        """Whether « Ajouter » was pressed: one more line is shown, nothing is written."""
        if request.method != "POST" or ADD not in request.form:
            return False
        if self.may_add:
            self.people.append_entry()
        self.status = 422
        return True

    @property
    def may_add(self) -> bool:
        """There is room for one more line."""
        return len(self.people.entries) < MOST

    def to_data(self) -> RepresentationData:
        """What is to be noted."""
        measured = self.measure.data != NONE
        return RepresentationData(
            people=tuple(one.form.to_view() for one in self.people if one.form.kept),
            measure=Measure(self.measure.data) if measured else None,
            scope=Scope(self.scope.data) if measured and self.scope.data else None,
        )

    def typed_version(self) -> int:
        """The version the form was filled from; a forged one is older than any."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() else 0


def as_filled(known: Representation, version: int) -> dict[str, Any]:
    """The form’s fields as the record holds them; one empty line when nobody is noted."""
    lines = [vars(one) | {"kind": one.kind.value, "phone": format_phone(one.phone)} for one in known.people]
    return {
        "version": version,
        "people": lines or [{}],
        "measure": known.measure.value if known.measure else NONE,
        "scope": known.scope.value if known.scope else None,
    }
