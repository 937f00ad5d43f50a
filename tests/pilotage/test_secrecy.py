"""Statistical secrecy: what is hidden, what is told together, and an attacker who keeps every publication."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.pilotage.secrecy import (
    LEAST_K,
    Cell,
    Count,
    Counted,
    Key,
    Part,
    Recoverable,
    Total,
    cells,
    protect,
    recovered,
    settle,
)
from config import Settings, WeakSettings

K = 11
AREA = "reseau"
ADVISERS = ("a", "b", "c", "d")


def part(code: str, people: int, *, times: int = 1, advisers: int = 4, group: str = "") -> Part:
    """`people` of this category alone, each counted `times`."""
    subjects = frozenset((code, rank) for rank in range(people))
    counts = {"people": Count(people, subjects), "accompaniments": Count(people * times, subjects)}
    return Part(code, counts, frozenset(ADVISERS[:advisers]), group)


def counted(parts: list[Part], breakdown: str = "commune") -> Counted:
    """The whole of these parts."""
    authors = frozenset().union(*(one.authors for one in parts))
    totals = {}
    for name in ("people", "accompaniments"):
        subjects = frozenset().union(*(one.counts[name].subjects for one in parts))
        totals[name] = Total(Count(sum(one.counts[name].value for one in parts), subjects), authors)
    return Counted(totals, {breakdown: tuple(parts)})


def told(made: tuple[Cell, ...], indicator: str = "people") -> dict[str, int | None]:
    return {cell.key.category: cell.value for cell in made if cell.key.indicator == indicator and cell.key.breakdown}


def test_a_count_under_k_is_told_with_another_and_zero_is_told() -> None:
    found = told(cells(counted([part("A", 40), part("B", 10), part("C", 30), part("D", 0)]), "2026-T1", AREA, K))
    assert found == {"A": 40, "B": None, "C": None, "D": 0, "groupe:1": 40}


def test_k_itself_is_told() -> None:
    assert told(cells(counted([part("A", 40), part("B", 11)]), "2026-T1", AREA, K)) == {"A": 40, "B": 11}


def test_two_small_ones_that_make_k_together_take_nobody_else() -> None:
    found = told(cells(counted([part("A", 40), part("B", 6), part("C", 5)]), "2026-T1", AREA, K))
    assert found == {"A": 40, "B": None, "C": None, "groupe:1": 11}


def test_two_small_ones_that_do_not_make_k_take_a_third() -> None:
    found = told(cells(counted([part("A", 40), part("B", 3), part("C", 5), part("E", 12)]), "2026-T1", AREA, K))
    assert found == {"A": 40, "B": None, "C": None, "E": None, "groupe:1": 20}


def test_a_whole_under_k_is_hidden_and_nothing_of_it_is_shared_out() -> None:
    made = cells(counted([part("A", 4), part("B", 5)]), "2026-T1", AREA, K)
    assert {cell.value for cell in made} == {None}
    assert {cell.key.breakdown for cell in made} == {""}


def test_a_whole_that_cannot_hide_its_parts_is_told_alone() -> None:
    made = cells(counted([part(code, 3) for code in "ABCD"]), "2026-T1", AREA, K)
    assert [(cell.key.indicator, cell.value) for cell in made] == [("people", 12), ("accompaniments", 12)]


def test_two_advisers_are_not_described() -> None:
    found = told(cells(counted([part("A", 40), part("B", 60, advisers=2), part("C", 30)]), "2026-T1", AREA, K))
    assert found == {"A": 40, "B": None, "C": None, "groupe:1": 90}


def test_a_whole_made_by_two_advisers_is_hidden() -> None:
    made = cells(counted([part("A", 40, advisers=2)]), "2026-T1", AREA, K)
    assert [cell.value for cell in made] == [None, None]


def test_groups_follow_the_intercommunality_when_each_can_stand_alone() -> None:
    groups = protect([part("A", 40), part("B", 6, group="x"), part("C", 6, group="x"), part("D", 6), part("E", 7)], K)
    assert groups == (("D", "E"), ("B", "C")) or groups == (("B", "C"), ("D", "E"))
    assert protect([part("A", 40), part("B", 6, group="x"), part("C", 6, group="x"), part("D", 6)], K) == (
        ("B", "C", "D"),
    )


def test_needs_of_the_same_few_people_are_about_those_people() -> None:
    """Twelve needs of four people are about four people."""
    four = frozenset(range(4))
    parts = [
        Part("x", {"needs_opened": Count(6, four)}, frozenset(ADVISERS)),
        Part("y", {"needs_opened": Count(6, four)}, frozenset(ADVISERS)),
    ]
    assert protect(parts, K) is None


def test_the_threshold_is_a_setting_of_five_at_least() -> None:
    base = {"env": "test", "secret_key": "x", "database_url": "sqlite://"}
    assert Settings(**base).check().secrecy_k == K  # type: ignore[arg-type]
    assert Settings(**base, secrecy_k=LEAST_K).check().secrecy_k == LEAST_K  # type: ignore[arg-type]
    with pytest.raises(WeakSettings, match="MAILLAGE_SECRECY_K"):
        Settings(**base, secrecy_k=LEAST_K - 1).check()  # type: ignore[arg-type]


# ------------------------------------------------------------------- several publications


def test_a_year_does_not_give_back_the_quarter_that_was_hidden() -> None:
    """Commune B is hidden in one quarter only; its year and its three other quarters would tell it."""
    ledger: list[Cell] = []
    for quarter, small in enumerate((20, 3, 25, 30), 1):
        parts = [part("A", 40), part("B", small), part("C", 33), part("D", 28)]
        ledger += settle(counted(parts), f"2025-T{quarter}", AREA, K, ledger)
    year = counted([part("A", 160), part("B", 78), part("C", 132), part("D", 112)])
    alone = cells(year, "2025", AREA, K)
    values, members = _views([*ledger, *alone])
    assert ("2025-T2", AREA, "accompaniments", "commune", "B") in recovered(values, members, K)
    settled = settle(year, "2025", AREA, K, ledger)
    values, members = _views([*ledger, *settled])
    assert recovered(values, members, K) == []
    assert {cell.key.category: cell.value for cell in settled if not cell.key.breakdown} == {"": 482}


def test_a_nested_sum_is_subtracted() -> None:
    """A + B is told, A + B + C is told by the whole: C is recovered although none of the three is."""
    head = ("2026-T1", AREA, "people")
    values: dict[tuple[str, ...], int | None] = {
        (*head, "", ""): 60,
        (*head, "commune", "A"): None,
        (*head, "commune", "B"): None,
        (*head, "commune", "C"): None,
        (*head, "commune", "D"): 30,
        (*head, "commune", "groupe:1"): 26,
    }
    found = recovered(values, {(*head, "commune", "groupe:1"): ("A", "B")}, K)
    assert found == [(*head, "commune", "C")]


def test_publication_is_refused_when_the_totals_alone_tell_too_much() -> None:
    """Three quarters of new people are told, the fourth hidden; the year would give it back whatever is left out."""
    ledger = [Cell(Key(f"2025-T{q}", AREA, "needs_opened"), None if q == 4 else 50) for q in range(1, 5)]
    subjects = frozenset(range(160))
    year = Counted({"needs_opened": Total(Count(154, subjects), frozenset(ADVISERS))}, {})
    with pytest.raises(Recoverable):
        settle(year, "2025", AREA, K, ledger)


# ------------------------------------------------------------------- properties

sizes = st.lists(st.integers(0, 40), min_size=1, max_size=9)
times = st.integers(1, 3)


@given(sizes, times, st.integers(5, 15), st.lists(st.integers(1, 4), min_size=9, max_size=9))
def test_an_attacker_never_recovers_a_small_count(
    people: list[int], repeated: int, k: int, advisers: list[int]
) -> None:
    parts = [
        part(chr(65 + rank), size, times=repeated, advisers=advisers[rank], group="xy"[rank % 2])
        for rank, size in enumerate(people)
    ]
    made = cells(counted(parts), "2026-T1", AREA, k)
    _assert_nothing_told(Attacker(made), {one.code: one for one in parts}, k)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(st.lists(st.lists(st.integers(0, 25), min_size=4, max_size=4), min_size=4, max_size=4))
def test_an_attacker_who_kept_the_quarters_learns_nothing_from_the_year(quarters: list[list[int]]) -> None:
    ledger: list[Cell] = []
    for number, people in enumerate(quarters, 1):
        parts = [part(code, size) for code, size in zip("ABCD", people, strict=True)]
        ledger += settle(counted(parts), f"2025-T{number}", AREA, K, ledger)
    sums = [sum(column) for column in zip(*quarters, strict=True)]
    try:
        ledger += settle(counted([part(c, s) for c, s in zip("ABCD", sums, strict=True)]), "2025", AREA, K, ledger)
    except Recoverable:
        assume(False)
    attacker = Attacker(tuple(ledger))
    for number, people in enumerate(quarters, 1):
        for code, size in zip("ABCD", people, strict=True):
            if 1 <= size < K:
                low, high = attacker.of(f"2025-T{number}", "accompaniments", code)
                assert low <= size <= high
                assert low < high, f"{code} of quarter {number} is told: {size}"


@settings(deadline=None, max_examples=80)
@given(st.lists(st.integers(0, 8), min_size=2, max_size=4))
def test_every_small_count_stays_possible(people: list[int]) -> None:
    """Brute force, k = 5: all tables that agree with what was told leave every hidden cell every value from 1 to k - 1."""
    k = 5
    parts = [part(chr(65 + rank), size) for rank, size in enumerate(people)]
    made = cells(counted(parts), "2026-T1", AREA, k)
    whole = next(cell.value for cell in made if not cell.key.breakdown and cell.key.indicator == "people")
    shown = told(made)
    if whole is None or not shown:
        return
    free = [code for code in shown if shown[code] is None]
    rest = whole - sum(value or 0 for code, value in shown.items() if not code.startswith("groupe"))
    agreeing = [guess for guess in product(range(1, rest + 1), repeat=len(free)) if sum(guess) == rest]
    for rank in range(len(free)):
        assert set(range(1, k)) <= {guess[rank] for guess in agreeing}


class Attacker:
    """Somebody with every publication and patience: bounds on each number, tightened by each sum they know of.

    Written from the publications alone, apart from the product's own check.
    """

    def __init__(self, published: tuple[Cell, ...]) -> None:
        self.low: dict[tuple[str, str, str], int] = {}
        self.high: dict[tuple[str, str, str], int] = {}
        self.sums: list[tuple[list[tuple[str, str, str]], int]] = []
        tables: dict[tuple[str, str], list[Cell]] = {}
        for cell in published:
            tables.setdefault((cell.key.period, cell.key.indicator), []).append(cell)
        for (period, indicator), found in tables.items():
            self._read(period, indicator, found)
        self._years(tables)
        for _turn in range(40):
            for spots, whole in self.sums:
                self._tighten(spots, whole)

    def of(self, period: str, indicator: str, code: str) -> tuple[int, int]:
        spot = (period, indicator, code)
        return self.low.get(spot, 0), self.high.get(spot, 10**6)

    def _read(self, period: str, indicator: str, found: list[Cell]) -> None:
        whole = next((cell.value for cell in found if not cell.key.breakdown), None)
        limits = [cell for cell in found if cell.key.category.startswith("moins:")]
        parts = [cell for cell in found if cell.key.breakdown and not cell.members and cell not in limits]
        for cell in parts:
            spot = (period, indicator, cell.key.category)
            self.low[spot] = 1 if cell.value is None else cell.value
            self.high[spot] = 10**6 if cell.value is None else cell.value
        if whole is not None and parts:
            self.sums.append(([(period, indicator, cell.key.category) for cell in parts], whole))
        for cell in limits:
            spot = (period, indicator, cell.key.category.removeprefix("moins:"))
            self.high[spot] = min(self.high[spot], (cell.value or 0) - 1)
        for cell in found:
            if cell.members and cell.value is not None:
                self.sums.append(([(period, indicator, code) for code in cell.members], cell.value))

    def _years(self, tables: dict[tuple[str, str], list[Cell]]) -> None:
        for (period, indicator), found in tables.items():
            if len(period) == 4 and indicator == "accompaniments":
                for cell in found:
                    if cell.key.breakdown and cell.value is not None and not cell.members:
                        spots = [(f"{period}-T{q}", indicator, cell.key.category) for q in range(1, 5)]
                        self.sums.append((spots, cell.value))

    def _tighten(self, spots: list[tuple[str, str, str]], whole: int) -> None:
        for spot in spots:
            others = [other for other in spots if other != spot]
            floor = whole - sum(self.high.get(other, 10**6) for other in others)
            roof = whole - sum(self.low.get(other, 0) for other in others)
            self.low[spot] = max(self.low.get(spot, 0), floor)
            self.high[spot] = min(self.high.get(spot, 10**6), roof)


def _assert_nothing_told(attacker: Attacker, parts: dict[str, Part], k: int) -> None:
    for code, one in parts.items():
        for indicator, count in one.counts.items():
            if 1 <= len(count.subjects) < k:
                low, high = attacker.of("2026-T1", indicator, code)
                assert low <= count.value <= high
                assert low <= 1, f"{indicator} of {code} is at least {low}"
                assert high >= k - 1, f"{indicator} of {code} is at most {high}"


def _views(made: list[Cell]) -> tuple[dict[tuple[str, ...], int | None], dict[tuple[str, ...], tuple[str, ...]]]:
    values = {tuple(cell.key): cell.value for cell in made}
    return values, {tuple(cell.key): cell.members for cell in made if cell.members}


# ------------------------------------------------------------------- « at least », of two categories


def answers(within: int, other: int) -> Counted:
    parts = []
    for code, size in (("within", within), ("other", other)):
        subjects = frozenset((code, rank) for rank in range(size))
        parts.append(Part(code, {"referrals_sent": Count(size, subjects)}, frozenset(ADVISERS)))
    subjects = frozenset().union(*(one.counts["referrals_sent"].subjects for one in parts))
    total = Total(Count(within + other, subjects), frozenset(ADVISERS))
    return Counted({"referrals_sent": total}, {"answer": tuple(parts)})


def test_the_small_one_of_two_is_told_under_k_so_that_the_other_is_at_least() -> None:
    made = told(cells(answers(60, 4), "2026-T1", AREA, K), "referrals_sent")
    assert made == {"within": None, "other": None, "groupe:1": 64, "moins:other": K}


def test_nothing_is_told_under_k_when_both_would_be_known_too_well() -> None:
    assert "moins:other" not in told(cells(answers(15, 4), "2026-T1", AREA, K), "referrals_sent")
    assert told(cells(answers(60, 12), "2026-T1", AREA, K), "referrals_sent") == {"within": 60, "other": 12}


@given(st.integers(0, 60), st.integers(0, 60), st.integers(5, 15))
def test_a_limit_leaves_every_small_count_possible(within: int, other: int, k: int) -> None:
    made = cells(answers(within, other), "2026-T1", AREA, k)
    shown = told(made, "referrals_sent")
    whole = next(cell.value for cell in made if not cell.key.breakdown)
    if whole is None or shown.get("other", 0) is not None:
        return
    limit = shown.get("moins:other") or whole
    reverse = shown.get("moins:within") or whole
    possible = {guess for guess in range(1, whole) if guess < limit and whole - guess < reverse}
    for code, value in (("other", other), ("within", within)):
        seen = possible if code == "other" else {whole - guess for guess in possible}
        assert value in seen
        if value < k:
            assert set(range(1, k)) <= seen
    values, members = _views(list(made))
    assert recovered(values, members, k) == []
