"""Secrecy between areas: the network, its intercommunalities and its communes, published in any order, tell no hidden count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.pilotage.secrecy import (
    COMMUNES,
    NAMED,
    Cell,
    Count,
    Counted,
    Ground,
    Key,
    Part,
    Recoverable,
    Total,
    is_bare,
    recovered,
    settle_among,
)

WEST, EAST = ("A", "B", "C"), ("D", "E")
CODES = (*WEST, *EAST)
OUTSIDE = ("ailleurs", "inconnue")
EVERYWHERE = frozenset({*CODES, *OUTSIDE})
AREAS = {
    "reseau": EVERYWHERE,
    "epci-1": frozenset(WEST),
    "epci-2": frozenset(EAST),
    **{f"commune-{code}": frozenset({code}) for code in CODES},
}
QUARTERS = ("2025-T1", "2025-T2", "2025-T3", "2025-T4")
AGES = ("jeune", "adulte", "vieux")
ADVISERS = "abcde"


@dataclass(frozen=True)
class Fact:
    """One person (or nameless visit) of a quarter: where they live, how often they came, whether they asked something."""

    quarter: str
    place: str
    who: str
    age: str
    adviser: str
    times: int
    nameless: bool = False
    needs: int = 0


Facts = tuple[Fact, ...]


def quarters_of(period: str) -> tuple[str, ...]:
    return tuple(one for one in QUARTERS if one.startswith(period))


def of(facts: Iterable[Fact], period: str, places: Iterable[str]) -> list[Fact]:
    inside = frozenset(places)
    return [one for one in facts if one.quarter in quarters_of(period) and one.place in inside]


def measured(facts: Iterable[Fact], indicator: str) -> Total:
    """People once, the rest as often as it happened."""
    kept = {
        "people": [(one, 1) for one in facts if not one.nameless],
        "accompaniments": [(one, one.times) for one in facts],
        "anonymous": [(one, one.times) for one in facts if one.nameless],
        NAMED: [(one, one.times) for one in facts if not one.nameless],
        "needs_opened": [(one, one.needs) for one in facts if one.needs],
    }[indicator]
    people = frozenset(one.who for one, _times in kept)
    value = len(people) if indicator == "people" else sum(times for _one, times in kept)
    return Total(Count(value, people), frozenset(one.adviser for one, _times in kept))


def counted(facts: Facts, period: str, places: frozenset[str]) -> Counted:
    """What a summary counts, written again from the facts."""
    found = of(facts, period, places)
    totals = {name: measured(found, name) for name in ("people", "accompaniments", "anonymous", NAMED, "needs_opened")}
    listed = [code for code in (*CODES, *OUTSIDE) if code in places]
    breakdowns = {
        "age": tuple(part(age, [one for one in found if one.age == age]) for age in AGES),
        "kind": tuple(part(age, [one for one in found if one.age == age], ("needs_opened",)) for age in AGES),
    }
    if len(listed) > 1:
        groups = {**dict.fromkeys(WEST, "1"), **dict.fromkeys(EAST, "2")}
        breakdowns[COMMUNES] = tuple(
            part(code, [one for one in found if one.place == code], group=groups.get(code, "")) for code in listed
        )
    return Counted(totals, breakdowns)


def part(
    code: str, found: list[Fact], indicators: tuple[str, ...] = ("people", "accompaniments"), group: str = ""
) -> Part:
    made = {name: measured(found, name) for name in indicators}
    authors = frozenset().union(*(one.authors for one in made.values()))
    return Part(code, {name: one.count for name, one in made.items()}, authors, group)


def ground_of(facts: Facts, period: str) -> Ground:
    def count(places: frozenset[str]) -> Counted:
        return counted(facts, period, places)

    return Ground(period, AREAS, count)


def publish(facts: Facts, order: Iterable[tuple[str, str]], k: int) -> tuple[Cell, ...]:
    """Publish what may be, one after the other; what is refused is left."""
    ledger: tuple[Cell, ...] = ()
    for period, area in order:
        figures = counted(facts, period, AREAS[area])
        people = figures.totals["people"]
        if area != "reseau" and (not people.count.value or is_bare(people.count, people.authors, k)):
            continue
        ground = ground_of(facts, period)
        try:
            made = settle_among(figures, (period, area), k, ledger, ground)
        except Recoverable:
            continue
        ledger = (*ledger, *made)
    return ledger


# ------------------------------------------------------------------- one by one

T1 = QUARTERS[0]
K = 11


def crowd(place: str, people: int, quarter: str = T1, **what: int) -> Facts:
    """So many people of one place, of every age, met by every adviser."""
    return tuple(
        Fact(
            quarter,
            place,
            f"{place}{one}",
            AGES[one % 3],
            ADVISERS[one % 5],
            what.get("times", 1),
            needs=what.get("needs", 0),
        )
        for one in range(people)
    )


def value(ledger: Iterable[Cell], area: str, indicator: str, period: str = T1) -> int | None:
    """The whole of an indicator; None when hidden or absent."""
    return next((cell.value for cell in ledger if cell.key == Key(period, area, indicator)), None)


def test_the_rest_of_the_network_is_a_cell_that_nobody_publishes() -> None:
    facts = (*crowd("A", 40), *crowd("D", 5))
    told = {tuple(Key(T1, "reseau", "people")): 45, tuple(Key(T1, "commune-A", "people")): 40}
    found = recovered(told, {}, K, ground_of(facts, T1))
    assert ("2025-T1", "reseau~commune-A", "people", "", "") in found
    more = (*crowd("A", 40), *crowd("D", 25))
    told[tuple(Key(T1, "reseau", "people"))] = 65
    assert recovered(told, {}, K, ground_of(more, T1)) == []


def test_a_part_is_refused_when_what_it_leaves_is_too_small_and_not_otherwise() -> None:
    facts = (*crowd("A", 40), *crowd("D", 5))
    assert {cell.key.area for cell in publish(facts, [(T1, "reseau"), (T1, "commune-A")], K)} == {"reseau"}
    assert {cell.key.area for cell in publish(facts, [(T1, "commune-A"), (T1, "reseau")], K)} == {"commune-A"}
    both = publish((*facts, *crowd("ailleurs", 30)), [(T1, "reseau"), (T1, "commune-A")], K)
    assert value(both, "commune-A", "people") == 40


def test_a_rest_of_many_needs_of_a_few_people_is_hidden() -> None:
    """Twenty needs of four people: the number is large, and it is about four people."""
    asking = tuple(Fact(T1, "D", f"D{one}", AGES[one % 3], ADVISERS[one], 1, needs=5) for one in range(4))
    facts = (*crowd("A", 40, needs=1), *crowd("E", 40), *asking)
    made = publish(facts, [(T1, "reseau"), (T1, "commune-A")], K)
    assert value(made, "reseau", "needs_opened") == 60
    assert value(made, "commune-A", "people") == 40
    assert value(made, "commune-A", "needs_opened") is None


def test_nameless_visits_are_not_given_by_the_others() -> None:
    """Forty people came once each, three nameless visits are hidden: forty-three accompaniments would give them back."""
    nameless = tuple(Fact(T1, "A", f"x{one}", AGES[one], ADVISERS[one], 1, nameless=True) for one in range(3))
    made = publish((*crowd("A", 40), *crowd("E", 40), *nameless), [(T1, "commune-A")], K)
    assert value(made, "commune-A", "people") == 40
    assert value(made, "commune-A", "anonymous") is None
    assert value(made, "commune-A", "accompaniments") is None


def test_the_sum_of_the_communes_is_their_intercommunality() -> None:
    facts = (*crowd("A", 40), *crowd("B", 30), *crowd("C", 25), *crowd("D", 20), *crowd("ailleurs", 20))
    order = [(T1, area) for area in ("commune-A", "commune-B", "commune-C", "epci-1", "reseau")]
    made = publish(facts, order, K)
    assert sum(value(made, f"commune-{code}", "people") or 0 for code in WEST) == value(made, "epci-1", "people") == 95
    assert value(made, "reseau", "people") == 135


def test_two_counts_of_one_commune_are_not_both_told() -> None:
    """The network said 40, the commune would say 38: the two together tell of two people."""
    told = {tuple(Key(T1, "reseau", "people", COMMUNES, "A")): 40, tuple(Key(T1, "commune-A", "people")): 38}
    assert recovered(told, {}, K, ground_of((), T1)) == [("2025-T1", "reseau", "people", COMMUNES, "A")]


# ------------------------------------------------------------------- the attacker

Atom = tuple[str, str, str]
Atoms = frozenset[Atom]
Row = dict[Atom, int]
PRIME = 2**61 - 1


class Attacker:
    """Somebody who keeps every cell of an indicator as the sum of what it counts: (period, place, age).

    They add and subtract whole publications in every way (linear algebra), and know that a hidden cell is not zero.
    Written from the publications alone, apart from the product’s own check.
    """

    def __init__(self, ledger: Iterable[Cell], indicator: str) -> None:
        self.indicator = indicator
        self.sums: list[tuple[Atoms, int]] = []
        self.hidden: list[tuple[Key, Atoms]] = []
        self.limits: list[tuple[Atoms, int]] = []
        for cell in ledger:
            if cell.key.indicator == indicator:
                self._read(cell)
        self.rows = echelon(self.sums)

    def _read(self, cell: Cell) -> None:
        where = self.atoms(cell)
        if cell.key.category.startswith("moins:"):
            self.limits.append((where, (cell.value or 0) - 1))
        elif cell.value is None:
            self.hidden.append((cell.key, where))
        else:
            self.sums.append((where, cell.value))

    def atoms(self, cell: Cell) -> Atoms:
        period, area, _indicator, breakdown, category = cell.key
        codes = cell.members or (category.removeprefix("moins:"),)
        places = frozenset(codes) if breakdown == COMMUNES else AREAS[area]
        ages = codes if breakdown in ("age", "kind") else AGES
        return self.region(period, places, ages)

    def region(self, period: str, places: Iterable[str], ages: Iterable[str] = AGES) -> Atoms:
        """People are counted again in each period; the rest is added from quarter to quarter."""
        when = (period,) if self.indicator == "people" else quarters_of(period)
        return frozenset((one, place, age) for one in when for place in places for age in ages)

    def value(self, wanted: Atoms) -> int | None:
        """What additions and subtractions of publications give for this region; None when they give nothing."""
        left, value = dict.fromkeys(wanted, 1), 0
        for lead, row, whole in self.rows:
            if factor := left.get(lead):
                subtract(left, row, factor)
                value = (value + factor * whole) % PRIME
        return None if left else value

    def most(self, wanted: Atoms) -> int | None:
        """No more than any region around it, less what is known to be in the rest of that region."""
        found = [value for region, value in self.limits if wanted <= region]
        for region, value in self.sums:
            if wanted <= region:
                inside = [(one, least) for one, least in self.at_least() if one <= region and not one & wanted]
                found.append(value - packed(inside))
        return min(found, default=None)

    def at_least(self) -> Iterator[tuple[Atoms, int]]:
        yield from self.sums
        yield from ((region, 1) for _key, region in self.hidden)


def packed(regions: list[tuple[Atoms, int]]) -> int:
    """The most that regions apart from each other hold together, the fullest first."""
    whole, seen = 0, frozenset[Atom]()
    for region, least in sorted(regions, key=lambda one: -one[1]):
        if not region & seen:
            whole, seen = whole + least, seen | region
    return whole


def subtract(left: Row, row: Row, factor: int) -> None:
    for atom, weight in row.items():
        changed = (left.get(atom, 0) - factor * weight) % PRIME
        if changed:
            left[atom] = changed
        else:
            left.pop(atom, None)


def echelon(sums: Iterable[tuple[Atoms, int]]) -> list[tuple[Atom, Row, int]]:
    """The publications as independent rows, each with an atom that no later row holds. Arithmetic modulo a large prime."""
    rows: list[tuple[Atom, Row, int]] = []
    for region, value in sums:
        left, whole = dict.fromkeys(region, 1), value
        for lead, row, row_value in rows:
            if factor := left.get(lead):
                subtract(left, row, factor)
                whole = (whole - factor * row_value) % PRIME
        if left:
            lead = min(left)
            scale = pow(left[lead], -1, PRIME)
            rows.append((lead, {atom: weight * scale % PRIME for atom, weight in left.items()}, whole * scale % PRIME))
        else:
            assert whole == 0, "publications contradict each other"
    return rows


def regions(attacker: Attacker, periods: Iterable[str]) -> Iterator[tuple[str, frozenset[str], tuple[str, ...], Atoms]]:
    """Whatever somebody may be curious about: any set of places, of one age or all, in one period."""
    places = [
        frozenset(some) for size in range(1, len(EVERYWHERE) + 1) for some in combinations(sorted(EVERYWHERE), size)
    ]
    for period in periods:
        for inside in places:
            for ages in ((AGES[0],), (AGES[1],), (AGES[2],), AGES):
                yield period, inside, ages, attacker.region(period, inside, ages)


def assert_nothing_told(facts: Facts, ledger: tuple[Cell, ...], k: int) -> None:
    for indicator in ("people", "accompaniments", "needs_opened", "anonymous"):
        attacker = Attacker(ledger, indicator)
        periods = sorted({cell.key.period for cell in ledger})
        for period, inside, ages, wanted in regions(attacker, periods):
            given_back = attacker.value(wanted)
            if given_back is not None:
                there = [one for one in of(facts, period, inside) if one.age in ages]
                really = measured(there, indicator)
                assert given_back == really.count.value
                bare = given_back > 0 and len(really.count.subjects) < k
                assert not bare, f"{indicator} of {sorted(inside)} {ages} in {period} is told: {given_back}"
        for where, wanted in attacker.hidden:
            really = measured([one for one in facts if is_in(one, where.period, wanted)], indicator)
            most = attacker.most(wanted)
            assert most is None or most >= really.count.value
            if len(really.count.subjects) < k:
                # Never told; over several periods and areas, the range may be narrower than 1 to k - 1.
                assert most is None or most > 1, f"{where} is at most {most}"


def is_in(fact: Fact, period: str, wanted: Atoms) -> bool:
    return any(
        (when, fact.place, fact.age) in wanted for when in (period, fact.quarter)
    ) and fact.quarter in quarters_of(period)


# ------------------------------------------------------------------- histories


@st.composite
def histories(draw: st.DrawFn) -> Facts:
    """Two quarters of people who came to the counters; some places have many, some few, some nobody."""
    chance = Random(draw(st.integers(0, 10**6)))
    most = draw(st.sampled_from((8, 20, 40)))
    found = []
    for place in (*CODES, *OUTSIDE):
        for rank in range(chance.choice((0, chance.randrange(5), most, chance.randrange(most)))):
            nameless = chance.random() < 0.25
            quarters = chance.choice((QUARTERS[:1], QUARTERS[1:2], QUARTERS[:2]))
            age, adviser = (
                chance.choice(AGES[: chance.choice((2, 3))]),
                chance.choice(ADVISERS[: chance.choice((2, 5))]),
            )
            for quarter in quarters[:1] if nameless else quarters:
                times, needs = 1 if nameless else chance.randrange(1, 4), 0 if nameless else chance.choice((0, 0, 1, 2))
                found.append(Fact(quarter, place, f"{place}{rank}", age, adviser, times, nameless, needs))
    return tuple(found)


keys = [(period, area) for period in (*QUARTERS[:2], "2025") for area in AREAS]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=15)
@given(histories(), st.permutations(keys), st.integers(4, len(keys)), st.sampled_from((5, 11)))
def test_whatever_is_published_in_whatever_order_nothing_is_given_back(
    facts: Facts, order: list[tuple[str, str]], many: int, k: int
) -> None:
    assert_nothing_told(facts, publish(facts, order[:many], k), k)
