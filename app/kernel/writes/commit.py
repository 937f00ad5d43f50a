"""Committing: the journal's chain is extended by the last statement, then the transaction ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy.exc import OperationalError

from app.kernel import journal
from app.kernel.db import db, is_reading, mode

KEY = "written_later"
Result = TypeVar("Result")


def commit() -> None:
    """Flush, chain the journal, commit. Raises what the database raises; the caller rolls back."""
    db.session.flush()
    journal.seal()
    db.session.commit()


def rollback() -> None:
    """Undo everything the transaction did, its journal entries included."""
    db.session.rollback()
    journal.forget()


def later(act: Callable[[], None]) -> None:
    """Ask for `act` to be run and committed by a short transaction of its own, after the running one ended either way.

    For what must stay even when the answer is a refusal: failed sign-ins, refusals, reads.
    """
    db.session.info.setdefault(KEY, []).append(act)


def run_later() -> None:
    """Run what was asked with `later`, and the reads noted in the journal, in one short transaction."""
    acts: list[Callable[[], None]] = db.session.info.pop(KEY, [])
    noted = journal.forget()
    _end_reading()
    if not acts and not noted:
        return
    with mode("write"):
        for act in acts:
            act()
        journal.pending().extend(noted)
        commit()


def _end_reading() -> None:
    """Nothing was written: the transaction is closed rather than undone, after which PostgreSQL would plan everything again."""
    touched = db.session.new or db.session.dirty or db.session.deleted
    if is_reading() and not touched:
        db.session.commit()
    else:
        db.session.rollback()


def retrying(act: Callable[[], Result], attempts: int = 3) -> Result:
    """Run and commit `act`, again when the database says that two writers met (deadlock, serialisation)."""
    for attempt in range(1, attempts + 1):
        try:
            result = act()
            commit()
        except OperationalError:
            rollback()
            if attempt == attempts:
                raise
        else:
            return result
    raise AssertionError


@contextmanager
def without_lock() -> Iterator[None]:
    """For slow work (hashing, a mail server): inside, one reads only and holds no lock; then a new transaction begins.

    Whatever was not committed before is undone.
    """
    rollback()
    try:
        with mode("read"):
            yield
    finally:
        rollback()
