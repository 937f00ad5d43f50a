"""Background work: done once, tried again, and again tomorrow."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.kernel import clock, jobs
from app.kernel.db import db
from app.kernel.jobs import Job, JobState
from app.kernel.writes import commit
from tests.support.probes import within

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
KIND = "essai"


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the handler of `essai` was asked; it fails while `payload["fails"]` is true."""
    seen: list[dict[str, Any]] = []

    def handler(payload: dict[str, Any]) -> None:
        seen.append(payload)
        jobs.enqueue("suite", {})
        if payload.get("fails"):
            raise RuntimeError("Amina Benali")

    monkeypatch.setattr(jobs, "_handlers", {})
    monkeypatch.setattr(jobs, "_recurring", {})
    jobs.handle(KIND, handler)
    return seen


def queue(app: Flask, *payloads: dict[str, Any], **options: Any) -> None:
    within(app, lambda: ([jobs.enqueue(KIND, one, **options) for one in payloads], commit()))


def work(app: Flask, at: datetime = NOON) -> bool:
    with clock.fixed(at):
        return bool(within(app, jobs.work_once))


def all_jobs(app: Flask, kind: str = KIND) -> list[Job]:
    query = select(Job).where(Job.kind == kind).order_by(Job.run_at, Job.id)
    return list(within(app, lambda: db.session.scalars(query).all()))


def test_due_work_is_done_in_order_and_once(committed_app: Flask, calls: list[dict[str, Any]]) -> None:
    queue(committed_app, {"n": 2}, run_at=NOON)
    queue(committed_app, {"n": 1}, run_at=NOON - timedelta(hours=1))
    queue(committed_app, {"n": 3}, run_at=NOON + timedelta(hours=1))
    assert work(committed_app)
    assert work(committed_app)
    within(
        committed_app,
        lambda: (db.session.execute(update(Job).where(Job.kind == "suite").values(state="done")), commit()),
    )
    assert not work(committed_app)
    assert [one["n"] for one in calls] == [1, 2]
    assert [job.state for job in all_jobs(committed_app)] == [JobState.DONE, JobState.DONE, JobState.QUEUED]


