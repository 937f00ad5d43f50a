"""Forms of rights requests."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.validators import InputRequired

from app.kernel.forms import DayField, Form, Needed, NoteField, OptionalRadioField, Short, choices_of
from app.kernel.i18n import lazy_gettext as _
from app.kernel.pages import today
from app.privacy.actions import AnswerData, ExtensionData, RequestData
from app.privacy.enums import (
    AskedWay,
    ExtensionReason,
    IdentityCheck,
    RefusalReason,
    RightKind,
    RightOutcome,
)


def _chosen(message: str) -> InputRequired:
    return InputRequired(message)


class RequestForm(Form):
    """What the person asks. Nothing is copied of an identity document."""

    kind = RadioField(
        _("Que demande la personne ?"),
        [_chosen(_("Choisissez ce que la personne demande."))],
        choices=lambda: choices_of(RightKind),
    )
    received_on = DayField(_("Demande reçue le"), [Needed(_("Indiquez le jour : le délai d’un mois part de là."))])
    way = RadioField(
        _("Comment l’a-t-elle demandé ?"),
        [_chosen(_("Choisissez comment la demande est arrivée."))],
        choices=lambda: choices_of(AskedWay),
    )
    identity_check = RadioField(
        _("Comment savez-vous que c’est bien elle ?"),
        [_chosen(_("Choisissez comment vous vous en êtes assuré."))],
        choices=lambda: choices_of(IdentityCheck),
    )
    asked = NoteField(_("Ce qu’elle demande, avec ses mots"), max_length=2000)

    def to_data(self) -> RequestData:
        """What was noted."""
        return RequestData(
            kind=RightKind(self.kind.data),
            received_on=self.received_on.data or today(),
            way=AskedWay(self.way.data),
            identity_check=IdentityCheck(self.identity_check.data),
            asked=self.asked.data or "",
        )


class CodeRequestForm(RequestForm):
    """The same, at the officer’s desk: the person is known by their code."""

    code = StringField(_("Code de la personne"), [Needed(_("Recopiez le code écrit sur son coupon.")), Short(12)])


class ExtensionForm(Form):
    """Two more months."""

    version = HiddenField()
    reason = RadioField(
        _("Pourquoi ?"), [_chosen(_("Choisissez la raison."))], choices=lambda: choices_of(ExtensionReason)
    )
    told_way = RadioField(
        _("Comment la personne l’a-t-elle appris ?"),
        [_chosen(_("Dites-le d’abord à la personne, puis choisissez comment."))],
        choices=lambda: choices_of(AskedWay),
    )

    def to_data(self) -> ExtensionData:
        """What was chosen."""
        return ExtensionData(
            reason=ExtensionReason(self.reason.data),
            told_way=AskedWay(self.told_way.data),
            version=_number(self.version),
        )


class AnswerForm(Form):
    """The answer given."""

    version = HiddenField()
    outcome = RadioField(
        _("Quelle est la réponse ?"), [_chosen(_("Choisissez la réponse."))], choices=lambda: choices_of(RightOutcome)
    )
    reason = OptionalRadioField(_("En cas de refus, pourquoi ?"), choices=lambda: choices_of(RefusalReason))
    told_remedies = BooleanField(
        _("En cas de refus : la personne sait qu’elle peut écrire à la CNIL ou aller devant un juge")
    )
    words = NoteField(_("Ce qui lui a été répondu"), max_length=2000)
    way = RadioField(
        _("Comment a-t-elle reçu la réponse ?"),
        [_chosen(_("Choisissez comment la réponse a été donnée."))],
        choices=lambda: choices_of(AskedWay),
    )
    confirmed = BooleanField(_("Effacer maintenant et pour toujours tout ce qui permet de la reconnaître"))

    def for_kind(self, kind: RightKind, *, officer: bool) -> AnswerForm:
        """Only an erasure that the officer does is to be confirmed."""
        if kind is not RightKind.ERASURE or not officer:
            del self.confirmed
        return self

    def to_data(self) -> AnswerData:
        """What was answered."""
        return AnswerData(
            outcome=RightOutcome(self.outcome.data),
            way=AskedWay(self.way.data),
            reason=RefusalReason(self.reason.data) if self.reason.data else None,
            words=self.words.data or "",
            told_remedies=bool(self.told_remedies.data),
            confirmed=bool(self.confirmed.data) if "confirmed" in self else False,
            version=_number(self.version),
        )


class ButtonForm(Form):
    """One button."""


def _number(field: Any) -> int | None:
    text = str(field.data or "")
    return int(text) if text.isascii() and text.isdigit() else None
