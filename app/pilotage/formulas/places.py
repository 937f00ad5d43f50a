"""The part of the territory that a summary is about, in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.kernel.i18n import gettext as _
from app.kernel.i18n import ngettext

Kind = Literal["reseau", "epci", "commune"]


@dataclass(frozen=True)
class Place:
    """The network, an intercommunality of `size` communes of which the territory holds `held`, or a commune."""

    kind: Kind
    name: str = ""
    held: int = 0
    size: int = 0

    @property
    def is_whole(self) -> bool:
        return self.kind == "reseau"


NETWORK = Place("reseau")


def title(place: Place, term: str) -> str:
    """« Synthèse, 2e trimestre 2026 – Marmande »."""
    if place.is_whole:
        return _("Synthèse, %(term)s", term=term)
    return _("Synthèse, %(term)s – %(place)s", term=term, place=place.name)


def scope(place: Place) -> list[str]:
    """Whom the figures are about, when it is not everybody."""
    if place.is_whole:
        return []
    if place.kind == "commune":
        return [_("Ces chiffres comptent les personnes qui habitent %(name)s.", name=place.name)]
    said = _("Ces chiffres comptent les personnes qui habitent l’intercommunalité « %(name)s ».", name=place.name)
    return [f"{said} {_partial(place)}".strip()]


def _partial(place: Place) -> str:
    if place.held >= place.size:
        return ""
    return ngettext(
        "%(num)d de ses communes, sur %(size)d, est dans le réseau : les autres ne sont pas comptées.",
        "%(num)d de ses communes, sur %(size)d, sont dans le réseau : les autres ne sont pas comptées.",
        place.held,
        size=place.size,
    )


def notes(place: Place) -> list[str]:
    """How the people of a part are counted, and what is not counted there."""
    if place.is_whole:
        return []
    return [
        _(
            "Chaque personne est comptée dans une seule commune, celle notée à sa dernière séance de la période : la somme "
            "des communes, des personnes de l’extérieur et de celles dont la commune n’est pas connue donne le chiffre du "
            "réseau."
        ),
        _(
            "Une demande, une orientation ou une évaluation est comptée là où habite la personne : la commune notée à sa "
            "dernière séance, jusqu’au dernier jour de la période ; sans séance, celle de son dossier."
        ),
        _(
            "Les heures de séance et les ateliers ne sont donnés que pour tout le réseau : une même séance réunit des "
            "personnes de plusieurs communes."
        ),
    ]


def no_map(place: Place) -> str:
    """Why there is no map."""
    if place.kind != "commune":
        return ""
    return _("Pas de carte : la commune est le plus petit territoire dont des chiffres sont donnés.")
