"""A file sent with a form: there, not too large, its name without a path."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import ValidationError

from app.kernel.i18n import gettext as _


def read_upload(field: FileField, most_bytes: int) -> bytes:
    """The bytes of the file. ValidationError when there is none, or more than `most_bytes`, of which no more is read."""
    if not field.data or not field.data.filename:
        raise ValidationError(_("Choisissez un fichier."))
    content: bytes = field.data.stream.read(most_bytes + 1)
    if len(content) > most_bytes:
        message = _(
            "Ce fichier dépasse %(num)d Mo. Découpez-le, ou demandez à la personne qui tient le serveur.",
            num=most_bytes // 1024**2,
        )
        raise ValidationError(message)
    return content
