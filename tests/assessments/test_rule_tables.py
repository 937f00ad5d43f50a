"""Every rule of the file against the document’s tables, at every threshold, reachable or not."""

import random

import pytest

from app.assessments.engine.conditions import Facts, conditions_in
from tests.assessments import oracle
from tests.assessments.sheets import CODES, INSTRUMENT

EDGES = (0, 1, 18, 19, 20, 21, 32, 33, 34, 35, 39, 40, 41, 49, 50, 51, 59, 60, 61, 73, 74, 75, 76, 99, 100, None)
PROFILES = [profile.code for profile in INSTRUMENT.profiles]
GUARDED = (
    [(rule.id, rule.when, oracle.RULES) for rule in INSTRUMENT.rules]
    + [(alert.code, alert.when, oracle.ALERTS) for alert in INSTRUMENT.alerts]
    + [(item.code, item.when, oracle.SITUATIONS) for item in INSTRUMENT.mappings.situations]
)


def contexts(count):
    """Facts at random, scores at the edges of thresholds, with the same seen by the tables."""
    rng = random.Random(4)
    for _ in range(count):
        answers = {question: rng.choice(codes) for question, codes in CODES.items()}
        dims = {dimension: rng.choice(EDGES) for dimension in oracle.WEIGHTS}
        seen = oracle.Seen(answers, dims, rng.choice(PROFILES), rng.choice(["complet", "express"]))
        named = {"priorite": seen.priority, "profil": seen.profile, "motif": answers["M1"], "mode": seen.mode}
        yield Facts(answers, dims, named), seen


CONTEXTS = list(contexts(4000))


@pytest.mark.parametrize(("code", "when", "table"), GUARDED, ids=[code for code, _, _ in GUARDED])
def test_a_rule_holds_exactly_when_the_table_says(code, when, table):
    found = {(when.holds(facts), table[code](seen)) for facts, seen in CONTEXTS}
    assert found == {(True, True), (False, False)}


def test_ranks_and_catalogue_are_those_of_the_table():
    ranks = {
        rule.id: {code.removeprefix("ACT_"): rank for code, rank in rule.ranks.items()} for rule in INSTRUMENT.rules
    }
    assert ranks == oracle.RANKS
    assert [action.code for action in INSTRUMENT.actions] == [f"ACT_{code}" for code in oracle.CATALOGUE]
    assert [item.actions for item in INSTRUMENT.deferrals] == [
        {f"ACT_{code}" for code in waiting} for waiting in (oracle.ALL_TRAINING, oracle.GROUP_TRAINING)
    ]


def test_weights_are_those_of_the_table():
    weights = {question: weight for group in oracle.WEIGHTS.values() for question, weight in group.items()}
    assert {q.id: q.weight for q in INSTRUMENT.questions if q.dimension} == weights
    assert {d.id: d.index_weight for d in INSTRUMENT.dimensions if d.index_weight} == oracle.INDEX_WEIGHTS
    for question, codes in oracle.SCALE.items():
        assert {code: INSTRUMENT.by_id[question].by_code[code].points for code in codes} == dict(
            zip(codes, range(4), strict=True)
        )


def test_conditions_inside_a_rule():
    urgent_mandate = next(rule.when for rule in INSTRUMENT.rules if rule.id == "K02")
    either, needs_hands = urgent_mandate.parts
    assert conditions_in(urgent_mandate) == (urgent_mandate, either, *either.parts, needs_hands)
    assert conditions_in(needs_hands) == (needs_hands,)
