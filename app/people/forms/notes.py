"""The form of a note about a person."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import HiddenField, RadioField

from app.kernel.forms import Form, Needed, NoteField, choices_of
from app.kernel.i18n import lazy_gettext as _
from app.people.actions.notes import NoteData
from app.people.enums import NoteVisibility
from app.people.forms.record import ButtonForm


class NoteForm(Form):
    """Words, and whom they are opened to."""

    version = HiddenField()
    body = NoteField(_("Note"), [Needed(_("Écrivez la note."))], max_length=4000)
    visibility = RadioField(_("Qui pourra lire cette note ?"))

    def __init__(self, visibilities: Iterable[NoteVisibility], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.visibility.choices = choices_of(NoteVisibility, visibilities)

    @property
    def typed_version(self) -> int:
        """The version the form was filled from; 0, which is no version, when it is unreadable."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() else 0

    def to_data(self) -> NoteData:
        """What was written."""
        return NoteData(body=self.body.data or "", visibility=NoteVisibility(self.visibility.data))


class DropNoteForm(ButtonForm):
    """One button: delete on the day, hide afterwards."""
