"""The table of the document, written again by hand, against the machine: every state, every act, every side."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.referrals.enums import ENDED, LIVE, Act, Outcome, Side, State
from app.referrals.machine import (
    Missing,
    Needs,
    NotAllowed,
    TooLate,
    WrongSide,
    WrongState,
    acts_for,
    apply,
    needs_next_action,
    needs_of,
    tells_person,
)

SAME = "same"
EVERYTHING = frozenset(Needs)

# from, act: (sides, to). « unseen » rows are below. Copied from the document line by line, not from the code.
DOCUMENT: dict[tuple[str | None, str], tuple[set[str], str]] = {
    (None, "draft"): ({"sender"}, "draft"),
    ("draft", "send"): ({"sender"}, "sent"),
    ("draft", "discard"): ({"sender"}, "void"),
    ("sent", "take"): ({"recipient"}, SAME),
    ("sent", "give"): ({"recipient"}, SAME),
    ("sent", "ask"): ({"recipient"}, "asked"),
    ("asked", "answer"): ({"sender"}, "sent"),
    ("sent", "accept"): ({"recipient", "partner"}, "accepted"),
    ("asked", "accept"): ({"recipient", "partner"}, "accepted"),
    ("sent", "decline"): ({"recipient", "partner"}, "declined"),
    ("asked", "decline"): ({"recipient", "partner"}, "declined"),
    ("accepted", "start"): ({"recipient", "partner"}, "in_progress"),
    ("accepted", "give"): ({"recipient"}, SAME),
    ("in_progress", "give"): ({"recipient"}, SAME),
    ("accepted", "close"): ({"recipient", "partner"}, "closed"),
    ("in_progress", "close"): ({"recipient", "partner"}, "closed"),
    ("closed", "reopen"): ({"recipient"}, "in_progress"),
    ("sent", "withdraw"): ({"sender"}, "withdrawn"),
    ("asked", "withdraw"): ({"sender"}, "withdrawn"),
    ("accepted", "withdraw"): ({"sender"}, "withdrawn"),
    ("in_progress", "withdraw"): ({"sender"}, "withdrawn"),
    ("sent", "nudge"): ({"coordinator"}, SAME),
    ("asked", "nudge"): ({"coordinator"}, SAME),
    ("accepted", "nudge"): ({"coordinator"}, SAME),
    ("in_progress", "nudge"): ({"coordinator"}, SAME),
    ("sent", "expire"): ({"clock"}, "expired"),
    ("asked", "expire"): ({"clock"}, "expired"),
    ("accepted", "expire"): ({"clock"}, "expired"),
    ("sent", "end_by_event"): ({"clock"}, "withdrawn"),
    ("asked", "end_by_event"): ({"clock"}, "withdrawn"),
    ("accepted", "end_by_event"): ({"clock"}, "withdrawn"),
    ("in_progress", "end_by_event"): ({"clock"}, "withdrawn"),
    # Rule 4: later edits are messages; the free ones open with acceptance. Rule 11: news from a partner by link.
    ("accepted", "message"): ({"sender", "recipient", "partner"}, SAME),
    ("in_progress", "message"): ({"sender", "recipient", "partner"}, SAME),
    **{(state.value, "move"): ({"clock"}, SAME) for state in State},
}
BEFORE_OPENING = {("sent", "void"): ({"sender"}, "void"), ("sent", "see"): ({"recipient", "partner"}, SAME)}
STATES: list[State | None] = [None, *State]


def expected(state: State | None, act: Act, side: Side, seen: bool) -> State | None:
    table = DOCUMENT if seen else {**DOCUMENT, **BEFORE_OPENING}
    sides, to = table.get((state.value if state else None, act.value), (set(), ""))
    if side.value not in sides:
        return None
    return state if to == SAME else State(to)


@pytest.mark.parametrize("seen", [False, True])
def test_every_state_act_and_side(seen: bool) -> None:
    for state, act, side in product(STATES, Act, Side):
        wanted = expected(state, act, side, seen)
        if wanted is None:
            with pytest.raises(NotAllowed):
                apply(state, act, side, seen=seen, given=EVERYTHING)
        else:
            assert apply(state, act, side, seen=seen, given=EVERYTHING) is wanted, (state, act, side)


@pytest.mark.parametrize("seen", [False, True])
def test_what_a_side_is_offered_is_what_it_may_do(seen: bool) -> None:
    for state, side in product(STATES, Side):
        possible = {act for act in Act if expected(state, act, side, seen) is not None}
        assert acts_for(state, seen, side) == possible


def test_a_refusal_says_whether_the_state_or_the_side_is_wrong() -> None:
    with pytest.raises(WrongState):
        apply(State.DRAFT, Act.ACCEPT, Side.RECIPIENT, given=EVERYTHING)
    with pytest.raises(WrongSide):
        apply(State.SENT, Act.ACCEPT, Side.SENDER, given=EVERYTHING)


def test_what_an_act_needs() -> None:
    without_needs = {Act.DISCARD, Act.VOID, Act.SEE, Act.TAKE, Act.ACCEPT, Act.MOVE}
    assert {act for act in Act if needs_of(act) is None} == without_needs
    for (state, act), (sides, _to) in DOCUMENT.items():
        if Act(act) in without_needs:
            continue
        with pytest.raises(Missing) as refused:
            apply(State(state) if state else None, Act(act), Side(sorted(sides)[0]))
        assert refused.value.needs is needs_of(Act(act))


@pytest.mark.parametrize(("days", "possible"), [(0, True), (30, True), (31, False)])
def test_reopening_within_thirty_days(days: int, possible: bool) -> None:
    arguments = {"given": EVERYTHING, "days_since_end": days}
    if possible:
        assert apply(State.CLOSED, Act.REOPEN, Side.RECIPIENT, **arguments) is State.IN_PROGRESS  # type: ignore[arg-type]
    else:
        with pytest.raises(TooLate):
            apply(State.CLOSED, Act.REOPEN, Side.RECIPIENT, **arguments)  # type: ignore[arg-type]


@given(st.lists(st.tuples(st.sampled_from(list(Act)), st.sampled_from(list(Side))), max_size=30))
def test_random_histories_stay_on_the_table(history: list[tuple[Act, Side]]) -> None:
    state: State | None = None
    seen = False
    for act, side in history:
        try:
            after = apply(state, act, side, seen=seen, given=EVERYTHING)
        except NotAllowed:
            assert expected(state, act, side, seen) is None
            continue
        assert after is expected(state, act, side, seen)
        if state in ENDED - {State.CLOSED} or state is State.VOID:
            assert act is Act.MOVE, "an ended referral only moves"
        seen = seen or act is Act.SEE
        state = after


def test_what_follows_an_ending() -> None:
    for state, outcome in product(State, [None, *Outcome]):
        wanted = (
            state in {State.DECLINED, State.CLOSED, State.WITHDRAWN, State.EXPIRED} and outcome is not Outcome.NEED_MET
        )
        assert needs_next_action(state, outcome) is wanted


def test_when_the_person_is_told() -> None:
    told = {state for state in State if tells_person(state, State.SENT)}
    assert told == {State.ACCEPTED, State.DECLINED, State.EXPIRED, State.CLOSED}
    assert not any(tells_person(state, state) for state in State)


def test_live_and_ended_share_nothing() -> None:
    assert LIVE | ENDED | {State.DRAFT, State.VOID} == set(State)
    assert not LIVE & ENDED
