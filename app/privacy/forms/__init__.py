"""Forms of privacy."""

from app.privacy.forms.desk import ConsentsForm, UnarchiveForm
from app.privacy.forms.journal import JournalForm
from app.privacy.forms.requests import AnswerForm, ButtonForm, CodeRequestForm, ExtensionForm, RequestForm

__all__ = [
    "AnswerForm",
    "ButtonForm",
    "CodeRequestForm",
    "ConsentsForm",
    "ExtensionForm",
    "JournalForm",
    "RequestForm",
    "UnarchiveForm",
]
