"""Counts that take long because there is much to count: kept a minute in this process. Numbers alone, never rows.

`remembered` for a count that nobody takes for the present one; `dated` for figures whose hour the page says.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any, Generic, TypeVar

from flask import current_app

from app.kernel import clock

T = TypeVar("T")
KEY = "maillage.remembered"
SECONDS = 60.0
# Above this many people, a count may be a minute old: nobody reads 2,000 lines.
MANY = 2000
MOST = 1000
# Whole tables of figures weigh more: some megabytes at most are kept.
FIGURES = "maillage.figures"
MOST_FIGURES = 40


@dataclass(frozen=True)
class Dated(Generic[T]):
    """Figures, and when they were counted; None when it is now."""

    value: T
    at: datetime | None


def remembered(key: Hashable, ask: Callable[[], T], *, many: Callable[[T], bool]) -> T:
    """What `ask` says, or said less than `SECONDS` ago about the same key when it was long to ask (`many`).

    The key names everything that the answer depends on, the hat first.
    """
    return _kept(KEY, MOST, key, ask, many)


def dated(key: Hashable, ask: Callable[[], T], *, many: Callable[[T], bool]) -> Dated[T]:
    """The same with the instant when it was counted, to be said beside the figures; None as long as they are not kept."""

    def asked() -> Dated[T]:
        at, found = clock.now(), ask()
        return Dated(found, at if many(found) else None)

    return _kept(FIGURES, MOST_FIGURES, key, asked, lambda found: found.at is not None)


def _kept(store: str, most: int, key: Hashable, ask: Callable[[], T], many: Callable[[T], bool]) -> T:
    kept: dict[Hashable, tuple[float, Any]] = current_app.extensions.setdefault(store, {})
    known = kept.get(key)
    if known is not None and monotonic() < known[0]:
        found: T = known[1]
        return found
    answer = ask()
    if many(answer):
        if len(kept) >= most:
            kept.clear()
        kept[key] = (monotonic() + SECONDS, answer)
    return answer
