"""Reading a JSON document while remembering where each value stands."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import NoReturn

from app.assessments.engine.errors import InstrumentError


@dataclass(frozen=True)
class Node:
    """A JSON value and its place, for instance `recommandations.regles[3].si`."""

    value: object
    place: str = ""

    def fail(self, problem: str) -> NoReturn:
        """Refuse the document at this place."""
        raise InstrumentError(self.place or "document", problem)

    def _table(self) -> dict[str, object]:
        if not isinstance(self.value, dict):
            self.fail("un objet est attendu")
        return self.value

    def __contains__(self, key: str) -> bool:
        return key in self._table()

    def __getitem__(self, key: str) -> "Node":
        if key not in self._table():
            self.fail(f"la clé « {key} » manque")
        return self._child(key)

    def _child(self, key: str) -> "Node":
        return Node(self._table()[key], f"{self.place}.{key}" if self.place else key)

    def optional(self, key: str) -> "Node | None":
        """The value under `key`, or None when absent or null."""
        present = self._table().get(key) is not None
        return self._child(key) if present else None

    def entries(self) -> Iterator[tuple[str, "Node"]]:
        """The keys of an object with their values."""
        return ((key, self._child(key)) for key in self._table())

    def each(self) -> list["Node"]:
        """The items of a list, each with its rank in its place."""
        if not isinstance(self.value, list):
            self.fail("une liste est attendue")
        return [Node(item, f"{self.place}[{rank}]") for rank, item in enumerate(self.value)]

    def text(self) -> str:
        """A non-empty string."""
        if not isinstance(self.value, str) or not self.value:
            self.fail("un texte est attendu")
        return self.value

    def integer(self, low: int = 0) -> int:
        """A whole number, at least `low`."""
        if type(self.value) is not int or self.value < low:
            self.fail(f"un entier d’au moins {low} est attendu")
        return self.value

    def ratio(self) -> Fraction:
        """An exact number between 0 and 1 (the file is read with exact decimals)."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | Fraction) or not 0 <= self.value <= 1:
            self.fail("un nombre entre 0 et 1 est attendu")
        return Fraction(self.value)

    def flag(self) -> bool:
        """A boolean."""
        if not isinstance(self.value, bool):
            self.fail("un booléen est attendu")
        return self.value

    def among(self, known: Iterable[str], what: str) -> str:
        """A string which must be one of `known`; `what` names the vocabulary in the refusal."""
        text = self.text()
        if text not in known:
            self.fail(f"{what} : « {text} » est inconnu")
        return text

    def all_among(self, known: Iterable[str], what: str) -> tuple[str, ...]:
        """A non-empty list of distinct strings, all of `known`."""
        vocabulary = frozenset(known)
        found = tuple(item.among(vocabulary, what) for item in self.each())
        if not found or len(set(found)) < len(found):
            self.fail(f"{what} : liste vide ou valeur répétée")
        return found

    def texts(self) -> tuple[str, ...]:
        """A list of non-empty strings."""
        return tuple(item.text() for item in self.each())
