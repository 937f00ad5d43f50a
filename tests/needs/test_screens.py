"""Noting, correcting and closing a need, as on the screen."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.kernel.db import db
from app.kernel.journal.models import JournalEntry
from app.needs.enums import NeedKind
from app.needs.models import Need, NeedText
from tests.support.world import World

NIR = "2 58 03 47 157 123 45"


def new_url(world: World, person: str = "amina") -> str:
    return f"/personnes/{world.people[person]}/demandes/nouvelle"


def only_need(app: Flask) -> Need:
    with app.app_context():
        return db.session.scalars(select(Need)).one()


def note_need(world: World, who: str = "library.adviser", **fields: object) -> UUID:
    client = world.client(who)
    answer = client.submit(client.get(new_url(world)), **{"kind": "boite_mail", **fields})
    assert answer.status_code == 303, client.text(answer)
    with world.app.app_context():
        return db.session.scalars(select(Need.id).order_by(Need.id.desc())).first()  # type: ignore[return-value]


@pytest.mark.parametrize("who", ["library.desk", "library.adviser", "library.manager"])
def test_whoever_follows_notes_a_need(app: Flask, world: World, who: str) -> None:
    client = world.client(who)
    page = client.get(new_url(world))
    answer = client.submit(
        page, kind="demarche_en_ligne", demarche="logement", organismes=["caf"], priority="P2", note="Dossier bloqué."
    )
    assert answer.status_code == 303
    assert answer.location.endswith(f"/personnes/{world.people['amina']}")
    with app.app_context():
        need = db.session.scalars(select(Need)).one()
        assert (need.kind, need.demarche, need.organismes) == (NeedKind.DEMARCHE_EN_LIGNE, "logement", ["caf"])
        assert need.priority == "P2"
        assert need.structure_id == world.structures["library"]
        assert need.text is not None
        assert need.text.note == "Dossier bloqué."
        entry = db.session.scalars(select(JournalEntry).where(JournalEntry.action == "need.open")).one()
        assert entry.person_id == world.people["amina"]
        assert "bloqué" not in entry.details


def test_all_kinds_are_offered_once_in_groups(world: World) -> None:
    client = world.client("library.desk")
    page = client.get(new_url(world))
    offered = [str(tag["value"]) for tag in client.select(page, "input[name=kind]")]
    assert sorted(offered) == sorted(kind.value for kind in NeedKind)
    assert len(client.select(page, "fieldset#kind .choices__group")) == 6


@pytest.mark.parametrize("who", ["ccas.adviser", "newcomer.adviser"])
def test_a_stranger_has_no_such_page(world: World, who: str) -> None:
    need_id = note_need(world)
    client = world.client(who)
    person = world.people["amina"]
    for url in (
        new_url(world),
        *(f"/personnes/{person}/demandes/{need_id}{end}" for end in ("", "/modifier", "/terminer")),
    ):
        assert client.get(url).status_code == 404


def test_without_a_kind_the_form_says_so_and_keeps_the_note(app: Flask, world: World) -> None:
    client = world.client("library.adviser")
    answer = client.submit(client.get(new_url(world)), note="Rappeler jeudi.")
    assert answer.status_code == 422
    assert "Choisissez une demande." in client.text(answer, "#kind-error")
    assert client.text(answer, "textarea[name=note]") == "Rappeler jeudi."
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Need)) == 0


@pytest.mark.parametrize(
    ("note", "word"),
    [
        (f"Son numéro : {NIR}", "sécurité sociale"),
        ("carte 4970 1012 3456 7893", "carte bancaire"),
        ("mot de passe : Soleil2026!", "mot de passe"),
        ("a" * 2001, "trop long"),
    ],
)
def test_what_must_not_be_written_is_refused_and_stays_on_screen(
    app: Flask, world: World, note: str, word: str
) -> None:
    client = world.client("library.adviser")
    answer = client.submit(client.get(new_url(world)), kind="boite_mail", note=note)
    assert answer.status_code == 422
    assert word in client.text(answer, "#note-error")
    assert client.text(answer, "textarea[name=note]", plain=False) == note
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(NeedText)) == 0


@pytest.mark.parametrize("note", ["<script>alert(1)</script>", "🙂 O'Brien", "مرحبا", "x" * 2000])
def test_any_writing_is_kept_as_it_is(world: World, note: str) -> None:
    need_id = note_need(world, note=note)
    client = world.client("library.adviser")
    page = client.get(f"/personnes/{world.people['amina']}/demandes/{need_id}")
    assert note in client.text(page, "main", plain=False)


def test_a_hidden_procedure_is_not_kept_for_another_kind(app: Flask, world: World) -> None:
    note_need(world, kind="boite_mail", demarche="justice", organismes=["caf"])
    need = only_need(app)
    assert need.demarche is None
    assert need.organismes == []


@pytest.mark.parametrize(
    ("typed", "word"), [("31/02/2026", "n’existe pas"), ("demain", "n’existe pas"), ("past", "déjà passée")]
)
def test_impossible_limits_are_refused_with_words(world: World, typed: str, word: str) -> None:
    if typed == "past":
        typed = (world.today - timedelta(days=2)).isoformat()
    client = world.client("library.adviser")
    answer = client.submit(client.get(new_url(world)), kind="boite_mail", due_on=typed)
    assert answer.status_code == 422
    assert word in client.text(answer, "#due_on-error")


def test_the_same_form_sent_twice_writes_once(app: Flask, world: World) -> None:
    client = world.client("library.adviser")
    page = client.get(new_url(world))
    first = client.submit(page, kind="boite_mail")
    again = client.submit(page, kind="boite_mail")
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.location == again.location
    assert client.submit(page, kind="connexion").status_code == 409
    assert only_need(app).kind is NeedKind.BOITE_MAIL


def test_a_stale_correction_shows_both_texts_and_loses_nothing(app: Flask, world: World) -> None:
    need_id = note_need(world, note="Texte de départ.")
    url = f"/personnes/{world.people['amina']}/demandes/{need_id}/modifier"
    mine, theirs = world.client("library.adviser"), world.client("library.manager")
    page = mine.get(url)
    assert theirs.submit(theirs.get(url), note="Texte de la collègue.").status_code == 303
    answer = mine.submit(page, note="Mon texte.")
    assert answer.status_code == 409
    table = mine.text(answer, "table")
    assert "Mon texte." in table
    assert "Texte de la collègue." in table
    assert mine.submit(answer, note="Les deux.").status_code == 303
    with app.app_context():
        assert db.session.scalars(select(NeedText.note)).one() == "Les deux."


def test_closing_then_reopening(app: Flask, world: World) -> None:
    need_id = note_need(world)
    client = world.client("library.adviser")
    base = f"/personnes/{world.people['amina']}/demandes/{need_id}"
    missing = client.submit(client.get(f"{base}/terminer"))
    assert missing.status_code == 422
    assert "Dites comment" in client.text(missing, "#result-error")
    done = client.submit(missing, result="resolue", right_outcome="yes", trip_avoided="yes")
    assert done.status_code == 303
    need = only_need(app)
    assert (need.state, need.result, need.right_outcome, need.trip_avoided) == ("closed", "resolue", "yes", True)
    assert need.closed_at is not None
    page = client.get(base)
    assert "Résolue" in client.text(page)
    assert client.submit(page, button="Rouvrir la demande").status_code == 303
    need = only_need(app)
    assert (need.state, need.result, need.closed_at) == ("open", None, None)


def test_closing_twice_is_a_conflict_said_in_words(world: World) -> None:
    need_id = note_need(world)
    client, other = world.client("library.adviser"), world.client("library.manager")
    url = f"/personnes/{world.people['amina']}/demandes/{need_id}/terminer"
    page = client.get(url)
    assert other.submit(other.get(url), result="resolue").status_code == 303
    answer = client.submit(page, result="abandonnee")
    assert answer.status_code == 409
    assert "déjà terminée" in client.text(answer)


def test_the_desk_sees_open_needs_only(world: World) -> None:
    need_id = note_need(world)
    adviser, desk = world.client("library.adviser"), world.client("library.desk")
    url = f"/personnes/{world.people['amina']}/demandes/{need_id}"
    assert desk.get(url).status_code == 200
    adviser.submit(adviser.get(f"{url}/terminer"), result="resolue")
    assert desk.get(url).status_code == 404
    person = f"/personnes/{world.people['amina']}"
    assert "Boîte mail" not in desk.text(desk.get(person), "main")
    assert "Boîte mail" in adviser.text(adviser.get(person), "main")


def test_the_desk_reads_its_own_words_and_not_the_advisers(world: World) -> None:
    theirs = note_need(world, note="Situation difficile.")
    mine = note_need(world, "library.desk", kind="connexion", note="Vient à 14 h.")
    desk = world.client("library.desk")
    base = f"/personnes/{world.people['amina']}/demandes"
    assert "difficile" not in desk.text(desk.get(f"{base}/{theirs}"))
    assert not desk.select(desk.get(f"{base}/{theirs}/modifier"), "textarea[name=note]")
    assert "Vient à 14 h." in desk.text(desk.get(f"{base}/{mine}"))


def test_a_correction_by_the_desk_keeps_words_it_cannot_read(app: Flask, world: World) -> None:
    need_id = note_need(world, note="Situation difficile.")
    desk = world.client("library.desk")
    page = desk.get(f"/personnes/{world.people['amina']}/demandes/{need_id}/modifier")
    assert desk.submit(page, priority="P1").status_code == 303
    with app.app_context():
        assert db.session.scalars(select(NeedText.note)).one() == "Situation difficile."
        assert db.session.scalars(select(Need.priority)).one() == "P1"


def test_the_persons_page_and_the_list_show_open_needs(world: World) -> None:
    note_need(world, kind="demarche_en_ligne", demarche="logement")
    note_need(world, kind="connexion")
    client = world.client("library.adviser")
    page = client.get(f"/personnes/{world.people['amina']}")
    assert "Démarche en ligne · Logement" in client.text(page, "#demandes")
    assert "2 demandes en cours" in client.text(client.get("/personnes"), "main")
