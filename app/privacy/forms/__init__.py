"""Forms of privacy."""

from app.privacy.forms.journal import read_filter
from app.privacy.forms.requests import AnswerForm, ButtonForm, CodeRequestForm, ExtensionForm, RequestForm

__all__ = ["AnswerForm", "ButtonForm", "CodeRequestForm", "ExtensionForm", "RequestForm", "read_filter"]
