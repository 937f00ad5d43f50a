"""Background work: one table, claimed by UPDATE … RETURNING, run by `flask worker`. Payloads hold codes and ids."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock, ids, logs
from app.kernel.db import Base, db
from app.kernel.writes import commit, rollback

log = logging.getLogger("maillage.jobs")
ATTEMPTS = 5
# A worker that died leaves its job claimed; after this time another takes it.
ABANDONED = timedelta(minutes=15)


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Base):
    """One thing to do later. `unique_key` keeps the same work from being queued twice."""

    __tablename__ = "job"
    __table_args__ = (UniqueConstraint("unique_key"), Index("ix_job_due", "state", "run_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new_id)
    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]]
    unique_key: Mapped[str | None] = mapped_column(String(120))
    state: Mapped[JobState] = mapped_column(default=JobState.QUEUED)
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(120))


Handler = Callable[[dict[str, Any]], None]
_handlers: dict[str, Handler] = {}
_recurring: dict[str, timedelta] = {}


def handle(kind: str, handler: Handler, every: timedelta | None = None) -> None:
    """Say who does a kind of work; `every` makes it recur. Called by `app/wiring`."""
    _handlers[kind] = handler
    if every is not None:
        _recurring[kind] = every


def enqueue(kind: str, payload: dict[str, Any], run_at: datetime | None = None, unique_key: str | None = None) -> None:
    """Queue work in the running transaction; nothing when the same `unique_key` is already known."""
    job = Job(kind=kind, payload=payload, run_at=run_at or clock.now(), unique_key=unique_key)
    if unique_key is None:
        db.session.add(job)
    elif db.session.scalar(select(Job.id).where(Job.unique_key == unique_key)) is None:
        _add_unless_queued(job)


def _add_unless_queued(job: Job) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(job)
    except IntegrityError:
        log.info("job %s was queued by another at the same moment", job.kind)


def claim() -> Job | None:
    """Take the next due job, alone even when several workers ask. Commits."""
    now = clock.now()
    _give_up_abandoned(now)
    due = or_(
        (Job.state == JobState.QUEUED) & (Job.run_at <= now),
        (Job.state == JobState.RUNNING) & (Job.claimed_at < now - ABANDONED),
    )
    chosen = select(Job.id).where(due).order_by(Job.run_at).limit(1).with_for_update(skip_locked=True).scalar_subquery()
    taken = db.session.execute(
        update(Job)
        .where(Job.id == chosen)
        .values(state=JobState.RUNNING, claimed_at=now, attempts=Job.attempts + 1)
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    commit()
    return db.session.get(Job, taken, populate_existing=True) if taken else None


def _give_up_abandoned(now: datetime) -> None:
    """Work that took its worker down each time is not tried for ever."""
    lost = (Job.state == JobState.RUNNING, Job.claimed_at < now - ABANDONED, Job.attempts >= ATTEMPTS)
    values = {"state": JobState.FAILED, "error": "abandoned", "run_at": now}
    given_up = update(Job).where(*lost).values(values).returning(Job.kind)
    for kind in db.session.scalars(given_up.execution_options(synchronize_session=False)).all():
        _again(kind)


def work_once() -> bool:
    """Do one due job; False when there is none. The job's writes and its end are one transaction."""
    job = claim()
    if job is None:
        return False
    job_id, kind, payload, attempts = job.id, job.kind, dict(job.payload), job.attempts
    try:
        _handlers[kind](payload)
        _end(job_id, JobState.DONE, None, clock.now())
        _again(kind)
        commit()
    except Exception as error:  # noqa: BLE001  (whatever failed, the worker goes on)
        rollback()
        log.error("job %s failed: %s", kind, logs.told(error))
        _retry(job_id, kind, attempts, type(error).__name__)
    return True


def _retry(job_id: UUID, kind: str, attempts: int, error: str) -> None:
    state = JobState.FAILED if attempts >= ATTEMPTS else JobState.QUEUED
    _end(job_id, state, error, clock.now() + timedelta(minutes=2**attempts))
    if state is JobState.FAILED:
        _again(kind)
    commit()


def _end(job_id: UUID, state: JobState, error: str | None, run_at: datetime) -> None:
    db.session.execute(update(Job).where(Job.id == job_id).values(state=state, error=error, run_at=run_at))


def _again(kind: str) -> None:
    """The next run, unless one waits already: work that queues its own next slice has one series, not one per slice."""
    if kind in _recurring and not _waits(kind, JobState.QUEUED):
        schedule(kind, clock.now() + _recurring[kind])


def _waits(kind: str, *states: JobState) -> bool:
    return db.session.scalar(select(Job.id).where(Job.kind == kind, Job.state.in_(states)).limit(1)) is not None


def schedule(kind: str, run_at: datetime) -> None:
    """Queue the next run of a recurring kind, once per moment."""
    enqueue(kind, {}, run_at, f"{kind}@{run_at:%Y-%m-%dT%H:%M}")


def schedule_recurring() -> None:
    """Make sure that each recurring kind has a run queued (worker's start). The caller commits."""
    for kind in _recurring:
        if not _waits(kind, JobState.QUEUED, JobState.RUNNING):
            schedule(kind, clock.now())


def purge(older_than: timedelta = timedelta(days=7)) -> None:
    """Forget finished work."""
    done = select(Job).where(Job.state == JobState.DONE, Job.run_at < clock.now() - older_than)
    for job in db.session.scalars(done):
        db.session.delete(job)
