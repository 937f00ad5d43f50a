"""In continuous integration a skipped test fails the run, unless it is marked `shared_data`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PASSES = "def test_a(): pass\n"
SKIPS = "import pytest\n@pytest.mark.skip(reason='fatigue')\ndef test_b(): pass\n"
ALLOWED = "import pytest\n@pytest.mark.shared_data\ndef test_b(): pytest.skip('absent')\n"
SKIPS_WHOLE_FILE = "import pytest\npytest.skip('fatigue', allow_module_level=True)\n"


def run(folder: Path, source: str, *arguments: str, ci: bool = True) -> subprocess.CompletedProcess[str]:
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = shared_data\n")
    (folder / "test_first.py").write_text(PASSES)
    (folder / "test_second.py").write_text(source)
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("CI", "PYTEST"))}
    environment |= {"PYTHONPATH": str(ROOT)} | ({"CI": "true"} if ci else {})
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.support.skips", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("source", [SKIPS, SKIPS_WHOLE_FILE])
@pytest.mark.parametrize("workers", [[], ["-n", "1"]])
def test_an_unmarked_skip_fails_the_run_and_is_named(tmp_path: Path, source: str, workers: list[str]) -> None:
    done = run(tmp_path, source, *workers)
    assert done.returncode == 1, done.stdout
    assert "skipped without being allowed to" in done.stdout
    assert "fatigue" in done.stdout


def test_a_test_marked_shared_data_may_skip(tmp_path: Path) -> None:
    done = run(tmp_path, ALLOWED)
    assert done.returncode == 0, done.stdout


def test_elsewhere_skips_are_free(tmp_path: Path) -> None:
    assert run(tmp_path, SKIPS, ci=False).returncode == 0
