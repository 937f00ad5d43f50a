"""Databases filled, pages measured, the report printed and written to `bench-output/pages.md`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app import create_app
from bench.pages.measure import ROOT, Measure, environment, measure
from bench.pages.report import Run, report
from bench.pages.visits import visits
from config import Settings
from tools import debian
from tools.postgres import temporary_postgres

SMALL, LARGE = 1_000, 100_000
SESSIONS_EACH = 10
OUTPUT = ROOT / "bench-output" / "pages.md"


def main(quick: bool = False, sizes: tuple[int, ...] = (SMALL, LARGE)) -> None:
    """Measure and report. `quick`: 1,000 people on SQLite, a minute."""
    runs = []
    for size in (SMALL,) if quick else sizes:
        with _sqlite() as url:
            runs.append(_run("SQLite", url, size, 0.5 if quick else 3.0))
    if not quick:
        runs += _postgres(sizes)
    words = report(runs)
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(words, encoding="utf-8")
    print(words)
    print(f"Rapport écrit dans {OUTPUT.relative_to(ROOT)}", flush=True)


def _postgres(sizes: tuple[int, ...]) -> list[Run]:
    runs = []
    for size in sizes:
        try:
            with temporary_postgres() as url:
                runs.append(_run("PostgreSQL", url, size, 3.0))
        except debian.Missing as reason:
            print(f"PostgreSQL laissé de côté : {reason}")
    return runs


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="maillage-bench-") as folder:
        yield f"sqlite:///{Path(folder) / 'bench.sqlite'}"


def _run(name: str, url: str, people: int, seconds: float) -> Run:
    filling = time.perf_counter()
    print(f"{name}, {people} personnes : remplissage…", flush=True)
    command = ["demo", "--people", str(people), "--sessions", str(people * SESSIONS_EACH)]
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    subprocess.run([*flask, *command], cwd=ROOT, env=environment(url), check=True, stdout=subprocess.DEVNULL)
    filling = time.perf_counter() - filling
    print(f"{name}, {people} personnes : rempli en {filling:.0f} s, mesure…", flush=True)
    app = create_app(Settings.from_env(environment(url)))
    found: list[Measure] = measure(url, visits(app), seconds)
    return Run(name, people, people * SESSIONS_EACH, filling, found, os.getloadavg()[0])
