"""What an import leaves behind: undone for whom nobody touched, given up, purged, erased."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from unittest.mock import patch

import pytest
from flask import Flask
from sqlalchemy import update

from app.kernel import clock, grants, merges
from app.kernel.db import db, set_mode
from app.kernel.writes import commit
from app.needs import actions as needs
from app.needs.actions import NeedData
from app.needs.enums import NeedKind
from app.people import actions as people
from app.people.actions import importing, unregistering
from app.people.actions.data import PersonData
from app.people.models import FollowUp, ImportState, LineState
from app.privacy import actions as privacy
from tests.people import sheets
from tests.people.doubles import look
from tests.people.helpers import follow, journal, person_count
from tests.people.sheets import (
    cells,
    csv_of,
    imported,
    last_import,
    lines,
    previewed,
    registered,
    row,
    someone,
    states,
    work,
    xlsx_of,
)
from tests.privacy.test_erasure import traces
from tests.support.pages import InspectingClient
from tests.support.world import World, build_world

WHO = "library.adviser"


def undo(app: Flask, client: InspectingClient) -> str:
    run = last_import(app)
    asked = client.submit(client.get(f"/personnes/import/{run.id}/annuler"), "#annuler")
    assert asked.status_code == 303
    work(app)
    return asked.location


def test_an_import_is_undone_for_whom_nobody_touched(app: Flask, world: World) -> None:
    client, count = world.client(WHO), person_count(world)
    actor = world.actors[WHO]
    imported(app, client, csv_of(*(someone(rank) for rank in range(6))))
    people_made = [registered(world, someone(rank)[0]) for rank in range(6)]
    with app.app_context():
        read, noted, corrected, told = [grants.on_person(actor, one.id) for one in people_made[:4]]
        needs.open_need(actor, noted, NeedData(kind=NeedKind.CONNEXION))
        people.correct(actor, corrected, PersonData(first_name="Autre", last_name=someone(2)[0]), None)
        commit()
    client.get(f"/personnes/{read.person_id}")
    client.submit(client.get(f"/personnes/{told.person_id}/notice-remise"), "#notice", notice_way="paper")
    with patch.object(unregistering, "BATCH", 2):
        location = undo(app, client)
    page = client.get(location)
    assert "Fiches retirées 3 Fiches gardées 3" in client.text(page, ".facts")
    kept = cells(client, page, "#gardees")
    assert [one[0] for one in kept] == [one.code for one in people_made[1:4]]
    assert ["demande" in kept[0][2], "corrigée" in kept[1][2], "notice" in kept[2][2]] == [True, True, True]
    assert person_count(world) == count + 3
    assert client.get(f"/personnes/{read.person_id}").status_code == 404
    assert len(journal(world, "person.unregister")) == 3
    (entry,) = journal(world, "people.import_undo")
    assert '"ended":3' in entry.details
    again = client.submit(previewed(app, client, csv_of(someone(0))), "#confirmer")
    assert again.status_code == 303


@pytest.mark.parametrize("how", ["shared", "ended"])
def test_a_follow_up_that_changed_keeps_the_person(app: Flask, world: World, how: str) -> None:
    client = world.client(WHO)
    imported(app, client, csv_of(row(), someone(1)))
    person = registered(world, "Kaci")
    if how == "shared":
        follow(world, person.id, "ccas")
    else:
        with app.app_context():
            ended = update(FollowUp).where(FollowUp.person_id == person.id)
            db.session.execute(ended.values(ended_on=world.today))
            commit()
    page = client.get(undo(app, client))
    assert [(one[0], one[2]) for one in cells(client, page, "#gardees")] == [(person.code, "Le suivi a changé.")]
    assert "Fiches retirées 1" in client.text(page, ".facts")


def test_every_table_that_points_at_a_person_keeps_them(app: Flask, world: World) -> None:
    """What a later room declares to the registry of merges is heeded by itself."""
    left_alone = {table for table, _column in merges.declared()} & unregistering.MADE
    assert left_alone == unregistering.MADE
    assert {"need", "participation", "assessment", "referral", "consent", "notice"} <= {
        table for table, _column in merges.declared()
    } - unregistering.MADE


def test_an_import_is_not_undone_after_a_day(app: Flask, world: World) -> None:
    client = world.client(WHO)
    imported(app, client, csv_of(row()))
    run = last_import(app)
    page = client.get(f"/personnes/import/{run.id}/annuler")
    with clock.fixed(clock.now() + timedelta(hours=24, minutes=1)):
        client = world.client(WHO)
        assert client.get(f"/personnes/import/{run.id}/annuler").status_code == 303
        assert "Annuler cet import" not in client.text(client.get(f"/personnes/import/{run.id}"), "main")
        fields = {tag["name"]: tag["value"] for tag in client.select(page, "#annuler input[type=hidden]")}
        with app.app_context(), pytest.raises(importing.Conflict):
            importing.undo(world.actors[WHO], run.id)
        assert fields


def test_two_people_undo_and_import_at_once(committed_app: Flask) -> None:
    """Two workers, the same lines in two files: nobody twice, whichever comes first."""
    world = build_world(committed_app)
    content = csv_of(*(someone(rank) for rank in range(8)))
    count = person_count(world)
    one, other = world.client(WHO), world.client("library.manager")
    previews = [previewed(committed_app, client, content) for client in (one, other)]
    for client, preview in zip((one, other), previews, strict=True):
        assert client.submit(preview, "#confirmer").status_code == 303

    def worker() -> None:
        set_mode("write")
        work(committed_app)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(worker), pool.submit(worker)]:
            done.result()
    work(committed_app)
    assert person_count(world) == count + 8
    assert sorted(states(committed_app)) == [LineState.KNOWN] * 8 + [LineState.MADE] * 8


def test_abandoning_erases_everything(app: Flask, world: World) -> None:
    client, count = world.client(WHO), person_count(world)
    preview = previewed(app, client, csv_of(row()))
    done = client.submit(preview, "form[action$=abandonner]")
    assert done.status_code == 303
    assert (last_import(app).state, last_import(app).content, lines(app)) == (ImportState.ABANDONED, None, [])
    assert client.submit(preview, "#confirmer").status_code == 409
    work(app)
    assert person_count(world) == count


def test_what_is_left_for_a_day_is_erased_and_results_after_a_month(app: Flask, world: World) -> None:
    client = world.client(WHO)
    previewed(app, client, csv_of(row()))
    with app.app_context():
        importing.purge_files(clock.now() + timedelta(hours=23))
        assert last_import(app).content is not None
        importing.purge_files(clock.now() + timedelta(hours=25))
        commit()
    run = last_import(app)
    assert (run.state, run.content) == (ImportState.EXPIRED, None)
    assert {one.typed for one in lines(app)} == {None}
    with app.app_context():
        importing.purge_files(clock.now() + timedelta(days=31))
        commit()
        assert lines(app) == []
        assert db.session.get(importing.PeopleImport, run.id) is None


SEEDED = ("Zéphyrine", "Quetzalcoatl", "639981234", "zephyrine@exemple.example", "gargouille")


@pytest.mark.parametrize("made", [csv_of, xlsx_of])
def test_of_somebody_imported_then_undone_nothing_is_left(committed_app: Flask, made: object) -> None:
    world = build_world(committed_app)
    client = world.client(WHO)
    seeded = row(nom=SEEDED[1], prenom=SEEDED[0], telephone="06 39 98 12 34", courriel=SEEDED[3], notes=SEEDED[4])
    imported(committed_app, client, made(seeded, someone(1)))  # type: ignore[operator]
    assert {trace.rank for trace in traces(committed_app, *SEEDED)} == {0, 1, 2, 3}
    code = registered(world, SEEDED[1]).code
    with committed_app.app_context():
        look(world)
    undo(committed_app, client)
    assert traces(committed_app, *SEEDED, code) == []


def test_anonymising_somebody_erases_the_files_that_may_name_them(committed_app: Flask) -> None:
    world = build_world(committed_app)
    client = world.client(WHO)
    content = csv_of(row(nom=SEEDED[1], prenom=SEEDED[0], telephone="06 39 98 12 34", courriel=SEEDED[3]))
    imported(committed_app, client, content)
    person = registered(world, SEEDED[1])
    sheets.send(client, content)
    previewed(committed_app, client, content)
    with committed_app.app_context():
        privacy.anonymise(None, person.id)
        commit()
        db.session.remove()
    assert traces(committed_app, *SEEDED, person.code) == []
    assert len(client.select(client.get("/personnes/import"), "#fichiers tbody tr")) == 3
