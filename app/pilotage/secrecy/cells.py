"""What may be published without telling anything about fewer than k people, nor fewer than three advisers. Pure.

Everything published is a cell of one grid: period, area, indicator, breakdown, category (indicators.md, « Publication »).
Zero is told; between 1 and k - 1 people nothing is, and what a subtraction would give back is hidden with it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.pilotage.secrecy.grid import (
    FEWEST_AUTHORS,
    GROUP,
    NAMED,
    NOTHING,
    UNDER,
    Cell,
    Counted,
    Key,
    Part,
    is_bare,
)


def protect(
    parts: Sequence[Part], k: int, forced: frozenset[str] = frozenset(), known: frozenset[str] = frozenset()
) -> tuple[tuple[str, ...], ...] | None:
    """The categories told only together, group by group; None when nothing of the breakdown may be told.

    The small ones (and the `forced`), then the smallest others of their group, then of all, until every group holds two
    categories at least, k people, three advisers, and leaves each of its members anywhere from 1 to k - 1. One that is
    `known` from another publication would hide nobody. Zeros are always told.
    """
    hidden = [part for part in parts if part.size and (part.code in forced or _is_small(part, k))]
    others = [part for part in parts if part.size and part not in hidden and part.code not in known]
    others.sort(key=lambda part: -part.size)
    for name in sorted({part.group for part in hidden if part.group}):
        hidden += _companions(name, hidden, others, k)
    others = [part for part in others if part not in hidden]
    while hidden and not is_covered(hidden, k):
        if not others:
            return None
        hidden.append(others.pop())
    return _groups(hidden, k)


def _companions(name: str, hidden: Sequence[Part], others: Sequence[Part], k: int) -> list[Part]:
    """The smallest others of a group that let it stand alone; none when all of them would not."""
    inside = [part for part in hidden if part.group == name]
    left = [part for part in others if part.group == name]
    taken: list[Part] = []
    while left and not is_covered([*inside, *taken], k):
        taken.append(left.pop())
    return taken if is_covered([*inside, *taken], k) else []


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
    """What is left out of a publication besides its small counts: categories, breakdowns, and indicators with all of theirs.

    `known`: categories that another publication tells, and that would hide nothing.
    """

    forced: frozenset[tuple[str, str]] = frozenset()
    dropped: frozenset[str] = frozenset()
    silenced: frozenset[str] = frozenset()
    known: frozenset[tuple[str, str]] = frozenset()

    def forced_in(self, breakdown: str) -> frozenset[str]:
        return frozenset(code for name, code in self.forced if name == breakdown)

    def known_in(self, breakdown: str) -> frozenset[str]:
        return frozenset(code for name, code in self.known if name == breakdown)


ALL = Reserve()


def cells(counted: Counted, period: str, area: str, k: int, reserve: Reserve = ALL) -> tuple[Cell, ...]:
    """The cells that may be told of these counts, alone."""

    def key(indicator: str, breakdown: str = "", category: str = "") -> Key:
        return Key(period, area, indicator, breakdown, category)

    told = {
        name: None if is_bare(total.count, total.authors, k) else total.count.value
        for name, total in counted.totals.items()
        if name != NAMED and name not in reserve.silenced
    }
    made = [Cell(key(name), value) for name, value in told.items()]
    for breakdown, parts in counted.breakdowns.items():
        kept = _of_told(parts, told)
        if breakdown not in reserve.dropped and kept:
            forced = reserve.forced_in(breakdown)
            groups = protect(kept, k, forced, reserve.known_in(breakdown))
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
