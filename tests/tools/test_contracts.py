"""The rules of dependency are kept because breaking them is seen: each is broken here in a small tree of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOUND = {
    "wiring": "from app.people import views",
    "kernel.db": "import sqlalchemy",
    "kernel.clock": "",
    "people.enums": "",
    "people.models": "from app.kernel import db\nfrom app.people import enums",
    "people.names": "",
    "people.queries": "from app.people import models, names",
    "people.actions": "from app.people import queries",
    "people.forms": "import wtforms",
    "people.views": "import flask\nfrom app.people import actions, forms",
    "needs.enums": "",
    "needs.actions": "from app.people import queries",
    "needs.views": "from app.needs import actions",
}


def lint(folder: Path, modules: dict[str, str]) -> subprocess.CompletedProcess[str]:
    for name, source in {**SOUND, **modules}.items():
        path = folder / "app" / Path(*name.split(".")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source + "\n")
    for package in (folder / "app", *(path for path in (folder / "app").rglob("*") if path.is_dir())):
        (package / "__init__.py").touch()
    shutil.copy(ROOT / "pyproject.toml", folder)
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-logo", "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_a_sound_tree_passes(tmp_path: Path) -> None:
    done = lint(tmp_path, {})
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


@pytest.mark.parametrize(
    ("module", "source", "broken"),
    [
        ("people.queries", "from app.needs import enums", "Between features, one street"),
        ("kernel.db", "from app.people import enums", "Between features, one street"),
        ("marketing.enums", "", "Between features, one street"),
        ("people.models", "from app.people import queries", "Inside a feature, down only"),
        ("people.actions", "from app.people import forms", "Inside a feature, down only"),
        ("people.helpers", "", "A feature has these rooms and no other"),
        ("needs.views", "from app.people import forms", "No feature imports another feature’s views or forms"),
        ("home.views", "import app.people.views", "No feature imports another feature’s views or forms"),
        ("people.actions", "from flask import g", "Nothing below forms imports the web"),
        ("people.policy", "import flask_login", "Nothing below forms imports the web"),
        ("people.names", "import sqlalchemy", "The rules themselves are pure"),
        ("people.names", "from app.kernel import clock", "The rules themselves are pure"),
    ],
)
def test_a_broken_rule_is_seen(tmp_path: Path, module: str, source: str, broken: str) -> None:
    done = lint(tmp_path, {module: source})
    told = [line for line in done.stdout.splitlines() if line.endswith("BROKEN")]
    assert done.returncode == 1, done.stdout + done.stderr
    assert any(line.startswith(broken) for line in told), told
