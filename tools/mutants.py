"""Damages the rules one at a time and runs their tests: a mutant that survives is a rule nobody checks.

`make mutants ARGS="--limit 200 engine machine"`: at most so many mutants, drawn at random but always the same ones,
in the modules whose path holds one of the words.
"""

from __future__ import annotations

import argparse
import ast
import copy
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).resolve().parents[1]
RULES = ("app/*/engine/*.py", "app/*/engine.py", "app/*/machine*.py", "app/*/machine/*.py", "app/*/policy.py")
RULES += ("app/*/names/*.py", "app/*/names.py", "app/*/formulas.py", "app/*/area.py", "app/kernel/journal/chain.py")
NEEDED = ("app", "tests", "tools", "templates", "translations", "migrations", "config.py", "wsgi.py", "pyproject.toml")
OPTIONS = ("-x", "-q", "-n0", "-p", "no:cacheprovider", "-m", "not browser and not slow")
COPIES = 2
TEST_LIMIT = 180
SEED = 20260101
OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


@dataclass(frozen=True)
class Mutant:
    """One damage: the `rank`-th node of a file, in the order of `ast.walk`, changed."""

    path: Path
    rank: int
    line: int
    before: str
    after: str
    source: str

    def told(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}: {self.before} → {self.after}"


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every damage that can be done to a file."""
    tree = ast.parse(path.read_text())
    for rank, node in enumerate(ast.walk(tree)):
        damage = _damage(node)
        if damage is None:
            continue
        damaged = copy.deepcopy(tree)
        target = list(ast.walk(damaged))[rank]
        damage(target)
        yield Mutant(path, rank, _line(node), ast.unparse(node), ast.unparse(target), ast.unparse(damaged))


def _damage(node: ast.AST) -> Callable[[ast.AST], None] | None:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in OPPOSITE:
        return lambda target: setattr(target, "ops", [OPPOSITE[type(target.ops[0])](), *target.ops[1:]])
    if isinstance(node, ast.BoolOp):
        return lambda target: setattr(target, "op", ast.Or() if isinstance(target.op, ast.And) else ast.And())
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return lambda target: setattr(target, "operand", ast.UnaryOp(ast.Not(), target.operand))
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        return lambda target: setattr(target, "value", not target.value)
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return lambda target: setattr(target, "value", target.value + 1)
    return None


def _line(node: ast.AST) -> int:
    return int(getattr(node, "lineno", 0))


def tests_of(path: Path) -> str:
    """The tests that should see damage done to a file: its feature's folder, else all of them."""
    folder = f"tests/{path.relative_to(ROOT).parts[1]}"
    return folder if any((ROOT / folder).rglob("test_*.py")) else "tests"


def survives(mutant: Mutant, place: Path) -> bool:
    """Run the tests of the mutant in a copy of the project. Tests that never end count as having seen it."""
    file = place / mutant.path.relative_to(ROOT)
    original = file.read_text()
    file.write_text(mutant.source)
    try:
        return passes(tests_of(mutant.path), place)
    finally:
        file.write_text(original)


def passes(tests: str, place: Path) -> bool:
    """Whether these tests pass in a copy of the project, in the time they have."""
    command = [sys.executable, "-m", "pytest", *OPTIONS, tests]
    try:
        done = subprocess.run(command, cwd=place, capture_output=True, timeout=TEST_LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def main(arguments: list[str]) -> int:
    """0 when every mutant was seen, 1 when one survived, 2 when the tests fail without any."""
    options = _options(arguments)
    chosen = _chosen(options.words, options.limit)
    with tempfile.TemporaryDirectory(prefix="maillage-mutants-") as folder:
        places: SimpleQueue[Path] = SimpleQueue()
        copies = [_copy_of_project(Path(folder) / str(number)) for number in range(COPIES)]
        sick = [tests for tests in sorted({tests_of(mutant.path) for mutant in chosen}) if not passes(tests, copies[0])]
        if sick:
            print(f"Ces tests échouent avant tout dommage, réparez-les d’abord : {', '.join(sick)}", file=sys.stderr)
            return 2
        for place in copies:
            places.put(place)
        with ThreadPoolExecutor(COPIES) as pool:
            survivors = [
                mutant for mutant, alive in zip(chosen, pool.map(_try_in(places), chosen), strict=True) if alive
            ]
    print(f"\n{len(chosen)} mutants, {len(chosen) - len(survivors)} vus par les tests, {len(survivors)} survivants")
    print("".join(f"  {mutant.told()}\n" for mutant in survivors), end="")
    return int(bool(survivors))


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutants ARGS=…", description="Abîme les règles une à une.")
    parser.add_argument("words", nargs="*", help="mots d’un chemin, par exemple engine")
    parser.add_argument("--limit", type=int, default=60, help="nombre de mutants (60)")
    return parser.parse_args(arguments)


def _chosen(words: list[str], limit: int) -> list[Mutant]:
    files = sorted({path for pattern in RULES for path in ROOT.glob(pattern)})
    wanted = [path for path in files if not words or any(word in str(path.relative_to(ROOT)) for word in words)]
    every = [mutant for path in wanted for mutant in mutants_of(path)]
    return random.Random(SEED).sample(every, min(limit, len(every)))  # noqa: S311


def _copy_of_project(place: Path) -> Path:
    place.mkdir()
    for name in NEEDED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            shutil.copy(source, place / name)
    return place


def _try_in(places: SimpleQueue[Path]) -> Callable[[Mutant], bool]:
    def attempt(mutant: Mutant) -> bool:
        place = places.get()
        try:
            alive = survives(mutant, place)
        finally:
            places.put(place)
        print(f"{'survit' if alive else 'vu    '}  {mutant.told()}", flush=True)
        return alive

    return attempt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
