"""The clock of a referral's present state: set by each change, resumed by an answer, moved on by the worker (rule 7)."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.kernel import clock
from app.kernel.db import db
from app.referrals import machine, policy
from app.referrals.enums import LIVE, Act, State
from app.referrals.models import Referral, ReferralEvent


def wind(referral: Referral, before: State | None, act: Act, now: datetime) -> None:
    """Set the clock of the present state (rule 7)."""
    if referral.state not in LIVE:
        referral.clock_from = referral.next_clock = referral.next_clock_at = None
        referral.at_risk = False
    elif referral.state is not before:
        _resume(referral, now) if act is Act.ANSWER else restart(referral, now)
    elif referral.state is State.IN_PROGRESS and act in {Act.MESSAGE, Act.GIVE}:
        restart(referral, now)


def restart(referral: Referral, now: datetime) -> None:
    """Count again from an instant."""
    referral.clock_from, referral.at_risk = now, False
    set_next(referral, None)


def _resume(referral: Referral, now: datetime) -> None:
    """A question stopped the clock of « sent »: it goes on from where it was, and says again nothing it had said."""
    rules, ran = policy.rules(), _ran_before_question(referral)
    today = clock.local(now, rules.timezone).date()
    if not ran:
        restart(referral, now)
        return
    delays = rules.clocks.of(referral.state, referral.urgency)
    since = machine.resumed(today, ran, rules.days)
    referral.clock_from = at_morning(since)
    referral.at_risk = delays.at_risk is not None and ran >= delays.at_risk
    _store(referral, machine.next_tick(delays, since, rules.days, today))


def _ran_before_question(referral: Referral) -> int:
    """Opening days the clock had run when the last question stopped it."""
    asked = select(ReferralEvent.details).where(ReferralEvent.referral_id == referral.id, ReferralEvent.act == Act.ASK)
    details = db.session.scalar(asked.order_by(ReferralEvent.rank.desc()).limit(1)) or {}
    return int(details.get("elapsed", 0))


def elapsed(referral: Referral) -> int:
    """Opening days that the clock of the present state has run."""
    rules = policy.rules()
    started = clock.local(referral.clock_from or clock.now(), rules.timezone).date()
    return rules.days.between(started, rules.today())


def set_next(referral: Referral, after: machine.Tick | None) -> machine.Tick | None:
    """The next thing the clock does, after another one or from the beginning."""
    rules = policy.rules()
    since = clock.local(referral.clock_from or clock.now(), rules.timezone).date()
    tick = machine.next_tick(rules.clocks.of(referral.state, referral.urgency), since, rules.days, after)
    _store(referral, tick)
    return tick


def _store(referral: Referral, tick: machine.Tick | None) -> None:
    referral.next_clock = tick.kind.value if tick else None
    referral.next_clock_at = at_morning(tick.on) if tick else None


def at_morning(day: date) -> datetime:
    """When clocks ring on this day of the network."""
    return datetime.combine(day, policy.MORNING, ZoneInfo(policy.rules().timezone))
