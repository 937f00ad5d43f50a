"""Logging a session as on the screen: three presses and save; what is wrong is said where it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.kernel.db import db
from app.mediation.enums import Channel, Material, PlaceKind, Theme
from app.mediation.models import Participation, ParticipationFact, SessionLog, SessionText
from app.mediation.queries import lists
from app.needs.models import Need
from tests.mediation.helpers import log, log_anonymous, new_url
from tests.support.pages import InspectingClient
from tests.support.queries import count_queries
from tests.support.world import World

SAVE = "Enregistrer la séance"
AID = "aide_aux_demarches_administratives"


def send(client: InspectingClient, url: str, button: str = SAVE, **fields: Any) -> TestResponse:
    return client.submit(client.get(url), button=button, **fields)


def sessions(app: Flask) -> list[SessionLog]:
    with app.app_context():
        return list(db.session.scalars(select(SessionLog).order_by(SessionLog.id)))


@pytest.mark.parametrize("who", ["library.desk", "library.adviser", "library.manager"])
def test_three_presses_and_save(app: Flask, world: World, who: str) -> None:
    client = world.client(who)
    answer = send(client, new_url(world), minutes="45", themes=[AID], demarches=["logement"])
    assert answer.status_code == 303
    assert answer.location.endswith(f"/personnes/{world.people['amina']}")
    (session,) = sessions(app)
    assert (session.minutes, session.held_on, session.channel) == (45, world.today, Channel.GUICHET)
    assert (session.place_kind, session.place_id) == (PlaceKind.LIEU_ACTIVITE, world.places["library"])
    assert session.commune_code == "47157"
    with app.app_context():
        taking = db.session.scalars(select(Participation)).one()
        need = db.session.scalars(select(Need)).one()
        assert taking.person_id == world.people["amina"]
        assert (session.need_id, need.kind, need.demarche) == (need.id, "demarche_en_ligne", "logement")
    page = client.get(f"/personnes/{world.people['amina']}")
    assert "Aide aux démarches administratives" in client.text(page, "#histoire")


@pytest.mark.parametrize("typed", ["1h30", "90", "1 h 30", "1\u00a0h\u00a030", "90 min"])
def test_a_typed_duration_wins_over_the_buttons(app: Flask, world: World, typed: str) -> None:
    client = world.client("library.adviser")
    assert send(client, new_url(world), minutes="15", other_minutes=typed, themes=["email"]).status_code == 303
    assert sessions(app)[0].minutes == 90


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"themes": ["email"]}, "minutes", "Indiquez la durée."),
        ({"themes": ["email"], "other_minutes": "longtemps"}, "minutes", "Cette durée n’est pas reconnue."),
        ({"themes": ["email"], "other_minutes": "24h"}, "minutes", "La durée va de 1 minute à 23 h 59."),
        ({"themes": ["email"], "other_minutes": "0"}, "minutes", "La durée va de 1 minute à 23 h 59."),
        ({"minutes": "30"}, "themes", "Choisissez au moins un thème."),
        (
            {"minutes": "30", "themes": ["email"], "demarches": ["justice"]},
            "demarches",
            "Une démarche ne se note qu’avec",
        ),
        ({"minutes": "30", "themes": ["email"], "held_on": "31/02/2026"}, "held_on", "Cette date n’existe pas."),
        ({"minutes": "30", "themes": ["email"], "held_on": ""}, "held_on", "Indiquez la date de la séance."),
        ({"minutes": "30", "themes": ["email"], "held_on": "12/05/1998"}, "held_on", "trop ancienne"),
        ({"minutes": "30", "themes": ["email"], "place_kind": "domicile"}, "commune", "Indiquez la commune."),
        (
            {"minutes": "30", "themes": ["email"], "place_kind": "autre", "commune": "Saint-Denis"},
            "commune",
            "communes",
        ),
        ({"minutes": "30", "themes": ["email"], "place_kind": "autre", "commune": "Zzyzx"}, "commune", "pas reconnue"),
        ({"minutes": "30", "themes": ["email"], "note": "carte 4970 1012 3456 7893"}, "note", "carte bancaire"),
        ({"minutes": "30", "themes": ["email"], "note": "NIR 2 58 03 47 157 123 45"}, "note", "sécurité sociale"),
        ({"minutes": "30", "themes": ["email"], "note": "x" * 4001}, "note", "trop long"),
    ],
)
def test_what_is_wrong_is_said_on_its_field(
    app: Flask, world: World, fields: dict[str, Any], field: str, words: str
) -> None:
    client = world.client("library.adviser")
    answer = send(client, new_url(world), **{"note": "À garder.", **fields})
    assert answer.status_code == 422
    assert words in client.text(answer, f"#{field}-error")
    kept = fields.get("note", "À garder.")
    assert client.text(answer, "textarea[name=note]") == kept
    assert sessions(app) == []


def test_the_future_is_refused(app: Flask, world: World) -> None:
    client = world.client("library.adviser")
    tomorrow = (world.today + timedelta(days=1)).isoformat()
    answer = send(client, new_url(world), minutes="30", themes=["email"], held_on=tomorrow)
    assert answer.status_code == 422
    assert "une fois qu’elle a eu lieu" in client.text(answer, "#held_on-error")
    assert sessions(app) == []


@pytest.mark.parametrize("name", ["channel", "place_kind", "visibility", "themes", "minutes", "posture", "materials"])
def test_a_forged_code_is_refused(app: Flask, world: World, name: str) -> None:
    client = world.client("library.adviser")
    page = client.get(new_url(world))
    answer = client.submit(page, button=SAVE, minutes="30", themes=["email"], forged={name: "n_importe_quoi"})
    assert answer.status_code == 422
    assert sessions(app) == []


def test_a_place_of_somebody_else_is_refused(app: Flask, world: World) -> None:
    client = world.client("library.adviser")
    page = client.get(new_url(world))
    theirs = str(world.places["ccas"])
    answer = client.submit(page, button=SAVE, minutes="30", themes=["email"], forged={"place_id": theirs})
    assert answer.status_code == 422
    assert "Choisissez un lieu de votre structure." in client.text(answer, "#place_id-error")


def test_a_structure_without_a_place_still_logs_in_three_presses(app: Flask, world: World) -> None:
    client = world.client("fs.adviser")
    page = client.get("/seances/nouvelle")
    assert not client.select(page, "input[name=place_kind][value=lieu_activite]")
    answer = client.submit(page, button=SAVE, minutes="30", themes=["email"], place_kind="a_distance")
    assert answer.status_code == 303
    assert sessions(app)[0].place_kind is PlaceKind.A_DISTANCE


def test_at_home_the_commune_is_recognised(app: Flask, world: World) -> None:
    client = world.client("library.adviser")
    where = {"place_kind": "domicile", "commune": "Tonneins"}
    checked = send(client, new_url(world), button="Vérifier la commune", minutes="30", themes=["email"], **where)
    assert checked.status_code == 422
    assert sessions(app) == []
    assert client.submit(checked, button=SAVE).status_code == 303
    (session,) = sessions(app)
    assert (session.place_kind, session.place_id, session.commune_code) == (PlaceKind.DOMICILE, None, "47310")


def test_the_form_remembers_the_last_session(world: World) -> None:
    log(
        world,
        themes=(Theme.BUREAUTIQUE, Theme.EMAIL),
        channel=Channel.TELEPHONE,
        materials=(Material.TABLETTE,),
        place_kind=PlaceKind.A_DISTANCE,
    )
    log(world, themes=(Theme.BUREAUTIQUE,), channel=Channel.TELEPHONE, materials=(Material.TABLETTE,))
    client = world.client("library.adviser")
    page = client.get("/seances/nouvelle")
    checked = {(str(tag["name"]), str(tag["value"])) for tag in client.select(page, "input:checked")}
    assert {("channel", "telephone"), ("materials", "tablette"), ("place_kind", "a_distance")} <= checked
    themes = [str(tag["value"]) for tag in client.select(page, "input[name=themes]")]
    assert themes[:2] == ["bureautique", "email"]
    assert len(themes) == len(set(themes)) == 19
    assert "minutes" not in {name for name, _value in checked}
    other = world.client("library.manager")
    fresh = other.get("/seances/nouvelle")
    assert "tablette" not in {str(tag["value"]) for tag in other.select(fresh, "input[name=materials]:checked")}


def test_the_same_form_sent_twice_counts_once(app: Flask, world: World) -> None:
    client = world.client("library.adviser")
    page = client.get(new_url(world))
    first = client.submit(page, button=SAVE, minutes="30", themes=["email"])
    again = client.submit(page, button=SAVE, minutes="30", themes=["email"])
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.location == again.location
    assert client.submit(page, button=SAVE, minutes="60", themes=["email"]).status_code == 409
    assert len(sessions(app)) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(ParticipationFact)) == 1


def test_without_a_name_then_attached(app: Flask, world: World) -> None:
    client = world.client("library.desk")
    facts = {"genre": "feminin", "age_band": "soixante_dix_plus", "statut_social": "retraite", "home": "Marmande (47)"}
    answer = send(client, "/seances/nouvelle", minutes="15", themes=["email"], **facts)
    assert answer.status_code == 303
    page = client.get(answer.location)
    text = client.text(page, "main")
    assert "Personne sans nom" in text
    assert "70 ans et plus" in text
    assert "Marmande (47)" in text
    choose = client.get(str(client.select(page, "a[href$=rattacher]")[0]["href"]))
    assert "Amina Benali" in client.text(choose)
    assert "Gauthier" not in client.text(choose)
    done = client.submit(choose, "#attach", person=str(world.people["amina"]))
    assert done.status_code == 303
    assert "Amina Benali" in client.text(client.get(done.location))
    with app.app_context():
        assert db.session.scalars(select(Participation.person_id)).one() == world.people["amina"]
    assert client.get(f"{done.location}/rattacher").status_code == 409


def test_the_person_is_found_by_a_piece_of_name(world: World) -> None:
    session_id = log_anonymous(world)
    client = world.client("library.adviser")
    page = client.get(f"/seances/{session_id}/rattacher")
    found = client.submit(page, "#find", q="bénal", follow_redirects=True)
    assert "nal" not in found.request.query_string.decode().replace("rattacher", "")
    assert client.submit(found, "#attach", person=str(world.people["amina"])).status_code == 303
    other = client.submit(
        client.get(f"/seances/{log_anonymous(world)}/rattacher"), "#find", q="gauthier", follow_redirects=True
    )
    assert "Jean" not in client.text(other)


def test_nobody_chosen_is_said(world: World) -> None:
    client = world.client("library.adviser")
    page = client.get(f"/seances/{log_anonymous(world)}/rattacher")
    answer = client.submit(page, "#attach")
    assert answer.status_code == 422
    assert "Choisissez la personne." in client.text(answer, "#person-error")


def test_a_workshop_is_counted(app: Flask, world: World) -> None:
    client = world.client("library.adviser")
    save = "Enregistrer l’atelier"
    wrong = send(
        client,
        "/seances/atelier",
        save,
        total="4",
        genre_feminin="3",
        genre_masculin="2",
        minutes="120",
        themes=["email"],
    )
    assert wrong.status_code == 422
    assert "dépasse le nombre" in client.text(wrong, "#genre_masculin-error")
    done = client.submit(wrong, button=save, total="6", title="Premiers mails")
    assert done.status_code == 303
    text = client.text(client.get(done.location), "main")
    assert "Premiers mails" in text
    assert "Atelier, 6 personnes" in text
    assert not client.select(client.get(done.location), "a[href$=rattacher]")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(ParticipationFact)) == 6
    wrong_totals = {"": "Indiquez combien", "0": "de 1 à 300", "-3": "Écrivez un nombre", "mille": "Écrivez un nombre"}
    for total, words in wrong_totals.items():
        answer = send(client, "/seances/atelier", save, total=total, minutes="120", themes=["email"])
        assert answer.status_code == 422
        assert words in client.text(answer, "#total-error")


def test_correcting_with_a_stale_version_shows_both_texts(app: Flask, world: World) -> None:
    session_id = log(world, note="Texte de départ.")
    url, save = f"/seances/{session_id}/corriger", "Enregistrer la correction"
    mine, again = world.client("library.adviser"), world.client("library.adviser")
    page = mine.get(url)
    assert send(again, url, save, note="Texte de l’autre onglet.", minutes="60").status_code == 303
    answer = mine.submit(page, button=save, note="Mon texte.")
    assert answer.status_code == 409
    table = mine.text(answer, "table")
    assert "Mon texte." in table
    assert "Texte de l’autre onglet." in table
    assert "1 h" in table
    assert mine.submit(answer, button=save).status_code == 303
    with app.app_context():
        assert db.session.scalars(select(SessionText.note)).one() == "Mon texte."


def test_the_correction_shows_what_was_noted(app: Flask, world: World) -> None:
    client = world.client("library.adviser")
    fields = {"other_minutes": "50", "themes": [AID, "email"], "demarches": ["logement"], "acts": ["cv"]}
    where = {"place_kind": "autre", "commune": "Tonneins", "posture": "j_accompagne", "visibility": "author"}
    assert send(client, new_url(world), note="Mot.", **fields, **where).status_code == 303
    (before,) = sessions(app)
    assert send(client, f"/seances/{before.id}/corriger", "Enregistrer la correction").status_code == 303
    (after,) = sessions(app)
    for name in ("minutes", "themes", "demarches", "acts", "place_kind", "commune_code", "posture", "need_id"):
        assert sorted(str(getattr(after, name))) == sorted(str(getattr(before, name))), name
    assert after.version == before.version + 1


@pytest.mark.parametrize(
    ("fields", "minutes"),
    [({}, 50), ({"minutes": "45"}, 45), ({"other_minutes": "1h40"}, 100), ({"minutes": "45", "other_minutes": ""}, 45)],
)
def test_correcting_an_unusual_duration(app: Flask, world: World, fields: dict[str, str], minutes: int) -> None:
    session_id = log(world, minutes=50)
    client = world.client("library.adviser")
    assert send(client, f"/seances/{session_id}/corriger", "Enregistrer la correction", **fields).status_code == 303
    assert sessions(app)[0].minutes == minutes


@pytest.mark.parametrize("who", ["coordinator", "elected", "dpo", "admin"])
def test_other_hats_have_no_sessions(world: World, who: str) -> None:
    session_id = log(world)
    client = world.client(who)
    for url in ("/seances", "/seances/nouvelle", "/seances/atelier", f"/seances/{session_id}", new_url(world)):
        assert client.get(url).status_code == 404


@pytest.mark.parametrize("who", ["ccas.adviser", "newcomer.adviser"])
def test_strangers_find_nothing(world: World, who: str) -> None:
    session_id = log(world)
    client = world.client(who)
    ends = ("", "/corriger", "/rattacher")
    for url in (new_url(world), *(f"/seances/{session_id}{end}" for end in ends), f"/seances/{UUID(int=5)}"):
        assert client.get(url).status_code == 404
    assert "Benali" not in client.get("/seances").get_data(as_text=True)


def test_the_list_is_filtered_by_period_and_theme(world: World) -> None:
    log(world, themes=(Theme.SANTE,))
    log(world, themes=(Theme.EMAIL,), held_on=world.today - timedelta(days=40))
    client = world.client("library.adviser")

    def shown(query: str) -> list[str]:
        return [
            tag.get_text(strip=True)
            for tag in client.select(client.get(f"/seances{query}"), "tbody td[data-label=Thèmes]")
        ]

    assert shown("") == ["Santé", "E-mail"]
    assert shown("?theme=sante") == ["Santé"]
    assert shown("?periode=semaine") == ["Santé"]
    assert shown("?theme=email&periode=semaine") == []
    assert shown("?theme=%22%25&periode=x&page=99") == ["Santé", "E-mail"]
    assert shown("?moi=1") == ["Santé", "E-mail"]
    assert (
        world.client("library.manager").select(world.client("library.manager").get("/seances?moi=1"), "tbody tr") == []
    )


def test_the_list_is_paged(world: World) -> None:
    for day in range(27):
        log(world, held_on=world.today - timedelta(days=day))
    client = world.client("library.adviser")
    first = client.get("/seances?theme=email")
    assert len(client.select(first, "tbody tr")) == 25
    following = client.get(str(client.select(first, "a[rel=next]")[0]["href"]))
    assert len(client.select(following, "tbody tr")) == 2


def test_beyond_the_most_counted_pages_go_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of pages is not said, and none is out of reach."""
    monkeypatch.setattr(lists, "MOST_COUNTED", 30)
    for day in range(56):
        log(world, held_on=world.today - timedelta(days=day))
    client = world.client("library.adviser")
    page, seen = client.get("/seances"), []
    for number in (1, 2, 3):
        assert "Plus de 30 séances" in client.text(page, ".pager")
        assert f"Page {number}" in client.text(page, ".pager")
        assert "sur" not in client.text(page, ".pager").split("séances")[1]
        seen += [str(link["href"]) for link in client.select(page, "tbody th a")]
        following = client.select(page, "a[rel=next]")
        page = client.get(str(following[0]["href"])) if following else page
    assert len(set(seen)) == len(seen) == 56
    assert following == []
    beyond = client.get("/seances?page=99")
    assert "Page 3" in client.text(beyond, ".pager")
    assert [str(link["href"]) for link in client.select(beyond, "tbody th a")] == seen[50:]


def test_the_list_costs_the_same_whatever_its_length(world: World) -> None:
    client = world.client("library.adviser")
    for _rank in range(2):
        for day in range(14):
            log(world, held_on=world.today - timedelta(days=day))
        client.get("/seances")
        with world.app.app_context():
            engine = db.engine
        with count_queries(engine) as asked:
            client.get("/seances")
        assert len(asked) == 6, asked.told()


@pytest.mark.parametrize(
    "page", ["/seances", "/seances/nouvelle", "/personnes/{amina}", "/personnes/{amina}/seances/nouvelle"]
)
def test_more_rows_ask_no_more_queries(app: Flask, world: World, page: str) -> None:
    url = page.format(amina=world.people["amina"])
    for _rank in range(2):
        log(world, new_need=True, note="Mot.")
        log(world, "ccas.adviser", "jean")
        log_anonymous(world)
    client = world.client("library.adviser")
    client.get(url)
    with app.app_context(), count_queries(db.session) as few:
        client.get(url)
    for _rank in range(8):
        log(world, new_need=True, note="Mot.")
        log_anonymous(world)
    client.get(url)
    with app.app_context(), count_queries(db.session) as many:
        client.get(url)
    many.assert_same_as(few)
    assert len(few) > 0
