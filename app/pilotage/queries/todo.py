"""What waits for whoever coordinates the network, and what is new for those who read its summaries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from app.kernel import clock
from app.kernel.access import Actor, Role
from app.kernel.db import db
from app.pilotage import policy
from app.pilotage.queries.summaries.published import SummaryLine, published
from app.referrals.enums import LIVE
from app.referrals.models import Referral

# A summary is new for a month.
NEW = timedelta(days=30)


@dataclass(frozen=True)
class Late:
    """Referrals past the delay where the coordination is told: how many, and since when the oldest waits."""

    count: int
    since: date


def late(actor: Actor, timezone: str) -> Late | None:
    """The live referrals at risk in the whole network; None without any, and for every other hat."""
    if not policy.can_read_flows(actor):
        return None
    waited = func.min(func.coalesce(Referral.clock_from, Referral.sent_at), type_=Referral.created_at.type)
    query = select(func.count(), waited).where(Referral.state.in_(LIVE), Referral.at_risk.is_(True))
    count, since = db.session.execute(query).one()
    return Late(count, clock.local(since, timezone).date()) if count else None


def new_summaries(actor: Actor, timezone: str, today: date) -> list[SummaryLine]:
    """What was published less than a month ago, for an elected official."""
    if actor.role is not Role.ELECTED:
        return []
    return [one for one in published(actor, timezone) if one.published_on >= today - NEW]
