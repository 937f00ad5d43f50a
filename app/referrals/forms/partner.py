"""What a partner without an account answers: each form carries a proof that the second code was given, or asks for it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from wtforms import HiddenField, RadioField, StringField

from app.kernel.forms import Needed, NoteField, Short, choices_of
from app.kernel.i18n import lazy_gettext as _
from app.referrals.actions import partner as acts
from app.referrals.enums import Contact, DeclineReason, Outcome
from app.referrals.forms.common import StampedForm
from app.referrals.models import Referral
from app.referrals.queries import Serving


class PartnerForm(StampedForm):
    """One act. `unlocked`: the proof, or the code, was right."""

    act = ""
    proof = HiddenField()
    code = StringField(_("Le second code"), [Short(40)])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.unlocked = False

    @property
    def key(self) -> UUID | None:
        """The form’s key; None when it is unreadable."""
        try:
            return UUID(str(self.form_key.data or ""))
        except ValueError:
            return None

    def perform(self, found: Serving) -> Referral:
        """Do it."""
        raise NotImplementedError


class CodeForm(PartnerForm):
    """The second code, given by voice or on paper."""

    act = "code"


class AcceptForm(PartnerForm):
    """One button."""

    act = "accept"

    def perform(self, found: Serving) -> Referral:
        """Yes."""
        return acts.accept(found, self.stamp)


class PartnerDeclineForm(PartnerForm):
    """Why not; the words may say who else could help."""

    act = "decline"
    reason = RadioField(
        _("Pour quelle raison ?"), [Needed(_("Choisissez une raison."))], choices=lambda: choices_of(DeclineReason)
    )
    words = NoteField(_("Un mot pour la structure qui demande, ou qui d’autre pourrait aider"), max_length=1000)

    def perform(self, found: Serving) -> Referral:
        """No."""
        return acts.decline(found, DeclineReason(self.reason.data), self.words.data or "", self.stamp)


class PartnerStartForm(PartnerForm):
    """The first contact."""

    act = "start"
    contact = RadioField(
        _("Comment le premier contact a-t-il eu lieu ?"),
        [Needed(_("Dites comment le premier contact a eu lieu."))],
        choices=lambda: choices_of(Contact),
    )

    def perform(self, found: Serving) -> Referral:
        """It took place."""
        return acts.start(found, Contact(self.contact.data), self.stamp)


class NewsForm(PartnerForm):
    """News for the sender."""

    act = "news"
    news = NoteField(_("Vos nouvelles"), [Needed(_("Écrivez quelques mots."))], max_length=2000)

    def perform(self, found: Serving) -> Referral:
        """A message."""
        return acts.news(found, self.news.data or "", self.stamp)


class PartnerCloseForm(PartnerForm):
    """How it ended."""

    act = "close"
    outcome = RadioField(
        _("Comment cela se termine-t-il ?"),
        [Needed(_("Dites comment cela se termine."))],
        choices=lambda: choices_of(Outcome, acts.OUTCOMES),
    )
    words = NoteField(_("Un mot pour la structure qui demande"), max_length=1000)

    def perform(self, found: Serving) -> Referral:
        """The end."""
        return acts.close(found, Outcome(self.outcome.data), self.words.data or "", self.stamp)


FORMS: dict[str, type[PartnerForm]] = {
    one.act: one for one in (CodeForm, AcceptForm, PartnerDeclineForm, PartnerStartForm, NewsForm, PartnerCloseForm)
}
