"""Classes of values, with breaks that can be read, and their words for the legend.

A value of zero and a hidden one (None) belong to no class: on a map they look the same (indicators.md, Publication).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor, log10

from app.kernel.i18n import gettext as _
from app.territory.maps.words import number

MOST_CLASSES = 5
_ROUND = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


@dataclass(frozen=True, slots=True)
class Classes:
    """Lower bounds of each class, in order, and the words of each. A value under the first bound belongs to none."""

    title: str
    bounds: tuple[float, ...]
    labels: tuple[str, ...]

    def of(self, value: float | None) -> int | None:
        """The class of a value, from 0; None for nothing, zero and hidden."""
        if value is None or not self.bounds or value < self.bounds[0]:
            return None
        return bisect_right(self.bounds, value) - 1

    def tone(self, rank: int) -> int:
        """The tone of a class, 0 (light) to 4: two classes are far apart, one alone is in the middle."""
        most = len(self.bounds) - 1
        return round(rank * (MOST_CLASSES - 1) / most) if most else (MOST_CLASSES - 1) // 2


def of_counts(title: str, values: Iterable[float | None], least: int = 1) -> Classes:
    """At most five classes of whole numbers from `least`, holding about as many values each, cut at round numbers.

    Pass `least=11` when smaller counts are hidden. « de 11 à 19 », « 20 et plus ». No class is empty: none without a value.
    """
    found = sorted(value for value in values if value is not None and value >= least)
    if not found:
        return Classes(title, (), ())
    bounds = _whole_bounds(found, least)
    return Classes(title, tuple(map(float, bounds)), tuple(_range_words(bounds, found[-1])))


def of_bounds(title: str, bounds: Sequence[float], labels: Sequence[str]) -> Classes:
    """Classes chosen by whoever draws: lower bounds in order, and as many labels. Raises ValueError when they differ."""
    if len(bounds) != len(labels) or list(bounds) != sorted(bounds):
        raise ValueError("as many labels as bounds, in order")
    return Classes(title, tuple(bounds), tuple(labels))


def _whole_bounds(found: Sequence[float], least: int) -> list[int]:
    bounds = [least]
    for rank in range(1, MOST_CLASSES):
        cut = readable(found[min(len(found) * rank // MOST_CLASSES, len(found) - 1)])
        if cut <= found[-1] and any(bounds[-1] <= value < cut for value in found):
            bounds.append(cut)
    return bounds


def readable(value: float) -> int:
    """The closest whole number among 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 × a power of ten; at least 1."""
    if value < 10:
        return max(1, round(value))
    unit = 10.0 ** floor(log10(value))
    return round(min(_ROUND, key=lambda step: abs(step * unit - value)) * unit)


def _range_words(bounds: Sequence[int], most: float) -> list[str]:
    words = [_between(low, high - 1) for low, high in pairwise(bounds)]
    last: Callable[[int], str] = _alone if most <= bounds[-1] else _or_more
    return [*words, last(bounds[-1])]


def _between(low: int, high: int) -> str:
    return _alone(low) if low >= high else _("de %(low)s à %(high)s", low=number(low), high=number(high))


def _alone(value: int) -> str:
    return number(value)


def _or_more(value: int) -> str:
    return _("%(value)s et plus", value=number(value))
