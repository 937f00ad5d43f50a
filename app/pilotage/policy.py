"""Who reads the network's figures."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.kernel.access import Actor, Role
from app.pilotage.models import Summary

WITHDRAWN_WITHIN = timedelta(days=7)
READERS = frozenset({Role.ELECTED, Role.COORDINATOR, Role.MANAGER})


def can_read_flows(actor: Actor) -> bool:
    """The coordinator reads what flows where, under pseudonyms only. Delays of a named structure are for them alone."""
    return actor.role is Role.COORDINATOR


def can_read_quality(actor: Actor) -> bool:
    """The coordinator reads how good the assessments are; nothing that rests on fewer than three advisers."""
    return actor.role is Role.COORDINATOR


def can_publish(actor: Actor) -> bool:
    """The coordinator prepares summaries, comments and publishes them."""
    return actor.role is Role.COORDINATOR


def can_read_summaries(actor: Actor) -> bool:
    """Elected officials read what was published, and so do managers and the coordinator."""
    return actor.role in READERS


def can_read_summary(actor: Actor, summary: Summary) -> bool:
    """One that was withdrawn stays with the coordinator."""
    return can_read_summaries(actor) and (summary.withdrawn_at is None or can_publish(actor))


def can_withdraw(actor: Actor, summary: Summary, now: datetime) -> bool:
    """The coordinator takes a summary back within a week; later, it has been read and quoted."""
    recent = now - summary.published_at <= WITHDRAWN_WITHIN
    return can_publish(actor) and summary.withdrawn_at is None and recent
