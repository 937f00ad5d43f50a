"""Sessions with people who are not in the register: one person without a name, or a workshop that is counted."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from wtforms import IntegerField, RadioField
from wtforms.validators import Optional

from app.kernel.forms import Needed, TextField, choices_of
from app.kernel.i18n import gettext
from app.kernel.i18n import lazy_gettext as _
from app.mediation.actions import Anonymous, Counts, count_faults
from app.mediation.enums import SessionKind
from app.mediation.forms.session import SessionFields, SessionForm
from app.people.enums import AgeBand, Genre, SocialStatus
from app.territory.forms import CommuneField


class AnonymousForm(SessionForm):
    """One person without a name: four facts, all optional."""

    genre = RadioField(_("Genre"), default=Genre.NON_COMMUNIQUE.value, choices=lambda: choices_of(Genre))
    age_band = RadioField(_("Âge"), default=AgeBand.UNKNOWN.value, choices=lambda: choices_of(AgeBand))
    statut_social = RadioField(
        _("Situation"), default=SocialStatus.NON_COMMUNIQUE.value, choices=lambda: choices_of(SocialStatus)
    )
    home = CommuneField(_("Commune de la personne"))

    def who(self) -> Anonymous:
        """What is known of the person."""
        return Anonymous(
            genre=Genre(self.genre.data),
            age_band=AgeBand(self.age_band.data),
            statut_social=SocialStatus(self.statut_social.data),
            commune_code=self.home.code,
        )


class CountField(IntegerField):
    """How many people; nothing typed is zero."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        if text and not (text.isascii() and text.isdigit() and len(text) < 5):
            raise ValueError(gettext("Écrivez un nombre de personnes, par exemple 8."))
        self.data = int(text) if text else None


def _known(enum: type[StrEnum]) -> list[StrEnum]:
    return [one for one in enum if one.value != "non_communique"]


class WorkshopForm(SessionFields):
    """A workshop: how many people, and what is known of them. A box per genre, age band and status is added below."""

    kind = SessionKind.COLLECTIF

    title = TextField(_("Nom de l’atelier"), max_length=120)
    total = CountField(_("Nombre de personnes"), [Needed(_("Indiquez combien de personnes sont venues."))])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.parts = {
            "genres": [(code, self[f"genre_{code.value}"]) for code in _known(Genre)],
            "age_bands": [(code, self[f"age_{code.value}"]) for code in _known(AgeBand)],
            "statuses": [(code, self[f"statut_{code.value}"]) for code in _known(SocialStatus)],
        }

    def broken_rules(self) -> list[tuple[str, str]]:
        """With the breakdowns, which add up to the total at most: said on the first box of each."""
        wrong = [(self._box(name), message) for name, message in count_faults(self.counts())]
        return [*super().broken_rules(), *wrong]

    def _box(self, name: str) -> str:
        return str(self.parts[name][0][1].name) if name in self.parts else name

    def counts(self) -> Counts:
        """How many came, and how many of each."""
        found: dict[str, Any] = {
            name: tuple((code, field.data) for code, field in fields if field.data)
            for name, fields in self.parts.items()
        }
        return Counts(total=self.total.data or 0, **found)

    def values(self) -> dict[str, Any]:
        """With the name of the workshop."""
        return {**super().values(), "title": self.title.data or ""}


class WorkshopCorrectionForm(SessionFields):
    """What was noted of a workshop. Who came is a fact, written once."""

    kind = SessionKind.COLLECTIF

    title = TextField(_("Nom de l’atelier"), max_length=120)

    def values(self) -> dict[str, Any]:
        """With the name of the workshop."""
        return {**super().values(), "title": self.title.data or ""}


def _add_boxes() -> None:
    for prefix, enum in (("genre", Genre), ("age", AgeBand), ("statut", SocialStatus)):
        for code in _known(enum):
            label = getattr(code, "label")  # noqa: B009
            setattr(WorkshopForm, f"{prefix}_{code.value}", CountField(label, [Optional()]))


_add_boxes()
