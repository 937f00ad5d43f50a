"""What one asks of the directory. It is about places, not people: it travels in the address."""

from __future__ import annotations

from typing import Any, get_args

from wtforms import BooleanField, SelectField, StringField
from wtforms import Form as PlainForm
from wtforms.validators import Optional

from app.kernel.i18n import gettext, language
from app.kernel.i18n import lazy_gettext as _
from app.network.enums import StructureKind
from app.network.queries import Filters
from app.network.queries.directory import Order
from app.network.schema import LISTS
from app.territory import communes
from app.territory.forms import CommuneField

ORDERS = get_args(Order)


class WhereField(CommuneField):
    """A commune, or a postcode with all the communes it serves."""

    postcode = ""
    codes: frozenset[str] = frozenset()

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        typed = "".join((self.data or "").split())
        if len(typed) == 5 and typed.isascii() and typed.isdigit():
            self.postcode, self.codes = typed, _served(typed)
            return
        super().post_validate(form, validation_stopped)
        if self.code:
            self.codes = frozenset({self.code, *(one.code for one in communes.arrondissements(self.code))})
            self.postcode = _of_arrondissement(self.code)


def _served(postcode: str) -> frozenset[str]:
    """The communes of a postcode; of a whole city only its arrondissement: its other places have another postcode."""
    found = communes.by_postcode(postcode)
    cities = {one.parent for one in found if one.parent}
    return frozenset(one.code for one in found if one.code not in cities)


def _of_arrondissement(code: str) -> str:
    """The postcode of an arrondissement, by which places are found that files put in the city as a whole; else empty."""
    commune = communes.by_code(code)
    return commune.postcodes[0] if commune and commune.parent else ""


class OneOfField(SelectField):
    """One value or none; what the list does not hold is none."""

    def pre_validate(self, form: Any) -> None:
        offered: list[Any] = list(self.iter_choices())
        if self.data not in {one.value for one in offered}:
            self.data = ""


def _services() -> list[tuple[str, str]]:
    return [("", gettext("Tous les services")), *((one, one) for one in LISTS["services"])]


def _kinds() -> list[tuple[str, str]]:
    return [("", gettext("Toutes les structures")), *((kind.value, str(kind.label)) for kind in StructureKind)]


class DirectoryFilters(PlainForm):
    """Where, which service, which kind, which words. What is not understood is told, and nothing is listed."""

    q = StringField(_("Nom, adresse"), [Optional()])
    ou = WhereField(_("Commune ou code postal"))
    service = OneOfField(_("Service"), choices=_services)
    genre = OneOfField(_("Genre de structure"), choices=_kinds)
    fermes = BooleanField(_("Lieux fermés"))

    class Meta:
        @property
        def locales(self) -> list[str]:
            return [language()]

    def __init__(self, args: Any) -> None:
        super().__init__(args)
        self.order: Order = args.get("tri") if args.get("tri") in ORDERS else "nom"
        self.understood = self.validate()

    @property
    def filters(self) -> Filters:
        """The filters, as queries take them."""
        return Filters(
            commune_codes=self.ou.codes,
            postcode=self.ou.postcode,
            service=self.service.data or "",
            kind=StructureKind(self.genre.data) if self.genre.data else None,
            text=(self.q.data or "")[:200],
            closed=bool(self.fermes.data),
            order=self.order,
        )

    @property
    def in_address(self) -> dict[str, Any]:
        """What to put in the address to ask the same again."""
        kept = {
            "q": self.q.data,
            "ou": self.ou.data,
            "service": self.service.data,
            "genre": self.genre.data,
            "fermes": "1" if self.fermes.data else "",
        }
        return {name: value for name, value in kept.items() if value}
