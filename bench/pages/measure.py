"""One measure: the server started, each page visited, its statements run again bare."""

from __future__ import annotations

import json
import os
import pickle
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from sqlalchemy import NullPool, create_engine

from bench.pages.load import FIRST, HOST, fetch
from bench.pages.served import BARE, RECORD
from bench.pages.visits import Visit

ROOT = Path(__file__).resolve().parents[2]
WORKERS, THREADS, MANY = 2, 4, 8
TIMES = 20
# Seconds for every process to have served the page once: compiled templates and statements are what lasts.
WARM = 0.2


@dataclass(frozen=True)
class Measure:
    """What one page took. Times in milliseconds, size in bytes.

    `work`: processor time of the server for one answer, which other programs of the machine disturb least.
    `bare`, `bare_work`: the same of the bare page, measured just before.
    """

    name: str
    median: float
    slow: float
    rate: float
    work: float
    queries: int
    sql: float
    size: int
    bare: float
    bare_work: float

    @property
    def ratio(self) -> float:
        """How many times the bare page, by the clock."""
        return self.median / self.bare

    @property
    def work_ratio(self) -> float:
        """How many times the bare page, by the processor."""
        return self.work / self.bare_work


@dataclass(frozen=True)
class Server:
    """A running gunicorn."""

    port: int
    pid: int

    def work(self) -> float:
        """Milliseconds of processor spent so far by its workers (Linux)."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return sum(_spent(Path(f"/proc/{child}/stat").read_text()) for child in children)


def _spent(stat: str) -> float:
    """User and system time of a line of /proc/…/stat, whose second field may hold spaces."""
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def measure(url: str, visits: list[Visit], seconds: float) -> list[Measure]:
    """Every page, one after the other, the bare page before each of them: what disturbs one disturbs the other."""
    with _served(url) as server:
        first = Visit("Page Flask nue", f"{BARE}/", "")
        return [_page(url, server, one, seconds) for one in (first, *visits)]


@contextmanager
def _served(url: str) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    options = ["--bind", f"{HOST}:{port}", "--worker-class", "gthread", "--log-level", "warning"]
    sizes = ["--workers", str(WORKERS), "--threads", str(THREADS)]
    command = [sys.executable, "-m", "gunicorn", "bench.pages.served:served()", *options, *sizes]
    with tempfile.TemporaryFile() as words:
        server = subprocess.Popen(command, cwd=ROOT, env=environment(url), stderr=words)
        try:
            _wait(port, server)
            yield Server(port, server.pid)
        finally:
            server.terminate()
            server.wait(30)


def environment(url: str) -> dict[str, str]:
    """The demonstration’s settings, on this database."""
    return {**os.environ, "MAILLAGE_ENV": "demo", "DATABASE_URL": url}


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("The server did not open.")


def _page(url: str, server: Server, visit: Visit, seconds: float) -> Measure:
    bare, bare_work = _alone(server, Visit("", f"{BARE}/", ""), seconds / 2)
    times, work = _alone(server, visit, seconds)
    many, spent = _visited(server.port, visit, MANY, seconds)
    body, queries, statements = _once(server.port, visit)
    return Measure(
        name=visit.name,
        median=statistics.median(times),
        slow=sorted(times)[int(len(times) * 0.95)],
        rate=len(many) / spent,
        work=work,
        queries=int(queries or 0),
        sql=raw(url, statements),
        size=len(body),
        bare=statistics.median(bare),
        bare_work=bare_work,
    )


def _alone(server: Server, visit: Visit, seconds: float) -> tuple[list[float], float]:
    """Milliseconds of each answer on one connection, and the processor's for one of them."""
    _visited(server.port, visit, MANY, WARM)
    before = server.work()
    times, _spent = _visited(server.port, visit, 1, seconds)
    return times, (server.work() - before) / (len(times) + FIRST)


def _visited(port: int, visit: Visit, connections: int, seconds: float) -> tuple[list[float], float]:
    arguments = [str(port), visit.path, visit.cookie, str(connections), str(seconds)]
    command = [sys.executable, "-m", "bench.pages.load", *arguments]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    said = json.loads(done.stdout)
    return said["times"], said["seconds"]


def _once(port: int, visit: Visit) -> tuple[bytes, str, list[tuple[str, Any]]]:
    """The page once more, its statements kept."""
    connection = HTTPConnection(HOST, port, timeout=120)
    with tempfile.TemporaryDirectory(prefix="maillage-bench-") as folder:
        file = Path(folder) / "statements"
        body, queries = fetch(connection, visit.path, visit.cookie, {RECORD: str(file)})
        connection.close()
        return body, queries, pickle.loads(file.read_bytes()) if file.exists() else []


def raw(url: str, statements: list[tuple[str, Any]]) -> float:
    """Milliseconds of these statements alone, through the driver, rows fetched: the median of several times."""
    connection = _connect(url)
    try:
        return statistics.median(_run(connection, statements) for _time in range(TIMES))
    finally:
        connection.close()


def _connect(url: str) -> Any:
    """A connection of the driver, prepared as the application prepares its own."""
    engine = create_engine(url, poolclass=NullPool)
    connection = engine.raw_connection()
    if engine.dialect.name == "postgresql":
        connection.driver_connection.autocommit = True  # type: ignore[union-attr]
    return connection


def _run(connection: Any, statements: list[tuple[str, Any]]) -> float:
    cursor, begun = connection.cursor(), time.perf_counter()
    for statement, parameters in statements:
        cursor.execute(statement, parameters)
        cursor.fetchall()
    return (time.perf_counter() - begun) * 1000
