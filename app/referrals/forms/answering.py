"""What the recipient and the sender answer, each act its form; telling the person, deciding what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from wtforms import RadioField, SelectField, ValidationError
from wtforms.validators import Optional

from app.accounts.queries import Colleague
from app.kernel.forms import Form, Needed, NoteField, OptionalRadioField, choices_of
from app.kernel.i18n import gettext
from app.kernel.i18n import lazy_gettext as _
from app.needs.actions import CloseData
from app.needs.enums import NeedResult
from app.referrals.enums import SENDER_CAUSES, Contact, Decision, DeclineReason, EndCause, Outcome, ToldWay
from app.referrals.forms.common import StampedForm, none_choice


class ConfirmForm(StampedForm):
    """One button."""


class WordsForm(StampedForm):
    """A question, an answer, a message, a reason to reopen."""

    words = NoteField(_("Votre message"), [Needed(_("Écrivez quelques mots."))], max_length=2000)


class GiveForm(StampedForm):
    """To which colleague."""

    colleague = RadioField(_("À qui ?"), [Needed(_("Choisissez une ou un collègue."))])

    def offer(self, colleagues: Iterable[Colleague]) -> None:
        """The structure's advisers and managers."""
        self.colleague.choices = [(str(one.user_id), one.display_name) for one in colleagues]


class DeclineForm(StampedForm):
    """Why not, and who else."""

    reason = RadioField(
        _("Pour quelle raison ?"), [Needed(_("Choisissez une raison."))], choices=lambda: choices_of(DeclineReason)
    )
    suggested = SelectField(_("Une autre structure à proposer"), [Optional()])
    words = NoteField(_("Un mot pour la structure qui oriente"), max_length=1000)

    def offer(self, partners: Iterable[tuple[UUID, str]]) -> None:
        """The other structures of the network."""
        self.suggested.choices = [none_choice(gettext("Aucune")), *((str(one), name) for one, name in partners)]


class StartForm(StampedForm):
    """The first contact."""

    contact = RadioField(
        _("Comment le premier contact a-t-il eu lieu ?"),
        [Needed(_("Dites comment le premier contact a eu lieu."))],
        choices=lambda: choices_of(Contact),
    )


class CloseForm(StampedForm):
    """How it ended."""

    outcome = RadioField(
        _("Comment cela se termine-t-il ?"),
        [Needed(_("Dites comment l’orientation se termine."))],
        choices=lambda: choices_of(Outcome),
    )
    words = NoteField(_("Un mot pour la structure qui oriente"), max_length=1000)


class WithdrawForm(StampedForm):
    """Why the sender takes it back."""

    cause = RadioField(
        _("Pour quelle raison ?"),
        [Needed(_("Choisissez une raison."))],
        choices=lambda: choices_of(EndCause, SENDER_CAUSES),
    )


class ToldForm(Form):
    """« Personne prévenue » : how."""

    way = RadioField(
        _("Comment la personne a-t-elle été prévenue ?"),
        [Needed(_("Dites comment la personne a été prévenue."))],
        choices=lambda: choices_of(ToldWay),
    )


class DecideForm(Form):
    """What comes after an ending."""

    decision = RadioField(_("Et maintenant ?"), [Needed(_("Choisissez ce qui vient ensuite."))])
    result = OptionalRadioField(_("Comment la demande se termine-t-elle ?"), choices=lambda: choices_of(NeedResult))

    def offer(self, next_structure: str, may_close: bool) -> None:
        """Only what is possible: the next structure of the agreement when there is one, closing a need of ours."""
        offered = [Decision.ANOTHER_PARTNER, Decision.SESSION_WITH_US]
        first = [Decision.NEXT_STRUCTURE] if next_structure else []
        last = [Decision.CLOSE_NEED] if may_close else []
        self.decision.choices = choices_of(Decision, [*first, *offered, *last])

    def validate_result(self, field: Any) -> None:
        """Closing the need says how."""
        if self.decision.data == Decision.CLOSE_NEED and not field.data:
            field.errors = []
            raise ValidationError(gettext("Dites comment la demande se termine."))

    def close(self) -> CloseData | None:
        """The result of the need, when it is closed."""
        closes = self.decision.data == Decision.CLOSE_NEED and self.result.data
        return CloseData(result=NeedResult(self.result.data)) if closes else None
