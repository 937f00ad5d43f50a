"""The form of the network's territory: one kind, and the field that goes with it."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, RadioField, SelectField, ValidationError
from wtforms.validators import StopValidation

from app.kernel.forms import Form, Needed, NoteField, choices_of
from app.kernel.i18n import gettext, ngettext
from app.kernel.i18n import lazy_gettext as _
from app.territory import communes
from app.territory.actions import TerritoryData
from app.territory.communes import Commune
from app.territory.enums import TerritoryKind
from app.territory.forms.lookups import EpciField
from app.territory.queries import Territory

LONGEST_LIST = 40_000
MOST_TOLD = 10


class _OnlyFor:
    """The field counts for one kind of territory, and is then needed; otherwise what it says is forgotten."""

    def __init__(self, kind: TerritoryKind, message: str) -> None:
        self.kind = kind
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        if form.kind.data != self.kind.value:
            field.errors = []
            raise StopValidation
        if not (field.data or "").strip():
            raise StopValidation(str(self.message))


def _departements() -> list[tuple[str, str]]:
    return [("", "–"), *((found.code, f"{found.code} – {found.name}") for found in communes.departements())]


def _readable(form: Any, field: Any) -> None:
    """Every piece of the list is one commune."""
    unclear = communes.read_list(field.data).unclear
    if not unclear:
        return
    told = [_unclear(text, candidates) for text, candidates in unclear[:MOST_TOLD]]
    left = len(unclear) - len(told)
    if left:
        told.append(ngettext("Et %(num)d autre à revoir.", "Et %(num)d autres à revoir.", left))
    raise ValidationError(" ".join(told))


def _unclear(text: str, candidates: tuple[Commune, ...]) -> str:
    if not candidates:
        return gettext("« %(text)s » n’est pas reconnu : vérifiez l’orthographe.", text=text)
    labels = ", ".join(communes.label(one.code) for one in candidates)
    return gettext("« %(text)s » peut être : %(labels)s. Écrivez-le ainsi.", text=text, labels=labels)


class TerritoryForm(Form):
    """An EPCI, a département, or a list of communes."""

    kind = RadioField(
        _("Le réseau couvre"),
        [Needed(_("Dites ce que le réseau couvre."))],
        choices=lambda: choices_of(TerritoryKind),
    )
    epci = EpciField(
        _("Intercommunalité"),
        [_OnlyFor(TerritoryKind.EPCI, _("Écrivez le nom de l’intercommunalité, ou d’une de ses communes."))],
    )
    departement = SelectField(
        _("Département"),
        [_OnlyFor(TerritoryKind.DEPARTEMENT, _("Choisissez le département."))],
        choices=_departements,
    )
    communes = NoteField(
        _("Communes"),
        [_OnlyFor(TerritoryKind.COMMUNES, _("Écrivez au moins une commune.")), _readable],
        max_length=LONGEST_LIST,
    )
    version = HiddenField()

    def to_data(self) -> TerritoryData:
        """What was chosen. After validation."""
        kind = TerritoryKind(self.kind.data)
        if kind is TerritoryKind.COMMUNES:
            found = communes.read_list(self.communes.data or "").found
            return TerritoryData(kind, None, tuple(commune.code for commune in found))
        return TerritoryData(kind, self.epci.code if kind is TerritoryKind.EPCI else self.departement.data)

    def version_typed(self) -> int | None:
        """The version the form was opened from."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() else None


def recorded(territory: Territory | None) -> dict[str, Any]:
    """What the form shows at first."""
    if territory is None:
        return {"kind": TerritoryKind.EPCI.value, "version": ""}
    named = {TerritoryKind.EPCI: "epci", TerritoryKind.DEPARTEMENT: "departement"}.get(territory.kind)
    listed = "\n".join(communes.label(code) for code in territory.commune_codes)
    field = {named: territory.code} if named else {"communes": listed}
    return {"kind": territory.kind.value, "version": territory.version, **field}
