"""The published cases, whole."""

import json

import pytest

from app.assessments.engine import ForbiddenField, check_input, progress, score
from tests.assessments.sheets import CASES, INSTRUMENT, VECTORS

BY_ID = {case["id"]: case for case in CASES}


def result_of(case):
    return score(INSTRUMENT, case["mode"], case["reponses"])


@pytest.mark.parametrize("case", CASES, ids=list(BY_ID))
def test_complete_result(case):
    assert result_of(case).to_document() == case["attendu"]


@pytest.mark.parametrize("case", CASES, ids=list(BY_ID))
def test_document_is_json_in_the_published_order(case):
    document = result_of(case).to_document()
    assert list(document) == list(case["attendu"])
    assert json.loads(json.dumps(document)) == case["attendu"]
    assert json.dumps(document["plan"]) == json.dumps(case["attendu"]["plan"])


@pytest.mark.parametrize("case", CASES, ids=list(BY_ID))
def test_expectations_fixed_by_hand(case):
    document = result_of(case).to_document()
    for key, expected in case["attendu_main"].items():
        if isinstance(expected, dict):
            assert {name: document[key][name] for name in expected} == expected
        else:
            assert document[key] == expected


def test_there_are_twenty_two_cases():
    assert len(BY_ID) == len(CASES) == 22


def test_progression():
    found = progress(result_of(BY_ID["V23"]), result_of(BY_ID["V24"]))
    assert found.to_document() == VECTORS["progression_V23_V24"]


def test_forbidden_fields_are_ignored_by_scoring_and_refused_by_the_strict_check():
    case = BY_ID["V26"]
    assert result_of(case) == result_of(BY_ID["V04"])
    with pytest.raises(ForbiddenField) as refusal:
        check_input(INSTRUMENT, case["mode"], case["reponses"])
    assert refusal.value.name == "age"
