"""The document’s properties P01–P17, and the engine against the hand-written tables."""

import itertools
import random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.assessments.engine import (
    EXPRESS,
    FULL,
    UnknownCode,
    UnknownMode,
    UnknownQuestion,
    check_input,
    erase_skipped,
    progress,
    score,
    visible_questions,
)
from tests.assessments import oracle
from tests.assessments.sheets import (
    CODES,
    INSTRUMENT,
    LONG,
    MISSING,
    SCORED,
    WORST,
    clear_sheets,
    complete_sheets,
    nearly_complete_sheets,
    partial_sheets,
    sheet,
    worse,
)

any_sheets = st.one_of(complete_sheets, nearly_complete_sheets(), clear_sheets(), partial_sheets)
BANDS = [None, *(band.code for band in INSTRUMENT.scoring.bands)]
EXPRESS_QUESTIONS = INSTRUMENT.modes[EXPRESS].questions


def scored(answers, mode=FULL):
    return score(INSTRUMENT, mode, answers)


def compare_with_tables(answers):
    result, dims = scored(answers), oracle.dimensions(answers)
    families = oracle.families(answers, dims)
    computed = oracle.profile(answers, families)
    concluded = computed if 2 * oracle.covered(answers) >= 1 else "indetermine"
    assert result.dimensions == dims
    assert result.families == families
    assert result.profile == concluded
    assert (result.provisional_profile or result.profile) == computed
    assert result.coverage_pct == oracle.half_up(100 * oracle.covered(answers))
    assert result.index == oracle.index(dims)
    assert result.band == oracle.band(result.index)
    assert result.priority == oracle.priority(answers)
    assert result.urgency_unknown == (dims["urgence"] is None)
    return result, oracle.Seen(answers, dims, concluded)


@given(any_sheets)
def test_scores_and_profile_are_those_of_the_tables(answers):
    compare_with_tables(answers)


@given(any_sheets)
def test_plan_alerts_and_situations_are_those_of_the_tables(answers):
    result, seen = compare_with_tables(answers)
    assert result.plan.to_document() == oracle.plan(seen)
    assert list(result.alerts) == [code for code, holds in oracle.ALERTS.items() if holds(seen)]
    assert list(result.france_travail_situations) == [c for c, holds in oracle.SITUATIONS.items() if holds(seen)]


@given(any_sheets)
def test_p03_every_score_is_within_bounds(answers):
    result = scored(answers)
    values = [*result.dimensions.values(), *result.families.values(), result.index, result.coverage_pct]
    assert all(value is None or 0 <= value <= 100 for value in values)


@given(any_sheets, st.randoms(use_true_random=False))
def test_p04_the_order_of_answers_does_not_matter(answers, rng):
    shuffled = list(answers.items())
    rng.shuffle(shuffled)
    assert scored(dict(shuffled)).to_document() == scored(answers).to_document()


@given(any_sheets, st.sampled_from(sorted(INSTRUMENT.forbidden_fields)), st.text())
def test_p05_a_forbidden_field_changes_nothing(answers, field, value):
    assert scored({**answers, field: value}) == scored(answers)


def never_lower(before, after):
    pairs = [(before.dimensions[d], after.dimensions[d]) for d in before.dimensions]
    pairs += [(before.families[f], after.families[f]) for f in before.families]
    pairs.append((before.index, after.index))
    assert all(new >= old for old, new in pairs)
    assert BANDS.index(after.band) >= BANDS.index(before.band)
    assert after.priority <= before.priority


def every_worse(answers):
    return ((q, changed) for q in SCORED if (changed := worse(answers, q)) is not None)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(complete_sheets)
def test_p06_p07_a_worse_answer_never_lowers_nor_removes_the_profile(answers):
    before = scored(answers)
    families = {f.code: f.dimensions for f in INSTRUMENT.scoring.families}
    for question, changed in every_worse(answers):
        after = scored(changed)
        never_lower(before, after)
        if INSTRUMENT.by_id[question].dimension in families.get(before.profile, ()):
            assert after.profile == before.profile


@given(complete_sheets)
def test_p06b_the_same_when_skipped_answers_are_erased(answers):
    before = scored(erase_skipped(INSTRUMENT, FULL, answers))
    for _, changed in every_worse(answers):
        never_lower(before, scored(erase_skipped(INSTRUMENT, FULL, changed)))


