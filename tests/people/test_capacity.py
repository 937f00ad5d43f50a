"""Who answers, who signs, who translates: truth tables written by hand from the law, and what holds for every case."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.people.capacity import (
    EXERCISED_BY,
    STRENGTH,
    Age,
    Asked,
    Fault,
    InterpretedBy,
    Matter,
    Measure,
    OwnWord,
    Scope,
    SignedBy,
    Signing,
    Situation,
    WhyNotAsked,
    covers,
    mandate_fault,
    sharing_fault,
    signing,
    stronger,
    word_needed,
)
from app.people.enums import AgeStatus

SITUATIONS = st.builds(
    Situation,
    age=st.sampled_from(Age),
    measure=st.none(),
    interpreter_needed=st.booleans(),
) | st.builds(
    Situation, measure=st.sampled_from(Measure), scope=st.sampled_from(Scope), interpreter_needed=st.booleans()
)
ASKED = st.builds(
    Asked,
    represented=st.booleans(),
    own_word=st.none() | st.sampled_from(OwnWord),
    why=st.none() | st.sampled_from(WhyNotAsked),
    interpreted_by=st.none() | st.sampled_from(InterpretedBy),
)

# Kind and scope of the measure → who signs for property, for personal decisions (P: the person, B: both,
# R: the representative, E: either). Code civil: 435, 459, 467, 472, 473, 488, 494-8.
SIGNATURES = """
sauvegarde           biens             P P
sauvegarde           personne          P P
sauvegarde           personne_et_biens P P
curatelle            biens             P P
curatelle            personne          P B
curatelle            personne_et_biens P B
curatelle_renforcee  biens             B P
curatelle_renforcee  personne          P B
curatelle_renforcee  personne_et_biens B B
tutelle              biens             R P
tutelle              personne          P R
tutelle              personne_et_biens R R
habilitation         biens             R P
habilitation         personne          P R
habilitation         personne_et_biens R R
mandat_futur         biens             E P
mandat_futur         personne          P E
mandat_futur         personne_et_biens E E
"""
LETTERS = {"P": Signing.PERSON, "B": Signing.BOTH, "R": Signing.REPRESENTATIVE, "E": Signing.EITHER}
TABLE = [line.split() for line in SIGNATURES.strip().splitlines()]


@pytest.mark.parametrize(("measure", "scope", "property_", "personal"), TABLE)
def test_who_signs_follows_the_measure(measure: str, scope: str, property_: str, personal: str) -> None:
    who = Situation(measure=Measure(measure), scope=Scope(scope))
    assert signing(who, Matter.PROPERTY) is LETTERS[property_]
    assert signing(who, Matter.PERSON) is LETTERS[personal]
    assert signing(who, Matter.STRICTLY_PERSONAL) is Signing.PERSON


def test_the_table_of_signatures_is_whole() -> None:
    assert {(line[0], line[1]) for line in TABLE} == {(m.value, s.value) for m, s in product(Measure, Scope)}


@pytest.mark.parametrize("matter", list(Matter))
def test_who_signs_for_somebody_without_a_measure(matter: Matter) -> None:
    own = matter is Matter.STRICTLY_PERSONAL
    assert signing(Situation(), matter) is Signing.PERSON
    for age in (Age.UNDER_15, Age.FROM_15):
        assert signing(Situation(age=age), matter) is (Signing.PERSON if own else Signing.REPRESENTATIVE)


# Who must sign → who did → whether it counts.
ENOUGH = {
    Signing.PERSON: {"person": True, "representative": False, "both": False},
    Signing.BOTH: {"person": False, "representative": False, "both": True},
    Signing.REPRESENTATIVE: {"person": False, "representative": True, "both": True},
    Signing.EITHER: {"person": True, "representative": True, "both": True},
}
EXAMPLES = {
    Signing.PERSON: Situation(),
    Signing.BOTH: Situation(measure=Measure.CURATELLE_RENFORCEE, scope=Scope.PROPERTY),
    Signing.REPRESENTATIVE: Situation(measure=Measure.TUTELLE, scope=Scope.PROPERTY),
    Signing.EITHER: Situation(measure=Measure.MANDAT_FUTUR, scope=Scope.PROPERTY),
}


@pytest.mark.parametrize(("needed", "signed"), list(product(Signing, SignedBy)))
def test_who_signed_is_who_must(needed: Signing, signed: SignedBy) -> None:
    fault = mandate_fault(EXAMPLES[needed], Matter.PROPERTY, signed, Asked(own_word=OwnWord.AGREES), written=True)
    assert (fault is None) is ENOUGH[needed][signed.value]
    assert fault in {None, Fault.SIGNED_BY_ANOTHER}


# What somebody under tutelle said of a mandate that their tutor signs → what is answered.
HEARD = [
    (OwnWord.AGREES, None, None),
    (OwnWord.REFUSES, None, Fault.SAYS_NO),
    (OwnWord.NOT_ASKED, None, Fault.REASON_MISSING),
    (OwnWord.NOT_ASKED, WhyNotAsked.TOO_YOUNG, Fault.NOT_A_CHILD),
    (OwnWord.NOT_ASKED, WhyNotAsked.CANNOT_ANSWER, None),
    (OwnWord.NOT_ASKED, WhyNotAsked.ABSENT, Fault.WAITS),
    (None, None, Fault.WORD_MISSING),
]


@pytest.mark.parametrize(("word", "why", "fault"), HEARD)
def test_the_person_is_asked_even_when_another_signs(
    word: OwnWord | None, why: WhyNotAsked | None, fault: Fault | None
) -> None:
    asked = Asked(own_word=word, why=why)
    found = mandate_fault(
        EXAMPLES[Signing.REPRESENTATIVE], Matter.PROPERTY, SignedBy.REPRESENTATIVE, asked, written=True
    )
    assert found is fault


@given(SITUATIONS, st.sampled_from(Matter), st.sampled_from(SignedBy), ASKED)
def test_a_mandate_is_written(who: Situation, matter: Matter, signed: SignedBy, asked: Asked) -> None:
    assert mandate_fault(who, matter, signed, asked, written=False) is Fault.NOT_WRITTEN


@given(SITUATIONS, st.sampled_from(Matter), st.sampled_from(SignedBy), ASKED)
def test_nobody_signs_against_what_the_person_says(
    who: Situation, matter: Matter, signed: SignedBy, asked: Asked
) -> None:
    kept = mandate_fault(who, matter, signed, asked, written=True) is None
    assert not (kept and signed is not SignedBy.PERSON and asked.own_word is not OwnWord.AGREES and not asked.why)
    assert not (kept and signed is not SignedBy.PERSON and asked.own_word is OwnWord.REFUSES)
    assert not (kept and asked.interpreted_by is InterpretedBy.MINOR)


# Sharing. Age or measure → (represented, own word, why) → what is answered.
CHILD, TEEN, ADULT = Situation(age=Age.UNDER_15), Situation(age=Age.FROM_15), Situation()
TUTELLE = Situation(measure=Measure.TUTELLE, scope=Scope.BOTH)
OF_PROPERTY = Situation(measure=Measure.TUTELLE, scope=Scope.PROPERTY)
CURATELLE = Situation(measure=Measure.CURATELLE_RENFORCEE, scope=Scope.BOTH)
YES, NO, SILENT = OwnWord.AGREES, OwnWord.REFUSES, OwnWord.NOT_ASKED
YOUNG, UNABLE, AWAY = WhyNotAsked.TOO_YOUNG, WhyNotAsked.CANNOT_ANSWER, WhyNotAsked.ABSENT
SHARING: list[tuple[Situation, bool, OwnWord | None, WhyNotAsked | None, Fault | None]] = [
    (ADULT, False, None, None, None),
    (TEEN, False, None, None, None),
    (CHILD, False, YES, None, Fault.REPRESENTATIVE_MISSING),
    (CHILD, False, None, None, Fault.REPRESENTATIVE_MISSING),
    (CHILD, True, YES, None, None),
    (CHILD, True, NO, None, Fault.SAYS_NO),
    (CHILD, True, None, None, Fault.WORD_MISSING),
    (CHILD, True, SILENT, None, Fault.REASON_MISSING),
    (CHILD, True, SILENT, YOUNG, None),
    (CHILD, True, SILENT, UNABLE, None),
    (CHILD, True, SILENT, AWAY, Fault.WAITS),
    (TUTELLE, False, YES, None, None),
    (TUTELLE, True, NO, None, Fault.SAYS_NO),
    (TUTELLE, True, None, None, Fault.WORD_MISSING),
    (TUTELLE, True, SILENT, YOUNG, Fault.NOT_A_CHILD),
    (TUTELLE, True, SILENT, UNABLE, None),
    (TUTELLE, False, SILENT, UNABLE, Fault.ANSWERS_ALONE),
    (TUTELLE, True, SILENT, AWAY, Fault.WAITS),
    (OF_PROPERTY, True, SILENT, UNABLE, Fault.ANSWERS_ALONE),
    (OF_PROPERTY, False, YES, None, None),
    (CURATELLE, True, SILENT, UNABLE, Fault.ANSWERS_ALONE),
    (CURATELLE, False, YES, None, None),
]


@pytest.mark.parametrize(("who", "represented", "word", "why", "fault"), SHARING)
def test_who_agrees_to_share(
    who: Situation, represented: bool, word: OwnWord | None, why: WhyNotAsked | None, fault: Fault | None
) -> None:
    assert sharing_fault(who, Asked(represented=represented, own_word=word, why=why)) is fault


# Interpreter needed → who translated → what is answered.
TRANSLATED = {
    (False, None): None,
    (True, None): Fault.WAITS,
    (True, "nobody"): Fault.WAITS,
    (False, "nobody"): None,
    **{(needed, by): None for needed in (True, False) for by in ("professional", "team", "volunteer", "adult")},
    **{(needed, "minor"): Fault.MINOR_INTERPRETS for needed in (True, False)},
}


@pytest.mark.parametrize(("needed", "by"), list(TRANSLATED))
def test_who_translates(needed: bool, by: str | None) -> None:
    asked = Asked(interpreted_by=InterpretedBy(by) if by else None)
    assert sharing_fault(Situation(interpreter_needed=needed), asked) is TRANSLATED[needed, by]


def test_the_table_of_interpreters_is_whole() -> None:
    assert set(TRANSLATED) == set(product((True, False), [None, *(one.value for one in InterpretedBy)]))


@given(SITUATIONS, ASKED)
def test_a_minor_never_translates_whatever_else_is_said(who: Situation, asked: Asked) -> None:
    if asked.interpreted_by is InterpretedBy.MINOR:
        assert sharing_fault(who, asked) is Fault.MINOR_INTERPRETS


@given(SITUATIONS, ASKED)
def test_saying_no_oneself_is_never_overridden(who: Situation, asked: Asked) -> None:
    if word_needed(who) and asked.own_word is OwnWord.REFUSES:
        assert sharing_fault(who, asked) is not None


@given(SITUATIONS, ASKED)
def test_agreeing_oneself_is_enough_for_an_adult_who_is_understood(who: Situation, asked: Asked) -> None:
    understood = asked.interpreted_by not in {None, InterpretedBy.NOBODY, InterpretedBy.MINOR}
    if who.age is Age.ADULT and asked.own_word is OwnWord.AGREES and understood:
        assert sharing_fault(who, asked) is None


@given(st.sampled_from(Scope), st.sampled_from(Matter))
def test_a_strictly_personal_matter_is_in_no_measure(scope: Scope, matter: Matter) -> None:
    assert covers(scope, matter) is (
        matter is not Matter.STRICTLY_PERSONAL and (scope is Scope.BOTH or scope.name == matter.name)
    )
    assert not covers(None, matter)


@given(st.none() | st.sampled_from(Measure), st.none() | st.sampled_from(Measure))
def test_two_records_keep_the_measure_that_protects_more(one: Measure | None, other: Measure | None) -> None:
    kept = stronger(one, other)
    assert kept is stronger(other, one)
    assert kept in {one, other}
    assert (kept is None) is (one is None and other is None)


def test_ages_are_those_of_the_record() -> None:
    assert {one.name: one.value for one in Age} == {one.name: one.value for one in AgeStatus}


def test_every_measure_has_a_strength_and_whoever_exercises_it() -> None:
    assert set(STRENGTH) == set(Measure)
    assert set(EXERCISED_BY) == set(Measure) - {Measure.SAUVEGARDE}
    assert all(one.label for vocabulary in (Measure, Scope, Matter, Signing, SignedBy) for one in vocabulary)
