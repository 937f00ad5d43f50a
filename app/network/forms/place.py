"""The form of a place. Its fields bear the names of the national columns, so that a refusal lands where it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, HiddenField, ValidationError
from wtforms.validators import Optional

from app.kernel.forms import CheckboxesField, Form, Needed, NoteField, PhoneField, Short, TextField
from app.kernel.i18n import gettext
from app.kernel.i18n import lazy_gettext as _
from app.kernel.phones import format_phone
from app.network.enums import LABELS
from app.network.forms.week import WeekField, fits
from app.network.schema import LISTS, RESUME_LENGTH, hours, phone_fits
from app.territory import communes
from app.territory.forms import CommuneField

EMAIL = re.compile(r"[^@\s|;]+@[^@\s|;]+\.[^@\s|;]+")
ADDRESS = re.compile(r"https?://[^\s|]+\.[^\s|]+", re.IGNORECASE)
ASKED = tuple(LISTS)
PLAIN = (
    "nom",
    "adresse",
    "complement_adresse",
    "code_postal",
    "latitude",
    "longitude",
    "presentation_resume",
    "presentation_detail",
    "autres_formations_labels",
    "fiche_acces_libre",
    "prise_rdv",
)
PER_LINE = ("courriels", "site_web")


class VersionForm(Form):
    """One button, on what was read."""

    version = HiddenField()

    @property
    def typed_version(self) -> int:
        """The version the form was filled from; 0, which is no version, when it is unreadable."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() else 0


class FrenchPhoneField(PhoneField):
    """The national schema holds French numbers, overseas included."""

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        super().post_validate(form, validation_stopped)
        if self.e164 and not phone_fits(self.e164):
            raise ValidationError(gettext("L’annuaire national n’accepte que les numéros français, outre-mer compris."))


def _list(column: str) -> CheckboxesField:
    return CheckboxesField(LABELS[column], [Optional()], choices=lambda: [(one, one) for one in LISTS[column]])


