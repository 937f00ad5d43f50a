"""The field by which every screen asks for a commune: a name or a postcode, candidates when several answer."""

from __future__ import annotations

from typing import Any

from wtforms import StringField, ValidationError
from wtforms.validators import Optional

from app.kernel.forms import NoSensitive, Short
from app.kernel.i18n import gettext as _
from app.territory import communes
from app.territory.communes import Commune

MOST_CANDIDATES = 8


class CommuneField(StringField):
    """A commune by name or postcode. `.code` is Insee's, or None; `.candidates` are what the text may mean.

    Given an Insee code as its data, it shows « Marmande (47) ». The choice among candidates travels beside the text,
    under `choice_name`; it is forgotten as soon as the text says something else.
    """

    code: str | None = None
    candidates: tuple[Commune, ...] = ()

    def __init__(self, label: str, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, [*(validators or [Optional()]), Short(100), NoSensitive()], **kwargs)

    @property
    def choice_name(self) -> str:
        return f"{self.name}-choix"

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        super().process(formdata, *args, **kwargs)
        chosen = formdata.getlist(self.choice_name) if formdata is not None else []
        self._chosen = chosen[0] if chosen else None

    def process_data(self, value: Any) -> None:
        self.code = value if value and communes.by_code(value) else None
        self.data = communes.label(value) if self.code else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.code = None
            self.data = " ".join("".join(c for c in valuelist[0] if c.isprintable() or c.isspace()).split())

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if not self.data or self.errors:
            return
        found = self._found(self.data)
        if found is None:
            raise ValidationError(self._why())
        self.code, self.data, self.candidates = found.code, communes.label(found.code), ()

    def _found(self, text: str) -> Commune | None:
        self.candidates = communes.find(text, MOST_CANDIDATES)
        chosen = next((one for one in self.candidates if one.code == self._chosen), None)
        return chosen or communes.resolve(text)

    def _why(self) -> str:
        if len(self.candidates) == 1:
            return _("Est-ce bien cette commune ? Choisissez-la, ou écrivez son code postal.")
        if self.candidates:
            return _("Plusieurs communes sont possibles : choisissez la bonne.")
        return _("Cette commune n’est pas reconnue. Vérifiez l’orthographe, ou écrivez le code postal.")

    def choices_shown(self) -> list[tuple[str, str, str]]:
        """(Insee code, name, département and postcodes) of each candidate."""
        return [(one.code, one.name, _where(one)) for one in self.candidates]


def _where(commune: Commune) -> str:
    known = communes.departement(commune.departement)
    place = f"{known.name} ({known.code})" if known else commune.departement
    return ", ".join([place, *commune.postcodes[:3]])
