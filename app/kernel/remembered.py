"""Counts that take long because there is much to count: kept a minute in this process. Numbers alone, never rows."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from time import monotonic
from typing import Any, TypeVar

from flask import current_app

T = TypeVar("T")
KEY = "maillage.remembered"
SECONDS = 60.0
# Above this many people, a count may be a minute old: nobody reads 2,000 lines.
MANY = 2000
MOST = 1000


def remembered(key: Hashable, ask: Callable[[], T], *, many: Callable[[T], bool]) -> T:
    """What `ask` says, or said less than `SECONDS` ago about the same key when it was long to ask (`many`).

    The key names everything that the answer depends on, the hat first.
    """
    kept: dict[Hashable, tuple[float, Any]] = current_app.extensions.setdefault(KEY, {})
    known = kept.get(key)
    if known is not None and monotonic() < known[0]:
        found: T = known[1]
        return found
    answer = ask()
    if many(answer):
        if len(kept) >= MOST:
            kept.clear()
        kept[key] = (monotonic() + SECONDS, answer)
    return answer
