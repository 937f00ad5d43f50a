"""Bytes from the directory: the file of the national schema, and the list of rows that an import refused."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from app.kernel.i18n import gettext as _
from app.kernel.sheets import guarded
from app.network.enums import label_of
from app.network.models import Place
from app.network.schema import COLUMNS, LeftOut, cells_of, official


class Written(Protocol):
    """Where the rows go: a file, a text in memory, a terminal."""

    def write(self, text: str, /) -> object: ...


def write_places(places: Iterable[Place], out: Written) -> list[LeftOut]:
    """Write a file that schema v1.0.2 accepts: UTF-8, commas, the 32 columns in order. Returns what it would refuse,
    and that was therefore left out.

    A text that a spreadsheet would run as a formula begins with an apostrophe, which our import takes away again.
    """
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    left_out: list[LeftOut] = []
    for place in places:
        cells, refused = official(cells_of(place))
        rows.writerow([guarded(cells[column]) for column in COLUMNS])
        left_out += refused
    return left_out


@dataclass(frozen=True)
class Omitted:
    """A value of a place that stays out of the file, and the column in words."""

    place_id: UUID
    place: str
    column: str
    value: str


def omitted(places: Iterable[Place]) -> tuple[int, list[Omitted]]:
    """How many places the file holds, and every value that the schema would refuse in it."""
    count, found = 0, []
    for count, place in enumerate(places, 1):  # noqa: B007
        _cells, refused = official(cells_of(place))
        found += [Omitted(place.id, place.name, str(label_of(one.column)), one.value) for one in refused]
    return count, found


def write_rejected(rejected: Iterable[dict[str, Any]], out: Written) -> None:
    """The refused rows of an import, for a spreadsheet: line, id, reason."""
    rows = csv.writer(out, delimiter=";")
    rows.writerow([_("Ligne"), _("Identifiant"), _("Raison")])
    for one in rejected:
        rows.writerow([one["line"], guarded(str(one["id"])), guarded(str(one["reason"]))])
