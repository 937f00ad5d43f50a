"""A place as a record of the national schema: its cells, what the schema would refuse of them, and what differs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from app.network.schema.columns import (
    COLUMNS,
    LISTS,
    MODEL_FIELDS,
    OFFICIAL_SPELLINGS,
    RESUME_LENGTH,
    in_the_lists_spelling,
)

_PHONE = re.compile(r"\+(33|590|594|262|596|269|687|689|508|681)\d{6,9}")
ELLIPSIS = "…"


class PlaceLike(Protocol):
    """What a stored place and a row read from a file have in common."""

    @property
    def updated_on(self) -> date: ...

    @property
    def details(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class LeftOut:
    """A value that the official schema refuses, in a file that it must accept."""

    id: str
    column: str
    value: str


@dataclass(frozen=True)
class Change:
    """One column whose value changed."""

    column: str
    before: str
    after: str


def cells_of(place: PlaceLike) -> dict[str, str]:
    """The 32 cells, in order; an unknown value is an empty text."""
    return {column: _text(_value(place, column)) for column in COLUMNS}


def _value(place: PlaceLike, column: str) -> Any:
    field = MODEL_FIELDS.get(column)
    return getattr(place, field) if field else place.details.get(column)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "|".join(str(one) for one in value)
    return value.isoformat() if isinstance(value, date) else str(value)


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    """The cells that differ, in the order of the schema."""
    pairs = ((name, before.get(name, ""), after.get(name, "")) for name in COLUMNS)
    return [Change(name, old, new) for name, old, new in pairs if old != new]


def official(cells: Mapping[str, str]) -> tuple[dict[str, str], list[LeftOut]]:
    """The cells that schema v1.0.2 accepts, and what it makes leave out: an unknown value of a closed list, a phone of
    another country, the end of a summary longer than 280 characters."""
    kept = dict(cells)
    kept["telephone"] = cells["telephone"] if phone_fits(cells["telephone"]) else ""
    kept["presentation_resume"] = _shortened(cells["presentation_resume"])
    left_out = [LeftOut(cells["id"], one.column, one.before) for one in changes(cells, kept)]
    for column, known in LISTS.items():
        values = [in_the_lists_spelling(column, one) for one in cells[column].split("|")]
        left_out += [LeftOut(cells["id"], column, one) for one in values if one and one not in known]
        kept[column] = "|".join(OFFICIAL_SPELLINGS.get(one, one) for one in values if one in known)
    return kept, left_out


def phone_fits(e164: str) -> bool:
    """The schema holds French numbers only, overseas included."""
    return _PHONE.fullmatch(e164) is not None


def _shortened(text: str) -> str:
    if len(text) <= RESUME_LENGTH:
        return text
    room = text[: RESUME_LENGTH - 1]
    return (room.rpartition(" ")[0] or room) + ELLIPSIS
