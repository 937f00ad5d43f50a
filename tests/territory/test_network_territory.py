"""The network's territory: chosen by a command or from the screen, read by everybody as one view."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.cli.demo.network import build_network
from app.kernel.access import Role
from app.kernel.db import db
from app.kernel.errors import DomainError, Stale
from app.kernel.journal import JournalEntry
from app.kernel.writes import commit
from app.territory import actions, communes
from app.territory.actions import TerritoryData
from app.territory.enums import TerritoryKind
from app.territory.queries import Territory, network_territory
from tests.support.pages import InspectingClient
from tests.support.queries import count_queries
from tests.support.world import World

PAGE = "/territoire"
VAL_DE_GARONNE = "200030674"
EPCI = TerritoryData(TerritoryKind.EPCI, VAL_DE_GARONNE)
LISTED = TerritoryData(TerritoryKind.COMMUNES, None, ("47310", "47157", "47157"))


def chosen(app: Flask) -> Territory:
    with app.app_context():
        found = network_territory()
    assert found is not None
    return found


@pytest.fixture
def run(committed_app: Flask) -> Callable[..., tuple[int, str]]:
    def invoke(*args: str) -> tuple[int, str]:
        result = committed_app.test_cli_runner().invoke(args=["territory", *args])
        return result.exit_code, re.sub(r"\s", " ", result.output)

    return invoke


def test_nothing_is_chosen_at_first(app: Flask) -> None:
    with app.app_context(), count_queries(db.session) as asked:
        assert network_territory() is None
    asked.assert_at_most(1)


def test_an_epci_is_its_communes(app: Flask) -> None:
    with app.app_context():
        made = actions.set_territory(None, EPCI)
        db.session.expire_all()
        found = network_territory()
    assert found == made
    assert found is not None
    assert (found.kind, found.code, found.name) == (TerritoryKind.EPCI, VAL_DE_GARONNE, "Val de Garonne Agglomération")
    assert len(found.members) == 43
    assert found.commune_codes == tuple(sorted(found.commune_codes))
    assert found.population == sum(c.population or 0 for c in communes.epci_members(VAL_DE_GARONNE))
    assert found.holds("47157")
    assert not found.holds("47001")


def test_a_departement_is_its_communes_without_the_arrondissements(app: Flask) -> None:
    with app.app_context():
        found = actions.set_territory(None, TerritoryData(TerritoryKind.DEPARTEMENT, "69"))
    assert found.name == "Rhône"
    assert "69123" in found.commune_codes
    assert "69383" not in found.commune_codes
    assert found.holds("69383")


def test_a_list_is_kept_once_and_in_order(app: Flask) -> None:
    with app.app_context():
        found = actions.set_territory(None, LISTED)
        stored = db.session.execute(text("SELECT id, kind, code FROM network_territory")).one()
    assert found.commune_codes == ("47157", "47310")
    assert found.name == "Marmande et Tonneins"
    assert tuple(stored) == (1, "communes", None)


@pytest.mark.parametrize(
    ("codes", "name"),
    [(("47157",), "Marmande"), (("47157", "47310", "47233"), "Marmande et 2 autres communes")],
)
def test_a_list_is_named_after_its_largest_commune(app: Flask, codes: tuple[str, ...], name: str) -> None:
    with app.app_context():
        assert actions.set_territory(None, TerritoryData(TerritoryKind.COMMUNES, None, codes)).name == name


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (TerritoryData(TerritoryKind.EPCI, "000000000"), "epci"),
        (TerritoryData(TerritoryKind.EPCI), "epci"),
        (TerritoryData(TerritoryKind.DEPARTEMENT, "20"), "departement"),
        (TerritoryData(TerritoryKind.COMMUNES, None, ("47157", "99999")), "communes"),
        (TerritoryData(TerritoryKind.COMMUNES), "communes"),
    ],
)
def test_what_is_unknown_is_refused_on_its_field(app: Flask, data: TerritoryData, field: str) -> None:
    with app.app_context():
        with pytest.raises(DomainError) as refused:
            actions.set_territory(None, data)
        assert refused.value.field == field
        assert network_territory() is None


def test_a_new_choice_replaces_the_old_one(app: Flask) -> None:
    with app.app_context():
        actions.set_territory(None, LISTED)
        again = actions.set_territory(None, EPCI)
        rows = db.session.execute(text("SELECT kind, code, communes FROM network_territory")).all()
    assert [tuple(row)[:2] for row in rows] == [("epci", VAL_DE_GARONNE)]
    assert again.version == 2


def test_a_choice_made_from_an_older_page_is_refused(app: Flask) -> None:
    with app.app_context():
        actions.set_territory(None, EPCI)
        actions.set_territory(None, LISTED)
        with pytest.raises(Stale):
            actions.set_territory(None, EPCI, version=1)


@pytest.mark.parametrize(
    "row",
    [
        "(2, 'epci', '200030674', '[]', '2026-01-01', 1)",
        "(1, 'epci', NULL, '[]', '2026-01-01', 1)",
        "(1, 'communes', '200030674', '[]', '2026-01-01', 1)",
        "(1, 'region', '75', '[]', '2026-01-01', 1)",
    ],
)
def test_the_database_holds_one_sensible_row(app: Flask, row: str) -> None:
    statement = f"INSERT INTO network_territory (id, kind, code, communes, updated_at, version) VALUES {row}"
    with app.app_context(), pytest.raises(IntegrityError):
        db.session.execute(text(statement))


def test_commands_show_and_set(committed_app: Flask, run: Callable[..., tuple[int, str]]) -> None:
    assert run("show") == (0, "Aucun territoire n’est encore choisi. ")
    code, said = run("set", "--epci", VAL_DE_GARONNE)
    assert code == 0
    assert said.startswith("Val de Garonne Agglomération : 43 communes")
    assert run("show") == (0, said)
    run("set", "--departement", "2a")
    assert chosen(committed_app).name == "Corse-du-Sud"
    run("set", "--communes", "47157, Tonneins,47001")
    assert chosen(committed_app).commune_codes == ("47001", "47157", "47310")


@pytest.mark.parametrize(
    "args",
    [
        (),
        ("--epci", VAL_DE_GARONNE, "--departement", "47"),
        ("--epci", "nulle part"),
        ("--departement", "20"),
        ("--communes", "47157,saint-denis"),
        ("--communes", ""),
    ],
)
def test_commands_refuse_what_is_unclear(run: Callable[..., tuple[int, str]], args: tuple[str, ...]) -> None:
    assert run("set", *args)[0] != 0
    assert run("show")[1] == "Aucun territoire n’est encore choisi. "


def submit(client: InspectingClient, **fields: str) -> tuple[int, str]:
    page = client.get(PAGE)
    answer = client.submit(page, "#territoire", data=fields)
    return answer.status_code, client.text(answer)


def test_the_coordinator_searches_an_epci_by_one_of_its_communes(app: Flask, world: World) -> None:
    client = world.client("coordinator")
    page = client.get(PAGE)
    assert "Aucun territoire n’est encore choisi" in client.text(page)
    asked = client.submit(page, "#territoire", data={"kind": "epci", "epci": "marmande"})
    assert asked.status_code == 422
    assert "Val de Garonne Agglomération" in client.text(asked, ".choices")
    assert "Lot-et-Garonne (47), 43 communes" in client.text(asked, ".choices")
    done = client.submit(asked, "#territoire", data={"epci-choix": VAL_DE_GARONNE})
    assert done.status_code == 303
    with app.app_context():
        told = db.session.query(JournalEntry).filter_by(action="territory.set").one()
        assert told.user_id == world.actors["coordinator"].user_id
        population = f"{communes.inhabitants(communes.epci_members(VAL_DE_GARONNE)):,}".replace(",", " ")
    shown = client.text(client.get(PAGE))
    assert "Val de Garonne Agglomération" in shown
    assert f"{population} habitants" in shown
    assert "Communes 43" in shown


def test_an_administrator_writes_a_list_in_several_ways(app: Flask, world: World) -> None:
    client = world.client("admin")
    status, _text = submit(
        client, kind="communes", communes="marmande\nSte-Bazeille; Tonneins (47), 47700 Casteljaloux"
    )
    assert status == 303
    assert chosen(app).commune_codes == ("47052", "47157", "47233", "47310")


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"kind": "epci", "epci": ""}, "epci", "Écrivez le nom"),
        ({"kind": "epci", "epci": "xyzxyz"}, "epci", "n’est pas reconnue"),
        ({"kind": "epci", "epci": "Deux Vallées"}, "epci", "choisissez la bonne"),
        ({"kind": "departement", "departement": ""}, "departement", "Choisissez le département"),
        ({"kind": "communes", "communes": ""}, "communes", "au moins une commune"),
        ({"kind": "communes", "communes": "Marmande\n47200"}, "communes", "« 47200 » peut être : Marmande (47)"),
        ({"kind": "communes", "communes": "qwertz"}, "communes", "« qwertz » n’est pas reconnu"),
    ],
)
def test_the_screen_says_what_is_wrong_where_it_is(
    app: Flask, world: World, fields: dict[str, str], field: str, words: str
) -> None:
    client = world.client("coordinator")
    answer = client.submit(client.get(PAGE), "#territoire", data=fields)
    assert answer.status_code == 422
    assert words in client.text(answer, f"#{field}-error")
    assert len(client.select(answer, ".field__error")) == 1
    with app.app_context():
        assert network_territory() is None


def test_what_another_kind_says_does_not_count(app: Flask, world: World) -> None:
    status, _text = submit(
        world.client("coordinator"), kind="departement", departement="47", epci="xyz", communes="qwertz"
    )
    assert status == 303
    assert chosen(app).name == "Lot-et-Garonne"


def test_two_people_who_choose_at_once(app: Flask, world: World) -> None:
    one, other = world.client("coordinator"), world.client("admin")
    pages = one.get(PAGE), other.get(PAGE)
    first = one.submit(pages[0], "#territoire", data={"kind": "departement", "departement": "47"})
    assert first.status_code == 303
    late = other.get(PAGE)
    one.submit(one.get(PAGE), "#territoire", data={"kind": "departement", "departement": "33"})
    assert other.submit(late, "#territoire", data={"kind": "departement", "departement": "24"}).status_code == 409
    assert chosen(app).name == "Gironde"


def test_the_choosers_are_the_coordinator_and_the_administrator(app: Flask, world: World) -> None:
    for who, actor in world.actors.items():
        expected = 200 if actor.role in {Role.COORDINATOR, Role.ADMIN} else 404
        assert world.client(who).get(PAGE).status_code == expected, who


def test_the_demonstration_is_on_val_de_garonne(committed_app: Flask) -> None:
    with committed_app.app_context():
        build_network(date(2026, 1, 5), 8)
        commit()
    found = chosen(committed_app)
    assert (found.name, len(found.members)) == ("Val de Garonne Agglomération", 43)


def test_the_page_asks_no_more_queries_for_more_communes(app: Flask, world: World) -> None:
    client = world.client("coordinator")
    client.get(PAGE)
    with app.app_context(), count_queries(db.session) as few:
        client.get(PAGE)
    with app.app_context():
        actions.set_territory(None, TerritoryData(TerritoryKind.DEPARTEMENT, "62"))
        commit()
    with app.app_context(), count_queries(db.session) as many:
        client.get(PAGE)
    many.assert_same_as(few)
