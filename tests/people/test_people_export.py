"""People taken away in a file: the manager's own, what is granted only, for a day, for whoever asked."""

from __future__ import annotations

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from unittest.mock import patch
from uuid import UUID

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app.accounts import actions as accounts
from app.accounts import queries as account_queries
from app.kernel import clock, grants, jobs
from app.kernel.access import Role
from app.kernel.db import db, set_mode
from app.kernel.grants import Section
from app.kernel.writes import commit
from app.people.actions import exporting, protecting
from app.people.actions.protecting import SafetyData
from app.people.exports import USUAL, ExportColumn, cells_of
from app.people.models import PeopleExport, PeopleExportLine, Person
from app.privacy import actions as privacy
from tests.people.helpers import add, follow, journal, whole_journal
from tests.people.sheets import imported, work
from tests.privacy.test_erasure import traces
from tests.support.pages import InspectingClient
from tests.support.queries import count_queries
from tests.support.world import PASSWORD, World, build_world

WHO = "library.manager"


def ask(client: InspectingClient, *columns: str, fmt: str = "csv") -> TestResponse:
    page = client.get("/personnes/exports")
    return client.submit(page, "#exporter", columns=list(columns) or [one.value for one in USUAL], format=fmt)


def prepared(app: Flask, client: InspectingClient, *columns: str, fmt: str = "csv") -> str:
    asked = ask(client, *columns, fmt=fmt)
    assert asked.status_code == 303, client.text(asked, "main")
    work(app)
    return asked.location


def taken(app: Flask, client: InspectingClient, *columns: str) -> list[list[str]]:
    answer = client.get(prepared(app, client, *columns) + "/fichier")
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")), delimiter=";"))


def hat(world: World, key: str, structure: str, role: Role, team: str | None = None) -> str:
    """One more user of the small world."""
    with world.app.app_context():
        user = accounts.add_user(f"{key}@essai.example", key, PASSWORD, 8)
        team_id = world.teams[team] if team else None
        made = accounts.add_membership(
            user, world.structures[structure], role, world.today - timedelta(days=9), team_id
        )
        world.emails[key], world.actors[key] = user.email, account_queries.actor_of(made)
        commit()
        db.session.remove()
    return key


def test_a_manager_takes_the_people_of_their_structure(app: Flask, world: World) -> None:
    client = world.client(WHO)
    rows = taken(app, client)
    assert rows[0] == [str(one.label) for one in USUAL]
    assert rows[1:] == [["Benali", "Amina", "1958", "", "", "06 12 34 56 78", "", "Non communiqué"]]
    only = taken(app, client, "nom", "code")
    assert [len(cells) for cells in only] == [2, 2]


def test_the_file_is_prepared_by_the_worker_with_its_progress(app: Flask, world: World) -> None:
    for rank in range(4):
        add(world, "library.adviser", "Prénom", f"Nom{rank}")
    client = world.client(WHO)
    with patch.object(exporting, "BATCH", 2):
        asked = ask(client)
        waiting = client.get(asked.location)
        assert "se prépare" in client.text(waiting, "[data-follow]")
        with app.app_context():
            assert jobs.work_once()
            db.session.remove()
        assert "2 sur 5" in client.text(client.get(asked.location), "[data-follow]")
        assert client.get(asked.location + "/fichier").status_code == 404
        work(app)
    answer = client.get(asked.location + "/fichier")
    names = [line.split(";")[0] for line in answer.get_data().decode("utf-8-sig").splitlines()[1:]]
    assert names == ["Benali", "Nom0", "Nom1", "Nom2", "Nom3"]
    assert answer.headers["Content-Disposition"] == "attachment; filename=personnes.csv"
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_slice_done_twice_writes_nobody_twice(app: Flask, world: World) -> None:
    client = world.client(WHO)
    asked = ask(client)
    with app.app_context():
        payload = {"export_id": asked.location.rpartition("/")[2], "after": ""}
        exporting.gather(payload, world.today)
        exporting.gather(payload, world.today)
        commit()
        assert len(db.session.scalars(select(PeopleExportLine)).all()) == 1
    work(app)
    assert client.get(asked.location + "/fichier").status_code == 200


def test_a_workbook_holds_texts_only(app: Flask, world: World) -> None:
    add(world, "library.adviser", "=1+1", "@SUM(1)")
    client = world.client(WHO)
    answer = client.get(prepared(app, client, "nom", "prenom", fmt="xlsx") + "/fichier")
    book = load_workbook(io.BytesIO(answer.get_data()))
    cells = [[(cell.value, cell.data_type) for cell in row] for row in book.worksheets[0].iter_rows()]
    assert cells[2] == [("@SUM(1)", "s"), ("=1+1", "s")]


def test_a_formula_is_neutralised_in_csv(app: Flask, world: World) -> None:
    add(world, "library.adviser", "=1+1", "@SUM(1)")
    answer = world.client(WHO)
    assert taken(app, answer, "nom", "prenom")[2] == ["'@SUM(1)", "'=1+1"]


def test_no_column_no_file(app: Flask, world: World) -> None:
    client = world.client(WHO)
    page = client.get("/personnes/exports")
    answer = client.submit(page, "#exporter", columns=[], format="csv")
    assert answer.status_code == 422
    assert "au moins une colonne" in client.text(answer, "#exporter")
    forged = client.submit(page, "#exporter", forged={"columns": "notes"})
    assert forged.status_code == 422


