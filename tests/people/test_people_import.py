"""Importing people: columns, preview, registration by the worker, twice the same file, undoing, purging."""

from __future__ import annotations

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Membership
from app.kernel import clock, errors, grants, jobs, merges, scan
from app.kernel.db import db, is_sqlite, set_mode
from app.kernel.writes import commit
from app.needs import actions as needs
from app.needs.actions import NeedData
from app.needs.enums import NeedKind
from app.people import actions as people
from app.people.actions import importing, registering, unregistering
from app.people.actions.comparing import Setup
from app.people.actions.data import PersonData
from app.people.models import Consent, FollowUp, ImportedPerson, ImportState, LineState, Notice, Person, PersonIdentity
from app.privacy import actions as privacy
from tests.people import sheets
from tests.people.doubles import look
from tests.people.helpers import add, follow, journal, person_count, whole_journal
from tests.people.sheets import csv_of, imported, last_import, lines, previewed, row, send, someone, work, xlsx_of
from tests.privacy.test_erasure import traces
from tests.support.pages import InspectingClient
from tests.support.queries import count_queries
from tests.support.world import World, build_world

WHO = "library.adviser"


def states(app: Flask) -> list[LineState]:
    return [one.state for one in lines(app)]


def registered(world: World, last_name: str) -> Person:
    with world.app.app_context():
        query = select(Person).join(PersonIdentity).where(PersonIdentity.last_name == last_name)
        person = db.session.scalars(query).one()
        assert person.identity is not None
        db.session.expunge_all()
        return person


def cells(client: InspectingClient, page: object, selector: str) -> list[list[str]]:
    rows = client.select(page, f"{selector} tbody tr")  # type: ignore[arg-type]
    return [[cell.get_text(" ", strip=True) for cell in one.select("th,td")] for one in rows]


@pytest.mark.parametrize("made", [csv_of, xlsx_of])
def test_from_the_file_to_the_register(app: Flask, world: World, made: object) -> None:
    client, before = world.client(WHO), person_count(world)
    content = made(row(notes="vient le mardi"), row(nom="", prenom=""), someone(1, annee="58"), someone(2))  # type: ignore[operator]
    sent = send(client, content)
    columns = client.get(sent.location)
    assert "vient le mardi" in client.text(columns, "#exemples")
    chosen = [tag["value"] for tag in client.select(columns, "#colonnes option[selected]")]
    assert chosen == [str(at) for at in range(10)]
    shown = client.submit(columns, "#colonnes")
    waiting = client.get(shown.location)
    assert client.select(waiting, "[data-follow]")
    work(app)
    preview = client.get(shown.location, follow_redirects=True)
    said = client.text(preview, "main")
    assert "Rien n’est encore écrit" in said
    assert "Une ligne a une note. Les notes ne sont pas importées" in said
    assert [one[1] for one in cells(client, preview, "#nouvelles")] == [
        "Zohra Kaci note à garder",
        " ".join(someone(2)[1::-1]),
    ]
    left = cells(client, preview, "#laissees")
    assert [one[0] for one in left] == ["3", "4"]
    assert "ni nom ni prénom" in left[0][1]
    assert "quatre chiffres" in left[1][1]
    assert person_count(world) == before
    confirmed = client.submit(preview, "#confirmer")
    assert "s’inscrivent" in client.text(client.get(confirmed.location), "[data-follow]")
    work(app)
    done = client.text(client.get(confirmed.location), "main")
    assert "Import terminé" in done
    assert person_count(world) == before + 2
    run = last_import(app)
    assert (run.state, run.content) == (ImportState.DONE, None)
    assert {one.typed for one in lines(app)} == {None}


def test_who_comes_by_a_file_is_followed_by_its_structure_only_and_still_to_be_informed(
    app: Flask, world: World
) -> None:
    client = world.client(WHO)
    imported(app, client, csv_of(row(annee="2009", notes="un secret")))
    person = registered(world, "Kaci")
    assert (person.referent_structure_id, person.age_status, person.commune_code) == (
        world.structures["library"],
        "15_17",
        "47157",
    )
    with app.app_context():
        follow_ups = db.session.scalars(select(FollowUp).where(FollowUp.person_id == person.id)).all()
        assert [(one.structure_id, one.kind) for one in follow_ups] == [(world.structures["library"], "referent")]
        assert db.session.scalars(select(Notice).where(Notice.person_id == person.id)).all() == []
        assert db.session.scalars(select(Consent).where(Consent.person_id == person.id)).all() == []
        assert not grants.on_person(world.actors["ccas.adviser"], person.id)
    assert "1 personne importée à informer" in client.text(client.get("/"), "main")
    page = client.get("/personnes/a-informer")
    assert "Zohra Kaci" in client.text(page, "main")
    assert "La notice reste à donner" in client.text(client.get(f"/personnes/{person.id}"), "main")
    noted = client.submit(client.get(f"/personnes/{person.id}/notice-remise"), "#notice", notice_way="paper")
    assert noted.status_code == 303
    assert "donnée" in client.text(client.get("/personnes/a-informer"), "main")
    client.submit(client.get(f"/personnes/{person.id}/accord"), "#accord", answer="refused")
    assert "importée à informer" not in client.text(client.get("/"), "main")
    assert len(journal(world, "notice.give")) == 1


