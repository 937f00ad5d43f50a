"""Forms of the sharing card. What the person says aloud is never kept with a draft: see the names of the fields."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, PasswordField, StringField, ValidationError

from app.kernel.forms import Form, Needed, OptionalRadioField, Short, YearField, choices_of
from app.kernel.i18n import gettext
from app.kernel.i18n import lazy_gettext as _
from app.people import cards
from app.people.actions.cards import CardData
from app.people.actions.presenting import Facts
from app.people.enums import Representative


class _Ticked:
    """A box that must be ticked."""

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        if not field.data:
            raise ValidationError(str(self.message))


class MakeCardForm(Form):
    """The person is there and chooses a word. Fields that do not apply are taken out by `for_person`."""

    present = BooleanField(
        _("La personne est là et veut cette carte"),
        [_Ticked(_("La carte se fait avec la personne : cochez cette case."))],
    )
    secret_year = YearField(_("Année de naissance"))
    secret_word = StringField(
        _("Le mot que la personne choisit"), [Needed(_("Demandez un mot à la personne.")), Short(80)]
    )
    representative = OptionalRadioField(
        _("Qui représente l’enfant, et est là ?"), choices=lambda: choices_of(Representative)
    )

    def for_person(self, *, year_known: bool, child: bool) -> MakeCardForm:
        """Only what is to be asked of this person."""
        if year_known:
            del self.secret_year
        if not child:
            del self.representative
        return self

    def to_data(self) -> CardData:
        """What was asked."""
        chosen = self.representative.data if "representative" in self else None
        return CardData(
            word=self.secret_word.data or "",
            birth_year=self.secret_year.data if "secret_year" in self else None,
            representative=Representative(chosen) if chosen else None,
        )


class OpenCardForm(Form):
    """« Ouvrir avec une carte » : the person is there, shows the code, says both facts. The facts are not shown again."""

    present = BooleanField(
        _("La personne est présente"),
        [_Ticked(_("Une carte ne s’ouvre qu’en présence de la personne : cochez cette case."))],
    )
    code = StringField(_("Code de la carte"), [Needed(_("Recopiez le code écrit sur la carte, ou scannez le carré."))])
    secret_year = YearField(_("Année de naissance"), [Needed(_("Demandez à la personne son année de naissance."))])
    secret_word = PasswordField(_("Son mot"), [Needed(_("Demandez à la personne de dire son mot.")), Short(80)])

    def validate_code(self, field: Any) -> None:
        """Its shape alone: says nothing of whether it exists."""
        if len(cards.typed_code(field.data or "")) != cards.CODE_LENGTH:
            raise ValidationError(gettext("Le code a 8 signes, lettres et chiffres, écrits en deux groupes de 4."))

    def forget(self) -> None:
        """What was said aloud is asked again, never shown."""
        self.secret_year.raw_data, self.secret_year.data = [], None

    def to_facts(self) -> Facts:
        """What was shown and said."""
        return Facts(self.code.data or "", int(self.secret_year.data or 0), self.secret_word.data or "")


class StopForm(Form):
    """One button: « Ne plus suivre »."""


class CancelCardForm(Form):
    """One button: « Annuler cette carte »."""


class StayForm(Form):
    """The person is there and wants to stay followed."""

    present = BooleanField(
        _("La personne est présente et dit oui"), [_Ticked(_("Posez-lui la question, puis cochez cette case."))]
    )


__all__ = ["CancelCardForm", "MakeCardForm", "OpenCardForm", "StayForm", "StopForm"]
