"""Lists that one keeps: a name of one’s own, codes alone; opened first, renamed, deleted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.test import TestResponse

from app.kernel.db import db
from app.people.actions import views as acts
from app.people.models import ListView
from tests.people.helpers import add, names_of
from tests.support.pages import InspectingClient
from tests.support.world import World, build_world

CRITERIA = "commune=47310&tri=nom"


def _keep(client: InspectingClient, name: str, criteria: str = CRITERIA, **fields: object) -> TestResponse:
    page = client.get(f"/personnes/listes/nouvelle?{criteria}")
    return client.submit(page, "#liste", data={"name": name, **fields})


def _kept(world: World) -> dict[str, ListView]:
    with world.app.app_context():
        found = {one.name: one for one in db.session.scalars(select(ListView))}
        db.session.expunge_all()
        return found


def test_a_list_is_kept_and_opened_again(world: World) -> None:
    add(world, "library.adviser", "Zoé", "Azur", commune_code="47310")
    client = world.client("library.adviser")
    page = client.get(f"/personnes?{CRITERIA}")
    link = client.select(page, "a[href*='listes/nouvelle']")[0]["href"]
    answer = client.submit(client.get(str(link)), "#liste", data={"name": "Tonneins"})
    one = _kept(world)["Tonneins"]
    assert answer.location == f"/personnes?vue={one.id}"
    assert one.criteria == {"commune": "47310", "tri": "nom"}
    shown = client.get(str(answer.location))
    assert names_of(client, shown) == ["Zoé Azur"]
    assert client.text(shown, "[aria-label='Mes listes'] [aria-current]") == "Tonneins"
    assert len(names_of(client, client.get("/personnes"))) == 2


def test_the_first_list_opens_by_itself_and_all_the_others_stay_one_click_away(world: World) -> None:
    add(world, "library.adviser", "Zoé", "Azur", commune_code="47310")
    client = world.client("library.adviser")
    _keep(client, "Tonneins", is_default=True)
    assert names_of(client, client.get("/personnes")) == ["Zoé Azur"]
    everybody = client.select(client.get("/personnes"), "[aria-label='Mes listes'] a")[0]["href"]
    assert len(names_of(client, client.get(str(everybody)))) == 2
    assert len(names_of(client, client.get("/personnes?tri=nom"))) == 2
    _keep(client, "Autre", "tri=nom", is_default=True)
    assert [name for name, one in _kept(world).items() if one.is_default] == ["Autre"]


def test_renamed_and_deleted(world: World) -> None:
    client = world.client("library.adviser")
    _keep(client, "Tonneins")
    one = _kept(world)["Tonneins"]
    page = client.get(f"/personnes/listes/{one.id}")
    assert client.submit(page, "#liste", data={"name": "À rappeler"}).status_code == 303
    assert set(_kept(world)) == {"À rappeler"}
    listed = client.get("/personnes/listes")
    assert "Commune : Tonneins" in client.text(listed)
    assert client.submit(listed, "form[action$=supprimer]").status_code == 303
    assert _kept(world) == {}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "Donnez un nom à cette liste"),
        ("   ", "Donnez un nom à cette liste"),
        ("2 69 05 49 588 157 80", "sécurité sociale"),
        ("x" * 61, "trop long"),
    ],
)
def test_a_name_that_cannot_be_kept_is_said_and_stays_on_screen(world: World, name: str, words: str) -> None:
    client = world.client("library.adviser")
    answer = _keep(client, name)
    assert answer.status_code == 422
    assert words in client.text(answer, ".field--error")
    if name.strip():
        assert client.select(answer, "input[name=name]")[0]["value"] == name
    assert "Tonneins" in client.text(answer, ".card")
    assert _kept(world) == {}


def test_two_lists_of_one_name_are_refused_on_the_name(world: World) -> None:
    client = world.client("library.adviser")
    _keep(client, "Tonneins")
    again = _keep(client, "Tonneins", "tri=nom")
    assert again.status_code == 422
    assert "déjà une liste de ce nom" in client.text(again, ".field--error")
    assert len(_kept(world)) == 1


def test_nobody_else_has_them_nor_oneself_under_another_hat(world: World) -> None:
    _keep(world.client("camille.library"), "La mienne")
    one = _kept(world)["La mienne"]
    for who in ("library.adviser", "library.manager", "camille.fablab"):
        client = world.client(who)
        assert client.get(f"/personnes/listes/{one.id}").status_code == 404
        assert "La mienne" not in client.get("/personnes/listes").get_data(as_text=True)
        assert "La mienne" not in client.get(f"/personnes?vue={one.id}").get_data(as_text=True)


def test_what_is_kept_is_codes_that_are_ours(world: World) -> None:
    _keep(world.client("library.adviser"), "Rien", "commune=%27&q=Benali&nom=Benali&page=3")
    assert _kept(world)["Rien"].criteria == {}


def test_thirty_lists_at_most(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acts, "MOST", 1)
    client = world.client("library.adviser")
    _keep(client, "Une")
    refused = _keep(client, "Deux")
    assert refused.status_code == 422
    assert "supprimez-en une" in client.text(refused)


def test_the_database_keeps_one_first_list(world: World) -> None:
    client = world.client("library.adviser")
    _keep(client, "Une", is_default=True)
    with world.app.app_context():
        actor = world.actors["library.adviser"]
        owner = {"user_id": actor.user_id, "structure_id": actor.structure_id}
        db.session.add(ListView(**owner, name="Deux", criteria={}, is_default=True))
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


def test_the_same_name_twice_at_once_is_kept_once(committed_app: Flask) -> None:
    world = build_world(committed_app)
    clients = [world.client("library.adviser") for _ in range(2)]
    pages = [client.get(f"/personnes/listes/nouvelle?{CRITERIA}") for client in clients]
    barrier = Barrier(2)

    def send(rank: int) -> int:
        barrier.wait()
        return clients[rank].submit(pages[rank], "#liste", data={"name": "Tonneins"}).status_code

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(send, range(2)))
    assert statuses[0] == 303
    assert statuses[1] in {409, 422}
    assert len(_kept(world)) == 1


def test_a_list_of_a_colleague_who_left_says_so(world: World) -> None:
    client = world.client("library.adviser")
    gone: UUID = world.actors["ccas.desk"].user_id
    _keep(client, "Ancienne", f"interlocuteur={gone}")
    assert "Interlocuteur : un ancien choix" in client.text(client.get("/personnes/listes"))
