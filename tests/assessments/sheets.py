"""Answer sheets for the tests: named ones, and Hypothesis strategies."""

import json
import os
from pathlib import Path

from hypothesis import strategies as st

from app.assessments.engine import FULL, Result, load_instrument, score

INSTRUMENT = load_instrument()
VECTORS = json.loads((Path(__file__).parent / "assessment_vectors.json").read_text("utf-8"))
CASES = VECTORS["vecteurs"]
MISSING = ("nsp", "refus", "non_posee")
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"

CODES = {question.id: [option.code for option in question.options] for question in INSTRUMENT.questions}
SCORED = [question for question in CODES if question != "M1"]
AT_EASE = {question: codes[0] for question, codes in CODES.items()} | {"M1": "aucune", "U1": "loin"}
WORST = {question: codes[-1] for question, codes in CODES.items()}


def sheet(**changes: str | None) -> dict[str, str]:
    """Nobody in difficulty, but for these answers; None leaves the question out."""
    merged = {**AT_EASE, **changes}
    return {question: code for question, code in merged.items() if code is not None}


def full(**changes: str | None) -> Result:
    return score(INSTRUMENT, FULL, sheet(**changes))


def worse(answers: dict[str, str], question: str) -> dict[str, str] | None:
    """The same sheet with the next worse answer to one question, None when already at worst."""
    rank = CODES[question].index(answers[question]) + 1
    return None if rank == len(CODES[question]) else {**answers, question: CODES[question][rank]}


complete_sheets = st.fixed_dictionaries({question: st.sampled_from(codes) for question, codes in CODES.items()})


def _any_code(question: str) -> st.SearchStrategy[str]:
    extra = ("sans_objet",) if question in {"L1", "L2"} else ()
    return st.one_of(st.sampled_from(CODES[question]), st.sampled_from((*MISSING, *extra)))


partial_sheets = st.fixed_dictionaries({}, optional={question: _any_code(question) for question in CODES})


@st.composite
def nearly_complete_sheets(draw: st.DrawFn, most: int = 5) -> dict[str, str]:
    """A complete sheet with a few answers missing, on purpose or left out."""
    answers = dict(draw(complete_sheets))
    for question in draw(st.lists(st.sampled_from(sorted(CODES)), max_size=most, unique=True)):
        code = draw(st.sampled_from((*MISSING, None)))
        if code is None:
            del answers[question]
        else:
            answers[question] = code
    return answers


@st.composite
def clear_sheets(draw: st.DrawFn, changes: int = 6) -> dict[str, str]:
    """Nobody in difficulty but for a few answers: where profiles are sure, missing answers included."""
    answers = sheet()
    for question in draw(st.lists(st.sampled_from(sorted(CODES)), max_size=changes, unique=True)):
        answers[question] = draw(st.sampled_from((*CODES[question], *MISSING)))
    return answers
