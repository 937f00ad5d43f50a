"""The period of a table and the filters of a map, in the address (no personal data)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar

from app.kernel.i18n import gettext as _
from app.needs.enums import NeedKind
from app.network.enums import StructureKind
from app.pilotage.enums import FlowOrder, Layer
from app.pilotage.queries import Filters, Period

DEFAULT_DAYS = 365


@dataclass(frozen=True)
class PeriodForm:
    """What was typed, the period it means, and the error in words (then the default period is shown)."""

    first: str
    last: str
    period: Period
    error: str = ""

    @property
    def status(self) -> int:
        return 400 if self.error else 200


def read_period(first: str, last: str, today: date, timezone: str) -> PeriodForm:
    """The period asked for; twelve months until today when nothing is."""
    default = Period(today - timedelta(days=DEFAULT_DAYS), today, timezone)
    try:
        start = date.fromisoformat(first) if first else default.first
        end = date.fromisoformat(last) if last else default.last
    except ValueError:
        return PeriodForm(first, last, default, _("Cette date n’existe pas. Exemple : 2026-03-31."))
    if start > end:
        return PeriodForm(first, last, default, _("Le premier jour doit être avant le dernier."))
    return PeriodForm(start.isoformat(), end.isoformat(), Period(start, end, timezone))


def read_order(text: str) -> FlowOrder:
    """How the directions are sorted: the most frequent first when nothing known is asked."""
    return _known(FlowOrder, text) or FlowOrder.SENT


Kind = TypeVar("Kind", bound=StrEnum)


@dataclass(frozen=True)
class MapForm:
    """The period as typed, and the filters that are understood (an unknown one is none)."""

    typed: PeriodForm
    filters: Filters


def read_map(args: Mapping[str, str], today: date, timezone: str) -> MapForm:
    """The map asked for: the flows of twelve months when nothing is."""
    typed = read_period(args.get("du", ""), args.get("au", ""), today, timezone)
    layer = _known(Layer, args.get("couche", "")) or Layer.FLOWS
    structure_kind, need_kind = (
        _known(StructureKind, args.get("structure", "")),
        _known(NeedKind, args.get("besoin", "")),
    )
    return MapForm(typed, Filters(layer, typed.period, structure_kind, need_kind))


def _known(kinds: type[Kind], text: str) -> Kind | None:
    return next((kind for kind in kinds if kind.value == text), None)
