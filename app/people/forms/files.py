"""Files of people: sending one, saying which column is what, choosing what to take away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from flask_wtf.file import FileField
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from app.kernel.forms import CheckboxesField, Form, Needed, choices_of
from app.kernel.forms.uploads import read_upload
from app.kernel.i18n import gettext
from app.kernel.i18n import lazy_gettext as _
from app.people.actions.exporting import ExportData
from app.people.enums import NoticeWay
from app.people.exports import USUAL, ExportColumn
from app.people.imports import FIELDS, ImportField
from app.people.queries.imports import FileLine

MOST_BYTES = 6 * 1024 * 1024
NO_COLUMN = ""


class PeopleFileForm(Form):
    """A CSV or XLSX file."""

    file = FileField(_("Fichier XLSX ou CSV"))

    def validate_file(self, field: FileField) -> None:
        """There, and not too large; the rest is read by the import."""
        self.content = read_upload(field, MOST_BYTES)


class ColumnsForm(Form):
    """Which column is what: one list for each of the ten fields."""

    nom = SelectField(ImportField.LAST_NAME.label)
    prenom = SelectField(ImportField.FIRST_NAME.label)
    annee_naissance = SelectField(ImportField.BIRTH_YEAR.label)
    commune = SelectField(ImportField.COMMUNE.label)
    insee = SelectField(ImportField.INSEE.label)
    code_postal = SelectField(ImportField.POSTCODE.label)
    telephone = SelectField(ImportField.PHONE.label)
    courriel = SelectField(ImportField.EMAIL.label)
    genre = SelectField(ImportField.GENRE.label)
    notes = SelectField(ImportField.NOTES.label)

    def offering(self, titles: Sequence[str], matching: Mapping[str, int]) -> ColumnsForm:
        """The columns of the file as choices, those already matched chosen."""
        none = SelectChoice(NO_COLUMN, gettext("Aucune colonne"))
        choices = [none, *(SelectChoice(str(at), _title(at, title)) for at, title in enumerate(titles))]
        for name in FIELDS:
            self[name.value].choices = choices
            if self[name.value].data is None:
                self[name.value].data = str(matching.get(name.value, NO_COLUMN))
        return self

    def matching(self) -> dict[ImportField, int]:
        """Field → column, counted from 0."""
        return {name: int(self[name.value].data) for name in FIELDS if self[name.value].data}


def _title(at: int, title: str) -> str:
    number = gettext("Colonne %(num)d", num=at + 1)
    return f"{number} – {title}" if title else number


class ConfirmForm(Form):
    """Which lines to register although they look like somebody."""

    anyway = CheckboxesField(_("Inscrire quand même, car c’est une autre personne"), choices=[])

    def offering(self, lines: Iterable[FileLine]) -> ConfirmForm:
        """One box for each line that looks like somebody."""
        said = gettext("Inscrire quand même la ligne %(line)s")
        self.anyway.choices = [SelectChoice(str(one.line), said % {"line": one.line}) for one in lines]
        return self

    def chosen(self) -> list[int]:
        """The lines that were ticked."""
        return [int(line) for line in self.anyway.data or ()]


class NoticeForm(Form):
    """How the notice reached the person."""

    notice_way = RadioField(
        _("La notice d’information a été"),
        [Needed(_("Dites comment la notice a été donnée : remise sur papier, ou lue à voix haute."))],
        choices=partial(choices_of, NoticeWay),
    )


FORMATS = (SelectChoice("xlsx", _("Classeur XLSX")), SelectChoice("csv", _("CSV")))


class ExportForm(Form):
    """The columns and the format of a file to take away."""

    columns = CheckboxesField(
        _("Colonnes"), choices=partial(choices_of, ExportColumn), default=lambda: [one.value for one in USUAL]
    )
    format = RadioField(_("Format"), choices=FORMATS, default="xlsx")

    def to_data(self) -> ExportData:
        """What was chosen, in the order of the file."""
        ticked = set(self.columns.data or ())
        return ExportData(columns=tuple(one for one in ExportColumn if one.value in ticked), format=self.format.data)
