"""What is exported is accepted by the published schema, and importing it again changes nothing."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from frictionless import Detector, Resource, Schema, system
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from app.kernel.db import db
from app.kernel.sheets import guarded, unguarded
from app.network import exports, queries
from app.network.models import DirectoryChange, Place, Structure
from app.network.queries import files
from app.network.schema import COLUMNS, LISTS, cells_of
from tests.network.test_places_import import BASE, load, sheet

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "lieux"
OFFICIAL = REAL / "standard-mediation-num-1.0.2.schema.json"


@pytest.fixture
def ctx(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app


def exported() -> str:
    out = io.StringIO(newline="")
    exports.write_places(queries.places_to_export(), out)
    return out.getvalue()


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def faults_of(text: str, tmp_path: Path) -> list[object]:
    """What Frictionless finds wrong in the file, by the published schema; the network is not asked."""
    if not OFFICIAL.exists():
        pytest.skip(f"shared data absent: {OFFICIAL.name}")
    (tmp_path / "lieux.csv").write_text(text, encoding="utf-8", newline="")
    (tmp_path / "schema.json").write_bytes(OFFICIAL.read_bytes())
    with system.use_context(trusted=True):
        schema = Schema.from_descriptor(json.loads((tmp_path / "schema.json").read_text()))
        resource = Resource(
            path=str(tmp_path / "lieux.csv"), schema=schema, detector=Detector(schema_sync=False), encoding="utf-8"
        )
        return resource.validate().flatten(["rowNumber", "fieldName", "type", "note"])


@pytest.mark.shared_data
def test_the_published_schema_is_a_judge_that_sees_faults(tmp_path: Path) -> None:
    assert faults_of(sheet({"telephone": "04 89 04 32 90"}), tmp_path)
    assert faults_of(sheet({"services": "Réparer des vélos"}), tmp_path)
    assert faults_of(sheet({}, columns=COLUMNS[1:]), tmp_path)
    assert not faults_of(sheet({}), tmp_path)


@pytest.mark.shared_data
def test_the_real_file_comes_out_valid_and_whole(ctx: Flask, tmp_path: Path) -> None:
    path = REAL / "lieux-paca.csv"
    if not path.exists():
        pytest.skip(f"shared data absent: {path.name}")
    load(path.read_bytes())
    out = io.StringIO(newline="")
    assert exports.write_places(queries.places_to_export(), out) == []
    text = out.getvalue()
    assert len(rows_of(text)) == 646
    assert faults_of(text, tmp_path) == []
    again = load(text)
    assert (again.created, again.updated, again.unchanged, again.rejected) == (0, 0, 646, [])
    # What the file said is said, but for spaces around words and Insee codes that were missing.
    before = {row["id"]: row for row in rows_of(path.read_text(encoding="utf-8-sig"))}
    changed = {
        (column, given, row[column])
        for row in rows_of(text)
        for column, given in before[row["id"]].items()
        if row[column] != given and " ".join(given.split()) != row[column]
    }
    assert {column for column, given, _ in changed if given} <= {"latitude", "longitude"}
    assert all(float(given) == float(told) for _, given, told in changed if given)


@pytest.mark.shared_data
def test_the_schemas_own_example_goes_in_and_out(ctx: Flask, tmp_path: Path) -> None:
    path = REAL / "standard-mediation-num-exemple-valide.csv"
    if not path.exists():
        pytest.skip(f"shared data absent: {path.name}")
    assert load(path.read_bytes()).rejected == []
    text = exported()
    assert faults_of(text, tmp_path) == []
    assert load(text).unchanged == len(rows_of(text)) == 1


@pytest.mark.shared_data
def test_what_the_schema_refuses_stays_here_and_is_told(ctx: Flask, tmp_path: Path) -> None:
    odd = {
        "telephone": "+32 470 12 34 56",
        "services": "Réparer des vélos|aide aux demarches administratives",
        "presentation_resume": "mot " * 100,
        "formations_labels": "Étapes numériques (La Poste)|Étapes numériques(La Poste)",
    }
    load(sheet(odd))
    out = io.StringIO(newline="")
    left_out = exports.write_places(queries.places_to_export(), out)
    row = rows_of(out.getvalue())[0]
    assert {(one.column, one.value[:10]) for one in left_out} == {
        ("telephone", "+324701234"),
        ("services", "Réparer de"),
        ("presentation_resume", "mot mot mo"),
    }
    assert faults_of(out.getvalue(), tmp_path) == []
    assert (row["telephone"], row["services"]) == ("", "Aide aux démarches administratives")
    assert row["formations_labels"] == "Étapes numériques(La Poste)"
    assert row["presentation_resume"].endswith("mot…")
    assert load(out.getvalue()).unchanged == 1
    kept = db.session.scalars(select(Place)).one()
    assert kept.details["telephone"] == "+32470123456"
    assert kept.services[0] == "Réparer des vélos"


WORDS = st.text(
    st.one_of(
        st.sampled_from("=+-@'\"|;,\r\n\t ’«»é(!\u00a0\u202f\ufeff\u2028\x85🙂"),
        st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"),
    ),
    max_size=30,
)
SOME = WORDS.map(lambda text: f"x{text}") | WORDS.filter(lambda text: bool(" ".join(text.split())))
FREE = ("id", "complement_adresse", "presentation_detail", "presentation_resume", "horaires", "source", "telephone")
FREE += ("structure_parente", "courriels", "site_web", "autres_formations_labels", "typologie", "fiche_acces_libre")
ROWS = st.fixed_dictionaries(
    {"nom": SOME, "adresse": SOME},
    optional={
        **dict.fromkeys(
            [
                "complement_adresse",
                "presentation_detail",
                "presentation_resume",
                "horaires",
                "source",
                "structure_parente",
                "telephone",
                "courriels",
                "site_web",
                "autres_formations_labels",
                "typologie",
                "fiche_acces_libre",
                "prise_rdv",
                "id",
            ],
            WORDS,
        ),
        **{name: st.lists(st.sampled_from(values) | WORDS, max_size=3).map("|".join) for name, values in LISTS.items()},
        "latitude": st.floats(-90, 90).map(repr),
        "longitude": st.floats(-180, 180).map(repr),
    },
)


@given(rows=st.lists(ROWS, min_size=1, max_size=4))
def test_importing_the_export_changes_nothing(shared_app: Flask, rows: list[dict[str, str]]) -> None:
    with shared_app.app_context():
        try:
            load(sheet(*({**row, "id": f"{rank}{row.get('id', '')}"} for rank, row in enumerate(rows))))
            before = {place.external_id: cells_of(place) for place in db.session.scalars(select(Place))}
            text = exported()
            again = load(text)
            after = {place.external_id: cells_of(place) for place in db.session.scalars(select(Place))}
            assert (again.created, again.updated, again.rejected) == (0, 0, [])
            assert again.unchanged == len(before)
            assert after == before
            assert exported() == text
        finally:
            db.session.rollback()


@given(text=WORDS)
def test_a_guarded_cell_gives_back_what_it_was_given(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert unguarded(guarded(guarded(text))) == guarded(text)


@pytest.mark.parametrize(
    "text", ["=1+1", "=cmd|' /C calc'!A0", "+cmd|' /C calc'!A0", "-2+3+cmd|'x'!A0", "@SUM(1)", "＝1+1", "'=1", "\t=1"]
)
def test_no_cell_is_run_as_a_formula(ctx: Flask, text: str) -> None:
    load(sheet({"nom": text, "complement_adresse": text}))
    row = rows_of(exported())[0]
    assert row["nom"][0] == "'"
    assert row["complement_adresse"] == row["nom"]
    assert load(exported()).unchanged == 1


@pytest.mark.parametrize("text", ["+33180059880", "@telier connecté", "-21.1", "’=", "Café = thé"])
def test_what_is_no_formula_is_left_alone(text: str) -> None:
    assert guarded(text) == text


def test_closed_and_sensitive_places_do_not_leave(ctx: Flask) -> None:
    load(sheet({"id": "a", "pivot": "00000000000001"}, {"id": "b", "pivot": "00000000000002"}, {"id": "c"}))
    places = {place.external_id: place for place in db.session.scalars(select(Place))}
    places["a"].closed_on = places["a"].updated_on
    places["b"].structure.sensitive = True
    db.session.flush()
    assert [row["id"] for row in rows_of(exported())] == ["c"]


def test_the_export_asks_the_database_once_per_thousand_places(ctx: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "EXPORTED_AT_ONCE", 3)
    load(sheet(*({"id": f"lieu-{rank:02}"} for rank in range(7))))
    assert [row["id"] for row in rows_of(exported())] == [f"lieu-{rank:02}" for rank in range(7)]


def test_columns_that_a_file_does_not_have_are_left_as_they_are(ctx: Flask) -> None:
    load(sheet({"horaires": "Mo 09:00-12:00", "latitude": "44.5", "longitude": "0.1"}))
    few = ("id", "pivot", "nom", "commune", "code_postal", "adresse", "date_maj")
    assert load(sheet({}, columns=few)).unchanged == 1
    assert load(sheet({"nom": "Autre"}, columns=few)).updated == 1
    place = db.session.scalars(select(Place)).one()
    assert (place.name, place.latitude, place.details["horaires"]) == ("Autre", 44.5, "Mo 09:00-12:00")
    assert len(place.services) == 2
    load(sheet({"horaires": ""}))
    assert "horaires" not in db.session.scalars(select(Place)).one().details


def test_each_change_is_remembered_column_by_column(ctx: Flask) -> None:
    load(sheet({}))
    load(sheet({"nom": "Nouveau", "telephone": "04 89 04 32 90"}))
    told = [
        (one.kind.value, one.changes)
        for one in db.session.scalars(select(DirectoryChange).order_by(DirectoryChange.at))
    ]
    assert told == [
        ("added", {}),
        ("edited", {"nom": ["Anonymal", "Nouveau"], "telephone": ["", "+33489043290"]}),
    ]


def test_the_command_writes_a_file_or_the_screen(committed_app: Flask, tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(sheet({"nom": "Médiathèque « Élan »", "telephone": "+32 470 12 34 56"}), encoding="utf-8")
    runner = committed_app.test_cli_runner()
    runner.invoke(args=["places", "import", str(source)])
    written = runner.invoke(args=["places", "export", str(target)])
    shown = runner.invoke(args=["places", "export"])
    assert (written.exit_code, shown.exit_code) == (0, 0)
    assert "+32470123456" in written.stderr
    assert shown.stdout.replace("\r\n", "\n") == target.read_text(encoding="utf-8")
    assert rows_of(target.read_text(encoding="utf-8"))[0]["nom"] == "Médiathèque « Élan »"
    back = runner.invoke(args=["places", "import", str(target), "--json"])
    assert json.loads(back.stdout) == {"created": 0, "updated": 0, "unchanged": 1, "rejected": []}
    assert BASE["id"] == rows_of(target.read_text(encoding="utf-8"))[0]["id"]
    with committed_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Place)) == 1
        db.session.execute(delete(DirectoryChange))
        assert db.session.scalar(select(func.count()).select_from(Structure)) == 1