@given(any_sheets, st.sampled_from(sorted(oracle.FAMILY_OF_REASON)))
def test_p08_stating_a_reason_never_loses_its_profile(answers, reason):
    family = oracle.FAMILY_OF_REASON[reason]
    before, after = scored(answers), scored({**answers, "M1": reason})
    assert after.families[family] >= 40
    if before.profile == family:
        assert after.profile == family
    if after.profile != "indetermine":
        assert family in (after.profile, *after.secondaries)


def completions(answers, reading, rng, draws):
    """Corners, each family pushed alone, then random completions, under every reason if unstated."""
    scored_missing = [q for q in reading.missing if q != "M1"]
    fills = [dict.fromkeys(scored_missing, 0), dict.fromkeys(scored_missing, -1)]
    for family in INSTRUMENT.scoring.families:
        pushed = {q: -1 if INSTRUMENT.by_id[q].dimension in family.dimensions else 0 for q in scored_missing}
        fills.append(pushed)
    fills += [{q: rng.randrange(len(CODES[q])) for q in scored_missing} for _ in range(draws)]
    reasons = CODES["M1"] if "M1" in reading.missing else [answers["M1"]]
    for fill, reason in itertools.product(fills, reasons):
        yield {**answers, **{q: CODES[q][rank] for q, rank in fill.items()}, "M1": reason}


def reliable_means_stable(answers, rng, draws):
    result = scored(answers)
    assume(result.reliability == "elevee" and result.missing)
    assert {scored(filled).profile for filled in completions(answers, result, rng, draws)} == {result.profile}


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(clear_sheets(), st.randoms(use_true_random=False))
def test_p09_high_reliability_means_no_completion_changes_the_profile(answers, rng):
    reliable_means_stable(answers, rng, draws=6)


def test_p09_on_many_seeded_interviews():
    rng = random.Random(9)
    for _ in range(20_000 if LONG else 200):
        answers = {q: rng.choice(codes) for q, codes in CODES.items()}
        if rng.random() < 0.5:
            answers = sheet() | {q: answers[q] for q in rng.sample(sorted(CODES), 5)}
        for question in rng.sample(sorted(CODES), rng.randrange(5)):
            answers[question] = rng.choice(MISSING)
        result = scored(answers)
        if result.reliability == "elevee" and result.missing:
            assert {scored(f).profile for f in completions(answers, result, rng, 12)} == {result.profile}


@given(any_sheets, st.sampled_from(MISSING), st.sampled_from(MISSING))
def test_p11_refusing_to_answer_is_never_refusing_digital(answers, first, second):
    silent = {**answers, "T1": first, "T2": second}
    assume(silent.get("M1") != "mefiance")
    assert "refractaires" not in (scored(silent).profile, scored(silent).provisional_profile)


@given(any_sheets, st.sampled_from([FULL, EXPRESS]))
def test_p12_plans(answers, mode):
    result = scored(answers, mode)
    plan = result.plan
    everything = [*plan.now, *plan.next, *plan.later]
    assert 1 <= len(plan.now) <= 3
    assert len(set(everything)) == len(everything) == len(plan.rules)
    assert all(plan.rules.values())
    assert set(plan.waits) == set(plan.later)
    if result.profile == "refractaires":
        assert "ACT_ALTERNATIVE" in plan.now
        assert not {"ACT_OUTILS", "ACT_ATELIER", "ACT_DIAG"} & {*plan.now, *plan.next}
    if result.priority == "P1":
        assert "ACT_URGENCE" in plan.now
    if mode == FULL and answers.get("L1") in {"tres", "interprete"}:
        assert "ACT_INTERPRETE" in plan.now


@pytest.mark.parametrize("dimension", list(oracle.WEIGHTS))
def test_p12_each_dimension_at_worst_triggers_a_response(dimension):
    answers = sheet(**{question: WORST[question] for question in oracle.WEIGHTS[dimension]})
    plan = scored(answers).plan
    assert {*plan.rules} - {"ACT_SUIVI", "ACT_INFO"}


@given(any_sheets)
def test_p13_an_override_stays_outside_the_score(answers):
    assert not {"profil_retenu", "raison"} & scored(answers).to_document().keys()


