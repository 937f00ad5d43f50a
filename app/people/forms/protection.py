"""Forms of the protected situation. What is asked is never why."""

from __future__ import annotations

from uuid import UUID

from app.kernel.forms import CheckboxesField, Form, TextField
from app.kernel.i18n import lazy_gettext as _
from app.people.actions.protecting import SafetyData


class ProtectForm(Form):
    """How to reach the person safely; who goes on following them. The word is never kept with a draft (its name)."""

    safe_way = TextField(_("Comment la joindre sans risque"), max_length=300)
    secret_code = TextField(_("Mot convenu"), max_length=60)
    named = CheckboxesField(_("Structures qui continuent de la suivre"), choices=[])

    def offering(self, structures: list[tuple[UUID, str]]) -> ProtectForm:
        """The structures that follow the person beside the referent’s; without any, nothing is asked."""
        self.named.choices = [(str(one), name) for one, name in structures]
        if not structures:
            del self.named
        return self

    def to_data(self) -> SafetyData:
        """What was agreed with the person."""
        chosen = self.named.data or () if "named" in self else ()
        return SafetyData(
            safe_way=self.safe_way.data or "",
            code_word=self.secret_code.data or "",
            named=tuple(UUID(one) for one in chosen),
        )


class UnprotectForm(Form):
    """One button: « Lever la protection »."""