def test_two_workers_never_take_the_same(committed_app: Flask, calls: list[dict[str, Any]]) -> None:
    queue(committed_app, *({"n": n} for n in range(20)), run_at=NOON)
    barrier, taken = Barrier(3), []

    def worker() -> None:
        barrier.wait()
        with clock.fixed(NOON):
            while (job_id := within(committed_app, _claim)) is not None:
                taken.append(job_id)

    threads = [Thread(target=worker) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 20
    assert Counter(taken).most_common(1)[0][1] == 1


def _claim() -> object:
    job = jobs.claim()
    return job.id if job else None


def test_failed_work_is_undone_and_tried_again_later(
    committed_app: Flask, calls: list[dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    queue(committed_app, {"fails": True}, run_at=NOON)
    assert work(committed_app)
    (job,) = all_jobs(committed_app)
    assert (job.state, job.attempts, job.error) == (JobState.QUEUED, 1, "RuntimeError")
    assert job.run_at == NOON + timedelta(minutes=2)
    assert all_jobs(committed_app, "suite") == []
    assert not work(committed_app)
    assert work(committed_app, job.run_at)
    assert len(calls) == 2
    assert "RuntimeError" in caplog.text
    assert "Benali" not in caplog.text


def fail_for_good(app: Flask) -> datetime:
    at = NOON
    for _ in range(jobs.ATTEMPTS):
        assert work(app, at)
        at += timedelta(hours=1)
    return at


def test_it_is_not_tried_for_ever(committed_app: Flask, calls: list[dict[str, Any]]) -> None:
    queue(committed_app, {"fails": True}, run_at=NOON)
    at = fail_for_good(committed_app)
    assert not work(committed_app, at + timedelta(days=1))
    assert [job.state for job in all_jobs(committed_app)] == [JobState.FAILED]


def test_a_worker_that_died_leaves_its_work_to_another(committed_app: Flask, calls: list[dict[str, Any]]) -> None:
    queue(committed_app, {"n": 1}, run_at=NOON)
    with clock.fixed(NOON):
        within(committed_app, jobs.claim)
    assert not work(committed_app, NOON + timedelta(minutes=14))
    assert work(committed_app, NOON + timedelta(minutes=16))
    assert calls == [{"n": 1}]


def test_work_that_kills_its_worker_is_given_up(committed_app: Flask, calls: list[dict[str, Any]]) -> None:
    queue(committed_app, {"n": 1}, run_at=NOON)
    at = NOON
    for _ in range(jobs.ATTEMPTS):
        with clock.fixed(at):
            assert within(committed_app, jobs.claim) is not None
        at += timedelta(minutes=16)
    assert not work(committed_app, at)
    (job,) = all_jobs(committed_app)
    assert (job.state, job.error) == (JobState.FAILED, "abandoned")


def test_recurring_work_comes_back(committed_app: Flask, calls: list[dict[str, Any]]) -> None:
    jobs.handle(KIND, calls.append, every=timedelta(hours=1))
    with clock.fixed(NOON):
        for _ in range(2):
            within(committed_app, lambda: (jobs.schedule_recurring(), commit()))
    assert len(all_jobs(committed_app)) == 1
    assert work(committed_app)
    done, waiting = all_jobs(committed_app)
    assert (done.state, waiting.state, waiting.run_at) == (JobState.DONE, JobState.QUEUED, NOON + timedelta(hours=1))


def test_slices_of_recurring_work_keep_one_series(committed_app: Flask, calls: list[dict[str, Any]]) -> None:
    slices = iter([True, True, False])

    def in_slices(payload: dict[str, Any]) -> None:
        if next(slices):
            jobs.enqueue(KIND, {})

    jobs.handle(KIND, in_slices, every=timedelta(hours=1))
    with clock.fixed(NOON):
        within(committed_app, lambda: (jobs.schedule_recurring(), commit()))
    for minutes in range(3):
        assert work(committed_app, NOON + timedelta(minutes=minutes))
    waiting = [job for job in all_jobs(committed_app) if job.state is JobState.QUEUED]
    assert [job.run_at for job in waiting] == [NOON + timedelta(minutes=2, hours=1)]


def test_recurring_work_comes_back_even_after_failing(committed_app: Flask, calls: list[dict[str, Any]]) -> None:
    def fails(payload: dict[str, Any]) -> None:
        raise RuntimeError

    jobs.handle(KIND, fails, every=timedelta(days=1))
    queue(committed_app, {}, run_at=NOON)
    at = fail_for_good(committed_app)
    failed, waiting = all_jobs(committed_app)
    assert (failed.state, waiting.state) == (JobState.FAILED, JobState.QUEUED)
    assert waiting.run_at > at


def test_the_same_work_is_queued_once(committed_app: Flask, calls: list[dict[str, Any]]) -> None:
    queue(committed_app, {"n": 1}, {"n": 2}, run_at=NOON, unique_key="une fois")
    queue(committed_app, {"n": 3}, run_at=NOON, unique_key="une fois")
    assert [job.payload for job in all_jobs(committed_app)] == [{"n": 1}]


def test_the_same_work_queued_by_two_at_once(committed_app: Flask, calls: list[dict[str, Any]]) -> None:
    barrier, faults = Barrier(2), []

    def run() -> None:
        try:
            barrier.wait()
            queue(committed_app, {"n": 1}, run_at=NOON, unique_key="une fois")
        except Exception as error:  # noqa: BLE001
            faults.append(error)

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(all_jobs(committed_app)) == 1


def test_done_work_is_forgotten_after_a_week(committed_app: Flask, calls: list[dict[str, Any]]) -> None:
    queue(committed_app, {"n": 1}, run_at=NOON)
    work(committed_app)
    for days, left in ((6, 1), (8, 0)):
        with clock.fixed(NOON + timedelta(days=days)):
            within(committed_app, lambda: (jobs.purge(), commit()))
        assert len(all_jobs(committed_app)) == left


def test_the_worker_command_does_what_is_due_then_stops(committed_app: Flask) -> None:
    done = committed_app.test_cli_runner().invoke(args=["worker", "--once"])
    assert done.exit_code == 0, done.output
    states = {job.kind: job.state for job in within(committed_app, lambda: db.session.scalars(select(Job)).all())}
    assert states["nightly.purge"] in {JobState.DONE, JobState.QUEUED}
    assert JobState.FAILED not in states.values()
    assert all(job.error is None for job in all_jobs(committed_app, "journal.purge"))
