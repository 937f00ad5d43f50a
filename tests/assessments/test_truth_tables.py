"""Truth tables of the engine: skips, codes, dimensions, profile rules (assessment.md § 6.3)."""

from fractions import Fraction

import pytest

from app.assessments.engine import (
    EXPRESS,
    FULL,
    accepted_codes,
    check_input,
    erase_skipped,
    score,
    visible_questions,
)
from app.assessments.engine.errors import ForbiddenField, UnknownCode
from app.assessments.engine.scoring import round_half_up
from tests.assessments.sheets import CODES, INSTRUMENT, full, sheet

NOBODY_ASKED = dict.fromkeys(CODES)


def shown(answers, mode=FULL):
    return [question.id for question in visible_questions(INSTRUMENT, mode, answers)]


# --- skips


def test_j1_never_online_deduces_the_gestures_at_their_worst():
    result = full(C1="jamais", C2=None, C4=None, C5=None, C6=None, C7=None)
    assert result.deduced == dict.fromkeys(("C2", "C4", "C5", "C6", "C7"), "non")
    assert result.dimensions["competences"] == 85  # 33/39: C3 is asked


def test_j2_alone_on_procedures_deduces_three_gestures():
    result = full(C4=None, C5=None, C6=None)
    assert result.deduced == dict.fromkeys(("C4", "C5", "C6"), "seul")
    assert (result.coverage_pct, dict(result.missing)) == (100, {})


def test_j3_no_procedure_deduces_no_risk():
    assert full(U1="aucune", U2=None).deduced == {"U2": "rien"}


def test_an_explicit_answer_wins_over_a_deduced_one():
    result = full(C1="jamais", C2="un_peu", C4="seul", C5=None, C6=None, C7=None)
    assert set(result.deduced) == {"C5", "C6", "C7"}
    assert result.alerts == ("X3",)


@pytest.mark.parametrize("missing", ["nsp", "refus", "non_posee"])
def test_a_missing_code_is_not_an_answer_so_it_is_deduced(missing):
    result = full(C1="jamais", C2=missing, C4=None, C5=None, C6=None, C7=None)
    assert result.deduced["C2"] == "non"
    assert dict(result.missing) == {}


def test_skips_do_not_chain_and_the_first_one_wins():
    chained = full(C1="jamais", C2=None, C4=None, C5=None, C6=None, C7=None)
    contradictory = full(C1="jamais", C2="seul", C4=None, C5=None, C6=None, C7=None)
    assert set(chained.deduced.values()) == {"non"}
    assert contradictory.deduced == dict.fromkeys(("C4", "C5", "C6", "C7"), "non")


def test_visible_questions_follow_the_filters_in_order():
    everything = list(INSTRUMENT.modes[FULL].questions)
    assert shown({}) == everything
    assert shown({"C1": "jamais"}) == [q for q in everything if q not in {"C2", "C4", "C5", "C6", "C7"}]
    assert shown({"C2": "seul"}) == [q for q in everything if q not in {"C4", "C5", "C6"}]
    assert shown({"U1": "aucune"}) == [q for q in everything if q != "U2"]
    assert shown({"L1": "sans_objet"}) == everything


def test_express_shows_its_six_questions_whatever_the_other_answers():
    six = ["M1", "U2", "L1", "S1", "C2", "T2"]
    assert shown({}, EXPRESS) == six
    assert shown({"C1": "jamais", "U1": "aucune"}, EXPRESS) == six


def test_a_changed_filter_erases_what_it_skips():
    before = {"C1": "jamais", "C2": "seul", "C4": "un_peu", "C7": "non", "C3": "oui", "age": "78"}
    assert erase_skipped(INSTRUMENT, FULL, before) == {"C1": "jamais", "C3": "oui"}
    assert erase_skipped(INSTRUMENT, FULL, {"U1": "aucune", "U2": "vital"}) == {"U1": "aucune"}
    assert erase_skipped(INSTRUMENT, EXPRESS, {"U1": "aucune", "U2": "vital"}) == {"U1": "aucune", "U2": "vital"}


def test_an_erased_answer_no_longer_skips_anything():
    kept = erase_skipped(INSTRUMENT, FULL, {"C1": "jamais", "C2": "seul"})
    assert kept == {"C1": "jamais"}
    assert score(INSTRUMENT, FULL, kept).deduced["C4"] == "non"


# --- codes


@pytest.mark.parametrize("question", list(CODES))
def test_not_applicable_exists_for_speech_and_reading_only(question):
    accepted = accepted_codes(INSTRUMENT, INSTRUMENT.by_id[question])
    assert {"nsp", "refus", "non_posee"} <= accepted
    assert ("sans_objet" in accepted) == (question in {"L1", "L2"})


