"""Every check of the code, all run even when one fails."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
SOURCES = [name for name in ("app", "bench", "tests", "tools", "config.py", "wsgi.py") if (ROOT / name).exists()]
CHECKS = {
    "ruff": ["ruff", "check", *SOURCES],
    "ruff format": ["ruff", "format", "--check", *SOURCES],
    "mypy": ["mypy"],
    "import-linter": ["lint-imports", "--no-logo", "--no-cache"],
    "djlint": ["djlint", "--lint", "--quiet", "templates"],
}


def main() -> int:
    """Number of checks that found something."""
    failed = [name for name, command in CHECKS.items() if not _passes(name, command)]
    print(f"\nÀ corriger : {', '.join(failed)}." if failed else "\nRien à corriger.")
    return len(failed)


def _passes(name: str, command: list[str]) -> bool:
    print(f"\n--- {name} ---", flush=True)
    return subprocess.run([str(BIN / command[0]), *command[1:]], cwd=ROOT, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
