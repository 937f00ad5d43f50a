"""The one place that tells the time, so that tests and demo data choose it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_fixed: ContextVar[datetime | None] = ContextVar("fixed_clock", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _fixed.get() or datetime.now(UTC)


def today(timezone: str) -> date:
    """The calendar day in the network's time zone (Réunion is not Paris)."""
    return local(now(), timezone).date()


def local(instant: datetime, timezone: str) -> datetime:
    """The same instant on the wall clock of the network."""
    return instant.astimezone(ZoneInfo(timezone))


@contextmanager
def fixed(instant: datetime) -> Iterator[None]:
    """Make `now()` answer `instant` (aware) inside the block."""
    token = _fixed.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)
