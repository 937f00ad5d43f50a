"""Truth tables of the engine: index, bands, reliability, reasons, strengths and distance travelled (assessment.md § 6.3)."""

from dataclasses import replace

import pytest

from app.assessments.engine import (
    EXPRESS,
    FULL,
    progress,
    score,
)
from tests.assessments.sheets import AT_EASE, CASES, INSTRUMENT, full

# --- index, bands, priority


def test_index_is_half_the_worst_blocking_dimension_and_half_the_mean():
    assert full(A1="aucun", A2="non", A3="arret").index == 63  # (100 + 25) / 2 = 62.5
    assert full(T1="refuse", T2="non").index == 5  # confidence does not block: (0 + 10) / 2
    assert full(S1="plusieurs", S2="perte", U1="depasse", U2="vital").index == 0


def test_index_needs_skills_and_sixty_percent_of_the_weight():
    assert full(**dict.fromkeys(("C1", "C2", "C3", "C4", "C5", "C6", "C7"))).index is None
    without_15 = dict.fromkeys(("L1", "L2", "L3"))
    without_40 = without_15 | dict.fromkeys(("A1", "A2", "A3"))
    assert full(**without_15).index == 0
    assert full(**without_40).index == 0  # exactly 60 % left
    assert full(**without_40, H1=None, H2=None).index is None  # 50 %


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        (0, "proche"),
        (19, "proche"),
        (20, "modere"),
        (39, "modere"),
        (40, "eloigne"),
        (54, "eloigne"),
        (55, "tres_eloigne"),
        (100, "tres_eloigne"),
    ],
)
def test_bands_at_their_edges(index, expected):
    assert next(b.code for b in INSTRUMENT.scoring.bands if b.low <= index <= b.high) == expected


PRIORITIES = {
    ("depasse", "vital"): "P1",
    ("loin", "vital"): "P1",
    ("depasse", "droit"): "P1",
    ("semaine", "droit"): "P2",
    ("mois", "droit"): "P2",
    ("semaine", "rien"): "P2",
    ("depasse", "retard"): "P2",
    ("mois", "retard"): "P3",
    (None, None): "P3",
    (None, "droit"): "P2",
    ("depasse", None): "P2",
}


@pytest.mark.parametrize(("delay", "risk"), list(PRIORITIES))
def test_priority(delay, risk):
    assert full(U1=delay, U2=risk).priority == PRIORITIES[delay, risk]


# --- reliability


def test_high_reliability_survives_missing_answers_that_change_nothing():
    assert full(H1=None, H2=None, C7="nsp").reliability == "elevee"


def test_missing_answers_which_could_change_the_profile_are_at_most_medium():
    assert full(L1=None).reliability == "moyenne"  # 40 at most
    assert full(L3=None).reliability == "elevee"  # 20 at most
    assert full(S1=None).reliability == "moyenne"
    assert full(M1=None).reliability == "moyenne"


def test_an_unstated_reason_could_win_within_the_tolerance():
    near = {"L1": "tres", "L2": "souvent", "L3": "non"}  # 11/15 = 73
    below = {"L1": "tres", "L2": "parfois", "L3": "avec"}  # 8/15 = 53
    assert full(M1=None, **near).reliability == "elevee"
    assert full(M1=None, **below).reliability == "moyenne"
    assert full(**below).reliability == "elevee"


def test_an_unstated_reason_at_exactly_the_tolerance():
    edge = {"T1": "refuse", "T2": "plutot_non"}  # 78, but the lone refuser yields to any other family
    assert full(**edge).reliability == "elevee"
    assert full(M1=None, **edge).reliability == "moyenne"
    assert full(A1=None, A2="limite", **edge).reliability == "moyenne"  # access between 13 and 50
    assert full(A1=None, **edge).reliability == "elevee"  # 38 at most


def test_margin_of_sixteen_is_high_and_fifteen_is_not():
    langue = {"L1": "interprete", "L2": "souvent", "L3": "un_peu"}  # 73
    at_17 = full(R1="beaucoup", R2="oui", S1="non", **langue)  # 67 against 73
    assert (at_17.margin, at_17.reliability) == (6, "faible")
    sixteen = full(M1="mefiance", T1="evite", T2="avec", L1="tres", L2="souvent", L3="un_peu")
    assert (sixteen.margin, sixteen.reliability) == (16, "elevee")
    fifteen = full(A1="aucun", A2="dehors", A3="arret", C1="semaine", **langue)
    assert (fifteen.alerts, fifteen.margin, fifteen.reliability) == ((), 15, "faible")