def test_protected_frozen_and_shared_people_stay_out(app: Flask, world: World) -> None:
    safe = add(world, "library.adviser", "Gardée", "Gardée")
    frozen = add(world, "library.adviser", "Gelée", "Gelée")
    follow(world, world.people["jean"], "library")
    with app.app_context():
        adviser = world.actors["library.adviser"]
        protecting.protect(adviser, grants.on_person(adviser, safe), SafetyData(), world.today)
        db.session.execute(update(Person).where(Person.id == frozen).values(restricted_on=world.today))
        commit()
    client = world.client(WHO)
    assert [cells[0] for cells in taken(app, client)] == ["Nom", "Benali"]
    assert "2 autres n’y seront pas" in client.text(client.get("/personnes/exports"), "main")


@pytest.mark.parametrize("column", list(ExportColumn))
def test_a_cell_whose_section_is_closed_stays_empty(app: Flask, world: World, column: ExportColumn) -> None:
    person_id = add(
        world,
        "library.adviser",
        "Prénom",
        "Nom",
        usual_name="Autre",
        email="a@essai.example",
        phone="+33639980000",
        birth_year=1950,
        commune_code="47157",
        adaptation=("vue",),
        languages=("ar",),
    )
    with app.app_context():
        person = db.session.get_one(Person, person_id)
        assert cells_of(person, [column], column.section) != [""]
        assert cells_of(person, [column], Section(1023) & ~column.section) == [""]


def test_the_file_is_erased_after_a_day_or_before(app: Flask, world: World) -> None:
    client = world.client(WHO)
    address, other = prepared(app, client), prepared(app, client)
    erased = client.submit(client.get(other), "form[action$=effacer]")
    assert erased.status_code == 303
    assert client.get(other + "/fichier").status_code == 404
    with clock.fixed(clock.now() + timedelta(hours=24, seconds=1)):
        later = world.client(WHO)
        assert later.get(address + "/fichier").status_code == 404
        assert "effacé" in later.text(later.get(address), "main")
        with app.app_context():
            exporting.purge_exports()
            commit()
            assert {one.document for one in db.session.scalars(select(PeopleExport))} == {None}
            assert db.session.scalars(select(PeopleExportLine)).all() == []
    with clock.fixed(clock.now() + timedelta(days=32)), app.app_context():
        exporting.purge_exports()
        commit()
        assert db.session.scalars(select(PeopleExport)).all() == []


def test_the_journal_keeps_who_columns_and_count(app: Flask, world: World) -> None:
    client = world.client(WHO)
    client.get(prepared(app, client, "nom", "telephone") + "/fichier")
    asked, made, gone = (journal(world, f"people.{action}") for action in ("export_ask", "export", "export_taken"))
    assert [len(one) for one in (asked, made, gone)] == [1, 1, 1]
    assert asked[0].user_id == gone[0].user_id == world.actors[WHO].user_id
    assert '"columns":["nom","telephone"]' in gone[0].details
    assert '"count":1' in gone[0].details
    assert not any(word in whole_journal(world) for word in ("Benali", "Amina", "612345678"))


def test_what_is_taken_away_comes_back_as_it_was(app: Flask, world: World) -> None:
    """Export, import elsewhere: the same people."""
    facts = {"birth_year": 1958, "commune_code": "47157", "phone": "+33639980011", "email": "zohra@essai.example"}
    add(world, "library.adviser", "=Zohra", "Kaci d’Été", **facts)
    add(world, "library.adviser", "Léïla", "+33 (essai)", phone="+262692123456")
    client = world.client(WHO)
    for fmt in ("csv", "xlsx"):
        content = client.get(prepared(app, client, fmt=fmt) + "/fichier").get_data()
        who = hat(world, f"newcomer.{fmt}", "newcomer" if fmt == "csv" else "fablab", Role.MANAGER)
        imported(app, world.client(who), content)
        again = taken(app, world.client(who))
        assert again == taken(app, client)


def test_pages_ask_as_much_whatever_the_number_of_people(app: Flask, world: World) -> None:
    client, counted = world.client(WHO), []
    for size in (1, 6):
        for rank in range(size):
            add(world, "library.adviser", "Prénom", f"Nom{size}{rank}")
        address = prepared(app, client)
        with app.app_context(), count_queries(db.engines[None]) as shown:  # type: ignore[arg-type]
            client.get(address)
        with app.app_context(), count_queries(db.engines[None]) as listed:  # type: ignore[arg-type]
            client.get("/personnes/exports")
        counted.append((shown, listed))
    for few, many in zip(*counted, strict=True):
        many.assert_same_as(few)
        many.assert_at_most(14)


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_a_prepared_file_is_seen_by_the_scan_and_goes_with_the_person(committed_app: Flask, fmt: str) -> None:
    world = build_world(committed_app)
    person_id: UUID = add(world, "library.adviser", "Zéphyrine", "Quetzalcoatl", phone="+33639981234")
    client = world.client(WHO)
    address = prepared(committed_app, client, fmt=fmt)
    words = ("Zéphyrine", "Quetzalcoatl", "39 98 12 34")
    if committed_app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        assert 2 in {trace.rank for trace in traces(committed_app, *words)}
    with committed_app.app_context():
        privacy.anonymise(None, person_id)
        commit()
        db.session.remove()
    assert traces(committed_app, *words) == []
    assert client.get(address + "/fichier").status_code == 404


def test_two_workers_prepare_one_file(committed_app: Flask) -> None:
    world = build_world(committed_app)
    for rank in range(7):
        add(world, "library.adviser", "Prénom", f"Nom{rank}")
    client = world.client(WHO)
    with patch.object(exporting, "BATCH", 2):
        asked = ask(client)

        def worker() -> None:
            set_mode("write")
            work(committed_app)

        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(worker), pool.submit(worker)]:
                done.result()
        work(committed_app)
    lines = client.get(asked.location + "/fichier").get_data().decode("utf-8-sig").splitlines()
    assert len(lines) == len(set(lines)) == 9
