"""How a table is declared, and the reasons and labels that several tables share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.kernel.i18n import lazy_gettext as _

Words = Callable[[Any], str]


@dataclass(frozen=True)
class Holding:
    """What is told of a table. `via`: (its column, the table that leads to the person); `told`: column → label.

    `out`: column → why it is not told. `words`: how a column reads, when its type does not say it.
    """

    table: str
    title: str
    via: tuple[str, str]
    told: Mapping[str, str]
    out: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Words] = field(default_factory=dict)


PERSON = "person"
TECHNICAL = _("numéro technique, qui ne dit rien de la personne")
INSIDE = _("organisation interne de la structure")
FIGURES = _("numéro tiré au hasard pour compter sans nommer")
VERSION = _("compteur technique des corrections")
PROOF = _("empreinte technique")
LINKED = _("lien technique vers une autre ligne de cette copie")
ROW: dict[str, str] = {"id": TECHNICAL}
AUTHORED: dict[str, str] = {"team_id": INSIDE, "secret": INSIDE}
VERSIONED: dict[str, str] = {"version": VERSION}
WHEN, BY, WHERE = _("Noté le"), _("Par"), _("Structure")
