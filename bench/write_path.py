"""Requests per second of the write path: transaction, journal entry, background job, chain, commit.

The requests go through the whole application in this process, from several threads at once, so that writers meet.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from app import create_app
from app.cli.database import upgrade
from app.kernel import ids, jobs, journal
from app.kernel.access import public
from app.kernel.db import db
from config import Settings
from tools import debian
from tools.postgres import temporary_postgres

ADDRESS = "/bench/write"
THREADS = (1, 4, 8)
SECONDS = 4.0


@dataclass(frozen=True)
class Measure:
    """What one run gave. Times in milliseconds."""

    threads: int
    requests: int
    refused: int
    seconds: float
    median: float
    slow: float

    def told(self) -> str:
        rate = self.requests / self.seconds
        times = f"médiane {self.median:.1f} ms, 95 % sous {self.slow:.1f} ms"
        return f"  {self.threads} fils : {rate:6.0f} écritures/s, {times}, {self.refused} refusées"


def main() -> None:
    """Print the figures of both databases."""
    with _sqlite() as url:
        _measure("SQLite", url)
    try:
        with temporary_postgres() as url:
            _measure("PostgreSQL", url)
    except debian.Missing as reason:
        print(f"PostgreSQL laissé de côté : {reason}")


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="maillage-bench-") as folder:
        yield f"sqlite:///{Path(folder) / 'bench.sqlite'}"


def _measure(name: str, url: str) -> None:
    upgrade(url)
    app = _application(url)
    print(f"{name} : une écriture, une entrée au journal, une tâche de fond par requête")
    for threads in THREADS:
        print(_run(app, threads).told(), flush=True)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _application(url: str) -> Flask:
    secret = "".join(map(chr, range(48, 96)))
    app = create_app(Settings(env="test", secret_key=secret, database_url=url, https_only=False))
    app.config["WTF_CSRF_ENABLED"] = False

    @public("bench")
    def write() -> str:
        identity = ids.new_id()
        jobs.enqueue("bench.nothing", {"id": str(identity)})
        journal.note(None, "bench.write", "bench", identity)
        return "ok"

    app.add_url_rule(ADDRESS, "bench_write", write, methods=["POST"])
    return app


def _run(app: Flask, threads: int) -> Measure:
    start, end = threading.Barrier(threads + 1), time.monotonic() + SECONDS + 0.2
    with ThreadPoolExecutor(threads) as pool:
        running = [pool.submit(_write_until, app, start, end) for _ in range(threads)]
        start.wait()
        begun = time.monotonic()
        answers = [answer for future in running for answer in future.result()]
        seconds = time.monotonic() - begun
    times = sorted(spent for spent, accepted in answers if accepted)
    refused = len(answers) - len(times)
    return Measure(threads, len(times), refused, seconds, _at(times, 0.5), _at(times, 0.95))


def _write_until(app: Flask, start: threading.Barrier, end: float) -> list[tuple[float, bool]]:
    client = app.test_client()
    client.post(ADDRESS)
    start.wait()
    answers = []
    while time.monotonic() < end:
        begun = time.perf_counter()
        status = client.post(ADDRESS).status_code
        answers.append(((time.perf_counter() - begun) * 1000, status == 200))
    return answers


def _at(times: list[float], share: float) -> float:
    return times[min(len(times) - 1, int(len(times) * share))] if times else float("nan")


if __name__ == "__main__":
    main()
