"""The parser of files of people: truth tables of columns and cells; whatever the bytes, a record or a refusal in words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.sheets import read_records
from app.people.imports import FIELDS, FaultCode, ImportField, RowRefused, guess, parse_row, words_of
from tests.people.sheets import BASE, TITLES, csv_of, row, xlsx_of

YEAR = 2026


F = ImportField


def parsed(**changes: str) -> dict[str, object]:
    return parse_row(dict(zip(FIELDS, row(**changes), strict=True)), (), YEAR).values


def refused(**changes: str) -> list[str]:
    with pytest.raises(RowRefused) as error:
        parsed(**changes)
    return error.value.reasons


@pytest.mark.parametrize(
    "titles",
    [
        TITLES,
        tuple(title.upper() for title in TITLES),
        (
            "nom",
            "prenom",
            "annee_naissance",
            "commune",
            "code_insee",
            "code_postal",
            "tel",
            "mail",
            "sexe",
            "commentaires",
        ),
        (
            *("Nom de famille", "Prénom(s)", "Date de naissance (JJ/MM/AAAA)", "Ville", "Code INSEE de la commune"),
            *("Code postal", "Tél. portable", "Adresse électronique", "Civilité", "Remarques"),
        ),
    ],
)
def test_ten_columns_are_guessed_whatever_their_spelling(titles: tuple[str, ...]) -> None:
    assert guess(titles) == {field: at for at, field in enumerate(FIELDS)}


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        (("Nom de la structure", "Nom"), {F.LAST_NAME: 1}),
        (("Nom de la structure", "Lieu de l’atelier"), {}),
        (("Prénom", "Nom d’usage", "Nom"), {F.FIRST_NAME: 0, F.LAST_NAME: 2}),
        (("Prénom du conseiller", "Prénom"), {F.FIRST_NAME: 1}),
        (("Nom", "Nom"), {F.LAST_NAME: 0}),
        (("Code INSEE", "Commune"), {F.INSEE: 0, F.COMMUNE: 1}),
        (("Téléphone fixe", "Téléphone"), {F.PHONE: 1}),
        (("", "  ", "?"), {}),
        ((), {}),
    ],
)
def test_a_title_that_is_not_the_one_is_not_taken(titles: tuple[str, ...], expected: dict[F, int]) -> None:
    assert guess(titles) == expected


@given(st.lists(st.text(max_size=40), max_size=12))
def test_a_column_serves_once_and_exists(titles: list[str]) -> None:
    found = guess(titles)
    assert len(set(found.values())) == len(found)
    assert all(0 <= at < len(titles) for at in found.values())


def test_the_usual_row() -> None:
    assert parsed() == {
        "first_name": "Zohra",
        "last_name": "Kaci",
        "birth_year": 1958,
        "age_status": "adult",
        "commune_code": "47157",
        "phone": "+33639980011",
        "email": "zohra@essai.example",
        "genre": "feminin",
    }


@pytest.mark.parametrize(
    ("field", "cell", "name", "value"),
    [
        ("annee", "", "birth_year", None),
        ("annee", "12/03/1958", "birth_year", 1958),
        ("annee", "1958-03-12", "birth_year", 1958),
        ("annee", "2008", "age_status", "15_17"),
        ("annee", "2009", "age_status", "15_17"),
        ("annee", "2007", "age_status", "adult"),
        ("genre", "", "genre", "non_communique"),
        ("genre", "H", "genre", "masculin"),
        ("genre", "Masculin", "genre", "masculin"),
        ("genre", "Mme.", "genre", "feminin"),
        ("genre", "Féminin", "genre", "feminin"),
        ("genre", "Non communiqué", "genre", "non_communique"),
        ("telephone", "", "phone", ""),
        ("telephone", "639980011", "phone", "+33639980011"),
        ("telephone", "0692 12 34 56", "phone", "+262692123456"),
        ("telephone", "+32 470 12 34 56", "phone", "+32470123456"),
        ("courriel", "", "email", ""),
        ("notes", "mdp : Soleil47", "last_name", "Kaci"),
    ],
)
def test_notations_are_read(field: str, cell: str, name: str, value: object) -> None:
    assert parsed(**{field: cell})[name] == value


@pytest.mark.parametrize(
    ("insee", "cp", "commune", "code"),
    [
        ("47157", "", "", "47157"),
        ("47157", "75001", "Paris", "47157"),
        ("1004", "", "", "01004"),
        ("2a004", "", "", "2A004"),
        ("", "47200", "Marmande", "47157"),
        ("", "47200", "MARMANDE", "47157"),
        ("", "1500", "Ambérieu-en-Bugey", "01004"),
        ("", "", "Marmande", "47157"),
        ("99999", "47200", "Marmande", "47157"),
        ("", "", "", None),
    ],
)
def test_the_commune_by_code_or_by_postcode_and_name(insee: str, cp: str, commune: str, code: str | None) -> None:
    assert parsed(insee=insee, cp=cp, commune=commune)["commune_code"] == code


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"nom": "", "prenom": ""}, ["nom:nobody"]),
        ({"annee": "58"}, ["annee_naissance:shape"]),
        ({"annee": "1899"}, ["annee_naissance:range"]),
        ({"annee": "2027"}, ["annee_naissance:range"]),
        ({"annee": "2011"}, ["annee_naissance:child"]),
        ({"annee": "2026"}, ["annee_naissance:child"]),
        ({"telephone": "12"}, ["telephone:shape"]),
        ({"courriel": "zohra chez essai"}, ["courriel:shape"]),
        ({"genre": "peut-être"}, ["genre:unknown"]),
        ({"insee": "99999", "cp": "", "commune": ""}, ["insee:unknown"]),
        ({"insee": "", "cp": "", "commune": "Atlantide"}, ["commune:unknown"]),
        ({"insee": "", "cp": "472", "commune": ""}, ["code_postal:shape"]),
        ({"insee": "", "cp": "47400", "commune": ""}, ["code_postal:doubtful"]),
        ({"insee": "", "cp": "00000", "commune": ""}, ["code_postal:unknown"]),
        ({"nom": "x" * 301}, ["nom:too_long"]),
        ({"prenom": "1 58 05 47 157 123 83"}, ["prenom:forbidden"]),
        (
            {"annee": "58", "telephone": "12", "genre": "?!x"},
            ["annee_naissance:shape", "telephone:shape", "genre:unknown"],
        ),
    ],
)
def test_every_fault_of_a_row_is_told_at_once(changes: dict[str, str], reasons: list[str]) -> None:
    assert refused(**changes) == reasons


def test_every_reason_has_words_that_repeat_nothing() -> None:
    for field in FIELDS:
        for code in FaultCode:
            said = words_of(f"{field.value}:{code.value}")
            assert said
            assert "invalide" not in said
            assert said != f"{field.value}:{code.value}"


def test_a_formula_is_refused_on_its_row() -> None:
    found = list(read_records(csv_of(row(nom='=HYPERLINK("x")'), row())))
    assert found[1].formulas == {0}
    with pytest.raises(RowRefused, match="nom:formula"):
        parse_row(dict(zip(FIELDS, found[1].cells, strict=True)), [F.LAST_NAME], YEAR)
    book = list(read_records(xlsx_of(("=1+1", *BASE[1:]), BASE)))
    assert (book[1].formulas, book[1].cells[0]) == ({0}, "")
    assert book[2].formulas == frozenset()


def test_numbers_and_days_of_a_workbook() -> None:
    cells = ("Kaci", "Zohra", date(1958, 3, 12), "Ambérieu-en-Bugey", 1004, 1500, 639980011, None, "F", None)
    found = list(read_records(xlsx_of(cells)))[1].cells
    values = parse_row(dict(zip(FIELDS, found, strict=False)), (), YEAR).values
    assert (values["birth_year"], values["commune_code"], values["phone"]) == (1958, "01004", "+33639980011")


def parsed_or_refused(cells: dict[F, str], formulas: set[F]) -> dict[str, object] | list[str]:
    try:
        return parse_row(cells, formulas, YEAR).values
    except RowRefused as error:
        return error.reasons


@given(st.lists(st.text(max_size=30), min_size=10, max_size=10), st.sets(st.sampled_from(FIELDS)))
def test_no_cells_raise_anything_but_reasons(cells: list[str], formulas: set[F]) -> None:
    found = parsed_or_refused(dict(zip(FIELDS, cells, strict=True)), formulas)
    if isinstance(found, list):
        assert found
        assert all(words_of(reason) != reason for reason in found)
    else:
        assert found["first_name"] or found["last_name"]
