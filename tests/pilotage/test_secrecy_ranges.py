"""The tightest interval that an attacker finds: every hidden count may still be each of 1 to k - 1.

The attacker knows every cell published, as the sum of what it counts (period, place, age), and enumerates every table of
whole numbers that agrees with them: no interval is tighter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.pilotage.secrecy import (
    Cell,
    Count,
    Counted,
    Ground,
    Key,
    Part,
    Recoverable,
    Total,
    is_bare,
    settle_among,
)

PLACES, AGES, QUARTERS, YEAR = ("A", "B", "C"), ("jeune", "vieux"), ("2025-T1", "2025-T2", "2025-T3", "2025-T4"), "2025"
AREAS = {"reseau": frozenset(PLACES), "commune-A": frozenset("A"), "commune-B": frozenset("B")}
ADVISERS = frozenset("abc")
Atom = tuple[str, str, str]
World = dict[Atom, int]


def counted(world: World, period: str, places: Iterable[str]) -> Counted:
    """Needs opened: each is of somebody else, met by three advisers."""
    inside = sorted(places)

    def part(code: str, atoms: Iterable[Atom], group: str = "") -> Part:
        subjects = frozenset((one, rank) for one in atoms for rank in range(world[one]))
        return Part(code, {"needs_opened": Count(len(subjects), subjects)}, ADVISERS, group)

    parts = {age: part(age, [(q, p, age) for q in quarters_of(period) for p in inside]) for age in AGES}
    subjects = frozenset().union(*(one.counts["needs_opened"].subjects for one in parts.values()))
    total = Total(Count(len(subjects), subjects), ADVISERS)
    return Counted({"needs_opened": total}, {"kind": tuple(parts.values())})


def quarters_of(period: str) -> tuple[str, ...]:
    return tuple(one for one in QUARTERS if one.startswith(period))


def atoms_of(cell: Cell) -> tuple[Atom, ...]:
    period, area, _indicator, breakdown, category = cell.key
    ages = (cell.members or (category,)) if breakdown else AGES
    return tuple((q, p, a) for q in quarters_of(period) for p in sorted(AREAS[area]) for a in ages)


def publish(world: World, order: Iterable[tuple[str, str]], k: int) -> tuple[Cell, ...]:
    ledger: tuple[Cell, ...] = ()
    for period, area in order:
        figures = counted(world, period, AREAS[area])
        total = figures.totals["needs_opened"]
        if area == "reseau" or not is_bare(total.count, total.authors, k):
            ground = Ground(period, AREAS, partial(counted, world, period))
            try:
                ledger = (*ledger, *settle_among(figures, (period, area), k, ledger, ground))
            except Recoverable:
                continue
    return ledger


class TooLong(Exception):
    """So many tables were tried."""


class Tables:
    """Every table of whole numbers that agrees with what was published, looked for by depth first."""

    def __init__(self, ledger: Iterable[Cell]) -> None:
        self.rules: list[tuple[tuple[Atom, ...], int, int]] = []
        self.atoms = [(q, p, a) for q in QUARTERS for p in PLACES for a in AGES]
        for cell in ledger:
            if cell.key.category.startswith("moins:"):
                code = cell.key.category.removeprefix("moins:")
                limited = Cell(cell.key._replace(category=code), None)
                self.rules.append((atoms_of(limited), 0, (cell.value or 0) - 1))
            else:
                self.rules.append(
                    (atoms_of(cell), 1 if cell.value is None else cell.value, FAR if cell.value is None else cell.value)
                )

    def has(self, cell: Cell, wanted: int) -> bool | None:
        """One of them gives this cell this count; None when it would take too long to be sure (seldom)."""
        try:
            return self._solved([*self.rules, (atoms_of(cell), wanted, wanted)])
        except TooLong:
            return None

    def _solved(self, rules: list[tuple[tuple[Atom, ...], int, int]]) -> bool:
        bounds = dict.fromkeys(self.atoms, (0, FAR))
        return self._search(rules, bounds, [600])

    def _search(
        self, rules: list[tuple[tuple[Atom, ...], int, int]], bounds: dict[Atom, tuple[int, int]], left: list[int]
    ) -> bool:
        left[0] -= 1
        if left[0] <= 0:
            raise TooLong
        if not tighten(rules, bounds):
            return False
        free = [one for one, (low, high) in bounds.items() if low < high]
        if not free:
            return True
        one = min(free, key=lambda atom: (bounds[atom][1] - bounds[atom][0], atom))
        low, high = bounds[one]
        middle = (low + min(high, low + 30)) // 2
        return any(self._search(rules, {**bounds, one: half}, left) for half in ((low, middle), (middle + 1, high)))


FAR = 150


def tighten(rules: list[tuple[tuple[Atom, ...], int, int]], bounds: dict[Atom, tuple[int, int]]) -> bool:
    """False when no table is left."""
    moved = True
    while moved:
        moved = False
        for atoms, low, high in rules:
            least, most = sum(bounds[one][0] for one in atoms), sum(bounds[one][1] for one in atoms)
            if least > high or most < low:
                return False
            for one in atoms:
                mine = bounds[one]
                new = max(mine[0], low - (most - mine[1])), min(mine[1], high - (least - mine[0]))
                if new[0] > new[1]:
                    return False
                if new != mine:
                    bounds[one], moved = new, True
                    least, most = least + new[0] - mine[0], most + new[1] - mine[1]
    return True


@st.composite
def worlds(draw: st.DrawFn) -> World:
    chance = Random(draw(st.integers(0, 10**6)))
    most = draw(st.sampled_from((6, 12, 25)))
    return {
        (q, p, a): chance.choice((0, chance.randrange(5), chance.randrange(most), most)) if q in QUARTERS[:2] else 0
        for q in QUARTERS
        for p in PLACES
        for a in AGES
    }


# Nobody came in the second half, which was told first.
EMPTY = [(period, "reseau") for period in QUARTERS[2:]]
KEYS = [(period, area) for period in (*QUARTERS[:2], YEAR) for area in AREAS]


def hidden(world: World, ledger: tuple[Cell, ...], k: int) -> Iterator[tuple[Cell, int]]:
    """The hidden cells about 1 to k - 1 people, with the least that they may be known to be."""
    places = {(cell.key.period, cell.key.area, cell.key.category) for cell in ledger if cell.value is None}
    for cell in ledger:
        if cell.value is None and 0 < sum(world[one] for one in atoms_of(cell)) < k:
            known = sum((quarter, *cell.key[1:2], cell.key.category) in places for quarter in QUARTERS)
            yield cell, max(known, 1) if cell.key.period == YEAR else 1


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None, max_examples=12)
@given(worlds(), st.permutations(KEYS), st.sampled_from((5, 11)))
def test_every_hidden_count_keeps_its_whole_range(world: World, order: list[tuple[str, str]], k: int) -> None:
    ledger = publish(world, [*EMPTY, *order], k)
    tables = Tables(ledger)
    for cell, least in hidden(world, ledger, k):
        for value in (least, k - 1):
            assert tables.has(cell, value) is not False, f"{cell.key} is known not to be {value}"


def test_the_attacker_sees_a_count_that_a_year_gives_back() -> None:
    """Without the product’s check: three quarters told, the year told, and the fourth is known."""
    ledger = [Cell(key_of(one, "commune-A"), 30) for one in QUARTERS[:3]]
    last = Cell(key_of(QUARTERS[3], "commune-A"), None)
    tables = Tables([*ledger, last, Cell(key_of(YEAR, "commune-A"), 94)])
    assert tables.has(last, 4)
    assert tables.has(last, 3) is False


def key_of(period: str, area: str) -> Key:
    return Key(period, area, "needs_opened", "kind", "jeune")
