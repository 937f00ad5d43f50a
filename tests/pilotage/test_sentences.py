"""Sentences made from figures: agreement, zero, one, hidden; nothing that no figure says."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.i18n import speaking
from app.pilotage.formulas import sentences
from app.pilotage.formulas.figures import Figures
from app.pilotage.formulas.pages import Compared, Page, Told, compose, from_document
from app.pilotage.formulas.terms import Term, containing, read_term
from app.pilotage.secrecy import UNDER, Cell, Key

TERM = Term(2026, 2)
AREA = "reseau"
NAMES = (
    "people",
    "anonymous",
    "accompaniments",
    "hours",
    "workshops",
    "needs_opened",
    "needs_resolved",
    "needs_waiting",
    "referrals_sent",
    "referrals_closed",
    "referrals_declined",
    "travelled",
)
SPLITS = (
    ("novelty", "people", ("new", "known")),
    ("answer", "referrals_sent", ("within", "other")),
    ("outcome", "referrals_closed", ("met", "other")),
    ("distance", "travelled", ("nearer", "other")),
)
LABELS = {"age": {"a": "25 – 39 ans"}, "kind": {"x": "Boîte mail"}, "commune": {"47157": "Marmande"}}
count = st.one_of(st.none(), st.integers(0, 3), st.integers(11, 4000))


@st.composite
def figures(draw: st.DrawFn) -> Figures:
    """Any figures that a publication may hold, small ones included."""
    cells: dict[Key, int | None] = {Key(TERM.key, AREA, name): draw(count) for name in NAMES}
    for breakdown, indicator, codes in SPLITS:
        whole = cells[Key(TERM.key, AREA, indicator)]
        if whole:
            told = draw(st.booleans())
            first = draw(st.integers(0, whole))
            for code, value in zip(codes, (first, whole - first), strict=True):
                cells[Key(TERM.key, AREA, indicator, breakdown, code)] = value if told else None
    return Figures(TERM.key, AREA, {key: Cell(key, value) for key, value in cells.items()})


def of(**values: int | None) -> Figures:
    cells = [Cell(Key(TERM.key, AREA, name), value) for name, value in values.items()]
    return Figures(TERM.key, AREA, {cell.key: cell for cell in cells})


def split(told: Figures, indicator: str, breakdown: str, **values: int | None) -> Figures:
    cells = [Cell(Key(TERM.key, AREA, indicator, breakdown, code), value) for code, value in values.items()]
    return Figures(told.period, told.area, {**told.cells, **{cell.key: cell for cell in cells}})


def said(told: Figures) -> list[str]:
    return [
        *sentences.activity(told, TERM.opening),
        *sentences.needs(told, LABELS["kind"]),
        *sentences.network(told),
        *sentences.blocked(told),
    ]


def flat(text: str) -> str:
    return re.sub(r"[\u00a0\u202f]", " ", text)


@given(figures())
def test_every_number_said_is_a_figure_or_a_rule(told: Figures) -> None:
    known = {cell.value for cell in told.cells.values() if cell.value is not None} | {9, 90}
    whole = {told.total(name) for name in NAMES}
    shares = {100 * part // all_ for part in known if part is not None for all_ in whole if all_}
    for sentence in said(told):
        text = flat(sentence).replace("2e trimestre 2026", "")
        text = re.sub(r"(?<=\d) (?=\d{3})", "", text)
        for number in re.findall(r"\d+(?= %)", text):
            assert int(number) in shares, sentence
        for number in re.findall(r"\d+(?! ?%)(?=\D|$)", re.sub(r"\d+ %", "", text)):
            assert int(number) in known, sentence


PLURAL = re.compile(
    r"\b(accompagnements|personnes|heures|ateliers|demandes|orientations|jours|ont|venaient|attendent|sont)\b"
)


@given(figures())
def test_one_is_singular_and_several_are_plural(told: Figures) -> None:
    for sentence in said(told):
        text = re.sub(r"(?<=\d) (?=\d{3})", "", flat(sentence))
        for number, word in re.findall(r"(?<![\d])(\d+) (\w+)", text):
            if word in {"e", "ou"} or (number in {"2", "9", "90"} and word in {"trimestre", "jours"}):
                continue
            if int(number) == 1:
                assert not PLURAL.match(word), sentence
            elif word in {"accompagnement", "personne", "heure", "atelier", "demande", "orientation", "a", "venait"}:
                pytest.fail(sentence)


@given(figures())
def test_sentences_end_and_are_typeset(told: Figures) -> None:
    for sentence in said(told):
        assert sentence.endswith(".")
        assert sentence[0].isupper() or sentence[0].isdigit()
        assert not re.search(r" [;:!?%]|« | »|  |'", sentence), repr(sentence)
        assert "None" not in sentence
        assert "%(" not in sentence


@given(figures())
def test_a_hidden_whole_is_never_said(told: Figures) -> None:
    if told.total("people") is None:
        assert not any("personne" in one and "inscrite" in one for one in sentences.activity(told, TERM.opening))
    if told.total("referrals_sent") is None:
        assert not any("envoyée" in one for one in sentences.network(told))


def test_zero_one_and_many() -> None:
    def accompanied(value: int) -> str:
        return flat(sentences.activity(of(accompaniments=value), TERM.opening)[0])

    assert accompanied(0) == "Au 2e trimestre 2026, le réseau n’a noté aucun accompagnement."
    assert accompanied(1) == "Au 2e trimestre 2026, le réseau a réalisé 1 accompagnement."
    assert accompanied(1234) == "Au 2e trimestre 2026, le réseau a réalisé 1 234 accompagnements."


def test_gender_and_number_of_people() -> None:
    told = split(of(accompaniments=40, people=1), "people", "novelty", new=1, known=0)
    assert flat(sentences.activity(told, TERM.opening)[1]) == (
        "1 personne inscrite a été accompagnée ; 1 venait pour la première fois."
    )
    told = split(of(accompaniments=40, people=30), "people", "novelty", new=0, known=30)
    assert flat(sentences.activity(told, TERM.opening)[1]) == (
        "30 personnes inscrites ont été accompagnées ; aucune ne venait pour la première fois."
    )


def test_the_share_answered_is_said_with_its_base_or_at_least() -> None:
    told = split(of(referrals_sent=80), "referrals_sent", "answer", within=60, other=20)
    assert flat(sentences.network(told)[0]).endswith("60 ont reçu une réponse en 9 jours ouvrés au plus (75 %).")
    told = split(of(referrals_sent=80), "referrals_sent", "answer", within=None, other=None, **{f"{UNDER}other": 11})
    assert flat(sentences.network(told)[0]).endswith(
        "au moins 70 ont reçu une réponse en 9 jours ouvrés (87 % ou plus)."
    )


def test_the_most_frequent_need_is_not_said_when_a_group_may_hide_a_larger_one() -> None:
    told = split(of(needs_opened=40), "needs_opened", "kind", x=20, **{"groupe:1": 20})
    assert not any("fréquente" in one for one in sentences.needs(told, LABELS["kind"]))
    told = split(of(needs_opened=41), "needs_opened", "kind", x=21, **{"groupe:1": 20})
    assert any("« Boîte mail » (21)" in flat(one) for one in sentences.needs(told, LABELS["kind"]))


def test_trends() -> None:
    when = Term(2026, 1).with_article
    assert flat(sentences.trend(50, 40, when)) == "10 de plus que pour le 1er trimestre 2026 (40)."
    assert flat(sentences.trend(40, 50, when)) == "10 de moins que pour le 1er trimestre 2026 (50)."
    assert flat(sentences.trend(40, 40, when)) == "Autant que pour le 1er trimestre 2026."
    assert flat(sentences.share_trend(80, 79, when)) == "1 point de plus que pour le 1er trimestre 2026 (79 %)."
    assert "masqué" in sentences.trend(None, 40, when)


def test_terms() -> None:
    assert [read_term(key) for key in ("2026-T1", "2026", "2026-T5", "T1", "26-T1")] == [
        Term(2026, 1),
        Term(2026),
        None,
        None,
        None,
    ]
    assert (Term(2026, 1).previous, Term(2026).previous) == (Term(2025, 4), Term(2025))
    assert (str(Term(2026, 1).first), str(Term(2026, 1).last)) == ("2026-01-01", "2026-03-31")
    assert (str(Term(2026).first), str(Term(2026).last)) == ("2026-01-01", "2026-12-31")
    assert all(containing(Term(2024, q).first) == containing(Term(2024, q).last) == Term(2024, q) for q in range(1, 5))


def page(told: Figures, *compared: Compared) -> Page:
    return compose(Told(TERM, told, compared, LABELS, ["47157"], 11))


@given(figures())
def test_a_page_is_kept_and_found_again(told: Figures) -> None:
    made = page(told, Compared(TERM.previous, told), Compared(TERM.year_before, None))
    assert from_document(made.to_document()) == made


def test_a_page_says_what_it_is_not_compared_with() -> None:
    made = page(of(people=40), Compared(TERM.previous, None))
    assert [flat(one) for one in made.not_compared] == [
        "Pas de comparaison avec le 1er trimestre 2026 : sa synthèse n’a pas été publiée."
    ]


def test_nothing_at_all_still_makes_a_page() -> None:
    made = page(of(**dict.fromkeys(NAMES, 0)))
    assert [one.value for one in made.keys] == ["0", "0", "0", "–"]
    assert all(part.sentences for part in made.parts)
    assert "Aucune commune" in made.map.description


def test_everything_hidden_still_makes_a_page() -> None:
    made = page(of(**dict.fromkeys(NAMES)))
    assert [one.value for one in made.keys] == ["masqué"] * 4
    assert all(part.sentences for part in made.parts)


def test_english_numbers_and_words() -> None:
    with speaking("en"):
        assert sentences.number(12500) == "12,500"