def test_strict_check_names_the_forbidden_field_and_accepts_the_rest():
    check_input(INSTRUMENT, FULL, sheet())
    with pytest.raises(ForbiddenField, match="champ interdit : « nir »"):
        check_input(INSTRUMENT, FULL, sheet(nir="1"))
    with pytest.raises(UnknownCode, match="question C2 : « peut-être »") as refusal:
        check_input(INSTRUMENT, FULL, sheet(C2="peut-être"))
    assert refusal.value.question == "C2"


def test_answers_outside_the_mode_are_checked_then_left_aside():
    assert score(INSTRUMENT, EXPRESS, {"C2": "non", "A1": "aucun"}) == score(INSTRUMENT, EXPRESS, {"C2": "non"})
    with pytest.raises(UnknownCode):
        score(INSTRUMENT, EXPRESS, {"C2": "non", "A1": "?"})


# --- dimensions, coverage, families


@pytest.mark.parametrize(("value", "expected"), [("1/2", 1), ("49/100", 0), ("5/2", 3), ("0", 0), ("199/2", 100)])
def test_halves_round_up(value, expected):
    assert round_half_up(Fraction(value)) == expected


def test_a_dimension_is_known_from_half_of_its_weight():
    assert full(A1="tel", A2=None, A3=None).dimensions["acces"] is None  # 3/8
    assert full(A1="tel", A2=None).dimensions["acces"] == 40  # 6/15, 5/8 known
    assert full(U1="semaine", U2=None).dimensions["urgence"] is None  # 1/3
    assert full(C1="rare", C2="avec", C4=None, C5=None, C6=None, C7="nsp").dimensions["competences"] == 48  # 10/21


def test_what_is_not_applicable_no_longer_weighs():
    half = full(L1="sans_objet", L2="sans_objet", L3="avec")
    assert half.dimensions["langue"] == 67
    assert half.not_applicable == ("L1", "L2")


def test_not_applicable_leaves_score_coverage_and_bounds():
    result = full(L1="sans_objet", L2="souvent", L3="un_peu")
    assert result.dimensions["langue"] == 56  # 5/9
    assert result.coverage_pct == 100
    assert result.reliability == "elevee"
    alone = score(INSTRUMENT, EXPRESS, {"L1": "sans_objet", "S1": "non", "U2": "rien", "C2": "seul", "T2": "oui"})
    assert alone.dimensions["langue"] is None
    assert alone.coverage_pct == 82  # 9/11


def test_a_family_needs_two_dimensions_out_of_three():
    one = full(S1=None, S2=None, U1=None, U2=None)
    two = full(S1=None, S2=None)
    assert (one.families["naufrages"], two.families["naufrages"]) == (None, 0)
    assert one.profile == "indetermine"
    assert (one.provisional_profile, one.reliability, one.margin) == (None, None, None)


def test_the_stated_reason_is_always_present_even_when_its_family_is_unknown():
    result = full(M1="urgence", S1=None, S2=None, U1=None, U2=None)
    assert result.families["naufrages"] == 40
    assert result.measured_families["naufrages"] is None
    assert (result.profile, result.reliability, result.causes) == ("naufrages", "moyenne", ("urgence",))
    assert result.urgency_unknown


def test_the_floor_never_lowers():
    result = full(M1="competences", C1="rare", C2="non", C3="non", C4="non", C5="non", C6="non", C7="non")
    assert result.families["oublies"] == 95


# --- profile rules


def test_r1_the_threshold_is_forty():
    assert full(L1="peu", L2="parfois", L3="avec").profile == "naufrages"  # 6/15 = 40
    assert full(L1="peu", L2="parfois", L3="un_peu").profile == "autonome"  # 5/15 = 33


@pytest.mark.parametrize("t1", CODES["T1"])
@pytest.mark.parametrize("t2", CODES["T2"])
@pytest.mark.parametrize("reason", ["aucune", "mefiance"])
def test_r2_refusing_is_never_a_mere_preference(t1, t2, reason):
    result = full(T1=t1, T2=t2, M1=reason)
    refuses = t2 == "non" or t1 == "refuse" or reason == "mefiance" or (t1 == "evite" and t2 == "plutot_non")
    high_enough = reason == "mefiance" or result.families["refractaires"] >= 40
    assert (result.profile == "refractaires") == (refuses and high_enough)


def test_r2_preferring_the_counter_is_not_refusing():
    result = full(T1="peu", T2="plutot_non")
    assert (result.families["refractaires"], result.profile) == (56, "autonome")


