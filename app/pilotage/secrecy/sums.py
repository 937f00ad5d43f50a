"""The sums that the cells of one area make: a whole and its categories, a group, a year and its quarters. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from app.pilotage.secrecy.areas import Spot, Sum, Values, canonical, codes_of, group_of
from app.pilotage.secrecy.grid import GROUP

# Counted again in each period: the sum of the quarters is not the year’s.
NOT_ADDITIVE = frozenset({"people", "needs_waiting", "travelled"})
ADDITIVE_CATEGORIES = frozenset({"new"})
QUARTERS = ("T1", "T2", "T3", "T4")
_MOST_SUMS = 600
Members = Mapping[Spot, tuple[str, ...]]


def within(values: Values, members: Members, told: Values) -> Iterator[Sum]:
    """The sums inside each area. `values`: cells as published; `told`: the same under their canonical names."""
    tables = _tables(values, members)
    for head, parts in tables.items():
        whole = canonical((*head[:3], "", ""), members)
        yield Sum(whole, tuple(canonical(part, members) for part in parts))
    for spot, codes in members.items():
        yield Sum(canonical(spot, members), tuple(canonical((*spot[:4], code), members) for code in codes))
    yield from _together(told, tables)
    yield from _years(values, told)


def _tables(values: Values, members: Members) -> dict[Spot, list[Spot]]:
    """The categories of each published table."""
    tables: dict[Spot, list[Spot]] = {}
    for spot in values:
        if spot[3] and spot not in members:
            tables.setdefault(spot[:4], []).append(spot)
    return tables


def _together(told: Values, tables: Mapping[Spot, Sequence[Spot]]) -> Iterator[Sum]:
    """A group told in one period is the same sum in the others, alone, in a larger one and in the whole."""
    found: dict[Spot, set[frozenset[str]]] = {}
    for spot in told:
        if spot[4].startswith(GROUP):
            found.setdefault(spot[1:4], set()).add(frozenset(codes_of(spot[4])))
    for head in {spot[:4] for spot in told if spot[1:4] in found}:
        whole = frozenset(spot[4] for spot in tables.get(head, ()))
        for group in found[head[1:]]:
            inside = (*head, group_of(group))
            yield Sum(inside, _spots(head, group))
            for larger in found[head[1:]]:
                if group < larger:
                    yield Sum((*head, group_of(larger)), (inside, *_spots(head, larger - group)))
            if group < whole:
                yield Sum((*head[:3], "", ""), (inside, *_spots(head, whole - group)))


def _spots(head: Spot, codes: Iterable[str]) -> tuple[Spot, ...]:
    return tuple((*head, code) for code in sorted(codes))


def _years(values: Values, told: Values) -> Iterator[Sum]:
    """A year is the sum of its quarters, for what is counted once. A category absent from a published table is zero."""
    tables = {spot[:4] for spot in values if spot[3]}
    rest = {(spot[0][:4], *spot[1:]) for spot in told}
    for year, *where in sorted(rest):
        spots = [(f"{year}-{quarter}", *where) for quarter in QUARTERS]
        known = [spot for spot in spots if spot in told or spot[:4] not in tables or spot[4].startswith(GROUP)]
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