def test_the_notice_is_said_before_it_is_noted(app: Flask, world: World) -> None:
    client = world.client(WHO)
    imported(app, client, csv_of(row()))
    page = client.get(f"/personnes/{registered(world, 'Kaci').id}/notice-remise")
    answer = client.submit(page, "#notice")
    assert answer.status_code == 422
    assert "Dites comment la notice a été donnée" in client.text(answer, "#notice")


def test_columns_are_corrected_on_screen(app: Flask, world: World) -> None:
    client = world.client(WHO)
    columns = client.get(send(client, csv_of(("Zohra", "Kaci"), titles=("A", "B"))).location)
    nothing = client.submit(columns, "#colonnes")
    assert nothing.status_code == 422
    assert "quelle colonne contient le nom" in client.text(nothing, "#nom-error")
    twice = client.submit(columns, "#colonnes", nom="0", prenom="0")
    assert "déjà prise par « Nom »" in client.text(twice, "#prenom-error")
    assert [tag["value"] for tag in client.select(twice, "#prenom option[selected]")] == ["0"]
    shown = client.submit(columns, "#colonnes", nom="1", prenom="0")
    work(app)
    preview = client.get(shown.location, follow_redirects=True)
    assert "Zohra Kaci" in client.text(preview, "#nouvelles")
    again = client.submit(client.get(f"{shown.location}/colonnes"), "#colonnes", nom="0", prenom="1")
    work(app)
    assert "Kaci Zohra" in client.text(client.get(again.location, follow_redirects=True), "#nouvelles")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"),
        (csv_of(), "aucune ligne"),
        (b"\x00\x01" * 99, "pas un tableau"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "mot de passe"),
    ],
)
def test_what_is_no_table_is_refused_on_the_field(app: Flask, world: World, content: bytes, words: str) -> None:
    client = world.client(WHO)
    answer = send(client, content)
    assert answer.status_code == 422
    assert words in client.text(answer, "#file-error")
    assert client.select(client.get("/personnes/import"), "#fichiers") == []


def test_a_file_beyond_the_limit_is_refused(app: Flask, world: World) -> None:
    client = world.client(WHO)
    content = csv_of(row())
    with patch("app.people.forms.files.MOST_BYTES", len(content) - 1):
        answer = send(client, content)
    assert answer.status_code == 422
    assert "Ce fichier dépasse" in client.text(answer, "#file-error")