def test_refusers_who_cannot_come_first_threaten_no_other_family():
    langue = {"L1": "interprete", "L2": "souvent", "L3": "avec"}  # 80
    close = full(T1="refuse", T2="plutot_non", **langue)
    assert (close.families["refractaires"], close.reliability) == (78, "elevee")
    assert full(T1="peu", T2="plutot_non").reliability == "elevee"  # 56, never present


def test_an_unanswered_wish_could_be_an_outright_refusal():
    shaken = {"R1": "beaucoup", "R2": "abandon"}  # 100, against 100 if T2 is no
    assert full(T1="refuse", T2=None, **shaken).reliability == "faible"
    assert full(T1="refuse", T2="plutot_non", **shaken).reliability == "elevee"


def test_an_unstated_reason_could_be_distrust():
    langue = {"L1": "tres", "L2": "souvent", "L3": "avec"}  # 67
    assert full(M1=None, **langue).reliability == "elevee"
    assert full(M1=None, T1="peu", T2="plutot_non", **langue).reliability == "moyenne"  # 56 if she distrusts
    assert full(M1="aucune", T1="peu", T2="plutot_non", **langue).reliability == "elevee"


def test_a_refuser_with_missing_answers_must_refuse_whatever_they_are():
    assert full(M1="mefiance", T1="refuse", T2=None).reliability == "moyenne"  # rests on the reason: 40 by the floor
    assert full(T1=None, T2="non").reliability == "elevee"
    assert full(T1=None, T2="plutot_non").profile == "autonome"
    assert full(T1=None, T2="plutot_non").reliability == "moyenne"


def test_a_family_that_rests_on_the_stated_reason_alone_is_medium():
    assert full(M1="langue", L1="peu", L2="parfois").reliability == "moyenne"
    assert full(M1="langue", L1="peu", L2="parfois", L3="avec").reliability == "elevee"


def test_an_alert_caps_and_does_not_change_the_profile():
    quiet, alerted = full(A1="ordi"), full(A1="aucun")
    assert (quiet.reliability, quiet.profile) == ("elevee", "autonome")
    assert (alerted.alerts, alerted.reliability) == (("X2",), "moyenne")


def test_low_when_a_family_is_unknown_or_the_margin_thin():
    unknown = full(S1=None, S2=None, U1=None, U2=None, R1="beaucoup", R2="abandon")
    assert (unknown.profile, unknown.reliability) == ("oublies", "faible")


def test_the_agreeing_reason_makes_a_thin_margin_medium():
    langue = {"L1": "interprete", "L2": "souvent", "L3": "un_peu"}
    assert full(M1="langue", R1="beaucoup", **langue).reliability == "moyenne"
    assert full(M1="mefiance", T1="refuse", T2="non", R1="beaucoup", R2="abandon").reliability == "moyenne"


# --- why, strengths


def test_why_orders_by_share_of_the_dimension_times_its_score():
    result = full(M1="reassurance", R1="assez", R2="difficile", A1="aucun", A2="dehors", C1="rare")
    assert [item.question for item in result.why] == ["M1", "R1", "A1", "A2", "R2"]

    # 4/9 × 67, 9/24 × 63, 6/24 × 63, 2/9 × 67


def test_why_shares_are_of_the_known_answers():
    unasked = dict.fromkeys(("C4", "C5", "C6", "C7"))
    result = full(M1="reassurance", R2="difficile", C2="avec", **unasked)
    assert [item.question for item in result.why] == ["M1", "C2", "R2"]  # 6/21 × 29 against 2/9 × 22


def test_why_flags_what_was_deduced():
    result = full(C1="jamais", C2=None, C3="non", C4=None, C5=None, C6=None, C7=None)
    assert [(item.question, item.deduced) for item in result.why] == [
        ("C2", True),
        ("C1", False),
        ("C3", False),
        ("C5", True),
        ("C6", True),
    ]


@pytest.mark.parametrize(("earlier", "later"), [("avec", "non"), ("non", "avec")])
def test_why_orders_answers_of_an_unknown_dimension_by_the_questionnaire(earlier: str, later: str):
    unasked = dict.fromkeys(("C1", "C2", "C3", "C6", "C7"))
    result = full(M1="equipement", A1="aucun", A2="non", C4=earlier, C5=later, **unasked)
    assert result.dimensions["competences"] is None
    assert [item.question for item in result.why] == ["M1", "A1", "A2", "C4", "C5"]


