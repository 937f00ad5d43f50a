"""Forms of sessions."""

from app.mediation.forms.anonymous import AnonymousForm, WorkshopForm
from app.mediation.forms.attach import AttachForm, FindForm
from app.mediation.forms.session import CHECK, SessionForm

__all__ = ["CHECK", "AnonymousForm", "AttachForm", "FindForm", "SessionForm", "WorkshopForm"]
