"""Break the scoring engine in one place at a time and see whether its tests notice.

    python -m tools.engine_mutants                      every mutant, about an hour on one core
    python -m tools.engine_mutants --sample 60          a reproducible sample
    python -m tools.engine_mutants --only profile.py    one file of the engine, or `instrument` for the data
    python -m tools.engine_mutants --list               count them, run nothing

The engine, its instrument and tests/assessments are copied to a temporary tree, without the rest of the
application; each mutant runs there in one process, stopping at the first failure. Survivors are printed and
make the exit status 1. When the instrument's data are mutated its published hash is rewritten and the tests
of the hash are left out, since they would notice anything.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.mutations import INSTRUMENT, INSTRUMENTS, ROOT, Mutant, code_mutants, data_mutants

ENGINE = Path("app/assessments/engine")
TESTS = Path("tests/assessments")
COPIED = (Path("app/cli/assess.py"), Path("app/assessments/__init__.py"), Path("pyproject.toml"))
EMPTIED = (Path("app/__init__.py"), Path("app/cli/__init__.py"))
TIMEOUT_S = 300

# Fast and telling first: most mutants die before Hypothesis starts.
TEST_FILES = (
    "test_vectors.py",
    "test_truth_tables.py",
    "test_truth_of_readings.py",
    "test_rule_tables.py",
    "test_conditions.py",
    "test_agreement.py",
    "test_instrument.py",
    "test_assess_command.py",
    "test_properties.py",
)
HELPERS = ("__init__.py", "sheets.py", "oracle.py", "assessment_vectors.json")
CONFTEST = '''"""Few examples, always the same ones: a mutant must die in seconds."""

from hypothesis import settings

settings.register_profile("mutants", max_examples=25, derandomize=True, database=None, deadline=None)
settings.load_profile("mutants")
'''


def engine_files() -> list[Path]:
    return [ENGINE / path.name for path in sorted((ROOT / ENGINE).glob("*.py")) if path.name != "__init__.py"]


def collect(only: str | None) -> list[Mutant]:
    mutants: list[Mutant] = []
    for file in engine_files():
        if only in (None, file.name):
            mutants.extend(code_mutants(file))
    if only in (None, "instrument"):
        mutants.extend(data_mutants())
    return mutants


def copy_tree(target: Path) -> None:
    for folder in (ENGINE, INSTRUMENTS):
        shutil.copytree(ROOT / folder, target / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in (*COPIED, *(TESTS / name for name in (*HELPERS, *TEST_FILES))):
        (target / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / file, target / file)
    # The application itself is not imported: the engine stands alone.
    for file in EMPTIED:
        (target / file).write_text("", "utf-8")
    (target / "tests/conftest.py").write_text(CONFTEST, "utf-8")


def passes(target: Path, *extra: str) -> bool:
    options = ["-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", *extra]
    command = [sys.executable, "-m", "pytest", *options, *(str(TESTS / name) for name in TEST_FILES)]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        run = subprocess.run(command, cwd=target, capture_output=True, timeout=TIMEOUT_S, env=environment, check=False)
    except subprocess.TimeoutExpired:
        return False
    return run.returncode == 0


def survives(target: Path, mutant: Mutant) -> bool:
    place = target / mutant.file
    original = place.read_text("utf-8")
    place.write_text(mutant.text, "utf-8")
    try:
        return passes(target) if mutant.file != INSTRUMENT else passes_with_new_hash(target, mutant.text)
    finally:
        place.write_text(original, "utf-8")


def passes_with_new_hash(target: Path, text: str) -> bool:
    listing = target / INSTRUMENTS / "published.json"
    original = listing.read_text("utf-8")
    canonical = json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    listing.write_text(json.dumps({"distance-numerique": {"1.0.0": digest}}), "utf-8")
    try:
        return passes(target, "-k", "not published_hash")
    finally:
        listing.write_text(original, "utf-8")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Break the engine; see if the tests notice.")
    parser.add_argument("--only", help="one file of the engine, or `instrument` for the data")
    parser.add_argument("--sample", type=int, help="how many, drawn from all of them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true", help="count and stop")
    return parser.parse_args()


def chosen(options: argparse.Namespace) -> list[Mutant]:
    mutants = collect(options.only)
    if options.sample is None or options.sample >= len(mutants):
        return mutants
    return random.Random(options.seed).sample(mutants, options.sample)  # noqa: S311


def main() -> int:
    options = arguments()
    mutants = chosen(options)
    if options.list:
        print(f"{len(mutants)} mutants")
        return 0
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        target = Path(folder)
        copy_tree(target)
        if not passes(target):
            print("The tests fail without any mutant.")
            return 2
        survivors = run_all(target, mutants)
    print(f"{len(mutants)} mutants, {len(mutants) - len(survivors)} noticed, {len(survivors)} survived")
    for mutant in survivors:
        print(f"  {mutant}")
    return 1 if survivors else 0


def run_all(target: Path, mutants: list[Mutant]) -> list[Mutant]:
    survivors = []
    for rank, mutant in enumerate(mutants, start=1):
        if survives(target, mutant):
            survivors.append(mutant)
            print(f"[{rank}/{len(mutants)}] survived: {mutant}", flush=True)
    return survivors


if __name__ == "__main__":
    sys.exit(main())
