"""What takes long to make and depends on the day."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from datetime import date
from typing import Generic, TypeVar

from app.kernel import clock
from config import Settings

T = TypeVar("T")


class Daily(Generic[T]):
    """Something made of today: once a run, and again when midnight passes meanwhile."""

    def __init__(self, make: Callable[[], AbstractContextManager[T]]) -> None:
        self._make, self._open, self._day = make, ExitStack(), date.min

    def get(self) -> T:
        day = clock.today(Settings.timezone)
        if day != self._day:
            self.close()
            self._kept, self._day = self._open.enter_context(self._make()), day
        return self._kept

    def close(self) -> None:
        self._open.close()
