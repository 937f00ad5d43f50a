"""What may be published without telling anything about fewer than k people, nor fewer than three advisers. Pure.

Everything published is a cell of one grid: period, area, indicator, breakdown, category (indicators.md, « Publication »).
Zero is told; between 1 and k - 1 people nothing is, and what a subtraction would give back is hidden with it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from app.pilotage.secrecy.bounds import UNDER, recovered

LEAST_K = 5
FEWEST_AUTHORS = 3
GROUP = "groupe:"
_ROUNDS = 40


class Key(NamedTuple):
    """Where a cell is. `breakdown` and `category` are empty for the whole."""

    period: str
    area: str
    indicator: str
    breakdown: str = ""
    category: str = ""


@dataclass(frozen=True)
class Cell:
    """A published cell. `value` None: hidden. `members`: the categories that a group tells together."""

    key: Key
    value: int | None
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Count:
    """A count and the people it is about."""

    value: int
    subjects: frozenset[Hashable]


NOTHING = Count(0, frozenset())


@dataclass(frozen=True)
class Part:
    """One category of a breakdown: a count per indicator, the advisers behind them, and the group it may join."""

    code: str
    counts: Mapping[str, Count]
    authors: frozenset[Hashable]
    group: str = ""

    @property
    def size(self) -> int:
        return sum(count.value for count in self.counts.values())


@dataclass(frozen=True)
class Total:
    """The whole of an indicator."""

    count: Count
    authors: frozenset[Hashable]


@dataclass(frozen=True)
class Counted:
    """Everything counted for a period and an area. The parts of a breakdown sum to the totals of its indicators."""

    totals: Mapping[str, Total]
    breakdowns: Mapping[str, tuple[Part, ...]]


class Recoverable(Exception):
    """Whatever is left out, what was published before and these figures together tell a hidden count."""


def is_bare(count: Count, authors: frozenset[Hashable], k: int) -> bool:
    """Something is counted, about too few people or by too few advisers."""
    return count.value > 0 and (len(count.subjects) < k or len(authors) < FEWEST_AUTHORS)


def protect(parts: Sequence[Part], k: int, forced: frozenset[str] = frozenset()) -> tuple[tuple[str, ...], ...] | None:
    """The categories told only together, group by group; None when nothing of the breakdown may be told.

    The small ones (and the `forced`), then the smallest others, until every group holds two categories at least, k people,
    three advisers, and leaves each of its members anywhere from 1 to k - 1. Zeros are always told.
    """
    hidden = [part for part in parts if part.size and (part.code in forced or _is_small(part, k))]
    others = sorted((part for part in parts if part.size and part not in hidden), key=lambda part: -part.size)
    while hidden and not is_covered(hidden, k):
        if not others:
            return None
        hidden.append(others.pop())
    return _groups(hidden, k)


def _is_small(part: Part, k: int) -> bool:
    return any(is_bare(count, part.authors, k) for count in part.counts.values())


def is_covered(parts: Sequence[Part], k: int) -> bool:
    """Their sum may be told without telling one of them."""
    authors = frozenset[Hashable]().union(*(part.authors for part in parts))
    indicators = {name for part in parts for name in part.counts}
    return len(authors) >= FEWEST_AUTHORS and all(_sum_is_safe(parts, name, k) for name in indicators)


def _sum_is_safe(parts: Sequence[Part], indicator: str, k: int) -> bool:
    counts = [part.counts[indicator] for part in parts if part.counts.get(indicator, NOTHING).value]
    if not counts:
        return True
    people = frozenset[Hashable]().union(*(count.subjects for count in counts))
    whole = sum(count.value for count in counts)
    return len(counts) > 1 and len(people) >= k and whole >= k + len(counts) - 2


def _groups(hidden: Sequence[Part], k: int) -> tuple[tuple[str, ...], ...]:
    """One group for each `group` when each can stand alone, else a single one."""
    if not hidden:
        return ()
    named: dict[str, list[Part]] = {}
    for part in hidden:
        named.setdefault(part.group, []).append(part)
    groups = list(named.values()) if all(is_covered(one, k) for one in named.values()) else [list(hidden)]
    return tuple(tuple(sorted(part.code for part in one)) for one in groups)


@dataclass(frozen=True)
class Reserve:
    """What is left out of a publication besides its small counts: categories, and whole breakdowns."""

    forced: frozenset[tuple[str, str]] = frozenset()
    dropped: frozenset[str] = frozenset()


ALL = Reserve()


def cells(counted: Counted, period: str, area: str, k: int, reserve: Reserve = ALL) -> tuple[Cell, ...]:
    """The cells that may be told of these counts, alone."""

    def key(indicator: str, breakdown: str = "", category: str = "") -> Key:
        return Key(period, area, indicator, breakdown, category)

    told = {
        name: None if is_bare(total.count, total.authors, k) else total.count.value
        for name, total in counted.totals.items()
    }
    made = [Cell(key(name), value) for name, value in told.items()]
    for breakdown, parts in counted.breakdowns.items():
        kept = _of_told(parts, told)
        if breakdown not in reserve.dropped and kept:
            forced = frozenset(code for name, code in reserve.forced if name == breakdown)
            groups = protect(kept, k, forced)
            made += _cells_of(kept, breakdown, groups, key)
            made += _under_k(kept, breakdown, k, key) if groups and not forced else ()
    return tuple(made)


def _of_told(parts: Sequence[Part], told: Mapping[str, int | None]) -> list[Part]:
    """The parts, of the indicators whose whole is told and is not zero."""
    kept = {name for name, value in told.items() if value}
    found = [replace(one, counts={name: c for name, c in one.counts.items() if name in kept}) for one in parts]
    return [one for one in found if one.counts]


def _cells_of(
    parts: Sequence[Part],
    breakdown: str,
    groups: tuple[tuple[str, ...], ...] | None,
    key: Callable[[str, str, str], Key],
) -> list[Cell]:
    if groups is None:
        return []
    hidden = {code for group in groups for code in group}
    made = []
    for part in parts:
        for name, count in part.counts.items():
            value = None if part.code in hidden and count.value else count.value
            made.append(Cell(key(name, breakdown, part.code), value))
    for rank, group in enumerate(groups, 1):
        inside = [part for part in parts if part.code in group]
        for name in inside[0].counts:
            whole = sum(part.counts[name].value for part in inside)
            made.append(Cell(key(name, breakdown, f"{GROUP}{rank}"), whole, group))
    return made


def _under_k(parts: Sequence[Part], breakdown: str, k: int, key: Callable[[str, str, str], Key]) -> Iterator[Cell]:
    """Of two categories, the one that is hidden for its own size: under k, and every count from 1 stays possible."""
    if len(parts) != 2 or len(parts[0].counts) != 1:
        return
    (name,) = parts[0].counts
    small, large = sorted(parts, key=lambda part: part.counts[name].value)
    if 0 < small.counts[name].value < k and large.counts[name].value >= 2 * k:
        yield Cell(key(name, breakdown, f"{UNDER}{small.code}"), k)


def settle(counted: Counted, period: str, area: str, k: int, ledger: Sequence[Cell]) -> tuple[Cell, ...]:
    """The cells to publish after everything in the ledger: more is left out until nothing hidden can be recovered.

    Raises Recoverable when even the totals alone would tell too much.
    """
    reserve = Reserve()
    for _round in range(_ROUNDS):
        made = cells(counted, period, area, k, reserve)
        found = recovered(_values([*ledger, *made]), _members([*ledger, *made]), k)
        if not found:
            return made
        more = _reserve_more(reserve, found, made, frozenset(counted.breakdowns))
        if more == reserve:
            raise Recoverable
        reserve = more
    raise Recoverable


def _values(ledger: Iterable[Cell]) -> dict[tuple[str, ...], int | None]:
    return {tuple(cell.key): cell.value for cell in ledger}


def _members(ledger: Iterable[Cell]) -> dict[tuple[str, ...], tuple[str, ...]]:
    return {tuple(cell.key): cell.members for cell in ledger if cell.members}


def _reserve_more(
    reserve: Reserve, found: Iterable[tuple[str, ...]], made: Sequence[Cell], breakdowns: frozenset[str]
) -> Reserve:
    """Hide the same category here, else the whole breakdown, else every breakdown."""
    spots = {(key[3], key[4]) for key in found if key[3]}
    told = {(cell.key.breakdown, cell.key.category) for cell in made if cell.value and cell.key.breakdown}
    forced = reserve.forced | frozenset(spot for spot in spots if spot in told)
    if forced != reserve.forced:
        return replace(reserve, forced=forced)
    dropped = reserve.dropped | frozenset(name for name, _code in spots if name in breakdowns)
    if dropped != reserve.dropped:
        return replace(reserve, dropped=dropped)
    return replace(reserve, dropped=breakdowns)
