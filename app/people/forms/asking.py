"""How a question of agreement was asked: who was there, who translated, what the person said themselves."""

from __future__ import annotations

from typing import Any

from wtforms import ValidationError
from wtforms.validators import Optional

from app.kernel.forms import CheckboxesField, Form, OptionalRadioField, PhoneField, TextField, choices_of
from app.kernel.i18n import gettext
from app.kernel.i18n import lazy_gettext as _
from app.people.capacity import Beside, InterpretedBy, OwnWord, RepresentativeKind, WhyNotAsked
from app.people.enums import ConsentAnswer, Representative
from app.people.queries.representation import RepresentativeView


def _represented(form: Any, field: Any) -> None:
    """Under 15, who represents the child is asked."""
    if form.is_child and not field.data:
        raise ValidationError(gettext("Avant 15 ans, dites qui représente l’enfant."))


def _translated(form: Any, field: Any) -> None:
    """Somebody who needs an interpreter agrees through one, or it is said that nobody came."""
    if form.needs_interpreter and form.says_yes and not field.data:
        raise ValidationError(gettext("Dites qui a traduit, ou que personne n’a pu traduire : l’accord attendra."))


class AskedFields(Form):
    """What goes with every answer. Which questions are shown depends on the person."""

    representative = OptionalRadioField(
        _("Qui représente l’enfant ?"), [_represented], choices=lambda: choices_of(Representative)
    )
    own_word = OptionalRadioField(_("Ce que la personne dit elle-même"), choices=lambda: choices_of(OwnWord))
    why_not_asked = OptionalRadioField(
        _("Si on n’a pas pu lui demander, pourquoi"), choices=lambda: choices_of(WhyNotAsked)
    )
    interpreted_by = OptionalRadioField(_("Qui a traduit ?"), [_translated], choices=lambda: choices_of(InterpretedBy))
    present = CheckboxesField(_("Qui d’autre était là ?"), choices=lambda: choices_of(Beside))

    is_child = False
    needs_interpreter = False

    @property
    def says_yes(self) -> bool:
        """The answer about to be kept is an agreement."""
        return bool(self["answer"].data == ConsentAnswer.GIVEN)

    def beside(self) -> str:
        """Who was there, as codes joined by a space: whoever represents a child first."""
        child = [self.representative.data] if self.is_child and self.representative.data else []
        return " ".join([*child, *(self.present.data or ())])

    def asked_values(self) -> dict[str, Any]:
        """The values of `ConsentData` about how it was asked."""
        word, by = self.own_word.data, self.interpreted_by.data
        why = self.why_not_asked.data if word == OwnWord.NOT_ASKED else None
        return {
            "people_present": self.beside(),
            "own_word": OwnWord(word) if word else None,
            "why_not_asked": WhyNotAsked(why) if why else None,
            "interpreted_by": InterpretedBy(by) if by else None,
        }


class ChildFields(Form):
    """At registration, how to reach whoever represents a child. Their name stays empty by default, as the child’s does."""

    representative_name = TextField(_("Son nom"), [Optional()], max_length=300)
    representative_phone = PhoneField(_("Son téléphone"))

    def representative_view(self, kind: str | None) -> RepresentativeView | None:
        """Who is noted beside the child; None when nobody was said."""
        if not kind:
            return None
        return RepresentativeView(
            kind=RepresentativeKind(kind),
            name=self.representative_name.data or "",
            phone=self.representative_phone.e164 or "",
        )
