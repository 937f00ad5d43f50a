"""What stops needs, by body, for the coordinator."""

from __future__ import annotations

from datetime import timedelta

from app.kernel import clock, grants
from app.kernel.db import db
from app.kernel.writes import commit
from app.needs import actions as needs
from app.needs.actions import NeedData
from app.needs.enums import Blocker, NeedKind, Organisme
from tests.support.queries import count_queries
from tests.support.world import World

PAGE = "/pilotage/blocages"


def _need(world: World, organismes: tuple[Organisme, ...], *blockers: Blocker, days_ago: int = 1) -> None:
    with world.app.app_context(), clock.fixed(clock.now() - timedelta(days=days_ago)):
        actor = world.actors["library.adviser"]
        data = NeedData(kind=NeedKind.DEMARCHE_EN_LIGNE, organismes=organismes, blockers=blockers)
        needs.open_need(actor, grants.on_person(actor, world.people["amina"]), data)
        commit()
        db.session.remove()


def _rows(world: World, query: str = "") -> list[list[str]]:
    client = world.client("coordinator")
    page = client.get(PAGE + query)
    return [
        [" ".join(cell.get_text(" ", strip=True).split()) for cell in row.select("th, td")]
        for row in client.select(page, "tbody tr")
    ]


def test_each_body_and_each_thing_that_stopped_counts_once(world: World) -> None:
    _need(world, (Organisme.CAF,), Blocker.SITE_EN_PANNE)
    _need(world, (Organisme.CAF, Organisme.CPAM), Blocker.SITE_EN_PANNE, Blocker.PAS_DE_GUICHET)
    _need(world, (), Blocker.AUTRE)
    _need(world, (Organisme.ANTS,))
    assert _rows(world) == [
        ["CAF", "2", "Site en panne (2), Pas de guichet (1)"],
        ["Aucun organisme noté", "1", "Autre chose (1)"],
        ["CPAM", "1", "Pas de guichet (1), Site en panne (1)"],
    ]
    client = world.client("coordinator")
    facts = client.text(client.get(PAGE), "main dl")
    assert "Demandes notées 4" in facts
    assert "bloqué 3" in facts
    assert "Benali" not in client.get(PAGE).get_data(as_text=True)


def test_the_period_keeps_what_was_noted_in_it(world: World) -> None:
    _need(world, (Organisme.CAF,), Blocker.SITE_EN_PANNE, days_ago=40)
    since = (world.today - timedelta(days=10)).isoformat()
    assert _rows(world, f"?du={since}") == []
    assert _rows(world) == [["CAF", "1", "Site en panne (1)"]]
    client = world.client("coordinator")
    assert client.get(f"{PAGE}?du=2026-02-31").status_code == 400


def test_it_costs_the_same_whatever_was_noted(world: World) -> None:
    _need(world, (Organisme.CAF,), Blocker.SITE_EN_PANNE)
    few = _asked(world)
    for blocker in Blocker:
        _need(world, (Organisme.CPAM,), blocker)
    assert _asked(world) == few


def _asked(world: World) -> int:
    client = world.client("coordinator")
    with world.app.app_context():
        bind = db.engine
    client.get(PAGE)
    with count_queries(bind) as queries:
        client.get(PAGE)
    return len(queries)