class PlaceForm(VersionForm):
    """A place: where, when, what, for whom."""

    nom = TextField(_("Nom du lieu"), [Needed(_("Donnez un nom à ce lieu."))], max_length=300)
    adresse = TextField(
        _("Adresse"), [Needed(_("Écrivez l’adresse, par exemple « 12 rue de la Paix »."))], max_length=300
    )
    complement_adresse = TextField(_("Complément d’adresse"), max_length=300)
    commune = CommuneField(_("Commune"), [Needed(_("Écrivez la commune."))])
    code_postal = TextField(_("Code postal"), [Short(10)], max_length=10)
    telephone = FrenchPhoneField(_("Téléphone"))
    courriels = NoteField(_("Courriels"), max_length=500)
    site_web = NoteField(_("Sites web"), max_length=1000)
    prise_rdv = TextField(_("Prise de rendez-vous en ligne"), max_length=500)
    week = WeekField(_("Horaires"))
    ferie = BooleanField(_("Fermé les jours fériés"))
    horaires = TextField(_("Horaires"), max_length=500)
    services = _list("services")
    publics_specifiquement_adresses = _list("publics_specifiquement_adresses")
    prise_en_charge_specifique = _list("prise_en_charge_specifique")
    frais_a_charge = _list("frais_a_charge")
    modalites_acces = _list("modalites_acces")
    modalites_accompagnement = _list("modalites_accompagnement")
    itinerance = _list("itinerance")
    dispositif_programmes_nationaux = _list("dispositif_programmes_nationaux")
    formations_labels = _list("formations_labels")
    autres_formations_labels = TextField(_("Autres formations et labels"), max_length=500)
    presentation_resume = NoteField(_("Présentation courte"), max_length=RESUME_LENGTH)
    presentation_detail = NoteField(_("Présentation détaillée"), max_length=4000)
    fiche_acces_libre = TextField(_("Fiche d’accessibilité (Acceslibre)"), max_length=500)
    latitude = TextField(_("Latitude"), max_length=30)
    longitude = TextField(_("Longitude"), max_length=30)

    def __init__(self, before: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        self.before = dict(before or {})
        said = self.before.get("horaires", "")
        super().__init__(data={**self._filled(), **kwargs.pop("data", {})}, **kwargs)
        # What a week cannot say stays as it is written.
        if said and not fits(hours.read(said)):
            del self.week, self.ferie
        else:
            del self.horaires

    def _filled(self) -> dict[str, Any]:
        known = self.before
        week = hours.read(known.get("horaires", ""))
        values: dict[str, Any] = {name: known.get(name, "") for name in (*PLAIN, "telephone", "horaires")}
        values |= {name: known.get(name, "").replace("|", "\n") for name in PER_LINE}
        values |= {name: known[name].split("|") if known.get(name) else [] for name in ASKED}
        values["commune"] = known.get("code_insee", "")
        values["telephone"] = format_phone(values["telephone"])
        return {**values, "week": known.get("horaires", ""), "ferie": week is not None and week.holidays == ()}

    def validate_courriels(self, field: NoteField) -> None:
        """One address per line."""
        for one in _lines(field.data):
            if not EMAIL.fullmatch(one):
                raise ValidationError(
                    gettext("« %(text)s » n’est pas une adresse de courriel. Écrivez-en une par ligne.", text=one[:80])
                )

    def validate_site_web(self, field: NoteField) -> None:
        """One address per line."""
        for one in _lines(field.data):
            _check_address(_web(one))

    def validate_prise_rdv(self, field: TextField) -> None:
        """An address of the web."""
        _check_address(_web(field.data or ""))

    def validate_fiche_acces_libre(self, field: TextField) -> None:
        """An address of the web."""
        _check_address(_web(field.data or ""))

    def validate_code_postal(self, field: TextField) -> None:
        """Five digits; found by itself when the commune has only one."""
        commune = communes.by_code(self.commune.code) if self.commune.code else None
        if not field.data and commune and len(commune.postcodes) == 1:
            field.data = commune.postcodes[0]
        if field.data and not re.fullmatch(r"[0-9]{5}", field.data.replace(" ", "")):
            raise ValidationError(gettext("Le code postal a cinq chiffres, par exemple 47200."))
        if not field.data and commune:
            raise ValidationError(
                gettext("Écrivez le code postal : %(codes)s.", codes=", ".join(commune.postcodes[:6]) or "47200")
            )

    def to_cells(self) -> dict[str, str]:
        """The cells of the national schema that this screen asks."""
        commune = communes.by_code(self.commune.code or "")
        cells = {name: self[name].data or "" for name in PLAIN}
        cells |= {name: "|".join(self._kept(name)) for name in ASKED}
        cells["code_postal"] = cells["code_postal"].replace(" ", "")
        cells["courriels"] = "|".join(_lines(self.courriels.data))
        cells["site_web"] = "|".join(_web(one) for one in _lines(self.site_web.data))
        cells |= {name: _web(cells[name]) for name in ("prise_rdv", "fiche_acces_libre")}
        cells["telephone"] = self.telephone.e164 or ""
        cells["commune"], cells["code_insee"] = (commune.name, commune.code) if commune else ("", "")
        return {**cells, "horaires": self._hours(), **self._position(cells)}

    def _kept(self, name: str) -> list[str]:
        """What was ticked, in the order of the list; what the list does not know was never asked, and stays."""
        ticked = self[name].data or []
        unknown = [one for one in self.before.get(name, "").split("|") if one and one not in LISTS[name]]
        return [one for one in LISTS[name] if one in ticked] + unknown

    def _hours(self) -> str:
        if "horaires" in self:
            return self.horaires.data or ""
        holidays = "PH off" if self.ferie.data else ""
        return "; ".join(one for one in (self.week.data, holidays) if one)

    def _position(self, cells: Mapping[str, str]) -> dict[str, str]:
        """A place that moves to another commune leaves its old position, unless a new one was typed."""
        told = {name: cells[name] for name in ("latitude", "longitude")}
        moved = self.before.get("code_insee", "") not in ("", cells["code_insee"])
        same = all(told[name] == self.before.get(name, "") for name in told)
        return dict.fromkeys(told, "") if moved and same else told


def _lines(text: str | None) -> list[str]:
    return [one.strip() for one in re.split(r"[\n|]", text or "") if one.strip()]


def _web(text: str) -> str:
    return f"https://{text}" if text and "://" not in text and "." in text and " " not in text else text


def _check_address(text: str) -> None:
    if text and not ADDRESS.fullmatch(text):
        raise ValidationError(
            gettext("« %(text)s » n’est pas une adresse de site. Exemple : https://www.exemple.fr", text=text[:80])
        )
