"""Importing places of the national schema: tolerant where real files are, strict where meaning would be lost."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.kernel import clock
from app.kernel.db import db
from app.network import actions
from app.network.imports import FileRefused
from app.network.models import Place, Structure
from app.network.schema import COLUMNS

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "lieux"
BASE = {
    "id": "lieu-1",
    "pivot": "43493312300029",
    "nom": "Anonymal",
    "commune": "Marmande",
    "code_postal": "47200",
    "code_insee": "47157",
    "adresse": "12 rue de la Paix",
    "date_maj": "2024-04-02",
    "services": "Aide aux démarches administratives|Insertion professionnelle via le numérique",
}


def sheet(*rows: dict[str, str], columns: tuple[str, ...] = COLUMNS, delimiter: str = ",") -> str:
    lines = [delimiter.join(columns)]
    for row in rows:
        lines.append(delimiter.join(_quoted({**BASE, **row}.get(name, "")) for name in columns))
    return "\r\n".join(lines) + "\r\n"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def load(content: str | bytes) -> actions.ImportReport:
    raw = content.encode() if isinstance(content, str) else content
    return actions.import_places(None, io.BytesIO(raw))


@pytest.fixture
def ctx(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app


def test_a_place_and_its_structure_are_created(ctx: Flask) -> None:
    report = load(sheet({}))
    place = db.session.scalars(select(Place)).one()
    assert (report.created, report.rejected) == (1, [])
    assert (place.name, place.postcode, place.updated_on.isoformat()) == ("Anonymal", "47200", "2024-04-02")
    assert place.services == ["Aide aux démarches administratives", "Insertion professionnelle via le numérique"]
    assert place.structure.siret == "43493312300029"


def test_a_second_import_changes_nothing_and_a_changed_row_updates(ctx: Flask) -> None:
    load(sheet({}, {"id": "lieu-2"}))
    again = load(sheet({}, {"id": "lieu-2"}))
    changed = load(sheet({"nom": "Nouveau nom"}, {"id": "lieu-2"}))
    assert (again.created, again.updated, again.unchanged) == (0, 0, 2)
    assert (changed.created, changed.updated, changed.unchanged) == (0, 1, 1)


def test_places_of_one_siret_share_a_structure_and_placeholders_do_not(ctx: Flask) -> None:
    load(sheet({"id": "a"}, {"id": "b"}))
    assert db.session.scalar(select(func.count()).select_from(Structure)) == 1
    zero = "00000000000000"
    load(sheet({"id": "c", "pivot": zero, "nom": "Un"}, {"id": "d", "pivot": zero, "nom": "Deux"}))
    assert db.session.scalar(select(func.count()).select_from(Structure)) == 3


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"nom": ""}, "La colonne nom est vide"),
        ({"date_maj": "2024-02-30"}, "2024-02-30"),
        ({"latitude": "444.1", "longitude": "0.1"}, "pas sur Terre"),
        ({"latitude": "44.1"}, "pas deux nombres"),
        ({"code_postal": "4720A"}, "cinq chiffres"),
        ({"pivot": "??"}, "pivot"),
        ({"code_insee": "99"}, "Insee"),
        ({"id": "lieu-1"}, "déjà plus haut"),
        ({"nom": "x" * 301}, "300"),
    ],
)
def test_a_bad_row_is_listed_and_the_others_enter(ctx: Flask, change: dict[str, str], words: str) -> None:
    report = load(sheet({}, {"id": "fautif", **change}, {"id": "bon"}))
    assert report.created == 2
    assert [(r.line, words in r.reason) for r in report.rejected] == [(3, True)]


@pytest.mark.parametrize(
    "content",
    [
        "\ufeff" + sheet({}),
        sheet({}, delimiter=";"),
        sheet({"nom": "Médiathèque"}).encode("cp1252"),
        sheet({"services": "Aide aux démarches administratives;Insertion professionnelle via le numérique"}),
        sheet({"code_postal": "47200", "code_insee": ""}),
        sheet({}).replace("\r\n", "\n"),
    ],
    ids=["bom", "semicolon", "latin-1", "old-lists", "insee-found", "lf"],
)
def test_real_files_are_untidy(ctx: Flask, content: str | bytes) -> None:
    report = load(content)
    place = db.session.scalars(select(Place)).one()
    assert report.created == 1
    assert place.commune_code == "47157"
    assert len(place.services) == 2
    assert "�" not in place.name


def test_line_numbers_are_those_of_the_file(ctx: Flask) -> None:
    report = load(sheet({"presentation_detail": "deux\nlignes"}, {"id": "x", "nom": ""}))
    assert [r.line for r in report.rejected] == [4]


@pytest.mark.parametrize(
    ("commune", "postcode", "code"),
    [
        ("LES MILLES", "13290", "13001"),
        ("MARSEILLE 3", "13003", "13203"),
        ("Nice", "06286", "06088"),
        ("SAINT-ANDIOL", "13760", None),
        ("Saint-Denis", "97400", "97411"),
    ],
)
def test_missing_insee_codes_are_found_only_without_doubt(
    ctx: Flask, commune: str, postcode: str, code: str | None
) -> None:
    load(sheet({"commune": commune, "code_postal": postcode, "code_insee": ""}))
    assert db.session.scalars(select(Place.commune_code)).one() == code


def test_a_file_without_the_columns_is_refused_whole(ctx: Flask) -> None:
    with pytest.raises(FileRefused, match="code_postal"):
        load(sheet({}, columns=("id", "pivot", "nom", "commune", "adresse", "date_maj")))


@pytest.mark.parametrize(
    "junk", [b"", b"\x00\x01" * 40000, b"a\rb,c", *(Random(seed).randbytes(5000) for seed in range(40))]
)
def test_junk_is_refused(ctx: Flask, junk: bytes) -> None:
    with pytest.raises(FileRefused):
        load(junk)


def test_a_flood_of_bad_rows_stops_early(ctx: Flask) -> None:
    class Endless(io.RawIOBase):
        read_lines = 0

        def readline(self, size: int | None = -1, /) -> bytes:
            self.read_lines += 1
            return (",".join(COLUMNS) + "\n").encode() if self.read_lines == 1 else b"x,y\n"

    stream = Endless()
    with pytest.raises(FileRefused, match="Presque toutes"):
        actions.import_places(None, stream)  # type: ignore[arg-type]
    assert stream.read_lines < 2000


def test_empty_rows_are_passed_over_but_not_for_ever(ctx: Flask) -> None:
    assert load(sheet({}) + ",,,\r\n" * 50 + "\r\n" * 50 + sheet({"id": "b"}).splitlines()[1]).created == 2
    with pytest.raises(FileRefused, match="lignes vides"):
        load(sheet({}) + "\n" * 100_002)


@pytest.mark.parametrize("spelling", ["Étapes numériques (La Poste)", "Étapes numériques(La Poste)"])
def test_both_spellings_are_one_value(ctx: Flask, spelling: str) -> None:
    load(sheet({"formations_labels": f"{spelling}|ORDI 3.0"}))
    again = load(sheet({"formations_labels": "Étapes numériques(La Poste);ORDI 3.0"}))
    assert again.unchanged == 1
    assert db.session.scalars(select(Place)).one().details["formations_labels"][0] == "Étapes numériques (La Poste)"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Point d’accès numérique CAF", "Point d'accès numérique CAF"),
        ("point d'acces numerique caf", "Point d'accès numérique CAF"),
        ("Programme inconnu", "Programme inconnu"),
    ],
)
def test_values_of_closed_lists_find_their_spelling(ctx: Flask, typed: str, kept: str) -> None:
    load(sheet({"dispositif_programmes_nationaux": typed}))
    assert db.session.scalars(select(Place)).one().details["dispositif_programmes_nationaux"] == [kept]


@pytest.mark.parametrize(
    ("postcode", "typed", "kept"),
    [
        ("47200", "05 53 20 12 34", "+33553201234"),
        ("97400", "0262 12 34 56", "+262262123456"),
        ("98800", "25 12 34", "+687251234"),
        ("47200", "36 46", "36 46"),
    ],
)
def test_phones_are_kept_in_the_international_form(ctx: Flask, postcode: str, typed: str, kept: str) -> None:
    load(sheet({"code_postal": postcode, "telephone": typed, "code_insee": "", "commune": "Ville"}))
    assert db.session.scalars(select(Place)).one().details["telephone"] == kept


def test_an_address_of_the_web_keeps_its_semicolon(ctx: Flask) -> None:
    load(sheet({"site_web": "https://a.fr/x;y=1;https://b.fr"}))
    assert db.session.scalars(select(Place)).one().details["site_web"] == ["https://a.fr/x;y=1", "https://b.fr"]


@pytest.mark.parametrize("day", ["20240402", "2024-W14-2", "02/04/2024", "2024-04-02x", "٢٠٢٤-٠٤-٠٢"])
def test_dates_are_not_guessed(ctx: Flask, day: str) -> None:
    assert "attendu" in load(sheet({"date_maj": day})).rejected[0].reason


@pytest.mark.parametrize(
    ("day", "words"),
    [("01/02/2025", "n’est pas écrite comme attendu"), ("2025-02-31", "n’existe pas"), ("2199-01-01", "dans l’avenir")],
)
def test_a_refused_date_says_what_is_wrong_with_it(ctx: Flask, day: str, words: str) -> None:
    assert words in load(sheet({"date_maj": day})).rejected[0].reason


def test_the_other_side_of_the_earth_may_be_tomorrow(ctx: Flask) -> None:
    tomorrow, later = ((clock.now() + timedelta(days=days)).date().isoformat() for days in (1, 2))
    report = load(sheet({"date_maj": tomorrow}, {"id": "lieu-2", "date_maj": later}))
    assert (report.created, [one.id for one in report.rejected]) == (1, ["lieu-2"])


@pytest.mark.parametrize(
    ("code", "commune", "kept"),
    [("99999", "Marmande", "47157"), ("99999", "Nulle Part", "99999"), ("47310", "X", "47310")],
)
def test_a_code_of_no_commune_gives_way_to_the_postcode_and_the_name(
    ctx: Flask, code: str, commune: str, kept: str
) -> None:
    postcode = "47200" if commune == "Marmande" else "99990"
    row = {"code_insee": code, "commune": commune, "code_postal": postcode}
    load(sheet(row))
    assert db.session.scalars(select(Place.commune_code)).one() == kept
    assert load(sheet(row)).unchanged == 1


@pytest.mark.parametrize("latitude", ["4_4", "nan", "inf", "١٢", "44°"])
def test_coordinates_are_not_guessed(ctx: Flask, latitude: str) -> None:
    assert "pas deux nombres" in load(sheet({"latitude": latitude, "longitude": "1"})).rejected[0].reason


@pytest.mark.slow
@pytest.mark.parametrize("filler", [b"\n", b"x,y,z\n", b'"abc\n', b"\x00\xff\n", b"a" * 4096, b",,,,\n"])
def test_a_huge_file_of_junk_is_refused_without_reading_it_whole(ctx: Flask, filler: bytes) -> None:
    class Huge(io.RawIOBase):
        """200 MB without ever holding them."""

        left = 200 * 1024 * 1024
        first = True
        taken = 0

        def readline(self, size: int | None = -1, /) -> bytes:
            if self.first:
                self.first = False
                return (",".join(COLUMNS) + "\n").encode()
            line = filler if filler.endswith(b"\n") else b"a" * (size or 1)
            self.taken += len(line)
            return line if self.taken < self.left else b""

    stream = Huge()
    with pytest.raises(FileRefused):
        actions.import_places(None, stream)  # type: ignore[arg-type]
    assert stream.taken < 2 * 1024 * 1024


@pytest.mark.shared_data
def test_the_real_file_goes_in_whole_and_a_second_time_changes_nothing(ctx: Flask) -> None:
    path = REAL / "lieux-paca.csv"
    if not path.exists():
        pytest.skip(f"shared data absent: {path.name}")
    first = load(path.read_bytes())
    second = load(path.read_bytes())
    assert (first.created, first.updated, first.rejected) == (646, 0, [])
    assert (second.created, second.updated, second.unchanged) == (0, 0, 646)


def test_the_command_speaks_json(committed_app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "lieux.csv"
    file.write_text(sheet({}, {"id": "x", "nom": ""}))
    result = committed_app.test_cli_runner().invoke(args=["places", "import", str(file), "--json"])
    told = json.loads(result.output)
    assert (told["created"], told["updated"], told["unchanged"]) == (1, 0, 0)
    assert [(r["line"], r["id"]) for r in told["rejected"]] == [(3, "x")]
    file.write_bytes(b"\x00\x00")
    refused = committed_app.test_cli_runner().invoke(args=["places", "import", str(file), "--json"])
    assert (refused.exit_code, refused.stdout) == (2, "")
