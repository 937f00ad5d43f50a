"""The coordinator's words beside the figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wtforms import HiddenField

from app.kernel.forms import Form, Needed, NoteField
from app.kernel.i18n import lazy_gettext as _
from app.pilotage.actions import SummaryData
from app.pilotage.formulas.terms import Term, read_term

LONGEST = 1200


@dataclass(frozen=True)
class Choice:
    """The period to prepare (None: none), and the area to prepare or to list (empty: all)."""

    period: Term | None
    area: str


def read_choice(args: Mapping[str, str]) -> Choice:
    """The period and the place chosen, from the address."""
    return Choice(read_term(args.get("periode", "")), args.get("territoire", ""))


class SummaryForm(Form):
    """Comment and proposals. `seen` is the mark of the figures that were read."""

    seen = HiddenField()
    comment = NoteField(
        _("Votre commentaire"),
        [Needed(_("Écrivez deux ou trois phrases : ce qui a compté pendant cette période."))],
        max_length=LONGEST,
    )
    proposals = NoteField(_("Ce que vous proposez"), max_length=LONGEST)

    def to_data(self) -> SummaryData:
        """The words, cleaned."""
        return SummaryData(self.comment.data or "", self.proposals.data or "", self.seen.data or "")


class WithdrawForm(Form):
    """A button."""
