"""Rule 7: a clock on every open state, in the network's opening days. Reminders, then « at risk », then expiry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import count

from app.kernel.opening_days import OpeningDays
from app.needs.enums import Priority
from app.referrals.enums import Side, State

URGENT = frozenset({Priority.P1, Priority.P2})


class Kind(StrEnum):
    """What a clock does. The order is that of one day on which two fall."""

    REMINDER = "reminder"
    AT_RISK = "at_risk"
    EXPIRY = "expiry"


@dataclass(frozen=True)
class Delays:
    """Opening days after which one state reminds, is at risk, expires. `every`: reminders go on at this interval."""

    reminder: int
    at_risk: int | None
    expiry: int | None
    every: int | None = None


@dataclass(frozen=True)
class Clocks:
    """The delays of each open state: a network may set its own. Defaults of rule 7."""

    sent: Delays = Delays(9, 21, 45)
    asked: Delays = Delays(5, None, 20)
    accepted: Delays = Delays(7, 15, 30)
    in_progress: Delays = Delays(30, 60, None, every=15)
    urgent_sent: Delays = Delays(1, 2, 5)
    urgent_accepted: Delays = Delays(1, 2, 5)

    def of(self, state: State, urgency: Priority) -> Delays:
        """The delays of an open state. Raises KeyError on a state that has no clock."""
        if urgency in URGENT and state in {State.SENT, State.ACCEPTED}:
            return self.urgent_sent if state is State.SENT else self.urgent_accepted
        by_state = {
            State.SENT: self.sent,
            State.ASKED: self.asked,
            State.ACCEPTED: self.accepted,
            State.IN_PROGRESS: self.in_progress,
        }
        return by_state[state]


@dataclass(frozen=True, order=True)
class Tick:
    """One thing a clock does, and on which opening day."""

    on: date
    rank: int
    kind: Kind

    @classmethod
    def of(cls, on: date, kind: Kind) -> Tick:
        """The tick of this kind on this day."""
        return cls(on, list(Kind).index(kind), kind)


def ticks(delays: Delays, since: date, days: OpeningDays) -> Iterator[Tick]:
    """What falls due, in order, for a state entered on `since`. Endless when reminders go on."""
    for offset, kind in _offsets(delays):
        yield Tick.of(days.add(since, offset), kind)
        if kind is Kind.EXPIRY:
            return


def _offsets(delays: Delays) -> Iterator[tuple[int, Kind]]:
    """Opening days and kinds, in order; stops at the expiry."""
    fixed = {Kind.AT_RISK: delays.at_risk, Kind.EXPIRY: delays.expiry}
    waiting = sorted((offset, kind) for kind, offset in fixed.items() if offset is not None)
    for reminder in _reminders(delays):
        while waiting and waiting[0][0] < reminder:
            yield waiting.pop(0)
        if delays.expiry is not None and reminder >= delays.expiry:
            break
        yield reminder, Kind.REMINDER
    yield from waiting


def _reminders(delays: Delays) -> Iterator[int]:
    return count(delays.reminder, delays.every) if delays.every else iter((delays.reminder,))


def next_tick(delays: Delays, since: date, days: OpeningDays, after: Tick | date | None = None) -> Tick | None:
    """The first thing due after another (or after a day, on resuming). None only when an expiry was the last."""
    for tick in ticks(delays, since, days):
        done = tick <= after if isinstance(after, Tick) else after is not None and tick.on <= after
        if not done:
            return tick
    return None


def deadline(delays: Delays, since: date, days: OpeningDays) -> date:
    """The day from which a state entered on `since` is no longer waited for: its expiry; where none, « at risk »."""
    last = delays.expiry if delays.expiry is not None else delays.at_risk
    return days.add(since, last if last is not None else delays.reminder)


def resumed(today: date, elapsed: int, days: OpeningDays) -> date:
    """The day from which a clock that had run `elapsed` opening days counts, when it resumes today."""
    return days.add(today, -elapsed) if elapsed else today


def late_side(state: State) -> Side:
    """Who keeps an open referral waiting: the sender when a question was asked, else the recipient."""
    return Side.SENDER if state is State.ASKED else Side.RECIPIENT
