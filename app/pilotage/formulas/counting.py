"""From rows to counts: who is counted where. Rows are those that the queries read; nothing here knows a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.pilotage.secrecy import Count, Part, Total

NEARER_BY = 10


@dataclass(frozen=True)
class Visit:
    """The accompaniments of one subject with one adviser, of one age band and area, up to `last`."""

    subject: Hashable
    anonymous: bool
    author: Hashable
    age: str
    commune: str
    count: int
    last: date


@dataclass(frozen=True)
class Case:
    """A need, a referral or an assessed person: whose, of which category, by whom."""

    subject: Hashable
    author: Hashable
    category: str = ""


Teams = Mapping[Hashable, frozenset[Hashable]]
ALONE: Teams = {}


def total(cases: Sequence[Case], teams: Teams = ALONE) -> Total:
    """How many cases, about whom, by whom. An author that has a team (a structure) stands for its members."""
    subjects = frozenset(case.subject for case in cases)
    authors = {case.author for case in cases}
    people = frozenset[Hashable]().union(*(teams.get(one, frozenset({one})) for one in authors))
    return Total(Count(len(cases), subjects), people)


def parts(cases: Iterable[Case], indicator: str, categories: Iterable[str], teams: Teams = ALONE) -> tuple[Part, ...]:
    """One part per category, in this order, empty ones included."""
    found: dict[str, list[Case]] = {code: [] for code in categories}
    for case in cases:
        found.setdefault(case.category, []).append(case)
    whole = {code: total(kept, teams) for code, kept in found.items()}
    return tuple(Part(code, {indicator: one.count}, one.authors) for code, one in whole.items())


def people(visits: Sequence[Visit]) -> Total:
    """Distinct registered people."""
    known = [visit for visit in visits if not visit.anonymous]
    subjects = frozenset(visit.subject for visit in known)
    return Total(Count(len(subjects), subjects), frozenset(visit.author for visit in known))


def accompaniments(visits: Sequence[Visit], *, anonymous: bool | None = None) -> Total:
    """Accompaniments, of everybody or of those without a name."""
    kept = [visit for visit in visits if anonymous is None or visit.anonymous is anonymous]
    subjects = frozenset(visit.subject for visit in kept)
    return Total(Count(sum(visit.count for visit in kept), subjects), frozenset(visit.author for visit in kept))


def newcomers(visits: Sequence[Visit], first_days: Mapping[Hashable, date], since: date) -> tuple[Part, ...]:
    """Registered people by whether their first accompaniment ever is in the period."""
    known = [visit for visit in visits if not visit.anonymous]

    def category(visit: Visit) -> str:
        return "new" if first_days[visit.subject] >= since else "known"

    return _shared_out(known, category, ("new", "known"), ("people",), {})


def spread(
    visits: Sequence[Visit],
    value: Callable[[Visit], str],
    categories: Iterable[str],
    groups: Mapping[str, str],
) -> tuple[Part, ...]:
    """People and accompaniments by a property of the subject: the one of their last accompaniment of the period."""
    latest = last_values(visits, value)
    return _shared_out(visits, lambda visit: latest[visit.subject], categories, ("people", "accompaniments"), groups)


def last_values(visits: Iterable[Visit], value: Callable[[Visit], str]) -> dict[Hashable, str]:
    """A property of each subject: the one of their last accompaniment; of two on one day, the last in order of code."""
    latest: dict[Hashable, tuple[date, str]] = {}
    for visit in visits:
        latest[visit.subject] = max((visit.last, value(visit)), latest.get(visit.subject, (date.min, "")))
    return {subject: found for subject, (_day, found) in latest.items()}


def _shared_out(
    visits: Sequence[Visit],
    category: Callable[[Visit], str],
    categories: Iterable[str],
    indicators: tuple[str, ...],
    groups: Mapping[str, str],
) -> tuple[Part, ...]:
    found: dict[str, list[Visit]] = defaultdict(list, {code: [] for code in categories})
    for visit in visits:
        found[category(visit)].append(visit)
    counted = {"people": people, "accompaniments": accompaniments}
    made = []
    for code, kept in found.items():
        counts = {name: counted[name](kept).count for name in indicators}
        made.append(Part(code, counts, frozenset(visit.author for visit in kept), groups.get(code, "")))
    return tuple(made)


def nearer(first: int, last: int) -> str:
    """« nearer » when the distance index fell by 10 points or more, else « other »."""
    return "nearer" if first - last >= NEARER_BY else "other"
