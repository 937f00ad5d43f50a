"""Codes and words of sharing cards: drawn, typed, compared, refused. Pure."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.ids import CODE_ALPHABET
from app.people.cards import (
    CODE_LENGTH,
    SIGNS,
    Rules,
    Standing,
    WordProblem,
    holds,
    shown_code,
    typed_code,
    word_problem,
)
from tests.support.world import World

RULES = Rules(secret="un secret d’essai assez long pour cela")
W = WordProblem
AMINA = ("Amina", "Ben-Ali", "Le Gall")


@pytest.mark.parametrize(
    ("word", "problem"),
    [
        ("tournesol", None),
        ("Étoile de mer", None),
        ("été", W.SHORT),
        ("", W.SHORT),
        ("-- --", W.SHORT),
        ("a" * 41, W.LONG),
        ("Amina", W.NAME),
        ("AMÏNA", W.NAME),
        ("amina2", W.NAME),
        ("benali", W.NAME),
        ("Ben Ali", W.NAME),
        ("legall", W.NAME),
        ("amin", W.NAME),
        ("1958", W.YEAR),
        ("lune1958", W.YEAR),
        ("lune 19 58", W.YEAR),
        ("123456", W.NUMBER),
        ("Secret", W.COMMON),
        ("mot de passe", W.COMMON),
        ("aaaaa", W.COMMON),
        ("تفاحة", None),
    ],
)
def test_a_word_that_others_would_guess_is_refused(word: str, problem: WordProblem | None) -> None:
    assert word_problem(word, AMINA, 1958) is problem


def test_nobody_is_refused_a_word_for_a_name_that_is_not_theirs() -> None:
    assert word_problem("amina", ("", "", ""), None) is None
    assert word_problem("bouleau", ("Li", "O", ""), 1970) is None


@given(st.uuids(), st.uuids())
def test_a_code_belongs_to_its_card_and_has_no_look_alikes(one: UUID, other: UUID) -> None:
    code = RULES.code_of(one)
    assert len(code) == CODE_LENGTH
    assert set(code) <= set(SIGNS) == set(CODE_ALPHABET)
    assert not set(code) & set("01ILOU")
    assert RULES.code_of(one) == code
    assert (RULES.code_of(other) == code) is (one == other)
    assert Rules(secret="un autre").code_of(one) != code


@given(st.uuids())
def test_a_code_is_read_however_it_is_typed(card: UUID) -> None:
    code = RULES.code_of(card)
    for typed in (code.lower(), shown_code(code), f" {code[:4]}-{code[4:]} ", "\u00a0".join(code)):
        assert RULES.code_hash(typed) == RULES.code_hash(code)
    assert typed_code(shown_code(code)) == code


@pytest.mark.parametrize("said", ["ÉTOILE", "étoile", "etoile", " e t o i l e ", "É-toile", "e\u0301toile"])
def test_accents_case_and_spaces_of_a_word_do_not_count(said: str) -> None:
    card = uuid4()
    assert RULES.word_hash(card, said) == RULES.word_hash(card, "Étoile")
    assert RULES.word_hash(uuid4(), said) != RULES.word_hash(card, said)
    assert RULES.word_hash(card, said + "s") != RULES.word_hash(card, said)


def test_what_is_kept_is_neither_the_code_nor_the_word() -> None:
    card = uuid4()
    kept = RULES.word_hash(card, "tournesol") + RULES.code_hash(RULES.code_of(card))
    assert "tournesol" not in kept
    assert RULES.code_of(card).lower() not in kept


def test_a_card_opens_only_when_nothing_is_missing() -> None:
    for facts in product((False, True), repeat=4):
        assert Standing(*facts).opens is all(facts)


def test_an_agreement_holds_from_its_first_to_its_last_day(world: World) -> None:
    today = world.today
    before, after = today - timedelta(days=365), today + timedelta(days=365)
    assert holds(True, today, today, today)
    assert holds(True, before, None, today)
    assert not holds(True, after, None, today)
    assert not holds(True, before, before, today)
    assert not holds(False, before, after, today)
