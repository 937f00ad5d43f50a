"""A file of places, and the buttons about it."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import ValidationError

from app.kernel.forms import Form
from app.kernel.forms.uploads import read_upload
from app.kernel.i18n import gettext
from app.kernel.i18n import lazy_gettext as _

MOST_BYTES = 6 * 1024 * 1024
_BOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class ButtonForm(Form):
    """One button."""


class UploadForm(Form):
    """A CSV file."""

    file = FileField(_("Fichier CSV"))

    def validate_file(self, field: FileField) -> None:
        """There, not too large, and not a spreadsheet's own format; the rest is read by the import."""
        self.content = read_upload(field, MOST_BYTES)
        if self.content.startswith(_BOOK) and self.filename.lower().endswith(".zip"):
            raise ValidationError(gettext("C’est un dossier compressé (zip). Ouvrez-le, puis envoyez le fichier CSV."))
        if self.content.startswith(_BOOK):
            raise ValidationError(
                gettext("C’est un classeur de tableur. Enregistrez-le d’abord au format CSV, puis envoyez-le.")
            )

    @property
    def filename(self) -> str:
        """The name of the file, without a path."""
        return str(self.file.data.filename).replace("\\", "/").rpartition("/")[2] or "lieux.csv"