def test_why_leaves_out_a_reason_of_another_family():
    result = full(M1="mefiance", T2="oui", L1="interprete", L2="toujours", L3="non")
    assert result.profile == "naufrages"
    assert [item.question for item in result.why] == ["L1", "L2", "L3"]


def test_strengths_are_answers_without_distance():
    assert full().strengths == ("H1", "T2", "A1", "A2", "C1", "C3", "R2", "L2")
    assert full(A2="limite", C1="semaine", L2=None).strengths == ("H1", "T2", "A1", "C3", "R2")


# --- plan


def test_training_waits_for_refusers_for_little_french_and_for_emergencies():
    unskilled = {"C1": "rare", "C2": "avec", "C3": "non", "C4": "non", "C5": "non", "C6": "non", "C7": "non"}
    assert full(**unskilled).plan.later == ()
    foreign = full(L1="tres", **unskilled)
    assert foreign.plan.later == ("ACT_OUTILS", "ACT_DIAG", "ACT_SECURITE")
    assert set(foreign.plan.waits.values()) == {"D’abord comprendre et traiter l’urgence. La formation vient après."}
    assert full(U2="vital", **unskilled).plan.later == foreign.plan.later
    refuser = full(T1="refuse", T2="non", M1="mefiance", **unskilled).plan
    assert "ACT_MAIL" in refuser.later
    assert refuser.waits["ACT_MAIL"].startswith("La personne refuse")


# --- mappings and progress


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("seul", "autonome"),
        ("un_peu", "partiellement_autonome"),
        ("avec", "entierement_accompagne"),
        ("non", "entierement_accompagne"),
        ("nsp", None),
    ],
)
def test_coop_autonomy(code, expected):
    assert full(C2=code).coop_autonomy == expected


def test_progress_is_read_from_ten_points():
    here, nine, ten = full(), full(A1="tel", A2="oui"), full(A1="ordi", A2="limite", H1="facile")
    assert (nine.index, progress(nine, here).reading) == (16, "rapprochement")
    assert (ten.index, progress(here, ten).reading) == (16, "eloignement")
    small = full(C2="un_peu")
    assert (progress(small, here).distance, progress(small, here).reading) == (5, "stable")


def test_ten_points_exactly_are_shown():
    ten = full(C2="un_peu", T1="refuse", T2="non")
    assert (ten.index, progress(ten, full()).reading, progress(full(), ten).reading) == (
        10,
        "rapprochement",
        "eloignement",
    )


@pytest.mark.parametrize(
    ("changes", "comparable"),
    [
        ({"version": "2.0.0"}, False),
        ({"version": "1.1.0"}, True),
        ({"instrument": "autre"}, False),
        ({"mode": EXPRESS}, False),
    ],
)
def test_progress_stays_on_one_scale(changes, comparable):
    earlier = replace(full(C2="non"), **changes)
    assert progress(earlier, full()).comparable == comparable
    assert progress(full(), earlier, INSTRUMENT).comparable == comparable


@pytest.mark.parametrize(("moved", "reading"), [({"L1": "peu"}, "stable"), ({"T1": "non"}, "stable")])
def test_progress_under_ten_is_stable(moved, reading):
    assert progress(full(**moved), full()).reading == reading


def test_progress_counts_common_dimensions_only():
    first = full(L1="interprete", L2="toujours", L3="non", C2="non")
    last = full(L1=None, L2=None, L3=None)
    found = progress(first, last)
    assert "langue" not in found.by_dimension
    assert found.distance == 16  # (23 + 30 × 23 / 85) / 2, against 61 with the language
    assert first.index == 61


def test_progress_needs_two_full_assessments_of_one_major_version():
    express = score(INSTRUMENT, EXPRESS, AT_EASE)
    assert not progress(express, full()).comparable
    assert not progress(full(), express).comparable
    case = next(case for case in CASES if case["id"] == "V15")
    assert progress(full(), score(INSTRUMENT, FULL, case["reponses"])).to_document() == {
        "comparable": False,
        "distance_parcourue": None,
        "par_dimension": {},
        "lecture": None,
    }
