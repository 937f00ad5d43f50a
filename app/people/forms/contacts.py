"""« Autres moyens de la joindre » : as many lines as needed; adding or removing one needs no script."""

from __future__ import annotations

from typing import Any

from flask import current_app, request
from wtforms import BooleanField, FieldList, FormField, SelectField, ValidationError
from wtforms import Form as Fields

from app.kernel.forms import TextField, choices_of
from app.kernel.i18n import gettext
from app.kernel.i18n import lazy_gettext as _
from app.kernel.phones import InvalidPhone, parse_phone
from app.people.contacts import MOST_CONTACTS, OWN_PHONES, Contact, ContactKind

ADD = "ajouter_contact"


def check_email(text: str) -> None:
    """Raise ValidationError when this cannot be an address."""
    name, at, domain = text.strip().partition("@")
    if text and not (name and at and "." in domain.strip(".") and " " not in text.strip()):
        raise ValidationError(gettext("Cette adresse n’est pas complète. Exemple : nom@exemple.fr."))


def _value(form: Any, field: Any) -> None:
    form.check_value(field)


def _who(form: Any, field: Any) -> None:
    form.check_who(field)


class ContactFields(Fields):
    """One line. Left empty, it is not kept."""

    kind = SelectField(_("Moyen"), choices=lambda: choices_of(ContactKind), default=ContactKind.MOBILE.value)
    value = TextField(_("Numéro ou adresse"), [_value], max_length=300)
    who = TextField(_("Qui transmet, s’il y a quelqu’un"), [_who], max_length=100)
    how = TextField(_("À savoir"), max_length=200)
    no_message = BooleanField(_("Ne pas laisser de message"))
    first = BooleanField(_("À essayer en premier"))
    remove = BooleanField(_("Retirer"))

    @property
    def kept(self) -> bool:
        """Something was written, and is not to be removed."""
        return bool(not self.remove.data and (self.value.data or self.who.data or self.how.data))

    def check_value(self, field: Any) -> None:
        """A number that rings, an address that is whole; nothing for a line that goes."""
        if not self.kept:
            return
        if not field.data:
            raise ValidationError(gettext("Écrivez le numéro ou l’adresse, ou cochez « Retirer »."))
        if self.kind.data == ContactKind.EMAIL or (self.kind.data == ContactKind.RELAY and "@" in field.data):
            check_email(field.data)
        elif self.kind.data in OWN_PHONES and _number(field.data) is None:
            raise ValidationError(
                gettext("Ce numéro n’est pas reconnu. Exemples : 06 12 34 56 78, 0692 12 34 56, +32 470 12 34 56.")
            )

    def check_who(self, field: Any) -> None:
        """Somebody who passes messages on is named by what they are to the person."""
        if self.kept and self.kind.data == ContactKind.RELAY and not field.data:
            raise ValidationError(gettext("Dites qui transmet : sa fille, son éducatrice, le gardien."))

    def to_contact(self) -> Contact:
        """What was noted."""
        kind, value = ContactKind(self.kind.data), self.value.data or ""
        number = _number(value) if kind in OWN_PHONES or kind is ContactKind.RELAY else None
        return Contact(
            kind=kind,
            value=number or value,
            who=self.who.data or "",
            how=self.how.data or "",
            no_message=bool(self.no_message.data),
            first=bool(self.first.data),
        )


def _number(text: str) -> str | None:
    try:
        return parse_phone(text, current_app.config["PHONE_REGION"])
    except InvalidPhone:
        return None


class ContactsMixin:
    """The lines of a form of the register."""

    contacts = FieldList(FormField(ContactFields), max_entries=MOST_CONTACTS)

    def adds_contact(self) -> bool:
        """Whether « Ajouter un autre moyen » was pressed: one more line is shown, nothing is written."""
        if request.method != "POST" or ADD not in request.form:
            return False
        if self.may_add:
            self.contacts.append_entry()
        self.status = 422
        return True

    @property
    def may_add(self) -> bool:
        """There is room for one more line."""
        return len(self.contacts.entries) < MOST_CONTACTS

    def first_lines(self) -> int:
        """How many lines ask to be tried first."""
        return sum(bool(one.form.kept and one.form.first.data) for one in self.contacts)

    def told_contacts(self) -> tuple[Contact, ...]:
        """The lines that are kept, in their order."""
        return tuple(one.form.to_contact() for one in self.contacts if one.form.kept)


def as_lines(contacts: tuple[Contact, ...]) -> list[dict[str, Any]]:
    """Contacts as the lines show them."""
    return [vars(one) | {"kind": one.kind.value, "value": one.shown} for one in contacts]
