"""Who reads the network's figures."""

from __future__ import annotations

from app.kernel.access import Actor, Role


def can_read_flows(actor: Actor) -> bool:
    """The coordinator reads what flows where, under pseudonyms only. Delays of a named structure are for them alone."""
    return actor.role is Role.COORDINATOR


def can_read_quality(actor: Actor) -> bool:
    """The coordinator reads how good the assessments are; nothing that rests on fewer than three advisers."""
    return actor.role is Role.COORDINATOR
