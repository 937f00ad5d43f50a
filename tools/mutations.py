"""The single changes that tools/engine_mutants.py tries, on the engine's code and on the instrument's data."""

import ast
import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INSTRUMENTS = Path("app/assessments/instruments")
INSTRUMENT = INSTRUMENTS / "distance-numerique-1.0.0.json"

FLIPS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
}
CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True)
class Mutant:
    """One change: the file, where and what, and the whole changed text."""

    file: Path
    where: str
    change: str
    text: str

    def __str__(self) -> str:
        return f"{self.file.name}:{self.where}  {self.change}"


Edit = Callable[[ast.AST], None]


def edits(node: ast.AST) -> Iterator[tuple[str, Edit]]:
    """Every single change this node can take, with its description."""
    yield from comparison_edits(node)
    yield from logic_edits(node)
    yield from value_edits(node)
    yield from result_edits(node)


def comparison_edits(node: ast.AST) -> Iterator[tuple[str, Edit]]:
    if not isinstance(node, ast.Compare):
        return
    for rank, operator in enumerate(node.ops):
        for other in FLIPS.get(type(operator), ()):
            yield f"{type(operator).__name__} → {other.__name__}", set_item("ops", rank, other())


def logic_edits(node: ast.AST) -> Iterator[tuple[str, Edit]]:
    if isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield f"{type(node.op).__name__} → {type(other).__name__}", set_field("op", other)
    if isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        operator = ARITHMETIC[type(node.op)]
        yield f"{type(node.op).__name__} → {operator.__name__}", set_field("op", operator())
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield (
            f"{type(node.op).__name__} removed",
            set_field("op", ast.UAdd() if isinstance(node.op, ast.USub) else None),
        )
    if isinstance(node, ast.IfExp):
        yield "branches swapped", swap("body", "orelse")


def value_edits(node: ast.AST) -> Iterator[tuple[str, Edit]]:
    if isinstance(node, ast.Constant) and type(node.value) is int:
        for step in (1, -1):
            yield f"{node.value} → {node.value + step}", set_field("value", node.value + step)
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield f"{node.value} → {not node.value}", set_field("value", not node.value)
    if isinstance(node, ast.Name) and node.id in CALLS:
        yield f"{node.id} → {CALLS[node.id]}", set_field("id", CALLS[node.id])


def result_edits(node: ast.AST) -> Iterator[tuple[str, Edit]]:
    if isinstance(node, ast.Return) and node.value is not None and not is_falsy(node.value):
        yield "returns None", set_field("value", ast.Constant(None))
    if isinstance(node, ast.If):
        yield "if → never", set_field("test", ast.Constant(False))
    if isinstance(node, ast.comprehension) and node.ifs:
        yield "filter removed", set_field("ifs", [])


def is_falsy(node: ast.expr) -> bool:
    """None instead of False changes nothing; False → True is another mutant."""
    return isinstance(node, ast.Constant) and not node.value


def set_field(name: str, value: object) -> Edit:
    def edit(node: ast.AST) -> None:
        setattr(node, name, value)

    return edit


def set_item(name: str, rank: int, value: object) -> Edit:
    def edit(node: ast.AST) -> None:
        getattr(node, name)[rank] = value

    return edit


def swap(first: str, second: str) -> Edit:
    def edit(node: ast.AST) -> None:
        one, two = getattr(node, first), getattr(node, second)
        setattr(node, first, two)
        setattr(node, second, one)

    return edit


def skipped(tree: ast.AST) -> set[ast.AST]:
    """Annotations and decorators (frozen=True) are not the behaviour sought here."""
    found: set[ast.AST] = set()
    for node in ast.walk(tree):
        for decorator in getattr(node, "decorator_list", ()):
            found.update(ast.walk(decorator))
        for name in ("annotation", "returns"):
            annotation = getattr(node, name, None)
            if isinstance(annotation, ast.AST):
                found.update(ast.walk(annotation))
    return found


class WithoutNot(ast.NodeTransformer):
    """`not x`, once marked, becomes x."""

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        self.generic_visit(node)
        return node if getattr(node, "op", None) is not None else node.operand


def code_mutants(file: Path) -> Iterator[Mutant]:
    source = (ROOT / file).read_text("utf-8")
    nodes = list(ast.walk(ast.parse(source)))
    ignored = skipped(nodes[0])
    for rank, node in enumerate(nodes):
        for number, (change, _) in enumerate(() if node in ignored else edits(node)):
            tree = ast.parse(source)
            target = list(ast.walk(tree))[rank]
            list(edits(target))[number][1](target)
            text = ast.unparse(ast.fix_missing_locations(WithoutNot().visit(tree)))
            yield Mutant(file, str(line_of(node)), change, text)


def line_of(node: ast.AST) -> int:
    """A comprehension has no line of its own: that of what it goes through."""
    placed = node.iter if isinstance(node, ast.comprehension) else node
    return getattr(placed, "lineno", 0)


# What the file says for people, or for the pages, without any effect on a result.
SILENT = {"duree_s", "duree_cible_s", "reference_nanterre_pct"}


def data_mutants() -> Iterator[Mutant]:
    """Numbers ±1 (or 0.5 → 0.6), a code less in a condition, in the scored parts of the file."""
    document = json.loads((ROOT / INSTRUMENT).read_text("utf-8"))
    for place in scored_places(document, ()):
        for change, value in data_changes(find(document, place)):
            changed = copy.deepcopy(document)
            find(changed, place[:-1])[place[-1]] = value
            name = ".".join(map(str, place))
            yield Mutant(INSTRUMENT, name, change, json.dumps(changed, ensure_ascii=False))


def scored_places(value: object, place: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in SILENT:
                yield from scored_places(inner, (*place, key))
    elif isinstance(value, list):
        if place[-1] in ("codes", "actions", "profil", "motif", "priorite", "un", "tous") and len(value) > 1:
            yield place
        for rank, inner in enumerate(value):
            yield from scored_places(inner, (*place, rank))
    elif type(value) in (int, float):
        yield place


def data_changes(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, list):
        for rank in range(len(value)):
            yield f"item {rank} removed", value[:rank] + value[rank + 1 :]
    elif type(value) is float:
        yield f"{value} → {value + 0.1:.1f}", round(value + 0.1, 1)
        yield f"{value} → {value - 0.1:.1f}", round(value - 0.1, 1)
    elif type(value) is int:
        yield f"{value} → {value + 1}", value + 1
        yield f"{value} → {value - 1}", value - 1


def find(document: object, place: tuple[str | int, ...]) -> object:
    for step in place:
        document = document[step]  # type: ignore[index]
    return document
