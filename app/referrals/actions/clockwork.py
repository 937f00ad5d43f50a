"""What the clock does: reminders, « at risk », expiry; and the nightly check of rule 13."""

from __future__ import annotations

import logging
from datetime import datetime

from app.kernel import clock, journal
from app.kernel.db import db
from app.referrals import machine, policy, queries
from app.referrals.actions.core import Done, record, tell
from app.referrals.actions.winding import at_morning, restart, set_next
from app.referrals.enums import Act, Contact, Side, State
from app.referrals.machine import Kind, Needs
from app.referrals.models import Referral

log = logging.getLogger("maillage.referrals")


def run_due_clocks(now: datetime) -> int:
    """Do what is due; returns how many referrals were touched. A worker that slept long says each thing once."""
    referrals = queries.due(now)
    for referral in referrals:
        _ring(referral, now)
    db.session.flush()
    return len(referrals)


def _ring(referral: Referral, now: datetime) -> None:
    if _was_met(referral, now):
        return
    kinds = _due_kinds(referral, now)
    if Kind.EXPIRY in kinds and referral.state is not State.IN_PROGRESS:
        record(None, referral, Side.CLOCK, Act.EXPIRE, Done(frozenset({Needs.DEADLINE})))
        return
    referral.at_risk = referral.at_risk or Kind.AT_RISK in kinds
    tell(referral, Side.CLOCK, waiting=True)
    code = "at_risk" if Kind.AT_RISK in kinds else "reminder"
    journal.note(None, f"referral.{code}", "referral", referral.id, person_id=referral.person_id)


def _was_met(referral: Referral, now: datetime) -> bool:
    """A session that the recipient logged is news: it starts what was accepted, and quiets the clock of what goes on."""
    held_on = queries.last_session(referral)
    if held_on is None:
        return False
    if referral.state is State.ACCEPTED:
        record(None, referral, Side.RECIPIENT, Act.START, Done(frozenset({Needs.CONTACT}), Contact.SESSION.value))
        return True
    restart(referral, at_morning(held_on))
    return referral.next_clock_at is not None and referral.next_clock_at > now


def _due_kinds(referral: Referral, now: datetime) -> set[Kind]:
    """Everything that fell due; the clock is set to what follows."""
    kinds: set[Kind] = set()
    while referral.next_clock_at is not None and referral.next_clock_at <= now:
        kind = Kind(referral.next_clock or Kind.REMINDER)
        kinds.add(kind)
        if kind is Kind.EXPIRY:
            break
        day = clock.local(referral.next_clock_at, policy.rules().timezone).date()
        set_next(referral, machine.Tick.of(day, kind))
    return kinds


def check_nightly(now: datetime) -> queries.Gaps:
    """Look for what breaks rule 13 and write the counts down; the lists are read where they are shown."""
    found = queries.gaps(now)
    people, clocks, endings = len(found.without_referent), len(found.without_clock), len(found.without_next)
    journal.note(None, "referral.check", "network", without_referent=people, without_clock=clocks, without_next=endings)
    if found:
        log.warning("rule 13: %d people, %d clocks, %d endings", people, clocks, endings)
    return found
