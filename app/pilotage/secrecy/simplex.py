"""How far each of many sums can go under exact bounds, one question after the other from the last solution. Pure.

The primal simplex with bounded variables, on a sparse tableau: equalities are taken out first, those of fewest terms before
the others; then each variable that is out of its bounds is brought back, the others held. floats are whole, or fractions
where they must be, so that an answer is never a matter of rounding.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Terms = Sequence[tuple[int, int]]
# No count is as large: beyond it, nothing is known.
FAR = 10**9
NOTHING = 1e-6
_ZERO = 1e-9
# So many steps for one question, and the smallest index is taken first, which always ends.
_PATIENCE = 40
_MOST_STEPS = 600
# So many variables are tried for one that moves at all.
_TRIES = 6
_WIDE = 60
# So much work on one tableau: what is not known by then is not.
_MOST_WORK = 1_000_000


class Tableau:
    """Variables between bounds, and others (basic) that are sums of them. `value` satisfies every sum at any time."""

    def __init__(self, bounds: Iterable[tuple[int, int]]) -> None:
        self.low: list[float] = []
        self.high: list[float] = []
        for low, high in bounds:
            self.low.append(low)
            self.high.append(high)
        self.value: list[float] = list(self.low)
        self.rows: dict[int, dict[int, float]] = {}
        self.columns: list[set[int]] = [set() for _one in self.low]
        self.work = 0
        # The lowest and highest value of each variable in any solution met.
        self.least = list(self.value)
        self.most = list(self.value)

    @property
    def is_tired(self) -> bool:
        """It worked so long that no more is known."""
        return self.work > _MOST_WORK

    def add(self, terms: Terms, low: int = -FAR, high: int = FAR) -> int:
        """A new basic variable, the sum of these (variable, factor), between two bounds."""
        made, row = len(self.low), self._spelled(terms)
        self.low.append(low)
        self.high.append(high)
        self.value.append(sum(factor * self.value[variable] for variable, factor in terms))
        self.least.append(self.value[made])
        self.most.append(self.value[made])
        self.columns.append(set())
        self._insert(made, row)
        return made

    def is_given(self, terms: Terms, value: float | None = None) -> bool:
        """The sum of these is the same in every solution (and is this value)."""
        found = sum(factor * self.value[one] for one, factor in terms)
        return not self._spelled(terms) and (value is None or abs(found - value) < NOTHING)

    def _spelled(self, terms: Terms) -> dict[int, float]:
        """A sum, of variables out of the basis."""
        row = dict[int, float]()
        for variable, factor in terms:
            _add(row, self.rows.get(variable, {variable: 1.0}), factor)
        return row

    def solve(self, equal: Iterable[int]) -> list[int]:
        """Make these sums exactly their bound, then bring every other variable between its own; those that cannot be."""
        wrong = self.equal(equal)
        outside = [one for one in self.rows if not self._is_inside(one)]
        bounds = {one: (self.low[one], self.high[one]) for one in outside}
        for one in outside:
            self.low[one], self.high[one] = min(self.low[one], -FAR), FAR
        for one in outside:
            wrong += [] if self._brought(one, *bounds[one]) else [one]
        self.least, self.most = list(self.value), list(self.value)
        return wrong

    def push(self, variable: int, sign: int, target: float) -> bool:
        """Raise (or with -1 lower) a variable until it reaches the target, every other kept between its bounds."""
        for turn in range(0 if self.is_tired else _MOST_STEPS):
            missing = sign * (target - self.value[variable])
            if missing <= NOTHING:
                return True
            if not (self.low[variable] <= target <= self.high[variable]):
                return False
            if not self._step(variable, sign, missing, patient=turn < _PATIENCE):
                return False
        return False

    def _is_inside(self, one: int) -> bool:
        return self.low[one] - NOTHING <= self.value[one] <= self.high[one] + NOTHING

    def equal(self, sums: Iterable[int]) -> list[int]:
        """Make these sums exactly their lowest bound, and take them out; those that contradict the others."""
        wrong, left = [], set(sums)
        while left:
            basic = min(left, key=lambda one: (len(self.rows[one]), one))
            left.discard(basic)
            row = self.rows[basic]
            other = min(row, key=lambda one: (abs(row[one]) != 1, len(self.columns[one]), one), default=None)
            if other is not None:
                self._exchange(basic, other)
                self._move(basic, self.low[basic] - self.value[basic])
                self._forget(basic)
            elif abs(self.value[basic] - self.low[basic]) > NOTHING:
                wrong.append(basic)
        return wrong

    def _brought(self, variable: int, low: float, high: float) -> bool:
        found = self.push(variable, 1, low)
        # What is above its highest goes down; pushed up to a lowest it is past, it did not move.
        if self.value[variable] > high + NOTHING:
            found = self.push(variable, -1, high)
        if found:
            self.low[variable], self.high[variable] = low, high
        return found

    def _step(self, variable: int, sign: int, missing: float, *, patient: bool) -> bool:
        """One variable out of the basis goes as far as it can the right way; False when none can."""
        if variable not in self.rows:
            entering, way, missing_there = variable, sign, missing
            far, blocking = self._reach(entering, way, variable)
        else:
            found = self._entering(variable, sign, patient=patient)
            if found is None:
                return False
            entering, way, far, blocking = found
            missing_there = missing / abs(self.rows[variable][entering])
        if missing_there <= far:
            self._move(entering, way * missing_there)
            return True
        if far > NOTHING:
            self._move(entering, way * far)
            return True
        if blocking is not None:
            self._exchange(blocking, entering)
        return blocking is not None

    def centre(self) -> None:
        """Bring each variable out of the basis halfway between where it can go, so that the next questions have room."""
        for variable, column in enumerate(self.columns):
            if column and variable not in self.rows:
                up, down = self._reach(variable, 1, -1)[0], self._reach(variable, -1, -1)[0]
                self._move(variable, float((min(up, _WIDE) - min(down, _WIDE)) // 2))

    def _entering(self, variable: int, sign: int, *, patient: bool) -> tuple[int, int, float, int | None] | None:
        """The first of few other sums that moves at all; else one that does not, and changes places."""
        row, found = self.rows[variable], []
        self.work += len(row)
        for other, factor in row.items():
            way = sign if factor > 0 else -sign
            room = self.high[other] - self.value[other] if way > 0 else self.value[other] - self.low[other]
            if room > NOTHING:
                score = (abs(factor) != 1, len(self.columns[other]), other) if patient else (False, 0, other)
                found.append((score, other, way))
        found.sort()
        still = None
        for _score, other, way in found[: _TRIES if patient else 1]:
            far, blocking = self._reach(other, way, variable)
            if far > NOTHING:
                return other, way, far, blocking
            still = still or (other, way, far, blocking)
        return still

    def _reach(self, entering: int, way: int, goal: int) -> tuple[float, int | None]:
        """How far it may go before it, or a sum other than the goal, meets a bound; that sum."""
        value, low, high, rows = self.value, self.low, self.high, self.rows
        far: float = high[entering] - value[entering] if way > 0 else value[entering] - low[entering]
        blocking, best = None, None
        self.work += len(self.columns[entering])
        for basic in self.columns[entering]:
            if basic == goal:
                continue
            rate = rows[basic][entering] * way
            room = high[basic] - value[basic] if rate > 0 else value[basic] - low[basic]
            there = max(room, 0.0) / abs(rate)
            if there < far + _ZERO:
                score = (abs(rate) != 1, len(rows[basic]), basic)
                if there < far - _ZERO or best is None or score < best:
                    far, blocking, best = there, basic, score
        return far, blocking

    def _forget(self, variable: int) -> None:
        """It never moves again: out of every sum."""
        for basic in self.columns[variable]:
            del self.rows[basic][variable]
        self.columns[variable] = set()

    def _move(self, variable: int, by: float) -> None:
        value, rows, least, most = self.value, self.rows, self.least, self.most
        self.work += len(self.columns[variable])
        for basic in (variable, *self.columns[variable]):
            now = value[basic] = value[basic] + (by if basic == variable else rows[basic][variable] * by)
            if now < least[basic]:
                least[basic] = now
            elif now > most[basic]:
                most[basic] = now

    def _exchange(self, basic: int, other: int) -> None:
        """The two change places: the other becomes the sum of what made the first."""
        row = self.rows.pop(basic)
        factor = row.pop(other)
        turned = {variable: -weight / factor for variable, weight in row.items()}
        turned[basic] = 1 / factor
        for variable in row:
            self.columns[variable].discard(basic)
        holding = self.columns[other] - {basic}
        self.columns[other] = set()
        self._insert(other, turned)
        for one in holding:
            self._replace(one, other, turned)

    def _insert(self, basic: int, row: dict[int, float]) -> None:
        self.rows[basic] = row
        for variable in row:
            self.columns[variable].add(basic)

    def _replace(self, one: int, other: int, turned: dict[int, float]) -> None:
        row, columns = self.rows[one], self.columns
        weight = row.pop(other)
        self.work += len(turned)
        for variable, factor in turned.items():
            before = row.get(variable)
            after = weight * factor + (before or 0)
            if abs(after) > _ZERO:
                row[variable] = after
                if before is None:
                    columns[variable].add(one)
            elif before is not None:
                del row[variable]
                columns[variable].discard(one)


def _add(row: dict[int, float], more: dict[int, float], factor: float) -> None:
    for variable, weight in more.items():
        after = row.get(variable, 0) + weight * factor
        if abs(after) > _ZERO:
            row[variable] = after
        else:
            row.pop(variable, None)
