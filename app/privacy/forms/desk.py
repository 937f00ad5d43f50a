"""What an officer looks for among agreements, and why a record leaves the archive."""

from __future__ import annotations

from wtforms import RadioField, SelectField, StringField
from wtforms.validators import InputRequired

from app.kernel.forms import Form, Short, choices_of
from app.kernel.i18n import gettext
from app.kernel.i18n import lazy_gettext as _
from app.people.enums import ConsentKind
from app.privacy.enums import UnarchiveReason
from app.privacy.queries import Criteria

Choices = list[tuple[str, str]]


class ConsentsForm(Form):
    """By person, by kind, by the other structure."""

    code = StringField(_("Code de la personne"), [Short(12)])
    kind = SelectField(_("Pour quoi"))
    structure = SelectField(_("Noté par, ou ouvert à"))

    def offer(self, structures: Choices) -> ConsentsForm:
        """The kinds, and the structures to choose from."""
        self.kind.choices = [("", gettext("Tout")), *((one.value, one.label) for one in ConsentKind)]
        self.structure.choices = [("", gettext("Toutes les structures")), *structures]
        return self

    def show(self, criteria: Criteria) -> ConsentsForm:
        """What is looked for now, shown again."""
        for name in ("code", "kind", "structure"):
            self[name].data = criteria.get(name, "")
        return self

    def criteria(self) -> dict[str, str]:
        """Codes and ids, to be kept."""
        chosen = {name: self[name].data or "" for name in ("kind", "structure")}
        return {"code": (self.code.data or "").strip().upper(), **chosen}


class UnarchiveForm(Form):
    """Why the record is open again."""

    reason = RadioField(
        _("Pourquoi sortir cette fiche de l’archive ?"),
        [InputRequired(_("Choisissez la raison : elle est notée au journal."))],
        choices=lambda: choices_of(UnarchiveReason),
    )
