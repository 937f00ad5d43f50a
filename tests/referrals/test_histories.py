"""Random lives of referrals through the real verbs; after every step, what must always be true is true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.kernel import clock, grants, journal
from app.kernel.db import db
from app.kernel.errors import DomainError
from app.needs.actions import CloseData
from app.needs.enums import NeedResult
from app.people import actions as people
from app.referrals import actions, queries
from app.referrals.enums import (
    ENDED,
    LIVE,
    OPENED,
    Contact,
    Decision,
    DeclineReason,
    EndCause,
    Outcome,
    State,
    TaskKind,
    ToldWay,
)
from app.referrals.machine import apply
from app.referrals.machine.table import Needs
from app.referrals.models import OPEN, Referral, ReferralEvent, ReferralTask
from tests.referrals.helpers import SENDER, add_need, agreed, prepare
from tests.support.world import World

AGENTS = {"ccas": "ccas.adviser", "fablab": "camille.fablab", "france_services": "fs.adviser"}
NATURAL = "natural"
OF_RECIPIENT = {"see", "take", "ask", "accept", "decline", "start", "message", "close", "reopen"}
HATS = [*[NATURAL] * 12, SENDER, "library.desk", "library.manager", *AGENTS.values(), "coordinator", "dpo"]
Step = Callable[[World, UUID, str, int], object]


def _hat(world: World, name: str, referral_id: UUID, who: str) -> str:
    """The hat that this step is meant for, or the one drawn."""
    if who != NATURAL:
        return who
    recipient = db.session.get_one(Referral, referral_id).recipient_id
    agent = next(hat for key, hat in AGENTS.items() if world.structures[key] == recipient)
    return "coordinator" if name == "nudge" else agent if name in OF_RECIPIENT else SENDER


def _decide(world: World, referral_id: UUID, who: str, pick: int) -> None:
    task = db.session.scalars(
        select(ReferralTask).where(ReferralTask.referral_id == referral_id, ReferralTask.kind == TaskKind.NEXT_ACTION)
    ).first()
    if task is not None:
        decision = list(Decision)[pick % 4]
        actions.decide(world.actors[who], task.id, decision, CloseData(result=NeedResult.SANS_SUITE))


def _tell(world: World, referral_id: UUID, who: str, pick: int) -> None:
    task = db.session.scalars(
        select(ReferralTask).where(ReferralTask.referral_id == referral_id, ReferralTask.kind == TaskKind.TELL_PERSON)
    ).first()
    if task is not None:
        actions.told(world.actors[who], task.id, list(ToldWay)[pick % len(ToldWay)])


def _withdraw_consent(world: World, referral_id: UUID, who: str, _pick: int) -> None:
    referral = db.session.get_one(Referral, referral_id)
    actor = world.actors[who]
    if referral.consent_id is not None:
        people.withdraw_consent(actor, grants.on_person(actor, referral.person_id), referral.consent_id, world.today)


def _wait(world: World, referral_id: UUID, who: str, pick: int) -> None:
    actions.run_due_clocks(clock.now() + timedelta(days=(3, 20, 90)[pick % 3]))


STEPS: dict[str, Step] = {
    "send": lambda w, i, who, p: actions.send(w.actors[who], i, agreed()),
    "discard": lambda w, i, who, p: actions.discard(w.actors[who], i),
    "void": lambda w, i, who, p: actions.void(w.actors[who], i),
    "see": lambda w, i, who, p: actions.see(w.actors[who], i),
    "take": lambda w, i, who, p: actions.take(w.actors[who], i),
    "ask": lambda w, i, who, p: actions.ask(w.actors[who], i, "Quel jour ?"),
    "answer": lambda w, i, who, p: actions.answer(w.actors[who], i, "Le lundi."),
    "accept": lambda w, i, who, p: actions.accept(w.actors[who], i),
    "decline": lambda w, i, who, p: actions.decline(w.actors[who], i, list(DeclineReason)[p % 6]),
    "start": lambda w, i, who, p: actions.start(w.actors[who], i, list(Contact)[p % 3]),
    "message": lambda w, i, who, p: actions.message(w.actors[who], i, "Une nouvelle."),
    "close": lambda w, i, who, p: actions.close(w.actors[who], i, list(Outcome)[p % 7]),
    "reopen": lambda w, i, who, p: actions.reopen(w.actors[who], i, "Encore."),
    "withdraw": lambda w, i, who, p: actions.withdraw(w.actors[who], i, EndCause.OTHER_SOLUTION),
    "nudge": lambda w, i, who, p: actions.nudge(w.actors[who], i, "Merci de répondre."),
    "decide": _decide,
    "tell": _tell,
    "consent": _withdraw_consent,
    "wait": _wait,
}


def check(world: World) -> None:
    referrals = list(db.session.scalars(select(Referral)))
    events: dict[UUID, list[ReferralEvent]] = {}
    for event in db.session.scalars(select(ReferralEvent).order_by(ReferralEvent.rank)):
        events.setdefault(event.referral_id, []).append(event)
    open_ones = Counter((one.need_id, one.recipient_id) for one in referrals if f"'{one.state.value}'" in OPEN)
    assert all(count == 1 for count in open_ones.values())
    for one in referrals:
        assert (one.next_clock_at is not None) == (one.state in LIVE), one.state
        _check_path(one, events[one.id])
        _check_following(one)
        _check_grants(world, one)


def _check_path(one: Referral, events: list[ReferralEvent]) -> None:
    """The events alone lead to the state, each by a row of the table."""
    state: State | None = None
    seen = False
    for rank, event in enumerate(events, 1):
        assert event.rank == rank
        assert event.from_state is state
        if not (rank > 1 and event.act.value == "draft"):
            assert apply(state, event.act, event.side, seen=seen, given=frozenset(Needs)) is event.to_state
        state, seen = event.to_state, seen or event.act.value == "see"
    assert one.state is state
    assert seen == (one.seen_at is not None)


def _check_following(one: Referral) -> None:
    """Every ended referral, need met apart, has its next action waiting or decided."""
    if one.state not in ENDED or one.outcome is Outcome.NEED_MET:
        return
    query = select(ReferralTask).where(ReferralTask.referral_id == one.id, ReferralTask.kind == TaskKind.NEXT_ACTION)
    assert any(task.done_at is None or task.decision for task in db.session.scalars(query))


def _check_grants(world: World, one: Referral) -> None:
    who = next(hat for key, hat in AGENTS.items() if world.structures[key] == one.recipient_id)
    opened = bool(grants.on_person(world.actors[who], one.person_id))
    same = select(Referral.id).where(Referral.recipient_id == one.recipient_id, Referral.state.in_(OPENED))
    assert opened == (db.session.scalar(same.limit(1)) is not None)


@given(
    history=st.lists(
        st.tuples(st.sampled_from(sorted(STEPS)), st.sampled_from(HATS), st.integers(0, 11), st.integers(0, 3)),
        max_size=14,
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_random_histories(world: World, history: list[tuple[str, str, int, int]]) -> None:
    with world.app.app_context():
        outer = db.session.begin_nested()
        try:
            need_id = add_need(world)
            prepare(world, need_id=need_id, to=("ccas", "fablab", "france_services"))
            _live(world, [("send", SENDER, 0, 0), *history])
        finally:
            outer.rollback()
            db.session.expunge_all()
            journal.forget()


def _live(world: World, history: list[tuple[str, str, int, int]]) -> None:
    for name, who, pick, which in history:
        known = list(db.session.scalars(select(Referral.id).order_by(Referral.id)))
        step, chosen = db.session.begin_nested(), known[which % len(known)]
        try:
            STEPS[name](world, chosen, _hat(world, name, chosen, who), pick)
            db.session.flush()
            step.commit()
        except DomainError:
            step.rollback()
            db.session.expire_all()
        check(world)
    assert not queries.gaps(clock.now() - timedelta(days=400)).without_next
