"""Forms of the register: shape and wording of what is asked in front of the person."""

from app.people.forms.cards import CancelCardForm, MakeCardForm, OpenCardForm, StayForm, StopForm
from app.people.forms.correcting import CorrectForm, filled
from app.people.forms.record import (
    CONSENT_LIFETIME,
    LANGUAGES,
    OFFERED,
    ButtonForm,
    ConsentForm,
    MergeForm,
    PersonForm,
    RegisterForm,
    SearchForm,
    WithdrawForm,
    token_of,
)

__all__ = [
    "CONSENT_LIFETIME",
    "LANGUAGES",
    "OFFERED",
    "ButtonForm",
    "CancelCardForm",
    "ConsentForm",
    "CorrectForm",
    "MakeCardForm",
    "MergeForm",
    "OpenCardForm",
    "PersonForm",
    "RegisterForm",
    "SearchForm",
    "StayForm",
    "StopForm",
    "WithdrawForm",
    "filled",
    "token_of",
]
