from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.territory import communes
from app.territory.communes import all_communes, by_code, by_postcode, find, resolve, spelled

REAL_PLACES = Path(__file__).resolve().parents[3] / "shared" / "data" / "lieux" / "lieux-paca.csv"
CODES = sorted(all_communes())


def names(text: str, **options: object) -> list[str]:
    return [commune.name for commune in find(text, **options)]  # type: ignore[arg-type]


def test_a_commune_by_its_code() -> None:
    marmande = by_code("47157")
    assert marmande is not None
    assert marmande.name == "Marmande"
    assert marmande.postcodes == ("47200",)
    assert marmande.departement == "47"
    assert marmande.epci_name == "Communauté d’agglomération Val de Garonne Agglomération"
    assert marmande.population is not None
    assert 15_000 < marmande.population < 20_000
    assert marmande.lat == pytest.approx(44.5, abs=0.02)
    assert marmande.lon == pytest.approx(0.17, abs=0.02)
    assert marmande.parent is None


def test_codes_are_read_without_care() -> None:
    assert by_code(" 2a004 ") == by_code("2A004")
    assert by_code("00000") is None
    assert by_code("") is None


def test_the_whole_of_france_is_there() -> None:
    found = all_communes().values()
    assert len([c for c in found if not c.parent]) == 34_969
    assert len([c for c in found if c.parent]) == 45
    assert {c.departement for c in found} == {d.code for d in communes.departements()}
    assert len({d.code for d in communes.departements()}) == 109


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("97411", "Saint-Denis"),
        ("97105", "Basse-Terre"),
        ("97209", "Fort-de-France"),
        ("97302", "Cayenne"),
        ("97611", "Mamoudzou"),
        ("97502", "Saint-Pierre"),
        ("97701", "Saint-Barthélemy"),
        ("97801", "Saint-Martin"),
        ("98613", "Uvea"),
        ("98735", "Papeete"),
        ("98818", "Nouméa"),
    ],
)
def test_overseas(code: str, name: str) -> None:
    commune = by_code(code)
    assert commune is not None
    assert commune.name == name
    assert commune.population
    assert commune.postcodes


def test_names_carry_their_article() -> None:
    assert [by_code(code).name for code in ("76351", "97404", "97101", "13004", "94038")] == [  # type: ignore[union-attr]
        "Le Havre",
        "L’Étang-Salé",
        "Les Abymes",
        "Arles",
        "L’Haÿ-les-Roses",
    ]


@pytest.mark.parametrize(("city", "count"), [("75056", 20), ("69123", 9), ("13055", 16)])
def test_arrondissements_belong_to_their_city(city: str, count: int) -> None:
    parts = communes.arrondissements(city)
    whole = by_code(city)
    assert whole is not None
    assert len(parts) == count
    assert {part.parent for part in parts} == {city}
    assert {part.epci_code for part in parts} == {whole.epci_code}
    assert {p for part in parts for p in part.postcodes} <= set(whole.postcodes)
    assert communes.arrondissements("47157") == ()


def test_postcodes() -> None:
    assert by_postcode("47200")[0].name == "Marmande"
    assert by_postcode("47 200") == by_postcode("47200")
    assert [c.code for c in by_postcode("75012")] == ["75056", "75112"]
    assert by_postcode("99999") == ()


def test_epci_members() -> None:
    marmande = by_code("47157")
    assert marmande is not None
    members = communes.epci_members(marmande.epci_code or "")
    assert marmande in members
    assert all(m.epci_code == marmande.epci_code for m in members)
    assert communes.epci_members("000000000") == ()
    paris = by_code("75056")
    assert paris is not None
    assert not any(m.parent for m in communes.epci_members(paris.epci_code or ""))


