"""A summary as it is kept, and what its page is made of. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from app.pilotage.formulas.figures import Figures
from app.pilotage.formulas.places import NETWORK, Place
from app.pilotage.formulas.terms import Term

Labels = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Words:
    """A table in words."""

    caption: str
    columns: list[str]
    rows: list[list[str]]
    note: str = ""


@dataclass(frozen=True)
class Part:
    """A part of the page: an h2, sentences, tables."""

    code: str
    title: str
    sentences: list[str]
    tables: list[Words] = field(default_factory=list)


@dataclass(frozen=True)
class Keyed:
    """A key figure with its definition and its trends."""

    code: str
    label: str
    value: str
    trends: list[str]
    definition: str


@dataclass(frozen=True)
class Mapped:
    """What the map says: the people of each commune, None where nothing may be told."""

    title: str
    description: str
    legend: str
    nothing: str
    values: dict[str, int | None]


@dataclass(frozen=True)
class Page:
    """The whole summary in one language."""

    language: str
    title: str
    lead: list[str]
    keys: list[Keyed]
    not_compared: list[str]
    map: Mapped
    parts: list[Part]
    definitions: list[list[str]]
    notes: list[str]

    def to_document(self) -> dict[str, Any]:
        """What is kept: words and numbers only."""
        return asdict(self)


def from_document(document: Mapping[str, Any]) -> Page:
    """The page that was kept."""
    parts = [
        Part(one["code"], one["title"], one["sentences"], [Words(**table) for table in one["tables"]])
        for one in document["parts"]
    ]
    keys = [Keyed(**one) for one in document["keys"]]
    return Page(**{**document, "parts": parts, "keys": keys, "map": Mapped(**document["map"])})


@dataclass(frozen=True)
class Compared:
    """Another period and its published figures; None when it was not published."""

    term: Term
    figures: Figures | None

    @property
    def when(self) -> str:
        return self.term.with_article


@dataclass(frozen=True)
class Told:
    """Everything a page is made of."""

    term: Term
    figures: Figures
    compared: tuple[Compared, ...]
    labels: Labels
    communes: Sequence[str]
    k: int
    language: str = "fr"
    place: Place = NETWORK
