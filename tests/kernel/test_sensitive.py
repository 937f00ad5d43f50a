from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.sensitive import find_forbidden, luhn

digits = st.integers(min_value=0, max_value=9)
separators = st.sampled_from(["", " ", ".", "-", "\u00a0"])


def nir_key(body: str) -> str:
    """Insee: 97 minus the remainder by 97, 2A counting as 19 and 2B as 18."""
    return f"{97 - int(body.replace('2A', '19').replace('2B', '18')) % 97:02d}"


def with_check_digit(body: str) -> str:
    return next(body + str(last) for last in range(10) if luhn(body + str(last)))


def french_iban(account: str) -> str:
    """ISO 13616: the key makes the whole worth one modulo 97, letters counting from A = 10."""
    return f"FR{98 - int(account + '152700') % 97:02d}{account}"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1 85 05 78 006 084 91", "nir"),
        ("185057800608491", "nir"),
        ("1850578006084", "nir"),
        ("1 85 05 78 006 084", "nir"),
        ("1.85.05.78.006.084.91", "nir"),
        ("2-69-05-49-588-157-80", "nir"),
        ("son numéro de sécu : 269054958815780, à rappeler", "nir"),
        ("1 85 05 2A 006 084", "nir"),
        ("1 85 05 2b 006 084", "nir"),
        (f"185052A006084{nir_key('185052A006084')}", "nir"),
        (f"2 72 11 2B 033 012 {nir_key('272112B033012')}", "nir"),
        ("1 85 05 974 06 084", "nir"),
        ("carte 4111 1111 1111 1111 exp 12/26", "card"),
        ("4111111111111111", "card"),
        ("4111-1111-1111-1111", "card"),
        ("5500 0055 5555 5559", "card"),
        ("3782 822463 10005", "card"),
        ("FR76 3000 6000 0112 3456 7890 189", "iban"),
        ("fr7630006000011234567890189 merci", "iban"),
        ("BE68 5390 0754 7034", "iban"),
        ("iban:DE89370400440532013000", "iban"),
        ("mot de passe : xxx", "password"),
        ("Mot de passe : Soleil47!", "password"),
        ("mdp : soleil", "password"),
        ("MDP=chaton", "password"),
        ("mdp Soleil47", "password"),
        ("mdp: chat pour la CAF", "password"),
        ("Mot de passe ameli : Toto2024", "password"),
        ("son mot de passe est Soleil47", "password"),
        ("le mot de passe c’est « soleil »", "password"),
        ("code secret = 1234", "password"),
        ("code secret : 1234", "password"),
        ("code pin 1234", "password"),
        ("code confidentiel : 845120", "password"),
        ("password: hunter2", "password"),
        ("Password : azerty", "password"),
        ("identifiant : jdupont\nmot de passe : chaton", "password"),
    ],
)
def test_refused(text: str, kind: str) -> None:
    found = find_forbidden(text)
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Rappelé au 06 12 34 56 78 puis au 06 98 76 54 32",
        "06 45 67 89 01 - 06 12 34 56 78",
        "+33 6 12 34 56 78 / +262 692 12 34 56",
        "0033612345678",
        "1 06 12 34 56 78 06",
        "SIRET 732 829 320 00074",
        "73282932000074",
        "356 000 000 48432",
        "CAF 1234567",
        "n° allocataire 1234567 A",
        "le 12/03/2024 à 14 h 30",
        "le 12 03 2024 au 06 12 34 56 78",
        "numéro fiscal : 1850578006084",
        "n° fiscal 12 34 567 890 123",
        "IMEI 356938035643809",
        "EAN 3017620422003",
        "dossier 2024-0001-5567-8899",
        "montant 1 234 567,00 €",
        "IBAN à apporter, RIB demandé",
        "FR76 à compléter",
        "mot de passe",
        "mot de passe :",
        "mot de passe oublié",
        "Mot de passe oublié.",
        "a perdu son mot de passe",
        "a perdu son mot de passe. 2024 sera mieux",
        "mot de passe : oublié",
        "Mot de passe oublié : démarche faite",
        "mot de passe : à réinitialiser avec elle",
        "mot de passe : Mme Durand l’a noté dans son carnet",
        "mdp : ****",
        "mdp : ……",
        "mdp ameli réinitialisé",
        "mot de passe provisoire reçu par courrier",
        "le mot de passe est perdu",
        "mot de passe modifié 2 fois",
        "mot de passe changé le 12/03/2024",
        "mot de passe de 12 caractères minimum",
        "lien de mot de passe envoyé à jean@orange.fr",
        "création d’un mot de passe FranceConnect+",
        "Mots de passe : gestion et sécurité",
        "Retenir son code PIN : conseils donnés",
        "code secret oublié",
        "code postal 47200",
        "sous le pin parasol",
    ],
)
def test_everyday_notes_pass(text: str) -> None:
    assert find_forbidden(text) is None


