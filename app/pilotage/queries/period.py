"""The period that figures are about, and the referrals sent in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement

from app.needs.enums import NeedKind
from app.referrals.enums import ENDED, LIVE
from app.referrals.models import Referral

SENT = LIVE | ENDED
# Territories of France are whole half hours away from UTC (the Marquesas: 9 h 30).
HALF_HOUR = 1800
_EARLIEST, _LATEST = date(1900, 1, 1), date(9000, 1, 1)


@dataclass(frozen=True)
class Period:
    """Referrals sent from the first day to the last one included, on the network's calendar."""

    first: date
    last: date
    timezone: str

    def bounds(self) -> tuple[datetime, datetime]:
        """First and last instant of the period, among those that a database and every time zone know."""
        zone = ZoneInfo(self.timezone)
        first, last = max(self.first, _EARLIEST), min(self.last, _LATEST)
        return datetime.combine(first, time.min, zone), datetime.combine(last, time.max, zone)


def wanted(period: Period, need_kind: NeedKind | None) -> list[ColumnElement[bool]]:
    """SQL, beside Referral: sent in the period, of one kind of need or of all."""
    found: list[ColumnElement[bool]] = [Referral.state.in_(SENT), Referral.sent_at.between(*period.bounds())]
    return found + ([Referral.need_kind == need_kind] if need_kind else [])