@pytest.mark.parametrize(
    "text",
    [
        "Saint-Étienne",
        "saint-etienne",
        "SAINT ETIENNE",
        "St Étienne",
        "st-etienne",
        "  St.  Etienne ",
        "42000 St Etienne",
    ],
)
def test_spellings_of_one_name(text: str) -> None:
    assert names(text)[0] == "Saint-Étienne"
    assert resolve(text) == by_code("42218")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Marmande", "47157"),
        ("47200 marmande", "47157"),
        ("Marmande (47)", "47157"),
        ("Ajaccio 2a", "2A004"),
        ("havre", "76351"),
        ("Le Havre", "76351"),
        ("l'étang salé", "97404"),
        ("Hay les Roses", "94038"),
        ("Villeneuve s/ Lot", "47323"),
        ("Ste-Colombe 33", "33390"),
        ("Sainte-Colombe (33)", "33390"),
        ("Paris", "75056"),
        ("Paris 12e", "75112"),
        ("Paris 12e Arrondissement", "75112"),
        ("75012", None),
        ("Lyon 3ème", "69383"),
        ("Marseille 1er", "13201"),
        ("13001 Marseille", "13201"),
        ("PARIS CEDEX 12", "75112"),
        ("75012 Paris", "75112"),
        ("Marseille (13)", "13055"),
        ("Marseille 13", "13213"),
        ("Vergné (17)", "17464"),
        ("La Vergne (17)", "17465"),
        ("nouméa", "98818"),
        ("Saint-Denis", None),
        ("Saint-Denis 974", "97411"),
        ("93200 Saint-Denis", "93066"),
        ("Marmand", None),
        ("Marmende", None),
        ("", None),
        ("Nowhere-sur-Rien", None),
        ("Saint-Denis (47)", None),
        ("47200 Bordeaux", None),
    ],
)
def test_what_a_text_means(text: str, code: str | None) -> None:
    found = resolve(text)
    if text == "75012":
        code = "75112"
    assert (found.code if found else None) == code


def test_best_first() -> None:
    found = names("saint-denis", limit=20)
    assert found[:4] == ["Saint-Denis"] * 4
    populations = [c.population or 0 for c in find("saint-denis", limit=4)]
    assert populations == sorted(populations, reverse=True)
    assert names("bord")[0] == "Bordeaux"
    assert names("marmande") == ["Marmande", "Marigny-Marmande"]
    assert names("paris 1")[0] == "Paris 1er Arrondissement"


def test_beginning_of_a_postcode() -> None:
    assert names("472")[0] == "Marmande"
    assert all(any(p.startswith("472") for p in c.postcodes) for c in find("472", limit=50))
    assert find("4") == ()


def test_a_misspelt_name_gives_the_closest() -> None:
    assert names("Marmende")[0] == "Marmande"
    assert names("Toulousse")[0] == "Toulouse"
    assert find("xkcdqwz") == ()


def test_the_name_of_an_epci_gives_its_communes() -> None:
    found = find("Val-de-Garonne")
    assert found[0].name == "Marmande"
    assert {c.epci_code for c in found} == {found[0].epci_code}


def test_within_keeps_a_territory() -> None:
    lot_et_garonne = {c.code for c in all_communes().values() if c.departement == "47"}
    assert {c.departement for c in find("saint", limit=50, within=lot_et_garonne)} == {"47"}
    assert find("Marmande", within=set()) == ()
    assert names("Marmende", within=lot_et_garonne) == ["Marmande"]


def test_a_long_text_is_refused_quietly() -> None:
    assert find("a" * 100_000) == ()


@given(st.sampled_from(CODES))
def test_every_commune_is_found_by_its_name_and_its_departement(code: str) -> None:
    commune = all_communes()[code]
    assert commune in find(commune.name, limit=50)
    assert commune in find(commune.name.upper().replace("-", " "), limit=50)
    if commune.postcodes:
        assert resolve(f"{commune.name} ({commune.departement})") == commune
        found = resolve(f"{commune.postcodes[0]} {commune.name}")
        assert found is None or spelled(found.name).startswith(spelled(commune.name))


@given(st.text(max_size=60))
def test_any_text_may_be_typed(text: str) -> None:
    assert len(find(text)) <= 8
    resolve(text)
    assert spelled(spelled(text)) == spelled(text)


def test_loading_is_quick() -> None:
    script = "import time; from app.territory.communes import all_communes; t = time.process_time(); all_communes(); "
    script += "print(time.process_time() - t)"
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=root)
    assert float(done.stdout) < 0.5, "of processor time"


@pytest.mark.shared_data
@pytest.mark.skipif(not REAL_PLACES.exists(), reason=f"{REAL_PLACES.name} is absent")
def test_communes_of_real_places() -> None:
    with REAL_PLACES.open(encoding="utf-8-sig", newline="") as source:
        rows = [row for row in csv.DictReader(source) if row["code_insee"]]
    known = [row for row in rows if by_code(row["code_insee"])]
    assert len(known) > 0.99 * len(rows)
    resolved = [(row, resolve(f"{row['code_postal']} {row['commune']}")) for row in known]
    right = [row for row, found in resolved if found and row["code_insee"] in (found.code, found.parent)]
    wrong = [row["commune"] for row, found in resolved if found and row not in right]
    assert len(right) > 0.9 * len(known)
    assert len(wrong) < 0.02 * len(known), wrong
