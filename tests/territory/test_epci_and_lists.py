"""EPCI and lists of communes, from what somebody typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.territory.communes import (
    by_code,
    epci,
    epci_label,
    epci_members,
    epci_short,
    find_epcis,
    label,
    read_list,
    resolve_epci,
)
from app.territory.communes.reference import all_communes, all_epcis

VAL_DE_GARONNE = "200030674"


@pytest.mark.parametrize(
    "typed",
    [
        VAL_DE_GARONNE,
        "Val de Garonne Agglomération",
        "val-de-garonne agglomeration",
        "Communauté d'agglomération Val de Garonne Agglomération",
        "Val de Garonne Agglomération (communauté d’agglomération)",
    ],
)
def test_an_epci_named_in_full(typed: str) -> None:
    assert resolve_epci(typed) == epci(VAL_DE_GARONNE)


@pytest.mark.parametrize("typed", ["val de garonne", "VAL-DE-GARONNE", "garonne agglo", "Marmande", "47200 Marmande"])
def test_an_epci_from_a_piece_of_name_or_a_commune(typed: str) -> None:
    assert find_epcis(typed)[0] == epci(VAL_DE_GARONNE)


@pytest.mark.parametrize("typed", ["", "   ", "qwxz", "Deux Vallées", "garonne"])
def test_what_does_not_name_one_epci_is_not_guessed(typed: str) -> None:
    assert resolve_epci(typed) is None


def test_epci_of_the_same_name_are_all_offered() -> None:
    offered = find_epcis("Deux Vallées")
    assert len([one for one in offered if epci_short(one) == epci_short(offered[0])]) >= 2


@given(st.sampled_from(sorted(all_epcis())))
def test_a_label_is_read_back_unless_two_epci_bear_it(code: str) -> None:
    group = all_epcis()[code]
    same = [one for one in all_epcis().values() if epci_label(one) == epci_label(group)]
    assert resolve_epci(epci_label(group)) == (group if len(same) == 1 else None)
    assert group in find_epcis(epci_label(group), 20)


@given(st.text(max_size=250))
def test_nothing_typed_breaks_the_search(text: str) -> None:
    assert len(find_epcis(text, 5)) <= 5
    resolve_epci(text)
    read_list(text)


@given(st.lists(st.sampled_from(sorted(all_communes())), max_size=40), st.sampled_from(["\n", ";", ",", " ,\n"]))
def test_labels_of_a_list_are_read_back(codes: list[str], between: str) -> None:
    read = read_list(between.join(label(code) for code in codes))
    assert [commune.code for commune in read.found] == list(dict.fromkeys(codes))
    assert not read.unclear


def test_a_number_is_a_postcode_on_screen_and_an_insee_code_in_a_command() -> None:
    assert read_list("47157").found != (by_code("47157"),)
    assert read_list("47157", insee=True).found == (by_code("47157"),)
    (unclear,) = read_list("47200").unclear
    assert unclear[0] == "47200"
    assert unclear[1][0].name == "Marmande"
    assert set(unclear[1]) <= set(epci_members(VAL_DE_GARONNE))
