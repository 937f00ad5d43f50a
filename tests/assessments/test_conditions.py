"""Bounds on a dimension: both included, one of them enough, both allowed, none refused."""

from __future__ import annotations

import pytest

from app.assessments.engine.conditions import Facts, InRange, Vocabulary, read_condition
from app.assessments.engine.errors import InstrumentError
from app.assessments.engine.node import Node

WORDS = Vocabulary(codes={}, dimensions=frozenset({"acces"}), named={})


def read(**bounds: int) -> InRange:
    found = read_condition(Node({"dimension": "acces", **bounds}, "si"), WORDS)
    assert isinstance(found, InRange)
    return found


@pytest.mark.parametrize(
    ("bounds", "score", "holds"),
    [
        ({"max": 40}, 0, True),
        ({"max": 40}, 40, True),
        ({"max": 40}, 41, False),
        ({"min": 40}, 39, False),
        ({"min": 40}, 40, True),
        ({"min": 40}, 100, True),
        ({"min": 100}, 100, True),
        ({"min": 33, "max": 33}, 33, True),
        ({"min": 33, "max": 33}, 34, False),
        ({"min": 34, "max": 66}, 66, True),
        ({"min": 34, "max": 66}, 67, False),
        ({"min": 0, "max": 100}, 0, True),
    ],
)
def test_a_bound_is_included(bounds: dict[str, int], score: int, holds: bool) -> None:
    facts = Facts(answers={}, dimensions={"acces": score}, named={})
    assert read(**bounds).holds(facts) is holds


@pytest.mark.parametrize("bounds", [{}, {"min": 67, "max": 66}, {"max": 101}, {"min": 101}])
def test_impossible_bounds_are_refused(bounds: dict[str, int]) -> None:
    with pytest.raises(InstrumentError):
        read(**bounds)
