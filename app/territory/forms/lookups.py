"""Fields that read a commune or an EPCI from what is typed, and offer candidates when several answer."""

from __future__ import annotations

from typing import Any, Generic, Protocol, TypeVar

from flask import url_for
from markupsafe import Markup
from wtforms import StringField, ValidationError
from wtforms.validators import Optional

from app.kernel.forms import NoSensitive, Short
from app.kernel.i18n import gettext as _
from app.kernel.i18n import ngettext
from app.territory import communes
from app.territory.communes import Commune, Epci

MOST_CANDIDATES = 8


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


Found = TypeVar("Found", bound=_Coded)


class LookupField(StringField, Generic[Found]):
    """Something of France, by its name. `.code` is what was understood, or None; `.candidates` what the text may mean.

    Given a code as its data, it shows a label that it reads back. The choice among candidates travels beside the text,
    under `choice_name`; it is forgotten as soon as the text says something else.
    """

    code: str | None = None
    candidates: tuple[Found, ...] = ()

    def __init__(self, label: str, validators: Any = None, *, max_length: int = 100, **kwargs: Any) -> None:
        super().__init__(label, [*(validators or [Optional()]), Short(max_length), NoSensitive()], **kwargs)

    @property
    def choice_name(self) -> str:
        return f"{self.name}-choix"

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        super().process(formdata, *args, **kwargs)
        chosen = formdata.getlist(self.choice_name) if formdata is not None else []
        self._chosen = chosen[0] if chosen else None

    def process_data(self, value: Any) -> None:
        shown = self.shown(value) if value else None
        self.code, self.data = (value, shown) if shown else (None, "")

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.code = None
            self.data = " ".join("".join(c for c in valuelist[0] if c.isprintable() or c.isspace()).split())

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if not self.data or self.errors or validation_stopped:
            return
        found = self._found(self.data)
        if found is None:
            raise ValidationError(self.why())
        self.code, self.data, self.candidates = found.code, self.shown(found.code), ()

    def _found(self, text: str) -> Found | None:
        self.candidates = self.find(text)
        chosen = next((one for one in self.candidates if one.code == self._chosen), None)
        return chosen or self.resolve(text)

    def choices_shown(self) -> list[tuple[str, str, str]]:
        """(code, name, what tells it from the others) of each candidate."""
        return [(one.code, *self.told(one)) for one in self.candidates]

    def shown(self, code: str) -> str | None:
        """What the field shows of a code, None when it is unknown."""
        raise NotImplementedError

    def find(self, text: str) -> tuple[Found, ...]:
        """What the text may mean, best first."""
        raise NotImplementedError

    def resolve(self, text: str) -> Found | None:
        """The only thing the text can mean."""
        raise NotImplementedError

    def told(self, one: Found) -> tuple[str, str]:
        """Name, and what tells it from the others."""
        raise NotImplementedError

    def why(self) -> str:
        """Why the text was not understood, and what to do."""
        raise NotImplementedError


class CommuneField(LookupField[Commune]):
    """A commune by name or postcode, shown « Marmande (47) »; `.code` is Insee's. Suggestions come while typing."""

    def __call__(self, **kwargs: object) -> Markup:
        """The control, with what the module of suggestions needs (js/suggestions.js)."""
        words = {
            "data_commune": url_for("territory.suggest"),
            "data_none": _("Aucune commune trouvée"),
            "data_one": _("1 commune proposée"),
            "data_many": _("{n} communes proposées"),
        }
        rendered: Markup = super().__call__(**{**words, **kwargs})
        return rendered

    def shown(self, code: str) -> str | None:
        return communes.label(code) if communes.by_code(code) else None

    def find(self, text: str) -> tuple[Commune, ...]:
        return communes.find(text, MOST_CANDIDATES)

    def resolve(self, text: str) -> Commune | None:
        return communes.resolve(text)

    def told(self, one: Commune) -> tuple[str, str]:
        return one.name, commune_where(one)

    def why(self) -> str:
        if len(self.candidates) == 1:
            return _("Est-ce bien cette commune ? Choisissez-la, ou écrivez son code postal.")
        if self.candidates:
            return _("Plusieurs communes sont possibles : choisissez la bonne.")
        return _("Cette commune n’est pas reconnue. Vérifiez l’orthographe, ou écrivez le code postal.")


class EpciField(LookupField[Epci]):
    """An EPCI by its name or by one of its communes; `.code` is its Siren."""

    def __init__(self, label: str, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, max_length=200, **kwargs)

    def shown(self, code: str) -> str | None:
        known = communes.epci(code)
        if known is None:
            return None
        label = communes.epci_label(known)
        return label if communes.resolve_epci(label) == known else code

    def find(self, text: str) -> tuple[Epci, ...]:
        return communes.find_epcis(text, MOST_CANDIDATES)

    def resolve(self, text: str) -> Epci | None:
        return communes.resolve_epci(text)

    def told(self, one: Epci) -> tuple[str, str]:
        members = communes.epci_members(one.code)
        where = ", ".join(dict.fromkeys(departement_words(member.departement) for member in members))
        count = ngettext("%(num)d commune", "%(num)d communes", len(members))
        return communes.epci_label(one), f"{where}, {count}" if where else count

    def why(self) -> str:
        if len(self.candidates) == 1:
            return _("Est-ce bien cette intercommunalité ? Choisissez-la.")
        if self.candidates:
            return _("Plusieurs intercommunalités sont possibles : choisissez la bonne.")
        return _("Cette intercommunalité n’est pas reconnue. Écrivez son nom, ou celui d’une de ses communes.")


def commune_where(commune: Commune) -> str:
    """« Lot-et-Garonne (47), 47200 »: the département and up to three postcodes."""
    return ", ".join([departement_words(commune.departement), *commune.postcodes[:3]])


def departement_words(code: str) -> str:
    """« Lot-et-Garonne (47) »; the code itself when unknown."""
    known = communes.departement(code)
    return f"{known.name} ({known.code})" if known else code
