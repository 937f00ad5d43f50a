from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.phones import MESSAGES, InvalidPhone, format_phone, overseas_prefixes, parse_phone

NBSP = "\u00a0"


@pytest.mark.parametrize(
    "text",
    [
        "0612345678",
        "06 12 34 56 78",
        "06.12.34.56.78",
        "06-12-34-56-78",
        "06/12/34/56/78",
        f"06{NBSP}12{NBSP}34{NBSP}56{NBSP}78",
        "+33 6 12 34 56 78",
        "+33 (0)6 12 34 56 78",
        "(+33) 6 12 34 56 78",
        "0033 6 12 34 56 78",
        "33612345678",
        "612345678",
        "tél : 06 12 34 56 78",
        "\u20660612345678\u2069",
        "٠٦١٢٣٤٥٦٧٨",
    ],
)
def test_one_number_in_any_notation(text: str) -> None:
    assert parse_phone(text) == "+33612345678"


@pytest.mark.parametrize(
    ("text", "e164"),
    [
        ("05 53 64 12 34", "+33553641234"),
        ("0692 12 34 56", "+262692123456"),
        ("0693 12 34 56", "+262693123456"),
        ("0262 12 34 56", "+262262123456"),
        ("0269 60 12 34", "+262269601234"),
        ("0639 69 12 34", "+262639691234"),
        ("0690 35 12 34", "+590690351234"),
        ("0590 81 23 45", "+590590812345"),
        ("0694 20 12 34", "+594694201234"),
        ("0594 28 12 34", "+594594281234"),
        ("0696 20 12 34", "+596696201234"),
        ("0596 52 12 34", "+596596521234"),
        ("0508 41 12 34", "+508411234"),
        ("692123456", "+262692123456"),
        ("+262 692 12 34 56", "+262692123456"),
        ("00262692123456", "+262692123456"),
        ("+269 332 12 34", "+2693321234"),
        ("+508 41 12 34", "+508411234"),
        ("+681 82 12 34", "+681821234"),
        ("+687 75 12 34", "+687751234"),
        ("+689 87 12 34 56", "+68987123456"),
        ("+32 470 12 34 56", "+32470123456"),
        ("+212 612-345678", "+212612345678"),
        ("+49 30 901820", "+4930901820"),
    ],
)
def test_overseas_and_abroad(text: str, e164: str) -> None:
    assert parse_phone(text) == e164


@pytest.mark.parametrize("region", ["FR", "RE", "GP", "YT"])
def test_the_ten_digit_plan_is_the_same_in_all_its_regions(region: str) -> None:
    assert parse_phone("06 12 34 56 78", region) == "+33612345678"
    assert parse_phone("0692 12 34 56", region) == "+262692123456"
    assert parse_phone("0596 52 12 34", region) == "+596596521234"


def test_other_plans_read_their_own_notation() -> None:
    assert parse_phone("75 12 34", "NC") == "+687751234"
    assert parse_phone("87 12 34 56", "PF") == "+68987123456"
    assert parse_phone("+33 6 12 34 56 78", "NC") == "+33612345678"
    with pytest.raises(InvalidPhone):
        parse_phone("75 12 34", "FR")


@pytest.mark.parametrize("text", ["06 39 98 12 34", "01 99 00 12 34", "02 61 91 12 34", "05 36 49 12 34"])
def test_numbers_kept_for_fiction_are_accepted(text: str) -> None:
    assert parse_phone(text) == "+33" + text.replace(" ", "")[1:]
    assert format_phone(parse_phone(text)) == text.replace(" ", NBSP)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("\u200e", "empty"),
        ("abc", "letters"),
        ("06 12 34 56 78 travail", "letters"),
        ("0800 MAILLE", "letters"),
        ("05 53 64 12 34 poste 12", "extension"),
        ("05 53 64 12 34 #12", "extension"),
        ("06 12 34 56", "short_code"),
        ("3949", "short_code"),
        ("115", "short_code"),
        ("06 12 34 56 78 / 06 98 76 54 32", "too_long"),
        ("06 12 34 56 78 9", "too_long"),
        ("1" * 5000, "too_long"),
        ("00 00 00 00 00", "unknown"),
        ("+999 12 34 56 78", "unknown"),
        ("+262 639 98 12 34", "unknown"),
    ],
)
def test_refused_with_the_reason(text: str, code: str) -> None:
    with pytest.raises(InvalidPhone) as refusal:
        parse_phone(text)
    assert refusal.value.code == code
    assert str(refusal.value.message) == str(MESSAGES[refusal.value.code])
    assert text.strip() not in str(refusal.value) or not text.strip("\u200e ")


@pytest.mark.parametrize(
    ("e164", "shown"),
    [
        ("+33612345678", "06 12 34 56 78"),
        ("+33553641234", "05 53 64 12 34"),
        ("+262692123456", "0692 12 34 56"),
        ("+590690351234", "0690 35 12 34"),
        ("+594694201234", "0694 20 12 34"),
        ("+596596521234", "0596 52 12 34"),
        ("+687751234", "+687 75 12 34"),
        ("+68987123456", "+689 87 12 34 56"),
        ("+508411234", "+508 41 12 34"),
        ("+32470123456", "+32 470 12 34 56"),
    ],
)
def test_shown_the_french_way_and_read_back(e164: str, shown: str) -> None:
    assert format_phone(e164) == shown.replace(" ", NBSP)
    assert parse_phone(format_phone(e164)) == e164


@pytest.mark.parametrize("text", ["", "x", "06 12", "3949"])
def test_what_is_no_number_is_shown_as_it_is(text: str) -> None:
    assert format_phone(text) == text


def test_overseas_prefixes_name_country_codes() -> None:
    assert overseas_prefixes()["0692"] == "262"
    assert set(overseas_prefixes().values()) == {"262", "590", "594", "596", "508"}


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_a_refusal(text: str) -> None:
    try:
        found = parse_phone(text)
    except InvalidPhone:
        return
    assert found.startswith("+")
    assert found[1:].isascii()
    assert found[1:].isdigit()


@given(st.integers(min_value=600000000, max_value=689999999))
def test_metropolitan_mobiles_go_there_and_back(number: int) -> None:
    try:
        e164 = parse_phone(f"0{number}")
    except InvalidPhone:
        return
    assert e164.endswith(str(number))
    assert parse_phone(e164) == e164
    assert parse_phone(format_phone(e164)) == e164
