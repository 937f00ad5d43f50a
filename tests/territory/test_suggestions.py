"""Communes suggested for a beginning: names and postcodes, the network's territory first, one query, no personal data."""

from __future__ import annotations

import pytest
from flask import Flask

from app.kernel.db import db
from app.kernel.writes import commit
from app.territory import actions, communes
from app.territory.actions import TerritoryData
from app.territory.enums import TerritoryKind
from tests.support.pages import InspectingClient
from tests.support.queries import count_queries
from tests.support.world import World

EPCI = TerritoryData(TerritoryKind.EPCI, "200030674")


def suggested(client: InspectingClient, text: str) -> list[dict[str, str]]:
    answer = client.get("/territoire/communes", query_string={"q": text})
    assert answer.status_code == 200
    found: list[dict[str, str]] = answer.get_json()["communes"]
    return found


def test_suggestions_read_names_and_postcodes(app: Flask, world: World) -> None:
    client = world.client("library.desk")
    assert suggested(client, "marm")[0] == {
        "label": "Marmande (47200)",
        "name": "Marmande",
        "where": "Lot-et-Garonne (47), 47200",
    }
    for typed in ("St Étienne", "saint-etienne", "SAINT ETIENNE", "42000"):
        assert suggested(client, typed)[0]["label"] == "Saint-Étienne (42000)"
    assert suggested(client, "paris 12")[0]["label"] == "Paris 12e Arrondissement (75012)"
    assert suggested(client, "m") == []
    assert suggested(client, "") == []
    assert suggested(client, "zzzzzz") == []
    assert len(suggested(client, "saint")) == 8


def test_the_territory_s_communes_come_first(app: Flask, world: World) -> None:
    client = world.client("library.desk")
    assert all("(47)" not in one["where"] for one in suggested(client, "saint"))
    with app.app_context():
        ours = actions.set_territory(None, EPCI)
        commit()
    names = {commune.name for commune in ours.members}
    found = [one["name"] for one in suggested(client, "saint")]
    assert len(found) == 8
    assert set(found) <= names
    # Beyond the territory’s, the others follow, the most populated first.
    assert [one["name"] for one in suggested(client, "marm")][:2] == ["Marmande", "Marmoutier"]


def test_suggestions_cost_one_query_of_their_own(app: Flask, world: World) -> None:
    client = world.client("library.desk")
    with app.app_context(), count_queries(db.session) as few:
        client.get("/territoire/communes?q=m")
    with app.app_context(), count_queries(db.session) as asked:
        client.get("/territoire/communes?q=marm")
    assert len(asked) == len(few) + 1, asked.told()


def test_every_label_suggested_is_read_back() -> None:
    for code, commune in communes.all_communes().items():
        assert communes.resolve(communes.label_with_postcode(code)) == commune


def test_suggestions_are_for_people_signed_in(client: InspectingClient) -> None:
    answer = client.get("/territoire/communes?q=marm")
    assert answer.status_code == 303
    assert "/connexion" in answer.headers["Location"]


def test_what_is_typed_is_not_in_the_logs(app: Flask, world: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", "maillage"):
        world.client("library.desk").get("/territoire/communes?q=marmande")
    assert "/territoire/communes" in caplog.text
    assert "marmande" not in caplog.text
