"""The coordinator's map: counts only, the same in the drawing and in the table, however many rows there are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import Tag

from app.kernel import clock, grants, ids
from app.kernel.db import db
from app.kernel.writes import commit
from app.mediation import actions as mediation
from app.mediation.actions import Anonymous, SessionData
from app.mediation.enums import PlaceKind, Theme
from app.needs import actions as needs
from app.needs.actions import CloseData, NeedData
from app.needs.enums import NeedKind, NeedResult
from app.network import actions as network
from app.network.models import Place, Structure
from app.people.models import Person
from app.pilotage.queries.map import structures
from app.referrals import actions as referrals
from tests.pilotage.test_flows import send
from tests.support.queries import count_queries
from tests.support.world import World, add_person

PAGE = "/pilotage/carte"
MARMANDE, SMALL = "47157", "47002"


def rows(world: World, query: str) -> list[list[str]]:
    client = world.client("coordinator")
    found = client.select(client.get(PAGE + query), ".map-beside__table tbody tr")
    return [[cell.get_text(" ", strip=True) for cell in row.select("th, td")] for row in found]


def drawn(world: World, query: str, selector: str) -> list[Tag]:
    client = world.client("coordinator")
    return list(client.select(client.get(PAGE + query), f".map__drawing {selector}"))


def titles(world: World, query: str, selector: str) -> list[str]:
    return [one.get_text() for one in drawn(world, query, f"{selector} title")]


def settle(world: World, code: str, count: int) -> None:
    """So many people of one commune, each with a need that is still open and a session today."""
    actor = world.actors["library.adviser"]
    with world.app.app_context():
        for rank in range(count):
            person_id = add_person(world, "library.adviser", f"Prénom{code}", f"Nomchoisi{rank}")
            person = db.session.get_one(Person, person_id)
            person.commune_code = code
            granted = grants.on_person(actor, person_id)
            needs.open_need(actor, granted, NeedData(kind=NeedKind.CONNEXION))
            mediation.log_session(actor, granted, session_of(world), world.today)
        commit()


def session_of(world: World) -> SessionData:
    return SessionData(held_on=world.today, minutes=20, themes=(Theme.EMAIL,), place_kind=PlaceKind.A_DISTANCE, note="")


def test_flows_are_drawn_with_their_direction_and_told_in_the_table(world: World) -> None:
    accepted, agent = send(world, 20)
    send(world, 20)
    with world.app.app_context(), clock.fixed(clock.now() - timedelta(days=18)):
        referrals.accept(agent, accepted)
        commit()
    (row,) = rows(world, "")
    assert row[:4] == ["Médiathèque de Marmande", "CCAS de Tonneins", "2", "1"]
    assert "ouvré" in row[4] or row[4] == "le jour même"
    (told,) = titles(world, "", ".map__flow")
    assert told.startswith("De Médiathèque de Marmande vers CCAS de Tonneins\xa0: 2 orientations")
    assert "1 sans réponse" in told


def test_a_structure_stands_in_its_own_commune_when_it_has_a_place_there(world: World) -> None:
    with world.app.app_context():
        structure = db.session.get_one(Structure, world.actors["library.adviser"].structure_id)
        codes = (structure.commune_code, "47233")
        for rank, code in enumerate(codes):
            place = Place(
                id=ids.new_id(),
                structure_id=structure.id,
                external_id=("z", "a")[rank],
                pivot="00000000000000",
                name="Lieu",
                commune_name="Lieu",
                postcode="47000",
                commune_code=code,
                address="1 rue",
                longitude=float(rank + 1),
                latitude=44.0,
                services=[],
                details={},
                updated_on=world.today,
            )
            network.add_place(None, place)
        found = structures.nodes(world.actors["coordinator"])[structure.id]
    assert found.at == (1.0, 44.0)


@pytest.mark.parametrize("layer", ["flux", "personnes", "besoins", "attente"])
def test_a_period_without_anything_says_so_and_its_legend_has_no_class(world: World, layer: str) -> None:
    client = world.client("coordinator")
    page = client.get(f"{PAGE}?couche={layer}&du=2020-01-01&au=2020-02-01")
    assert "Rien à montrer sur la carte" in client.text(page, "main .notice")
    assert [key.get_text() for key in client.select(page, ".map__legend li") if key.get_text()[0].isdigit()] == []
    send(world, 20)
    assert not client.select(client.get(f"{PAGE}?couche=flux"), "main .notice")


def test_the_kind_of_structure_keeps_the_links_where_one_of_the_two_is_of_it(world: World) -> None:
    send(world, 3)
    assert len(rows(world, "?structure=ccas")) == 1
    assert rows(world, "?structure=operator") == []


def test_the_kind_of_need_and_the_period_filter_the_flows(world: World) -> None:
    send(world, 20)
    assert len(rows(world, "?besoin=acces_aux_droits")) == 1
    assert rows(world, "?besoin=connexion") == []
    assert rows(world, f"?du={world.today - timedelta(days=5)}") == []


def test_people_are_counted_once_by_commune_and_shown_as_a_class(world: World) -> None:
    settle(world, MARMANDE, 2)
    found = dict(tuple(row) for row in rows(world, "?couche=personnes"))
    assert found["Marmande"] == "2"
    (area,) = [one for one in drawn(world, "?couche=personnes", ".map__areas > *") if "Marmande\xa0:" in one.get_text()]
    assert "map__tone--none" not in area["class"]


def test_anonymous_people_count_each_time(world: World) -> None:
    actor = world.actors["library.adviser"]
    with world.app.app_context():
        for _rank in range(2):
            mediation.log_anonymous(actor, Anonymous(commune_code=MARMANDE), session_of(world), world.today)
        commit()
    assert dict(tuple(row) for row in rows(world, "?couche=personnes"))["Marmande"] == "2"


@pytest.mark.parametrize("layer", ["personnes", "besoins"])
def test_a_small_count_in_a_small_commune_is_hidden_and_looks_like_zero(world: World, layer: str) -> None:
    settle(world, SMALL, 2)
    found = dict(tuple(row) for row in rows(world, f"?couche={layer}"))
    assert found["Agmé"] == "moins de 5"
    areas = {one.get_text().split("\xa0:")[0]: one for one in drawn(world, f"?couche={layer}", ".map__areas > *")}
    assert areas["Agmé"]["class"] == areas["Beaupuy"]["class"] == ["map__tone--none"]


def test_five_people_in_a_small_commune_are_told(world: World) -> None:
    settle(world, SMALL, 5)
    assert dict(tuple(row) for row in rows(world, "?couche=personnes"))["Agmé"] == "5"


def test_unmet_needs_are_those_open_or_ended_without_a_solution(world: World) -> None:
    actor = world.actors["library.adviser"]
    with world.app.app_context():
        for result in (None, NeedResult.NON_RESOLUE, NeedResult.RESOLUE, NeedResult.EN_PARTIE):
            person_id = add_person(world, "library.adviser", "Prénom", "Nomchoisi")
            db.session.get_one(Person, person_id).commune_code = MARMANDE
            granted = grants.on_person(actor, person_id)
            need = needs.open_need(actor, granted, NeedData(kind=NeedKind.CONNEXION))
            if result:
                needs.close_need(actor, granted, need.id, CloseData(result=result))
        commit()
    assert dict(tuple(row) for row in rows(world, "?couche=besoins&besoin=connexion"))["Marmande"] == "2"
    assert dict(tuple(row) for row in rows(world, "?couche=besoins&besoin=mandat"))["Marmande"] == "0"


def test_what_waits_is_told_by_the_structure_that_should_answer(world: World) -> None:
    accepted, agent = send(world, 3)
    send(world, 3)
    with world.app.app_context():
        referrals.accept(agent, accepted)
        commit()
    assert rows(world, "?couche=attente") == [["CCAS de Tonneins", "1", "0"]]


def test_a_sensitive_structure_has_no_name_no_kind_and_no_place(world: World) -> None:
    send(world, 2, to="shelter")
    with world.app.app_context():
        kind = db.session.get_one(Structure, world.structures["shelter"]).kind
    client = world.client("coordinator")
    page = client.get(PAGE)
    assert "Maison des femmes" not in client.text(page)
    assert titles(world, "", ".map__place")[-1] == "Structure partenaire"
    marks = drawn(world, "", ".map__place circle")
    frame = drawn(world, "", ".map__inset rect")[-1]
    assert any(float(mark["cy"]) > float(frame["y"]) for mark in marks)
    assert all("Structure partenaire" not in row for row in rows(world, f"?structure={kind.value}&couche=attente"))


@pytest.mark.parametrize("layer", ["flux", "personnes", "besoins", "attente"])
def test_nobody_is_named_and_the_drawing_has_its_words(world: World, layer: str) -> None:
    send(world, 2)
    settle(world, MARMANDE, 1)
    client = world.client("coordinator")
    page = client.get(f"{PAGE}?couche={layer}")
    words = page.get_data(as_text=True)
    assert "Bergeronnette" not in words
    assert "Nomchoisi" not in words
    with world.app.app_context():
        assert not any(code in words for code in db.session.query(Person.code).all()[0])
    (drawing,) = client.select(page, "svg.map__drawing")
    assert drawing["role"] == "img"
    assert drawing.title is not None
    assert drawing.title.get_text()
    assert drawing.desc is not None
    assert drawing.desc.get_text().endswith(".")


@pytest.mark.parametrize(
    ("query", "status"),
    [("?du=2026-13-01", 400), ("?couche=lune&structure=x&besoin=y", 200), ("?couche=attente", 200)],
)
def test_an_address_typed_by_hand(world: World, query: str, status: int) -> None:
    assert world.client("coordinator").get(PAGE + query).status_code == status


@pytest.mark.parametrize("layer", ["flux", "personnes", "besoins", "attente"])
def test_queries_do_not_grow_with_rows(world: World, layer: str) -> None:
    send(world, 2)
    client = world.client("coordinator")
    client.get(PAGE)
    with world.app.app_context():
        engine = db.engine
    with count_queries(engine) as few:
        client.get(f"{PAGE}?couche={layer}")
    for _rank in range(3):
        send(world, 2)
    send(world, 2, to="france_services")
    settle(world, MARMANDE, 2)
    with count_queries(engine) as many:
        client.get(f"{PAGE}?couche={layer}")
    many.assert_same_as(few)
    many.assert_at_most(8)
