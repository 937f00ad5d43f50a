"""Every check of the code, all run even when one fails, as many at once as there are processors."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
SOURCES = [name for name in ("app", "bench", "tests", "tools", "config.py", "wsgi.py") if (ROOT / name).exists()]
# The longest first: the others are done meanwhile.
CHECKS = {
    "mypy": ["mypy"],
    "djlint": ["djlint", "--lint", "--quiet", "templates"],
    "import-linter": ["lint-imports", "--no-logo", "--no-cache"],
    "ruff": ["ruff", "check", *SOURCES],
    "ruff format": ["ruff", "format", "--check", *SOURCES],
}


def main() -> int:
    """Number of checks that found something."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        failed = [name for name, done in zip(CHECKS, pool.map(_run, CHECKS.values()), strict=True) if _told(name, done)]
    print(f"\nÀ corriger : {', '.join(failed)}." if failed else "\nRien à corriger.")
    return len(failed)


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    program, *arguments = command
    return subprocess.run(
        [BIN / program, *arguments],
        cwd=ROOT,
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def _told(name: str, done: subprocess.CompletedProcess[str]) -> bool:
    """Print what a check said, whole and in one piece; True when it found something."""
    print(f"\n--- {name} ---\n{done.stdout}", end="", flush=True)
    return done.returncode != 0


if __name__ == "__main__":
    sys.exit(main())
