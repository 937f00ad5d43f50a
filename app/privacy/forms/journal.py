"""What an officer looks for in the journal: kept on the server, so that no code of a person is in an address."""

from __future__ import annotations

from wtforms import SelectField, StringField, ValidationError

from app.kernel.forms import DayField, Form, Short
from app.kernel.i18n import gettext
from app.kernel.i18n import lazy_gettext as _
from app.privacy.enums import ACTIONS, OBJECTS, Family
from app.privacy.queries import Criteria, day_of

Choices = list[tuple[str, str]]


def _whats() -> dict[str, Choices]:
    """Everything of a kind, or one act of it."""
    whole = {"": [("", gettext("Tout"))]}
    return whole | {
        str(family.label): [
            (family.value, gettext("%(family)s : tout", family=family.label)),
            *sorted(((code, str(ACTIONS[code][1])) for code in family.codes), key=lambda one: one[1]),
        ]
        for family in Family
    }


def _objects() -> Choices:
    kinds = sorted(((code, str(label)) for code, label in OBJECTS.items()), key=lambda one: one[1])
    return [("", gettext("Tout")), *kinds]


class JournalForm(Form):
    """By person, by professional, by act, by what it is about, by days."""

    code = StringField(_("Code de la personne"), [Short(12)])
    who = SelectField(_("Par"))
    what = SelectField(_("Ce qui a été fait"), choices=_whats)
    about = SelectField(_("Sur quoi"), choices=_objects)
    first = DayField(_("Du"))
    last = DayField(_("Au"))

    def offer(self, colleagues: Choices) -> JournalForm:
        """The professionals to choose from."""
        self.who.choices = [("", gettext("Toute l’équipe et les partenaires")), *colleagues]
        return self

    def show(self, criteria: Criteria) -> JournalForm:
        """What is looked for now, shown again."""
        for name in ("code", "who", "what", "about"):
            self[name].data = criteria.get(name, "")
        self.first.data, self.last.data = (day_of(criteria.get(name, "")) for name in ("first", "last"))
        return self

    def validate_last(self, field: DayField) -> None:
        """The last day is not before the first."""
        if self.first.data and field.data and field.data < self.first.data:
            raise ValidationError(gettext("Le premier jour doit être avant le dernier."))

    def criteria(self) -> dict[str, str]:
        """Codes, ids and days, to be kept."""
        days = {name: day.isoformat() for name in ("first", "last") if (day := self[name].data)}
        chosen = {name: self[name].data or "" for name in ("who", "what", "about")}
        return {"code": (self.code.data or "").strip().upper(), **chosen, **days}
