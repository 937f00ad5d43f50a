"""The whole suite: on SQLite with the browser journeys, then on a temporary PostgreSQL. Arguments go on to pytest.

Nothing is left out in silence: what cannot run here is said, with its reason, and fails when CI is set.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tools import chromium, debian, postgres

ROOT = Path(__file__).resolve().parents[1]
OUTPUT = ROOT / "tests-output"
NO_TEST_COLLECTED = 5


@dataclass(frozen=True)
class Outcome:
    """What one run of pytest came to, or why it did not take place."""

    name: str
    code: int
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    absent: str = ""

    def line(self) -> str:
        return f"{self.name}: {self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def main(arguments: list[str]) -> int:
    """Run everything; 0 when nothing failed and, in CI, nothing was left out."""
    OUTPUT.mkdir(exist_ok=True)
    browser, absent = _browser()
    outcomes = [_run("SQLite", "" if browser else "not browser", {"CHROMIUM": browser or ""}, arguments)]
    outcomes.append(_on_postgres(browser, arguments))
    return _conclude(outcomes, absent)


def _browser() -> tuple[str | None, list[str]]:
    try:
        return chromium.ensure(), []
    except debian.Missing as reason:
        return None, [f"Parcours dans le navigateur laissés de côté : {reason}"]


def _on_postgres(browser: str | None, arguments: list[str]) -> Outcome:
    """Every test that opens a database (see tests/conftest.py); of the browser journeys, those marked `smoke` are enough."""
    chosen = "not browser or smoke" if browser else "not browser"
    with ExitStack() as stack:
        try:
            url = stack.enter_context(postgres.temporary_postgres())
        except debian.Missing as reason:
            return Outcome("PostgreSQL", 0, absent=f"Suite sur PostgreSQL laissée de côté : {reason}")
        return _run("PostgreSQL", chosen, {"TEST_DATABASE_URL": url, "CHROMIUM": browser or ""}, arguments)


def _run(name: str, chosen: str, environment: dict[str, str], arguments: list[str]) -> Outcome:
    print(f"\n=== {name} ===", flush=True)
    report = OUTPUT / f"junit-{name.lower()}.xml"
    report.unlink(missing_ok=True)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.support.skips",
        f"--junitxml={report}",
        *_workers(arguments),
    ]
    command += ["-m", chosen] if chosen else []
    start = time.monotonic()
    code = subprocess.run([*command, *arguments], cwd=ROOT, env={**os.environ, **environment}, check=False).returncode
    return _read(name, code, report, time.monotonic() - start)


def _workers(arguments: list[str]) -> list[str]:
    chosen = any(argument == "-n" or argument.startswith(("-n", "--numprocesses")) for argument in arguments)
    return [] if chosen else ["-n", str(os.cpu_count() or 1), "--dist", "worksteal"]


def _read(name: str, code: int, report: Path, seconds: float) -> Outcome:
    """The counts of one run. A run that left no report counts as one failure."""
    if not report.exists():
        return Outcome(name, code or 1, failed=1, seconds=seconds)
    suites = list(ET.parse(report).getroot().iter("testsuite"))  # noqa: S314
    total, skipped = _sum(suites, "tests"), _sum(suites, "skipped")
    failed = _sum(suites, "failures") + _sum(suites, "errors")
    return Outcome(name, code, total - failed - skipped, failed, skipped, seconds)


def _sum(suites: list[ET.Element], key: str) -> int:
    return sum(int(suite.get(key, "0")) for suite in suites)


def _conclude(outcomes: list[Outcome], absent: list[str]) -> int:
    absent = [*absent, *(outcome.absent for outcome in outcomes if outcome.absent)]
    ran = [outcome for outcome in outcomes if not outcome.absent]
    print("\n=== Bilan ===")
    for reason in absent:
        print(reason)
    for outcome in ran:
        print(f"{outcome.name} : {outcome.seconds:.0f} s{_why_failed(outcome)}")
    if len(ran) > 1:
        print("PostgreSQL ne rejoue ni les tests qu’aucune base ne change, ni les parcours, sauf les principaux.")
    for outcome in ran:
        print(outcome.line())
    codes = [outcome.code for outcome in ran]
    return int(any(codes) or bool(absent and os.environ.get("CI")))


def _why_failed(outcome: Outcome) -> str:
    if outcome.code == NO_TEST_COLLECTED:
        return ", aucun test trouvé"
    return f", code de sortie {outcome.code}" if outcome.code else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
