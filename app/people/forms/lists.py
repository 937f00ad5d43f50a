"""What the list of people is asked for in its address: codes alone. A code that is not one of ours is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args
from uuid import UUID

from wtforms import BooleanField

from app.kernel import panels
from app.kernel.access import Actor
from app.kernel.forms import Form, Needed, TextField
from app.kernel.i18n import gettext
from app.kernel.i18n import lazy_gettext as _
from app.people.actions.views import LONGEST
from app.people.enums import AgeStatus, FollowUpKind
from app.people.queries import holders
from app.people.queries.listing import BY_REFERRAL, ME, NOBODY, SEEN, Filters, Order
from app.territory import communes

KEYS = ("commune", "interlocuteur", "contact", "demande", "age", "suivi", "tri")
ORDERS: tuple[Order, ...] = get_args(Order)
FIRST: Order = "contact"
Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class Asked:
    """The criteria that hold, by their name in the address, and what they mean."""

    codes: dict[str, str]
    filters: Filters
    order: Order

    @property
    def filtered(self) -> bool:
        """Something is left out of the list."""
        return bool(set(self.codes) - {"tri"})


def read_asked(args: Mapping[str, Any]) -> Asked:
    """The criteria of an address, or of a view that was kept."""
    codes = {name: str(args[name]) for name in KEYS if args.get(name) and _known(name, str(args[name]))}
    age = AgeStatus(codes["age"]) if "age" in codes else None
    filters = Filters(
        commune=codes.get("commune", ""),
        holder=codes.get("interlocuteur", ""),
        seen=codes.get("contact", ""),
        waiting=codes.get("demande", ""),
        age=age,
        kind=codes.get("suivi", ""),
    )
    order: Order = next((one for one in ORDERS if one == codes.get("tri")), FIRST)
    return Asked(codes, filters, order)


def _known(name: str, value: str) -> bool:
    if name == "commune":
        return len(value) == 5 and value.isascii() and value.isalnum()
    if name == "interlocuteur":
        return value in {ME, NOBODY} or _is_id(value)
    allowed: dict[str, set[str]] = {
        "contact": set(SEEN),
        "demande": {one.code for one in panels.person_filters},
        "age": set(AgeStatus),
        "suivi": {*FollowUpKind, BY_REFERRAL},
        "tri": {str(one) for one in ORDERS if one != FIRST},
    }
    return value in allowed[name]


def _is_id(value: str) -> bool:
    try:
        return str(UUID(value)) == value
    except ValueError:
        return False


def choices(actor: Actor, today: date, present: list[tuple[str, int]], asked: Asked) -> dict[str, tuple[str, Choices]]:
    """For each filter its label and its choices; `present`: the communes of the people followed. One query.

    What is asked for is always among them, even when nobody lives there any more, or the colleague has left.
    """
    found = _choices(actor, today, present)
    for name, (_label, listed) in found.items():
        code = asked.codes.get(name, "")
        if code and code not in dict(listed):
            listed.append((code, _no_longer(name, code)))
    return found


def _no_longer(name: str, code: str) -> str:
    """What is no longer offered: a commune where nobody lives any more, a colleague who left."""
    return communes.label(code) if name == "commune" else gettext("un ancien choix")


def _choices(actor: Actor, today: date, present: list[tuple[str, int]]) -> dict[str, tuple[str, Choices]]:
    named = [(code, communes.label(code)) for code, _count in present]
    colleagues = [(str(one.user_id), one.name) for one in holders.of_structure(actor.structure_id, today)]
    others = [one for one in colleagues if one[0] != str(actor.user_id)]
    return {
        "contact": (gettext("Dernier contact"), [(code, str(_SEEN[code])) for code in SEEN]),
        "demande": (gettext("Demandes"), [(one.code, str(one.label)) for one in panels.person_filters]),
        "interlocuteur": (
            gettext("Interlocuteur"),
            [(ME, gettext("Moi")), (NOBODY, gettext("Personne, ou quelqu’un qui est parti")), *others],
        ),
        "commune": (gettext("Commune"), sorted(named, key=lambda one: one[1])),
        "age": (gettext("Âge"), [(one.value, str(one.label)) for one in AgeStatus]),
        "suivi": (gettext("Suivi"), [(code, str(words)) for code, words in _KINDS.items()]),
    }


_SEEN = {
    "semaine": _("Vu dans les 7 jours"),
    "mois": _("Vu dans le mois"),
    "sans_6_mois": _("Pas vu depuis 6 mois"),
    "sans_12_mois": _("Pas vu depuis 12 mois"),
}
_KINDS: dict[str, str] = {
    FollowUpKind.REFERENT.value: _("Structure référente"),
    FollowUpKind.OTHER.value: _("Suivi partagé"),
    BY_REFERRAL: _("Par une orientation seulement"),
}
ORDER_WORDS: dict[Order, str] = {
    "contact": _("vu le plus récemment"),
    "ancien": _("vu le moins récemment"),
    "nom": _("nom, de A à Z"),
    "nom_z": _("nom, de Z à A"),
    "naissance": _("du plus âgé au plus jeune"),
    "jeune": _("du plus jeune au plus âgé"),
}


def worded(asked: Asked, offered: dict[str, tuple[str, Choices]]) -> list[str]:
    """The criteria in words, as they are printed and kept."""
    words = []
    for name, (label, listed) in offered.items():
        if name in asked.codes:
            chosen = dict(listed).get(asked.codes[name]) or _no_longer(name, asked.codes[name])
            words.append(gettext("%(label)s : %(chosen)s", label=label, chosen=chosen))
    return [*words, gettext("Ordre : %(order)s", order=str(ORDER_WORDS[asked.order]))]


class ViewForm(Form):
    """The name of a list that one keeps."""

    name = TextField(
        _("Nom de cette liste"),
        [Needed(_("Donnez un nom à cette liste, par exemple : à rappeler."))],
        max_length=LONGEST,
    )
    is_default = BooleanField(_("L’ouvrir d’abord quand je vais sur « Personnes »"))


__all__ = ["KEYS", "ORDERS", "ORDER_WORDS", "Asked", "ViewForm", "choices", "read_asked", "worded"]
