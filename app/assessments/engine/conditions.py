"""The `si` language of the instrument: which facts make a rule apply.

A condition is one JSON object: `{}` (always), `{"un": […]}` (any), `{"tous": […]}` (all),
`{"question": Q, "codes": […]}`, `{"dimension": D, "min": a, "max": b}` (bounds included, either
one optional), or a list of codes under `priorite`, `profil`, `motif` or `mode`.
An unanswered question, an unknown dimension and an unstated reason satisfy nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from app.assessments.engine.node import Node

NAMED_FACTS = ("priorite", "profil", "motif", "mode")
KINDS = frozenset({"question", "dimension", *NAMED_FACTS})
MAX_SCORE = 100


@dataclass(frozen=True)
class Facts:
    """What conditions may look at: codes by question, 0–100 by dimension, and named results."""

    answers: Mapping[str, str]
    dimensions: Mapping[str, int | None] = field(default_factory=lambda: MappingProxyType({}))
    named: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Always:
    """True whatever the facts."""

    def holds(self, facts: Facts) -> bool:
        return True


@dataclass(frozen=True)
class AnyOf:
    """True when one part is."""

    parts: tuple["Condition", ...]

    def holds(self, facts: Facts) -> bool:
        return any(part.holds(facts) for part in self.parts)


@dataclass(frozen=True)
class AllOf:
    """True when every part is."""

    parts: tuple["Condition", ...]

    def holds(self, facts: Facts) -> bool:
        return all(part.holds(facts) for part in self.parts)


@dataclass(frozen=True)
class Answered:
    """True when the question was answered, or deduced, with one of the codes."""

    question: str
    codes: frozenset[str]

    def holds(self, facts: Facts) -> bool:
        return facts.answers.get(self.question) in self.codes


@dataclass(frozen=True)
class InRange:
    """True when the dimension is known and within the bounds, both included."""

    dimension: str
    low: int
    high: int

    def holds(self, facts: Facts) -> bool:
        score = facts.dimensions.get(self.dimension)
        return score is not None and self.low <= score <= self.high


@dataclass(frozen=True)
class Named:
    """True when the named fact has one of the codes."""

    name: str
    codes: frozenset[str]

    def holds(self, facts: Facts) -> bool:
        return facts.named.get(self.name) in self.codes


Condition = Always | AnyOf | AllOf | Answered | InRange | Named


@dataclass(frozen=True)
class Vocabulary:
    """The names a condition may use: codes by question, dimensions, codes by named fact."""

    codes: Mapping[str, frozenset[str]]
    dimensions: frozenset[str]
    named: Mapping[str, frozenset[str]]


def read_condition(node: Node, words: Vocabulary, kinds: frozenset[str] = KINDS) -> Condition:
    """Parse a condition limited to `kinds` of facts; InstrumentError names the broken place."""
    keys = frozenset(key for key, _ in node.entries())
    if not keys:
        return Always()
    if keys in ({"un"}, {"tous"}):
        return _read_group(node, words, kinds)
    return _read_fact(node, keys, words, kinds)


def _read_group(node: Node, words: Vocabulary, kinds: frozenset[str]) -> Condition:
    key, group = next(node.entries())
    parts = tuple(read_condition(part, words, kinds) for part in group.each())
    if not parts or Always() in parts:
        group.fail("un groupe de conditions vide n’a pas de sens")
    return AnyOf(parts) if key == "un" else AllOf(parts)


def _read_fact(node: Node, keys: frozenset[str], words: Vocabulary, kinds: frozenset[str]) -> Condition:
    if keys == {"question", "codes"} and "question" in kinds:
        return _read_answered(node, words)
    if "dimension" in keys and keys <= {"dimension", "min", "max"} and "dimension" in kinds:
        return _read_range(node, words)
    if not (len(keys) == 1 and keys <= kinds & set(NAMED_FACTS)):
        node.fail(f"condition incomprise ici : {', '.join(sorted(keys))}")
    return _read_named(node, words)


def _read_answered(node: Node, words: Vocabulary) -> Answered:
    question = node["question"].among(words.codes, "question")
    return Answered(question, frozenset(node["codes"].all_among(words.codes[question], f"codes de {question}")))


def _read_range(node: Node, words: Vocabulary) -> InRange:
    low = node["min"].integer() if "min" in node else 0
    high = node["max"].integer() if "max" in node else MAX_SCORE
    if not low <= high <= MAX_SCORE or not ("min" in node or "max" in node):
        node.fail("bornes absentes ou impossibles")
    return InRange(node["dimension"].among(words.dimensions, "dimension"), low, high)


def _read_named(node: Node, words: Vocabulary) -> Named:
    name, codes = next(node.entries())
    return Named(name, frozenset(codes.all_among(words.named[name], name)))


def conditions_in(condition: Condition) -> tuple[Condition, ...]:
    """The condition and every condition inside it."""
    if isinstance(condition, AnyOf | AllOf):
        return (condition, *(inner for part in condition.parts for inner in conditions_in(part)))
    return (condition,)
