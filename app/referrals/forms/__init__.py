"""Forms of referrals: preparing, agreeing and sending, answering, following."""

from app.referrals.forms.answering import (
    CloseForm,
    ConfirmForm,
    DecideForm,
    DeclineForm,
    GiveForm,
    StartForm,
    ToldForm,
    WithdrawForm,
    WordsForm,
)
from app.referrals.forms.common import StampedForm
from app.referrals.forms.preparing import NEW, PROPOSED, DraftForm, SendForm, default_sections

__all__ = [
    "NEW",
    "PROPOSED",
    "CloseForm",
    "ConfirmForm",
    "DecideForm",
    "DeclineForm",
    "DraftForm",
    "GiveForm",
    "SendForm",
    "StampedForm",
    "StartForm",
    "ToldForm",
    "WithdrawForm",
    "WordsForm",
    "default_sections",
]
