"""States, actions and sides, as data. Whatever is not a row of `TABLE` is refused with a named error."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.referrals.enums import ENDED, LIVE, OPENED, Act, Outcome, Side, State

REOPEN_DAYS = 30
OPEN = LIVE | {State.DRAFT}


class Needs(StrEnum):
    """What must come with an act."""

    OPEN_NEED = "open_need"
    CONSENT = "consent"
    COLLEAGUE = "colleague"
    WORDS = "words"
    REASON = "reason"
    CONTACT = "contact"
    OUTCOME = "outcome"
    CAUSE = "cause"
    DEADLINE = "deadline"


class Refused(Exception):
    """The table refuses. `act` is what was tried."""

    def __init__(self, act: Act, state: State | None) -> None:
        super().__init__(f"{act} from {state}")
        self.act = act
        self.state = state


class NotAllowed(Refused):
    """Not in the table for this state, or not for this side."""


class WrongState(NotAllowed):
    """The act exists for this side, but not from this state."""


class WrongSide(NotAllowed):
    """The act exists from this state, but not for this side."""


class TooLate(Refused):
    """The delay in which the act is possible has passed."""


class Missing(Refused):
    """Something that the act needs did not come with it."""

    def __init__(self, act: Act, state: State | None, needs: Needs) -> None:
        super().__init__(act, state)
        self.needs = needs


@dataclass(frozen=True)
class Move:
    """One row of the table. `to` is None when the state stays; `unseen`: only before the recipient's first opening."""

    froms: frozenset[State | None]
    act: Act
    sides: frozenset[Side]
    to: State | None
    needs: Needs | None = None
    unseen: bool = False


def _row(  # noqa: PLR0913
    froms: frozenset[State] | tuple[State | None, ...],
    act: Act,
    sides: tuple[Side, ...],
    to: State | None,
    needs: Needs | None = None,
    unseen: bool = False,
) -> Move:
    return Move(frozenset(froms), act, frozenset(sides), to, needs, unseen)


_THEIRS = (Side.RECIPIENT, Side.PARTNER)
_UNANSWERED = (State.SENT, State.ASKED)

TABLE: tuple[Move, ...] = (
    _row((None,), Act.DRAFT, (Side.SENDER,), State.DRAFT, Needs.OPEN_NEED),
    _row((State.DRAFT,), Act.SEND, (Side.SENDER,), State.SENT, Needs.CONSENT),
    _row((State.DRAFT,), Act.DISCARD, (Side.SENDER,), State.VOID),
    _row((State.SENT,), Act.VOID, (Side.SENDER,), State.VOID, unseen=True),
    _row((State.SENT,), Act.SEE, _THEIRS, None, unseen=True),
    _row((State.SENT,), Act.TAKE, (Side.RECIPIENT,), None),
    _row((State.SENT,), Act.GIVE, (Side.RECIPIENT,), None, Needs.COLLEAGUE),
    _row((State.SENT,), Act.ASK, (Side.RECIPIENT,), State.ASKED, Needs.WORDS),
    _row((State.ASKED,), Act.ANSWER, (Side.SENDER,), State.SENT, Needs.WORDS),
    _row(_UNANSWERED, Act.ACCEPT, _THEIRS, State.ACCEPTED),
    _row(_UNANSWERED, Act.DECLINE, _THEIRS, State.DECLINED, Needs.REASON),
    _row((State.ACCEPTED,), Act.START, _THEIRS, State.IN_PROGRESS, Needs.CONTACT),
    _row(OPENED, Act.GIVE, (Side.RECIPIENT,), None, Needs.COLLEAGUE),
    _row(OPENED, Act.CLOSE, _THEIRS, State.CLOSED, Needs.OUTCOME),
    # Rule 4: what was sent is frozen, later edits are messages; they open with acceptance.
    _row(OPENED, Act.MESSAGE, (Side.SENDER, *_THEIRS), None, Needs.WORDS),
    _row((State.CLOSED,), Act.REOPEN, (Side.RECIPIENT,), State.IN_PROGRESS, Needs.WORDS),
    _row(LIVE, Act.WITHDRAW, (Side.SENDER,), State.WITHDRAWN, Needs.REASON),
    _row(LIVE, Act.NUDGE, (Side.COORDINATOR,), None, Needs.WORDS),
    _row((*_UNANSWERED, State.ACCEPTED), Act.EXPIRE, (Side.CLOCK,), State.EXPIRED, Needs.DEADLINE),
    _row(LIVE, Act.END_BY_EVENT, (Side.CLOCK,), State.WITHDRAWN, Needs.CAUSE),
    _row(tuple(State), Act.MOVE, (Side.CLOCK,), None),
)


def acts_for(state: State | None, seen: bool, side: Side) -> frozenset[Act]:
    """What this side may do from this state; `seen`: the recipient has opened it once."""
    return frozenset(move.act for move in _from(state, seen) if side in move.sides)


def apply(  # noqa: PLR0913
    state: State | None,
    act: Act,
    side: Side,
    *,
    seen: bool = False,
    given: frozenset[Needs] = frozenset(),
    days_since_end: int = 0,
) -> State:
    """The state after the act. Raises WrongState, WrongSide, Missing, TooLate (more than 30 days after the end)."""
    move = _find(state, act, side, seen)
    if act is Act.REOPEN and days_since_end > REOPEN_DAYS:
        raise TooLate(act, state)
    if move.needs is not None and move.needs not in given:
        raise Missing(act, state, move.needs)
    return move.to or state or State.DRAFT


def needs_of(act: Act) -> Needs | None:
    """What must come with this act, or None."""
    return next((move.needs for move in TABLE if move.act is act), None)


def needs_next_action(state: State, outcome: Outcome | None) -> bool:
    """Every ending other than `need_met` and `void` waits for its next action."""
    return state in ENDED and outcome is not Outcome.NEED_MET


def tells_person(state: State, before: State | None = None) -> bool:
    """Rule 8: accepted, declined, expired, closed are told to the person; not a reopening, which the recipient says."""
    return state is not before and state in {State.ACCEPTED, State.DECLINED, State.EXPIRED, State.CLOSED}


def _from(state: State | None, seen: bool) -> Iterator[Move]:
    return (move for move in TABLE if state in move.froms and not (move.unseen and seen))


def _find(state: State | None, act: Act, side: Side, seen: bool) -> Move:
    possible = [move for move in _from(state, seen) if move.act is act]
    if not possible:
        raise WrongState(act, state)
    for move in possible:
        if side in move.sides:
            return move
    raise WrongSide(act, state)
