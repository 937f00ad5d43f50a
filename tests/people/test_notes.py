"""Notes about a person: who reads and changes them, for how long, and what remains of them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.kernel import clock, grants
from app.kernel.db import db
from app.kernel.errors import Conflict, DomainError, NotFound
from app.kernel.grants import SHARED_BY_DEFAULT, Section
from app.kernel.writes import commit
from app.people.actions import notes
from app.people.actions.notes import NoteData
from app.people.enums import NoteVisibility
from app.people.models import PersonNote, PersonNoteText
from app.privacy.actions.erasing import anonymise
from app.privacy.queries import held
from tests.people.helpers import add, follow, journal, whole_journal
from tests.support.world import World

ZONE = "Europe/Paris"


def _new(world: World, person: UUID) -> str:
    return f"/personnes/{person}/notes/nouvelle"


def _write(world: World, who: str, person_id: UUID, body: str = "Préfère le matin.", **data: object) -> UUID:
    actor = world.actors[who]
    granted = grants.on_person(actor, person_id)
    return notes.write_note(actor, granted, NoteData(body=body, **data)).id  # type: ignore[arg-type]


def _committed(world: World, who: str, person_id: UUID, **data: object) -> UUID:
    with world.app.app_context():
        found = _write(world, who, person_id, **data)
        commit()
        db.session.remove()
    return found


@pytest.mark.parametrize(
    ("who", "offered", "chosen"),
    [
        ("library.adviser", ["author", "structure", "network"], "structure"),
        ("library.desk", ["author", "structure", "network"], "structure"),
        ("ccas.social", ["author", "team"], "team"),
        ("shelter.adviser", ["author", "structure"], "structure"),
    ],
)
def test_whom_a_note_may_be_opened_to(world: World, who: str, offered: list[str], chosen: str) -> None:
    person_id = add(world, who, "Rose", "Note")
    client = world.client(who)
    page = client.get(_new(world, person_id))
    radios = client.select(page, "input[name=visibility]")
    assert [tag["value"] for tag in radios] == offered
    assert [tag["value"] for tag in radios if tag.has_attr("checked")] == [chosen]


def test_a_note_is_written_and_journalled_without_its_words(world: World) -> None:
    amina = world.people["amina"]
    client = world.client("library.adviser")
    answer = client.submit(client.get(_new(world, amina)), "main form", body="Préfère le matin.")
    assert (answer.status_code, answer.location) == (303, f"/personnes/{amina}#histoire")
    assert "Préfère le matin." in client.text(client.get(f"/personnes/{amina}"), "#histoire")
    assert [entry.person_id for entry in journal(world, "note.write")] == [amina]
    assert "matin" not in whole_journal(world)


@pytest.mark.parametrize(
    ("body", "said"), [("", "Écrivez la note."), ("NIR 1 85 05 78 006 084 36", "sécurité sociale")]
)
def test_a_refused_note_stays_on_screen(world: World, body: str, said: str) -> None:
    client = world.client("library.adviser")
    answer = client.submit(client.get(_new(world, world.people["amina"])), "main form", body=body)
    assert answer.status_code == 422
    assert said in client.text(answer, "main")
    assert body in client.select(answer, "textarea")[0].get_text()
    with world.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(PersonNote)) == 0


def test_a_forged_visibility_is_refused(world: World) -> None:
    person_id = add(world, "ccas.social", "Rose", "Note")
    client = world.client("ccas.social")
    answer = client.submit(
        client.get(_new(world, person_id)), "main form", forged={"visibility": "network"}, data={"body": "Mot."}
    )
    assert answer.status_code == 422
    with world.app.app_context():
        actor = world.actors["ccas.social"]
        with pytest.raises(DomainError):
            _write(world, "ccas.social", person_id, visibility=NoteVisibility.NETWORK)
        assert actor.team_is_secret


def test_only_its_author_changes_it_and_on_its_day_only(world: World) -> None:
    amina = world.people["amina"]
    note_id = _committed(world, "library.adviser", amina)
    address = f"/personnes/{amina}/notes/{note_id}"
    for other in ("library.manager", "library.desk", "fs.adviser"):
        assert world.client(other).get(f"{address}/corriger").status_code == 404
        assert world.client(other).get(f"{address}/retirer").status_code == 404
    client = world.client("library.adviser")
    page = client.get(f"{address}/corriger")
    assert client.submit(page, "main form", body="Préfère le soir.").status_code == 303
    assert client.submit(page, "main form", body="Préfère midi.").status_code == 409
    with world.app.app_context():
        assert db.session.scalars(select(PersonNoteText.body)).one() == "Préfère le soir."
    with clock.fixed(clock.now() + timedelta(days=1)):
        actor = world.actors["library.adviser"]
        with world.app.app_context():
            granted = grants.on_person(actor, amina)
            with pytest.raises(Conflict):
                notes.correct_note(actor, granted, note_id, NoteData(body="Trop tard."), 2, ZONE)
            with pytest.raises(Conflict):
                notes.delete_note(actor, granted, note_id, ZONE)


def test_deleted_on_its_day_nothing_remains(world: World) -> None:
    amina = world.people["amina"]
    note_id = _committed(world, "library.adviser", amina)
    client = world.client("library.adviser")
    page = client.get(f"/personnes/{amina}/notes/{note_id}/retirer")
    assert "Supprimer la note" in client.text(page, "h1")
    assert client.submit(page, "main form").status_code == 303
    with world.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(PersonNote)) == 0
        assert db.session.scalar(select(func.count()).select_from(PersonNoteText)) == 0


def test_hidden_later_it_is_on_no_screen_but_the_person_receives_it(world: World) -> None:
    amina, actor = world.people["amina"], world.actors["library.adviser"]
    with world.app.app_context():
        with clock.fixed(clock.now() - timedelta(days=3)):
            note_id = _write(world, "library.adviser", amina)
        granted = grants.on_person(actor, amina)
        notes.hide_note(actor, granted, note_id)
        with pytest.raises(NotFound):
            notes.hide_note(actor, granted, note_id)
        commit()
        db.session.remove()
    client = world.client("library.adviser")
    assert "Préfère le matin." not in client.get(f"/personnes/{amina}").get_data(as_text=True)
    with world.app.app_context():
        told = held.everything(world.actors["dpo"], amina)
    words = {part["table"]: part["rows"] for part in told["sections"]}
    assert words["person_note_text"][0]["body"]["words"] == "Préfère le matin."
    assert words["person_note"][0]["hidden_at"]["words"]


def test_anonymising_clears_the_words(world: World) -> None:
    amina = world.people["amina"]
    with world.app.app_context():
        _write(world, "library.adviser", amina)
        anonymise(None, amina)
        assert db.session.scalar(select(func.count()).select_from(PersonNoteText)) == 0
        assert db.session.scalar(select(func.count()).select_from(PersonNote)) == 1


def test_another_follow_up_writes_and_the_referent_reads_what_travels(world: World) -> None:
    amina = world.people["amina"]
    follow(world, amina, "fablab", SHARED_BY_DEFAULT | Section.NOTES)
    _committed(world, "camille.fablab", amina, body="Vu à l’atelier.", visibility=NoteVisibility.NETWORK)
    _committed(world, "camille.fablab", amina, body="Entre nous.", visibility=NoteVisibility.STRUCTURE)
    words = world.client("library.adviser").get(f"/personnes/{amina}").get_data(as_text=True)
    assert "Vu à l’atelier." in words
    assert "Entre nous." not in words
