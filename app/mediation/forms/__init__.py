"""Forms of sessions."""

from app.mediation.forms.anonymous import AnonymousForm, WorkshopCorrectionForm, WorkshopForm
from app.mediation.forms.attach import AttachForm, FindForm
from app.mediation.forms.session import FIRST_THEMES, SessionFields, SessionForm

__all__ = [
    "FIRST_THEMES",
    "AnonymousForm",
    "AttachForm",
    "FindForm",
    "SessionFields",
    "SessionForm",
    "WorkshopCorrectionForm",
    "WorkshopForm",
]
