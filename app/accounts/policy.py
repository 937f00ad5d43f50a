"""Hats and sessions: which ones are worn today, and how long a session lasts."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from app.accounts.models import Membership, UserSession

# The demonstration's accounts: their password is on the sign-in page, so production never lets them in.
DEMO_DOMAIN = "demo.maillage.example"
DEMO_PASSWORD = "maillage-demo"  # noqa: S105


def is_current(membership: Membership, today: date) -> bool:
    """A hat may be worn from its first day to its last one included."""
    return membership.starts_on <= today and (membership.ends_on is None or today <= membership.ends_on)


def is_alive(session: UserSession, now: datetime, idle: timedelta, absolute: timedelta) -> bool:
    """A session ends when closed, after `idle` without a page, or `absolute` after signing in (server side)."""
    return session.ended_at is None and now - session.seen_at <= idle and now - session.started_at <= absolute


def is_demo(email: str) -> bool:
    """An account of the demonstration."""
    return email.endswith(f"@{DEMO_DOMAIN}")
