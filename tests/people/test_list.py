"""The people a hat follows: order, pages, and a number of queries that does not grow with the lines."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from app.kernel import panels
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.panels import PersonMark
from app.kernel.writes import commit
from app.people.models import Person
from tests.people.helpers import add, names_of, search
from tests.support.queries import count_queries
from tests.support.world import World


def _seen(world: World, person_id: UUID, days_ago: int) -> None:
    with world.app.app_context():
        db.session.get_one(Person, person_id).last_contact_on = world.today - timedelta(days=days_ago)
        commit()
        db.session.remove()


def test_the_most_recent_contact_comes_first(world: World) -> None:
    _seen(world, world.people["amina"], 400)
    _seen(world, add(world, "library.adviser", "Zoé", "Azur"), 3)
    client = world.client("library.adviser")
    page = client.get("/personnes")
    assert names_of(client, page) == ["Zoé Azur", "Amina Benali"]
    assert "il y a 3 jours" in client.text(page, "tbody tr:first-child")


def test_names_are_sorted_as_people_sort_them(world: World) -> None:
    for last in ("Zola", "Étienne", "eluard", "Fabre", "de Foe"):
        add(world, "library.adviser", "Ana", last)
    add(world, "library.adviser")
    client = world.client("library.adviser")
    names = names_of(client, client.get("/personnes?tri=nom"))
    assert names[:-1] == ["Amina Benali", "Ana de Foe", "Ana eluard", "Ana Étienne", "Ana Fabre", "Ana Zola"]
    assert len(names[-1]) == 6


@pytest.mark.parametrize("order", ["", "&tri=nom"])
def test_pages_of_twenty_five(world: World, order: str) -> None:
    for rank in range(30):
        add(world, "library.adviser", "Ana", f"Nomen{rank:02d}")
    client = world.client("library.adviser")
    first, second = client.get(f"/personnes?page=1{order}"), client.get(f"/personnes?page=2{order}")
    beyond = client.get(f"/personnes?page=99{order}")
    shown = names_of(client, first) + names_of(client, second)
    assert len(names_of(client, first)) == 25
    assert len(shown) == len(set(shown)) == 31
    assert names_of(client, beyond) == names_of(client, second)
    assert "31 personnes suivies" in client.text(first)
    for odd in ("page=0", "page=-3", "page=x", "tri=zzz"):
        assert names_of(client, client.get(f"/personnes?{odd}"))[:3] == names_of(client, client.get("/personnes"))[:3]


def test_the_empty_list_offers_the_first_action(world: World) -> None:
    client = world.client("fs.adviser")
    page = client.get("/personnes")
    assert client.select(page, '.empty a[href="/personnes/nouvelle"]')


def test_marks_of_higher_rooms_stand_beside_the_name(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[set[UUID]] = []

    def provider(actor: Actor, ids: set[UUID]) -> dict[UUID, PersonMark]:
        asked.append(ids)
        return {world.people["amina"]: PersonMark("2 demandes ouvertes", "half")}

    monkeypatch.setattr(panels, "person_marks", [provider])
    add(world, "library.adviser", "Zoé", "Azur")
    client = world.client("library.adviser")
    page = client.get("/personnes")
    assert len(asked) == 1
    assert "2 demandes ouvertes" in client.text(page, "tbody tr:has(a:-soup-contains('Amina'))")
    assert "2 demandes ouvertes" not in client.text(page, "tbody tr:has(a:-soup-contains('Azur'))")


def _asked(world: World, path: str) -> int:
    client = world.client("library.adviser")
    with world.app.app_context():
        bind = db.engine
    with count_queries(bind) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


@pytest.mark.parametrize("path", ["/personnes", "/personnes?tri=nom"])
def test_queries_do_not_grow_with_the_list(world: World, path: str) -> None:
    few = _asked(world, path)
    for rank in range(12):
        add(world, "library.adviser", "Ana", f"Nomen{rank}", birth_year=1950 + rank, commune_code="47157")
    assert _asked(world, path) == few


def test_queries_do_not_grow_with_what_is_found(world: World) -> None:
    client = world.client("library.adviser")
    with world.app.app_context():
        bind = db.engine
    with count_queries(bind) as few:
        search(client, "benali")
    for rank in range(12):
        add(world, "library.adviser", "Ana", f"Benali{rank}")
    with count_queries(bind) as many:
        search(client, "benali")
    assert len(many) == len(few)