@given(any_sheets, st.sampled_from(sorted(CODES)), st.text())
def test_p14_unknown_codes_are_rejected_by_name(answers, question, code):
    assume(code not in {*CODES[question], *MISSING, "sans_objet"})
    for refuse in (score, check_input, visible_questions, erase_skipped):
        with pytest.raises(UnknownCode) as refusal:
            refuse(INSTRUMENT, FULL, {**answers, question: code})
        assert refusal.value.name == code


@given(any_sheets, st.text(), st.text())
def test_p14_unknown_questions_and_modes_are_rejected_by_name(answers, question, mode):
    assume(question not in CODES and question not in INSTRUMENT.forbidden_fields)
    assume(mode not in INSTRUMENT.modes)
    with pytest.raises(UnknownQuestion) as refusal:
        scored({**answers, question: "oui"})
    assert refusal.value.name == question
    with pytest.raises(UnknownMode) as refusal:
        scored(answers, mode)
    assert refusal.value.name == mode


@pytest.mark.parametrize("code", [None, 1, ["seul"], {"a": "b"}, True])
def test_p14_a_code_which_is_not_a_text_is_rejected(code):
    with pytest.raises(UnknownCode):
        scored({"C2": code})


@given(complete_sheets)
def test_p15_express_then_completed_is_the_full_assessment(answers):
    express = {q: answers[q] for q in EXPRESS_QUESTIONS}
    rest = {q: answers[q] for q in CODES if q not in express}
    assert scored({**express, **rest}) == scored(answers)
    assert scored(answers, EXPRESS) == scored(express, EXPRESS)
    asked_later = visible_questions(INSTRUMENT, FULL, express)
    assert {question.id for question in asked_later} <= set(CODES)


@given(any_sheets)
def test_express_has_no_index_and_a_capped_reliability(answers):
    result = scored(answers, EXPRESS)
    assert (result.index, result.band) == (None, None)
    assert result.reliability in {None, "faible", "moyenne"}
    assert "K25" in result.plan.rules["ACT_COMPLETER"]
    assert {*result.missing, *result.deduced, *result.not_applicable} <= set(EXPRESS_QUESTIONS)


@given(any_sheets, any_sheets)
def test_p16_progress_is_antisymmetric(first, last):
    there, back = progress(scored(first), scored(last)), progress(scored(last), scored(first))
    assert there.comparable == back.comparable
    if there.comparable:
        assert there.distance == -back.distance
        assert there.by_dimension == {d: -moved for d, moved in back.by_dimension.items()}


@given(any_sheets)
def test_p16_no_progress_from_oneself(answers):
    result = scored(answers)
    same = progress(result, result)
    assert same.comparable == (result.index is not None)
    assert same.distance in {0, None}


@given(any_sheets, st.sampled_from([FULL, EXPRESS]))
def test_visible_questions_are_what_is_neither_deduced_nor_outside_the_mode(answers, mode):
    kept = erase_skipped(INSTRUMENT, mode, answers)
    visible = [question.id for question in visible_questions(INSTRUMENT, mode, answers)]
    assert visible == [q for q in INSTRUMENT.modes[mode].questions if q not in scored(kept, mode).deduced]
    assert erase_skipped(INSTRUMENT, mode, kept) == kept


@given(any_sheets)
def test_why_and_strengths_never_contradict_the_answers(answers):
    result, counted = scored(answers), oracle.effective(answers)
    assert len(result.why) <= 5
    for item in result.why:
        assert counted[item.question] == item.answer
        assert item.deduced == (item.question in result.deduced)
        assert item.question == "M1" or oracle.earned(item.question, item.answer) >= 2
    assert all(oracle.earned(q, counted[q]) == 0 for q in result.strengths)


@given(any_sheets)
def test_sub_causes_belong_to_their_family(answers):
    result = scored(answers)
    families = {p.code: {cause.code for cause in p.causes} for p in INSTRUMENT.profiles}
    assert all(set(found) <= families[family] for family, found in result.causes_by_family.items())
    assert result.causes == result.causes_by_family.get(result.profile, ())
    reason = counted if (counted := oracle.effective(answers).get("M1")) in oracle.FAMILY_OF_REASON else None
    if reason:
        assert reason in result.causes_by_family[oracle.FAMILY_OF_REASON[reason]]
