"""The sums that the cells of one area make: a whole and its categories, a group, a year and its quarters. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from app.pilotage.secrecy.areas import Spot, Sum, Values, canonical

# Counted again in each period: the sum of the quarters is not the year’s.
NOT_ADDITIVE = frozenset({"people", "needs_waiting", "travelled"})
ADDITIVE_CATEGORIES = frozenset({"new"})
QUARTERS = ("T1", "T2", "T3", "T4")
_MOST_SUMS = 600
Members = Mapping[Spot, tuple[str, ...]]


def within(values: Values, members: Members, told: Values) -> Iterator[Sum]:
    """The sums inside each area. `values`: cells as published; `told`: the same under their canonical names."""
    for one in _partitions(values, members):
        yield Sum(canonical(one.whole, members), tuple(canonical(part, members) for part in one.parts))
    for spot, codes in members.items():
        parts = tuple(canonical((*spot[:4], code), members) for code in codes)
        yield Sum(canonical(spot, members), parts)
    yield from _years(values, told, members)


def _partitions(values: Values, members: Members) -> Iterator[Sum]:
    tables: dict[Spot, list[Spot]] = {}
    for spot in values:
        if spot[3] and spot not in members:
            tables.setdefault(spot[:4], []).append(spot)
    for head, parts in tables.items():
        yield Sum((*head[:3], "", ""), tuple(parts))


def _years(values: Values, told: Values, members: Members) -> Iterator[Sum]:
    """A year is the sum of its quarters, for what is counted once. A category absent from a published table is zero."""
    tables = {spot[:4] for spot in values if spot[3]}
    groups = {canonical(spot, members) for spot in members}
    rest = {(spot[0][:4], *spot[1:]) for spot in told if spot not in groups}
    for year, *where in sorted(rest):
        spots = [(f"{year}-{quarter}", *where) for quarter in QUARTERS]
        known = [spot for spot in spots if spot in told or spot[:4] not in tables]
        if _is_additive(where[1], where[3]) and any(spot in told for spot in spots):
            yield Sum((year, *where), tuple(known))


def _is_additive(indicator: str, category: str) -> bool:
    return indicator not in NOT_ADDITIVE or category in ADDITIVE_CATEGORIES


def inequalities(told: Values) -> Iterator[tuple[Spot, Spot]]:
    """(smaller, larger): the people of a quarter are among those of the year."""
    for spot in told:
        year = (spot[0][:4], *spot[1:])
        if spot[0] != year[0] and year in told and spot[2] == "people":
            yield spot, year


def known_sums(told: Values, sums: Iterable[Sum]) -> dict[frozenset[Spot], int]:
    """Sets of cells not told whose sum is known, and what is left when one set is inside another (A + B + C, A + B)."""
    known: dict[frozenset[Spot], int] = {}
    for one in sums:
        whole, unknown = told.get(one.whole), frozenset(part for part in one.parts if told.get(part) is None)
        if whole is not None and unknown:
            known.setdefault(unknown, whole - sum(told.get(part) or 0 for part in one.parts))
    fresh = dict(known)
    while fresh and len(known) < _MOST_SUMS:
        nested = ((large, small) for small in known for large in known if small < large)
        fresh = {large - small: known[large] - known[small] for large, small in nested if large - small not in known}
        known |= fresh
    return known