def test_r3_preferring_the_counter_does_not_come_before_another_family():
    result = full(T1="refuse", T2="plutot_non", L1="peu", L2="parfois", L3="avec")
    assert (result.profile, result.secondaries) == ("naufrages", ("refractaires",))
    assert result.margin == 40
    outright = full(T1="refuse", T2="non", L1="peu", L2="parfois", L3="avec")
    assert (outright.profile, outright.secondaries, outright.margin) == ("refractaires", ("naufrages",), 60)


def test_r4_the_stated_reason_wins_at_fifteen_points_and_loses_at_sixteen():
    broken = {"A1": "aucun", "A2": "dehors", "A3": "arret"}  # 21/24 = 88
    at_fifteen = full(M1="langue", L1="interprete", L2="souvent", L3="un_peu", **broken)  # 11/15 = 73
    assert (at_fifteen.profile, at_fifteen.margin) == ("naufrages", -15)
    worse_access = {"A1": "aucun", "A2": "non", "A3": "souvent"}  # 22/24 = 92
    at_nineteen = full(M1="langue", L1="interprete", L2="souvent", L3="un_peu", **worse_access)
    assert (at_nineteen.profile, at_nineteen.margin) == ("oublies", 19)
    no_tie = full(M1="reassurance", R1="assez", R2="difficile", S1="plusieurs", S2="plusieurs", U2="retard")
    assert (no_tie.families["oublies"], no_tie.families["naufrages"]) == (67, 89)
    assert no_tie.profile == "naufrages"


def test_r4_sixteen_points_lose():
    lost = full(M1="mefiance", T1="evite", T2="avec", L1="tres", L2="souvent", L3="un_peu")  # 44 against 9/15 = 60
    assert (lost.families["refractaires"], lost.families["naufrages"]) == (44, 60)
    assert (lost.profile, lost.secondaries, lost.margin) == ("naufrages", ("refractaires",), 16)


def test_r5_exact_ties_follow_the_order_of_paper():
    worst = {"T1": "refuse", "T2": "non", "R1": "beaucoup", "R2": "abandon"}
    assert full(**worst).profile == "refractaires"
    everyone = full(**worst, S1="plusieurs", S2="perte")
    assert (everyone.profile, everyone.secondaries) == ("naufrages", ("refractaires", "oublies"))


def test_the_margin_is_to_the_highest_of_several_rivals():
    result = full(S1="plusieurs", S2="perte", T1="evite", T2="non", R1="assez", R2="oui")
    assert (result.families, result.margin) == ({"oublies": 44, "naufrages": 100, "refractaires": 89}, 11)


def test_under_half_of_the_weight_the_profile_is_provisional():
    few = NOBODY_ASKED | {"M1": "langue", "L1": "tres", "L2": "souvent", "S1": "non", "U2": "rien", "T2": "oui"}
    result = full(**(few | {"R1": "beaucoup", "R2": "difficile", "A1": "ordi"}))
    assert result.coverage_pct == 42  # 18/43
    assert (result.profile, result.provisional_profile) == ("indetermine", "naufrages")
    assert (result.causes, result.why, result.margin, result.reliability) == ((), (), None, None)
    assert result.causes_by_family["naufrages"] == ("langue",)
    assert result.plan.rules["ACT_COMPLETER"] == ("K24",)


def test_a_provisional_profile_may_be_no_difficulty():
    few = {"L1": "sans", "L2": "jamais", "S1": "non", "R1": "pas", "A1": "ordi", "A2": "oui", "T2": "oui"}
    result = full(**(NOBODY_ASKED | few))
    assert (result.profile, result.provisional_profile, result.secondaries) == ("indetermine", "autonome", ())


def test_sub_causes_at_fifty_then_the_stated_one_else_the_highest():
    shaken = {"R1": "beaucoup", "R2": "abandon"}
    assert full(M1="equipement", A1="tel", **shaken).causes == ("reassurance", "equipement")
    assert full(M1="equipement", R1="assez", R2="oui").causes == ("equipement",)
    assert full(A1="tel", R1="peu", R2="temps").causes_by_family["oublies"] == ("reassurance",)
    assert full().causes_by_family == {"oublies": (), "naufrages": (), "refractaires": ()}
    equal = full(S1="plusieurs", S2="perte", U1="depasse", U2="vital").causes
    assert equal == ("complexite", "urgence")


def test_a_sub_cause_counts_from_fifty():
    assert full(A1="tel", A2="limite", A3="parfois", R1="beaucoup", R2="abandon").causes == ("reassurance",)  # 46
    assert full(A1="tel", A2="limite", A3="souvent", R1="beaucoup", R2="abandon").causes[1:] == ("equipement",)  # 54
    assert full(A1="aucun", A2="limite", R1="beaucoup", R2="abandon").causes[1:] == ("equipement",)  # 12/24 = 50
