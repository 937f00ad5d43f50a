"""`flask --app wsgi assess FILE.json`, as a program that another program may trust."""

import json

import pytest
from click.testing import CliRunner

from app.cli.assess import assess_command
from tests.assessments.sheets import CASES


@pytest.fixture
def assess(tmp_path):
    def run(content):
        path = tmp_path / "cas.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return CliRunner().invoke(assess_command, [str(path)])

    return run


ALLOWED = [case for case in CASES if case["id"] != "V26"]
ONE = {"mode": "express", "reponses": {"M1": "urgence", "U2": "vital"}}


def test_a_list_prints_one_complete_result_per_line(assess):
    result = assess(ALLOWED)
    assert result.exit_code == 0
    assert [json.loads(line) for line in result.stdout.splitlines()] == [case["attendu"] for case in ALLOWED]
    assert result.stderr == ""


@pytest.mark.parametrize("case", ALLOWED, ids=[case["id"] for case in ALLOWED])
def test_one_case_prints_its_complete_result(assess, case):
    result = assess({"mode": case["mode"], "reponses": case["reponses"]})
    assert (result.exit_code, json.loads(result.stdout)) == (0, case["attendu"])


def test_a_byte_order_mark_is_tolerated(assess):
    assert assess(b"\xef\xbb\xbf" + json.dumps(ONE).encode()).exit_code == 0


def test_an_empty_list_has_no_result(assess):
    result = assess([])
    assert (result.exit_code, result.stdout) == (0, "")


def answers(**codes):
    return {"mode": "complet", "reponses": codes}


REFUSED = [
    (answers(Z9="oui"), ["Z9"]),
    (answers(C2="peut-être"), ["C2", "peut-être"]),
    (answers(C2=None), ["C2", "None"]),
    (answers(A1="sans_objet"), ["A1", "sans_objet"]),
    (answers(C2="seul", age="78"), ["age", "interdit"]),
    ({**ONE, "sexe": "F"}, ["sexe", "interdit"]),
    ({**ONE, "mode": "rapide"}, ["mode", "rapide"]),
    ({"reponses": {}}, ["mode", "manque"]),
    ({"mode": 3, "reponses": {}}, ["mode", "mal formé"]),
    ({"mode": "complet"}, ["reponses", "manque"]),
    ({"mode": "complet", "reponses": []}, ["reponses", "mal formé"]),
    ("complet", ["objet JSON"]),
    ([ONE, {**ONE, "id": "V99", "reponses": {"Z9": "oui"}}], ["cas 2", "V99", "Z9"]),
    ([ONE, 3], ["cas 2", "objet JSON"]),
    (CASES, ["V26", "age"]),
    (b"{", ["mal form", "ligne 1"]),
    (b"", ["mal form"]),
    (b"\xff\xfe", ["UTF-8"]),
    (b'{"mode": "complet", "reponses": {"C1": "jour", "C1": "jamais"}}', ["C1", "répétée"]),
    (b'{"mode": NaN}', ["NaN"]),
    (b"[" * 100_000, ["JSON"]),
    (b"9" * 10_000, ["JSON"]),
]


@pytest.mark.parametrize(("content", "named"), REFUSED, ids=range(len(REFUSED)))
def test_anything_wrong_is_named_on_standard_error_only(assess, content, named):
    result = assess(content)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Erreur : ")
    assert all(word in result.stderr for word in named)
    assert "Traceback" not in result.stderr


def test_a_missing_file_is_said(tmp_path):
    result = CliRunner().invoke(assess_command, [str(tmp_path / "absent.json")])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "absent.json" in result.stderr