def test_two_hundred_megabytes_are_refused_before_they_are_read(app: Flask, world: World) -> None:
    client = world.client(WHO)
    unread = io.BytesIO(b"x" * 1000)
    answer = client.post(
        "/personnes/import",
        input_stream=unread,
        environ_overrides={"CONTENT_LENGTH": str(200 * 1024**2)},
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code == 413
    assert unread.tell() == 0
    assert "trop" in client.text(answer, "main")


def test_too_many_lines(app: Flask, world: World) -> None:
    client = world.client(WHO)
    with patch("app.people.actions.comparing.MOST_LINES", 2):
        page = previewed(app, client, csv_of(*(someone(rank) for rank in range(3))))
    assert "dépasse 2 lignes" in client.text(page, "main")
    assert last_import(app).content is None


def test_the_same_file_twice_registers_nobody_twice(app: Flask, world: World) -> None:
    client = world.client(WHO)
    content = csv_of(*(someone(rank) for rank in range(4)), someone(2))
    imported(app, client, content)
    count = person_count(world)
    assert states(app).count(LineState.FAULTY) == 1
    preview = previewed(app, client, content)
    assert "Il n’y a personne à inscrire" in client.text(preview, "main")
    assert "Déjà inscrites par un import 4" in client.text(preview, ".facts")
    assert person_count(world) == count
    assert client.submit(preview, "#confirmer").status_code == 409


def test_the_same_line_is_recognised_by_the_same_desk_only(app: Flask, world: World) -> None:
    content, count = csv_of(row()), person_count(world)
    imported(app, world.client("ccas.social"), content)
    preview = previewed(app, world.client("ccas.adviser"), content)
    facts = world.client("ccas.adviser").text(preview, ".facts")
    assert "Personnes nouvelles 1" in facts
    assert "Déjà inscrites par un import 0" in facts
    assert "Ressemblent à une personne déjà suivie 0" in facts
    imported(app, world.client(WHO), content)
    assert person_count(world) == count + 2
    with app.app_context():
        team = db.session.scalars(
            select(FollowUp.team_id).join(ImportedPerson, ImportedPerson.person_id == FollowUp.person_id)
        ).all()
        assert set(team) == {world.teams["ccas.social"], None}


def looked_at(world: World, who: str, **data: object) -> UUID:
    person_id = add(world, who, "Zohra", "Kaci", birth_year=1958, phone="+33639980011", **data)
    look(world)
    return person_id


def test_a_line_like_somebody_of_the_structure_waits_for_a_decision(app: Flask, world: World) -> None:
    looked_at(world, WHO)
    client, count = world.client(WHO), person_count(world)
    preview = previewed(app, client, csv_of(row(), someone(1)))
    (alike,) = cells(client, preview, "#ressemblances")
    assert alike[:2] == ["2", "Zohra Kaci"]
    assert "sur 100" in alike[2]
    assert "Même téléphone" in alike[3]
    client.submit(preview, "#confirmer")
    work(app)
    assert person_count(world) == count + 1
    assert states(app) == [LineState.ASIDE, LineState.MADE]


def test_a_line_like_somebody_is_registered_when_it_is_another(app: Flask, world: World) -> None:
    looked_at(world, WHO)
    client, count = world.client(WHO), person_count(world)
    imported(app, client, csv_of(row(courriel="autre@essai.example")), anyway=["2"])
    assert person_count(world) == count + 1
    assert states(app) == [LineState.MADE]


@pytest.mark.parametrize("elsewhere", ["ccas.adviser", "library.adviser+protected"])
def test_nothing_is_said_of_people_followed_elsewhere_or_protected(app: Flask, world: World, elsewhere: str) -> None:
    person_id = looked_at(world, elsewhere.partition("+")[0])
    if elsewhere.endswith("protected"):
        with app.app_context():
            db.session.execute(update(Person).where(Person.id == person_id).values(protected=True))
            commit()
    client = world.client(WHO)
    preview = previewed(app, client, csv_of(row()))
    assert client.select(preview, "#ressemblances") == []
    assert "Zohra Kaci" in client.text(preview, "#nouvelles")


def test_a_double_click_and_a_slice_done_twice_register_once(app: Flask, world: World) -> None:
    client, count = world.client(WHO), person_count(world)
    preview = previewed(app, client, csv_of(*(someone(rank) for rank in range(5))))
    other_tab = client.get(preview.request.path)
    with patch.object(registering, "BATCH", 2):
        assert client.submit(preview, "#confirmer").status_code == 303
        assert client.submit(preview, "#confirmer").status_code == 303
        assert client.submit(other_tab, "#confirmer").status_code == 303
        with app.app_context():
            assert jobs.work_once()
            db.session.remove()
        assert person_count(world) == count + 2
        run = last_import(app)
        assert "2 sur 5" in client.text(client.get(f"/personnes/import/{run.id}"), "[data-follow]")
        with app.app_context():
            payload = {"import_id": str(run.id), "after": 0}
            registering.write_slice(payload, setup(world))
            commit()
        assert person_count(world) == count + 2
        work(app)
    assert person_count(world) == count + 5
    assert client.submit(other_tab, "#confirmer").status_code == 303
    work(app)
    assert person_count(world) == count + 5
    assert len(journal(world, "person.register")) == count + 5


def setup(world: World) -> Setup:
    return Setup(world.today, "FR")


def test_a_row_that_is_refused_stops_nobody(app: Flask, world: World) -> None:
    client, count = world.client(WHO), person_count(world)
    ordinary = registering.register

    def grumbling(actor: object, data: object) -> object:
        if data.person.last_name == someone(1)[0]:  # type: ignore[attr-defined]
            raise importing.DomainError("non")
        return ordinary(actor, data)  # type: ignore[arg-type]

    with patch.object(registering, "register", grumbling):
        imported(app, client, csv_of(*(someone(rank) for rank in range(3))))
    assert person_count(world) == count + 2
    assert states(app) == [LineState.MADE, LineState.FAULTY, LineState.MADE]
    assert len(journal(world, "person.register")) == count + 2


def test_an_access_that_ended_registers_nobody_more(app: Flask, world: World) -> None:
    client, count = world.client(WHO), person_count(world)
    client.submit(previewed(app, client, csv_of(row())), "#confirmer")
    with app.app_context():
        hat = db.session.get_one(Membership, world.actors[WHO].membership_id)
        hat.ended_at = clock.now()
        commit()
    work(app)
    assert person_count(world) == count
    assert last_import(app).content is None
    assert [(one.state, one.typed) for one in lines(app)] == [(LineState.ASIDE, None)]


def test_the_lines_left_are_taken_away_without_a_word_of_the_file(app: Flask, world: World) -> None:
    client = world.client(WHO)
    imported(app, client, csv_of(someone(1, annee="58"), row(telephone="0"), someone(2)))
    run = last_import(app)
    answer = client.get(f"/personnes/import/{run.id}/lignes.csv")
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")), delimiter=";"))
    assert [one[0] for one in rows] == ["Ligne", "2", "3"]
    assert "quatre chiffres" in rows[1][1]
    assert someone(1)[0] not in answer.get_data(as_text=True)


def test_notes_are_left_and_their_lines_are_told(app: Flask, world: World) -> None:
    client = world.client(WHO)
    looked_at(world, WHO)
    content = csv_of(row(notes="un secret"), someone(1, notes="un autre"), someone(2))
    preview = previewed(app, client, content)
    assert [one.endswith("note à garder") for _line, one in cells(client, preview, "#nouvelles")] == [True, False]
    done = client.submit(preview, "#confirmer", anyway=["2"])
    work(app)
    assert client.text(client.get(done.location), "#inscrites").count("note à reporter") == 2
    told = client.get(f"{done.location}/lignes.csv").get_data().decode("utf-8-sig").splitlines()[1:]
    assert [one.partition(";")[0] for one in told] == ["2", "3"]
    assert all("note n’est pas importée" in one for one in told)
    with app.app_context():
        assert scan.scan_tables(db.session.connection(), ["un secret", "un autre"]) == []


def test_a_file_without_titles_is_said(app: Flask, world: World) -> None:
    client = world.client(WHO)
    columns = client.get(send(client, csv_of(row(), titles=row(nom="Autre"))).location)
    assert "Aucun titre n’a été reconnu" in client.text(columns, "main")


def test_writing_about_somebody_who_has_just_gone_is_a_conflict(app: Flask, world: World) -> None:
    """SQLite lets one writer in at a time: there, the person does not exist any more when the request begins."""
    gone = {
        "person_id": uuid4(),
        "structure_id": world.structures["library"],
        "row_key": "x",
        "created_at": clock.now(),
    }
    with app.app_context():
        db.session.add(ImportedPerson(**gone))
        with pytest.raises(IntegrityError) as error:
            db.session.flush()
        db.session.rollback()
        named = errors.from_integrity(error.value)
        assert named is None if is_sqlite() else "vient d’être retirée" in str(named)


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


def test_journal_holds_counts_and_nothing_of_the_file(app: Flask, world: World) -> None:
    client = world.client(WHO)
    imported(app, client, csv_of(row(), row(nom="", prenom="")))
    (entry,) = journal(world, "people.import")
    assert entry.user_id == world.actors[WHO].user_id
    assert '"created":1,"refused":1,"unchanged":0' in entry.details
    said = whole_journal(world)
    assert not any(word in said for word in ("Kaci", "Zohra", "639980011", "zohra@"))


def test_pages_ask_as_much_whatever_the_number_of_lines(app: Flask, world: World) -> None:
    client = world.client(WHO)
    counted = []
    for size in (2, 12):
        looked_at(world, WHO)
        rows = [someone(size * 20 + rank) for rank in range(size)]
        preview = previewed(app, client, csv_of(row(courriel=f"a{size}@essai.example"), *rows))
        with app.app_context(), count_queries(db.engines[None]) as before:  # type: ignore[arg-type]
            client.get(preview.request.path)
        client.submit(preview, "#confirmer")
        work(app)
        run = last_import(app)
        with app.app_context(), count_queries(db.engines[None]) as after:  # type: ignore[arg-type]
            client.get(f"/personnes/import/{run.id}")
        with app.app_context(), count_queries(db.engines[None]) as waiting:  # type: ignore[arg-type]
            client.get("/personnes/a-informer")
        counted.append((before, after, waiting))
    for few, many in zip(*counted, strict=True):
        many.assert_same_as(few)
    counted[1][0].assert_at_most(12)


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
