"""Importing people: columns, preview, registration by the worker, twice the same file, undoing, purging."""

from __future__ import annotations

import csv
import io
from unittest.mock import patch
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.kernel import clock, errors, grants, scan
from app.kernel.db import db, is_sqlite
from app.people.models import Consent, FollowUp, ImportedPerson, ImportState, Notice
from tests.people.helpers import journal, person_count, whole_journal
from tests.people.sheets import (
    cells,
    csv_of,
    imported,
    last_import,
    lines,
    looked_at,
    previewed,
    registered,
    row,
    send,
    someone,
    work,
    xlsx_of,
)
from tests.support.queries import count_queries
from tests.support.world import World

WHO = "library.adviser"


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
