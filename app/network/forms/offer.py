"""The form of an offer: what a structure proposes, to whom."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from wtforms.validators import Optional

from app.kernel.forms import CheckboxesField, Needed, NoteField, OptionalRadioField, TextField, choices_of
from app.kernel.i18n import lazy_gettext as _
from app.network.actions import OfferData
from app.network.enums import OfferPublic
from app.network.forms.place import VersionForm
from app.network.queries import OfferView, PlaceLine
from app.network.schema import LISTS


def _choices(values: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(one, one) for one in values]


class OfferForm(VersionForm):
    """What, where, for whom, how."""

    title = TextField(_("Nom de l’offre"), [Needed(_("Donnez un nom à cette offre."))], max_length=200)
    description = NoteField(_("En quelques mots"), max_length=2000)
    place_id = OptionalRadioField(_("Lieu"))
    services = CheckboxesField(_("Services"), [Optional()], choices=lambda: _choices(LISTS["services"]))
    publics = CheckboxesField(_("Pour qui"), [Optional()], choices=lambda: choices_of(OfferPublic))
    fees = CheckboxesField(_("Prix"), [Optional()], choices=lambda: _choices(LISTS["frais_a_charge"]))
    ways = CheckboxesField(
        _("Façon d’accompagner"), [Optional()], choices=lambda: _choices(LISTS["modalites_accompagnement"])
    )

    def __init__(self, places: list[PlaceLine], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.place_id.choices = [(str(one.id), f"{one.name} ({one.commune_name})") for one in places]

    def to_data(self) -> OfferData:
        """What was typed."""
        return OfferData(
            title=self.title.data or "",
            description=self.description.data or "",
            place_id=UUID(self.place_id.data) if self.place_id.data else None,
            services=tuple(self.services.data or ()),
            publics=tuple(self.publics.data or ()),
            fees=tuple(self.fees.data or ()),
            ways=tuple(self.ways.data or ()),
        )


def filled(offer: OfferView) -> dict[str, Any]:
    """The form as it was last saved."""
    names = ("version", "title", "description", "services", "publics", "fees", "ways")
    return {
        **{name: getattr(offer, name) for name in names},
        "place_id": str(offer.place_id) if offer.place_id else None,
    }
