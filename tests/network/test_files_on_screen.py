"""A file of places from the screen: compared, confirmed, written once, followed, erased."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from unittest.mock import patch
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.kernel import clock, jobs
from app.kernel.db import db
from app.kernel.journal.models import JournalEntry
from app.kernel.writes import commit
from app.network import actions, forms
from app.network.actions import importing, runs
from app.network.enums import ImportState
from app.network.models import DirectoryChange, Place, PlaceImport
from tests.network.test_places_import import sheet
from tests.support.pages import InspectingClient
from tests.support.queries import count_queries
from tests.support.world import World, build_world

BAD = ({"id": "x", "nom": ""}, {"id": "y", "date_maj": "2024-02-30"}, {"id": "z", "latitude": "95", "longitude": "1"})


def send(client: InspectingClient, content: str | bytes, name: str = "lieux.csv") -> TestResponse:
    page = client.get("/annuaire/import")
    fields = {tag["name"]: tag["value"] for tag in client.select(page, "main form input[type=hidden]")}
    raw = content.encode() if isinstance(content, str) else content
    data = {**fields, "file": (io.BytesIO(raw), name)}
    return client.post("/annuaire/import", data=data, content_type="multipart/form-data")


def work(app: Flask) -> None:
    """What the worker does, until there is nothing left."""
    with app.app_context():
        while jobs.work_once():
            db.session.remove()
        db.session.remove()


def state(app: Flask) -> PlaceImport:
    with app.app_context():
        found = db.session.scalars(select(PlaceImport).order_by(PlaceImport.created_at.desc())).first()
        assert found is not None
        db.session.refresh(found, ["content"])
        return found


def places(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Place)) or 0


def test_three_bad_rows_are_listed_and_the_others_enter(committed_app: Flask) -> None:
    world = build_world(committed_app)
    client = world.client("coordinator")
    answer = send(client, sheet({"id": "a"}, *BAD, {"id": "b", "nom": "Autre"}))
    assert answer.status_code == 303, client.text(answer, "main")
    waiting = client.get(answer.location)
    assert "comparé avec l’annuaire" in client.text(waiting, "main")
    assert client.select(waiting, "[data-follow]")
    before = places(committed_app)
    work(committed_app)
    preview = client.get(answer.location)
    said = client.text(preview, "main")
    assert "Rien n’est encore écrit" in said
    rows = [
        [cell.get_text(" ", strip=True) for cell in row.select("th,td")]
        for row in client.select(preview, "#refus tbody tr")
    ]
    assert [row[:2] for row in rows] == [["3", "x"], ["4", "y"], ["5", "z"]]
    assert "nom est vide" in rows[0][2]
    assert [tag.get_text() for tag in client.select(preview, "#nouveaux tbody th")] == ["Anonymal", "Autre"]
    assert places(committed_app) == before
    assert client.submit(preview, "form[action$=confirmer]").status_code == 303
    assert "s’enregistrent" in client.text(client.get(answer.location), "main")
    work(committed_app)
    done = client.get(answer.location)
    assert "Import terminé" in client.text(done, "main")
    assert [tag.get_text() for tag in client.select(done, "#change tbody th a")] == ["Anonymal", "Autre"]
    assert places(committed_app) == before + 2
    told = client.get(answer.location + "/refus.csv").get_data().decode("utf-8-sig")
    assert [row[:2] for row in csv.reader(io.StringIO(told), delimiter=";")][1:] == [["3", "x"], ["4", "y"], ["5", "z"]]
    run = state(committed_app)
    assert (run.state, run.created, run.updated, run.unchanged, run.content) == (ImportState.DONE, 2, 0, 0, None)
    with committed_app.app_context():
        entry = db.session.scalars(select(JournalEntry).where(JournalEntry.action == "place.import")).one()
        assert entry.user_id == world.actors["coordinator"].user_id
        made = db.session.scalars(select(DirectoryChange.import_id).distinct()).all()
        assert made == [run.id]


def test_differences_are_shown_column_by_column(app: Flask, world: World) -> None:
    client = world.client("coordinator")
    with app.app_context():
        actions.import_places(None, io.BytesIO(sheet({"id": "a"}, {"id": "b"}).encode()))
        commit()
    changed = {"id": "a", "nom": "Nouveau nom", "telephone": "05 53 20 12 34", "horaires": "Mo-Fr 09:00-12:00"}
    answer = send(client, sheet(changed, {"id": "b"}))
    work(app)
    page = client.get(answer.location)
    said = client.text(page, "#modifies")
    assert "Nom : avant Anonymal maintenant Nouveau nom" in said
    assert "Téléphone : maintenant +33553201234" in said
    assert "Horaires : maintenant Du lundi au vendredi de 9 h à 12 h" in said
    facts = client.text(page, ".facts")
    assert "Lieux modifiés 1" in facts
    assert "Sans changement 1" in facts


def test_a_double_click_writes_once(app: Flask, world: World) -> None:
    client = world.client("coordinator")
    answer = send(client, sheet({"id": "a"}))
    work(app)
    preview = client.get(answer.location)
    other_tab = client.get(answer.location)
    assert client.submit(preview, "form[action$=confirmer]").status_code == 303
    assert client.submit(preview, "form[action$=confirmer]").status_code == 303
    assert client.submit(other_tab, "form[action$=confirmer]").status_code == 303
    with app.app_context():
        queued = select(func.count()).select_from(jobs.Job).where(jobs.Job.kind == "places.import")
        assert db.session.scalar(queued) == 1
    before = places(app)
    work(app)
    assert client.submit(other_tab, "form[action$=confirmer]").status_code == 303
    work(app)
    assert places(app) == before + 1
    assert state(app).created == 1


def test_a_large_file_is_written_in_short_slices(app: Flask, world: World) -> None:
    client = world.client("coordinator")
    rows = [{"id": f"l{rank}"} for rank in range(7)]
    rows[3:3] = [{"id": "x", "nom": ""}, {"id": "l0"}]
    with patch.object(importing, "BATCH", 3), patch.object(runs, "BATCH", 3):
        answer = send(client, sheet(*rows))
        work(app)
        assert client.submit(client.get(answer.location), "form[action$=confirmer]").status_code == 303
        with app.app_context():
            assert jobs.work_once()
            db.session.remove()
        halfway = state(app)
        assert (halfway.state, halfway.created) == (ImportState.RUNNING, 3)
        assert "3 sur 7" in client.text(client.get(answer.location), "[data-follow]")
        with app.app_context():
            actions.run_slice({"import_id": str(halfway.id), "after": 0})
            commit()
        assert state(app).created == 3
        work(app)
    assert (state(app).state, state(app).created, state(app).unchanged) == (ImportState.DONE, 7, 0)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "lieux.csv", "vide"),
        (b"PK\x03\x04" + b"\x00" * 50, "lieux.xlsx", "classeur"),
        (b"\x00\x01\x02" * 9000, "photo.jpg", "pas un tableau CSV"),
        (b"a,b\n1,2\n", "autre.csv", "code_postal"),
        (b"PK\x03\x04" + b"\x00" * 50, "lieux.ZIP", "dossier compressé"),
        (b"\x89PNG\r\n\x1a\nabc", "photo.png", "pas un fichier de lieux"),
    ],
)
def test_what_is_not_a_file_of_places_is_refused_at_once(
    app: Flask, world: World, content: bytes, name: str, words: str
) -> None:
    client = world.client("coordinator")
    answer = send(client, content, name)
    assert answer.status_code == 422
    assert words in client.text(answer, "#file-error")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(PlaceImport)) == 0


def test_a_file_of_titles_alone_says_so(app: Flask, world: World) -> None:
    client = world.client("coordinator")
    answer = send(client, sheet())
    work(app)
    assert "aucun lieu à importer" in client.text(client.get(answer.location), "main .notice")


def test_a_file_too_large_is_refused_at_once(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.client("coordinator")
    content = sheet({"id": "a"})
    monkeypatch.setattr(forms.files, "MOST_BYTES", len(content.encode()) - 1)
    assert "Ce fichier dépasse" in client.text(send(client, content), "#file-error")
    monkeypatch.setattr(forms.files, "MOST_BYTES", len(content.encode()))
    assert send(client, content).status_code == 303


def test_a_form_without_a_file_is_refused(app: Flask, world: World) -> None:
    client = world.client("coordinator")
    answer = client.submit(client.get("/annuaire/import"), data={})
    assert answer.status_code == 422
    assert "Choisissez un fichier" in client.text(answer, "#file-error")


def test_a_file_full_of_bad_rows_is_refused_by_the_comparison(app: Flask, world: World) -> None:
    client = world.client("coordinator")
    answer = send(client, sheet({}).splitlines()[0] + "\n" + "x,y\n" * 1500)
    work(app)
    said = client.text(client.get(answer.location), "main")
    assert "n’a pas pu être lu" in said
    assert "Presque toutes les lignes" in said
    assert state(app).content is None


def test_an_abandoned_file_is_erased(app: Flask, world: World) -> None:
    client = world.client("coordinator")
    answer = send(client, sheet({"id": "a"}))
    work(app)
    before = places(app)
    assert client.submit(client.get(answer.location), "form[action$=abandonner]").status_code == 303
    work(app)
    run = state(app)
    assert (run.state, run.content, run.preview) == (ImportState.ABANDONED, None, {})
    assert places(app) == before
    assert "abandonné" in client.text(client.get(answer.location), "main")


def test_files_are_erased_after_a_day_and_results_after_a_year(app: Flask, world: World) -> None:
    client = world.client("coordinator")
    answer = send(client, sheet({"id": "a"}))
    work(app)
    late = client.get(answer.location)
    with app.app_context():
        actions.purge_files(clock.now() + timedelta(hours=23))
        commit()
        assert state(app).state is ImportState.READY
        actions.purge_files(clock.now() + timedelta(hours=25))
        commit()
    run = state(app)
    assert (run.state, run.content, run.preview) == (ImportState.EXPIRED, None, {})
    refused = client.submit(late, "form[action$=confirmer]")
    assert refused.status_code == 409
    assert "envoyez-le de nouveau" in client.text(refused, "main")
    with app.app_context():
        actions.purge_files(clock.now() + timedelta(days=366))
        commit()
        assert db.session.scalar(select(func.count()).select_from(PlaceImport)) == 0


def test_the_history_stays_when_the_result_of_an_import_goes(app: Flask, world: World) -> None:
    client = world.client("coordinator")
    answer = send(client, sheet({"id": "a"}))
    work(app)
    client.submit(client.get(answer.location), "form[action$=confirmer]")
    work(app)
    with app.app_context():
        actions.purge_files(clock.now() + timedelta(days=366))
        commit()
        assert [one.import_id for one in db.session.scalars(select(DirectoryChange))] == [None]


def test_the_nightly_purge_includes_the_files(app: Flask, world: World) -> None:
    client = world.client("coordinator")
    send(client, sheet({"id": "a"}))
    with app.app_context(), clock.fixed(clock.now() + timedelta(days=2)):
        jobs.enqueue("nightly.purge", {}, run_at=clock.now() - timedelta(days=3))
        commit()
        while jobs.work_once():
            db.session.remove()
    assert state(app).state is ImportState.EXPIRED


def test_a_sensitive_structures_place_is_left_to_it(app: Flask, world: World) -> None:
    client = world.client("coordinator")
    with app.app_context():
        actions.import_places(None, io.BytesIO(sheet({"id": "a", "nom": "Refuge"}).encode()))
        commit()
        place = db.session.scalars(select(Place).where(Place.external_id == "a")).one()
        place.structure.sensitive = True
        commit()
    answer = send(client, sheet({"id": "a", "nom": "Autre"}, {"id": "b"}))
    work(app)
    page = client.get(answer.location)
    assert "Refuge" not in client.text(page, "main")
    assert "tient elle-même sa fiche" in client.text(page, "#refus")
    client.submit(page, "form[action$=confirmer]")
    work(app)
    with app.app_context():
        assert db.session.scalars(select(Place.name).where(Place.external_id == "a")).one() == "Refuge"
    assert state(app).created == 1


@pytest.mark.parametrize("who", ["library.manager", "library.adviser", "dpo", "admin"])
def test_only_the_coordinator_imports_and_only_their_own_files(world: World, app: Flask, who: str) -> None:
    mine = send(world.client("coordinator"), sheet({"id": "a"}))
    client = world.client(who)
    assert client.get("/annuaire/import").status_code == 404
    assert client.get(mine.location).status_code == 404


def test_the_page_of_a_file_asks_the_same_whatever_its_size(app: Flask, world: World) -> None:
    client = world.client("coordinator")
    counts = []
    for size in (2, 60):
        answer = send(client, sheet(*({"id": f"{size}-{rank}"} for rank in range(size))))
        work(app)
        client.submit(client.get(answer.location), "form[action$=confirmer]")
        work(app)
        with app.app_context(), count_queries(db.session) as queries:
            assert client.get(answer.location).status_code == 200
        queries.assert_at_most(8)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    listed = client.text(client.get("/annuaire/import"), "#fichiers")
    assert "60" in listed
    assert UUID(answer.location.rpartition("/")[2]) == state(app).id
