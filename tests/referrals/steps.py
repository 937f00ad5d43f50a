"""The events and the tasks of a referral."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from app.kernel.db import db
from app.referrals.models import ReferralEvent


def acts(referral_id: UUID) -> list[str]:
    query = select(ReferralEvent.act).where(ReferralEvent.referral_id == referral_id).order_by(ReferralEvent.rank)
    return [act.value for act in db.session.scalars(query)]