def test_where_it_is_and_never_what() -> None:
    text = "Vu ce matin. 1 85 05 78 006 084 91 noté au dos."
    found = find_forbidden(text)
    assert found is not None
    assert text[found.start : found.end] == "1 85 05 78 006 084 91"
    assert "85" not in repr(found)


def test_the_first_one_is_told() -> None:
    found = find_forbidden("mdp : soleil et 4111 1111 1111 1111")
    assert found is not None
    assert (found.kind, found.start) == ("password", 0)


def test_fifteen_digits_need_their_key() -> None:
    assert find_forbidden("185057800608491") is not None
    assert find_forbidden("185057800608492") is None


def test_a_card_needs_its_check_digit() -> None:
    assert find_forbidden("4111111111111112") is None


@st.composite
def nirs(draw: st.DrawFn) -> list[str]:
    department = draw(st.sampled_from(["2A", "2B", *(f"{n:02d}" for n in range(1, 96) if n != 20), "99"]))
    return [
        draw(st.sampled_from("12")),
        f"{draw(st.integers(0, 99)):02d}",
        f"{draw(st.integers(1, 12)):02d}",
        department,
        f"{draw(st.integers(1, 990)):03d}",
        f"{draw(st.integers(1, 999)):03d}",
    ]


@given(nirs(), separators, st.booleans())
def test_every_nir_is_seen_however_it_is_grouped(parts: list[str], separator: str, keyed: bool) -> None:
    groups = [*parts, nir_key("".join(parts))] if keyed else parts
    found = find_forbidden(f"Numéro {separator.join(groups)} donné.")
    assert found is not None
    assert found.kind == "nir"


@given(st.lists(digits, min_size=14, max_size=14), separators)
def test_every_visa_card_is_seen_however_it_is_grouped(body: list[int], separator: str) -> None:
    number = with_check_digit("4" + "".join(map(str, body)))
    grouped = separator.join(number[at : at + 4] for at in range(0, 16, 4))
    found = find_forbidden(f"carte {grouped}")
    assert found is not None


@given(st.integers(min_value=0, max_value=10**23 - 1), separators)
def test_every_french_iban_is_seen_however_it_is_grouped(account: int, separator: str) -> None:
    iban = french_iban(f"{account:023d}")
    found = find_forbidden("RIB " + separator.join(iban[at : at + 4] for at in range(0, 27, 4)))
    assert found is not None


@given(st.lists(st.integers(min_value=100_000_000, max_value=799_999_999), min_size=1, max_size=4))
def test_lists_of_french_phones_pass(numbers: list[int]) -> None:
    phones = [f"0{number}" for number in numbers]
    spaced = [" ".join(phone[at : at + 2] for at in range(0, 10, 2)) for phone in phones]
    assert find_forbidden("Appelé " + ", ".join(spaced)) is None
    assert find_forbidden("Appelé " + " ou ".join(phones)) is None


@given(st.integers(min_value=10**12, max_value=10**13 - 1))
def test_sirets_pass(body: int) -> None:
    siret = with_check_digit(str(body))
    assert find_forbidden(f"SIRET {siret}") is None
    assert find_forbidden(f"{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}") is None


@given(st.text())
def test_any_text_may_be_checked(text: str) -> None:
    found = find_forbidden(text)
    assert found is None or 0 <= found.start < found.end <= len(text)


@pytest.mark.parametrize(
    "text", ["1" * 100_000, "1 " * 50_000, "mot de passe " * 5_000, "FR76 " * 20_000, "a:" * 50_000]
)
def test_long_texts_do_not_hang(text: str) -> None:
    start = time.process_time()
    find_forbidden(text)
    assert time.process_time() - start < 2
