"""How alike two records are, from 0 to 100, and why, in words.

A first name that differs can only be somebody else of the family (twins share all the rest), and so can a birth year
that differs (father and son share name and telephone): neither is ever proposed as the same person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from app.kernel.i18n import lazy_gettext as _
from app.kernel.labels import Labelled
from app.people.names import normalise, phonetic
from app.people.names.words import digits_of

FIRST, LAST, YEAR, PHONE, COMMUNE = 30, 30, 20, 15, 5
# From `STRONG`, the referent structure of another record is told; from `LISTED`, the pair is in the work list.
STRONG, LISTED = 75, 55
SOMEBODY_ELSE = 30
OTHER_YEAR, OTHER_LAST, NEXT_YEAR, OTHER_GENDER = -35, -5, -5, -26
EXACT, SOUND, CLOSE, PART = 1.0, 0.95, 0.8, 0.7
SHORTEST_TYPO = 5


class Reason(Labelled):
    """Why two records look alike, or do not."""

    SAME_NAME = "same_name", _("Même prénom et même nom")
    SAME_FIRST = "same_first", _("Même prénom")
    SAME_LAST = "same_last", _("Même nom de famille")
    SOUNDS = "sounds", _("Noms qui se prononcent de la même façon")
    CLOSE_NAME = "close_name", _("Noms presque identiques, à une lettre près")
    PART_OF_NAME = "part_of_name", _("L’un des noms contient l’autre")
    INVERTED = "inverted", _("Prénom et nom inversés")
    SAME_PHONE = "same_phone", _("Même téléphone")
    SAME_YEAR = "same_year", _("Même année de naissance")
    SAME_COMMUNE = "same_commune", _("Même commune")
    OTHER_FIRST = "other_first", _("Prénoms différents")
    OTHER_LAST = "other_last", _("Noms de famille différents")
    OTHER_YEAR = "other_year", _("Années de naissance différentes")
    OTHER_GENDER = "other_gender", _("Genres différents")


@dataclass(frozen=True)
class Known:
    """What a record says of somebody; phones in E.164, commune as its Insee code, gender as stored. Empty: not known."""

    first_name: str = ""
    last_name: str = ""
    usual_name: str = ""
    birth_year: int | None = None
    phones: tuple[str, ...] = ()
    commune: str = ""
    gender: str = ""


@dataclass(frozen=True)
class Likeness:
    """The score, and what made it, the strongest first."""

    score: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class _Names:
    """How alike first names are, and last names; None when one of the records does not say. `inverted`: crosswise."""

    first: float | None
    last: float | None
    inverted: bool = False

    @property
    def points(self) -> float:
        return FIRST * (self.first or 0) + LAST * (self.last or 0)


def compare(one: Known, other: Known) -> Likeness:
    """How alike two records are. Symmetric, and never more than a record with itself."""
    names = _names(one, other)
    points = names.points + (OTHER_LAST if names.last == 0 else 0)
    reasons = _reasons_of(names)
    for gained, reason in _facts(one, other):
        points += gained
        reasons.append(reason)
    if names.first == 0:
        points = min(points, SOMEBODY_ELSE)
    return Likeness(max(0, min(100, round(points))), tuple(reasons))


def _names(one: Known, other: Known) -> _Names:
    """First with first and last with last; crosswise when that is better (the two boxes were inverted)."""
    lasts, others = _lasts(one), _lasts(other)
    straight = _Names(_best([one.first_name], [other.first_name]), _best(lasts, others))
    crossed = _Names(_best([one.first_name], others), _best(lasts, [other.first_name]), inverted=True)
    whole = crossed.first and crossed.last and min(crossed.first, crossed.last) >= CLOSE
    return crossed if whole and crossed.points > straight.points else straight


def _lasts(known: Known) -> list[str]:
    return [known.last_name, known.usual_name]


def _best(names: Sequence[str], others: Sequence[str]) -> float | None:
    pairs = [(normalise(name), normalise(other)) for name in names for other in others]
    found = [_alike(name, other) for name, other in pairs if name and other]
    return max(found, default=None)


def _alike(name: str, other: str) -> float:
    if name.replace(" ", "") == other.replace(" ", ""):
        return EXACT
    if _sound(name) and _sound(name) == _sound(other):
        # Daniel and Danielle may be brother and sister.
        return SOUND if name.endswith("e") is other.endswith("e") else PART
    longest, shortest = max(len(name), len(other)), min(len(name), len(other))
    if shortest >= SHORTEST_TYPO and OSA.distance(name, other) <= (1 if longest < 2 * SHORTEST_TYPO else 2):
        return CLOSE
    words, others = set(name.split()), set(other.split())
    return PART if words < others or others < words else 0.0


def _sound(name: str) -> tuple[str, ...]:
    sounds = tuple(phonetic(word) for word in name.split())
    return sounds if all(sounds) else ()


def _reasons_of(names: _Names) -> list[Reason]:
    said = [value for value in (names.first, names.last) if value is not None]
    found = [Reason.OTHER_FIRST] if names.first == 0 else []
    found += [Reason.OTHER_LAST] if names.last == 0 else []
    if found or not said:
        return found
    if len(said) == 1 and said[0] == EXACT:
        return [Reason.SAME_LAST if names.first is None else Reason.SAME_FIRST]
    return [*([Reason.INVERTED] if names.inverted else []), _WORST[min(said)]]


_WORST = {EXACT: Reason.SAME_NAME, SOUND: Reason.SOUNDS, CLOSE: Reason.CLOSE_NAME, PART: Reason.PART_OF_NAME}


def _facts(one: Known, other: Known) -> list[tuple[int, Reason]]:
    found: list[tuple[int, Reason]] = []
    if one.birth_year and other.birth_year:
        found.append(_years(abs(one.birth_year - other.birth_year)))
    if {digits_of(phone) for phone in one.phones} & {digits_of(phone) for phone in other.phones} - {""}:
        found.append((PHONE, Reason.SAME_PHONE))
    if one.gender and other.gender and one.gender != other.gender:
        found.append((OTHER_GENDER, Reason.OTHER_GENDER))
    if one.commune and one.commune == other.commune:
        found.append((COMMUNE, Reason.SAME_COMMUNE))
    return found


def _years(apart: int) -> tuple[int, Reason]:
    """One year apart is somebody who gave an age; more is somebody else."""
    if apart == 0:
        return YEAR, Reason.SAME_YEAR
    return NEXT_YEAR if apart == 1 else OTHER_YEAR, Reason.OTHER_YEAR
