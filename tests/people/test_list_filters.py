"""The list of people: filters and orders by codes, a true count, within what the hat may read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from app.kernel import grants
from app.kernel.db import db
from app.kernel.writes import commit
from app.needs import actions as needs
from app.needs.actions import NeedData
from app.needs.enums import NeedKind, Priority
from app.people.enums import AgeStatus
from app.people.models import FollowUp, Person
from tests.people.helpers import add, follow, journal, names_of
from tests.support.queries import count_queries
from tests.support.world import World, add_person

MARMANDE, TONNEINS = "47157", "47310"


def _listed(world: World, query: str, who: str = "library.adviser") -> list[str]:
    client = world.client(who)
    return names_of(client, client.get(f"/personnes?{query}"))


def _change(world: World, person_id: UUID, **values: Any) -> None:
    with world.app.app_context():
        db.session.execute(update(Person).where(Person.id == person_id).values(**values))
        commit()
        db.session.remove()


def _hold(world: World, person_id: UUID, who: str | None, structure: str = "library") -> None:
    with world.app.app_context():
        mine = (FollowUp.person_id == person_id, FollowUp.structure_id == world.structures[structure])
        holder_id = world.actors[who].user_id if who else None
        db.session.execute(update(FollowUp).where(*mine).values(holder_id=holder_id))
        commit()
        db.session.remove()


def _need(world: World, person_id: UUID, who: str, priority: Priority) -> None:
    with world.app.app_context():
        actor = world.actors[who]
        data = NeedData(kind=NeedKind.BOITE_MAIL, priority=priority)
        needs.open_need(actor, grants.on_person(actor, person_id), data)
        commit()
        db.session.remove()


@pytest.fixture
def zoe(world: World) -> UUID:
    """Followed by the library, like Amina."""
    return add(world, "library.adviser", "Zoé", "Azur", commune_code=TONNEINS, birth_year=2001)


def test_a_commune(world: World, zoe: UUID) -> None:
    assert _listed(world, f"commune={TONNEINS}") == ["Zoé Azur"]
    assert _listed(world, f"commune={MARMANDE}") == []


def test_the_last_contact(world: World, zoe: UUID) -> None:
    for days, shown in (
        (0, {"semaine", "mois"}),
        (20, {"mois"}),
        (190, {"sans_6_mois"}),
        (400, {"sans_6_mois", "sans_12_mois"}),
    ):
        _change(world, zoe, last_contact_on=world.today - timedelta(days=days))
        found = {
            code
            for code in ("semaine", "mois", "sans_6_mois", "sans_12_mois")
            if "Zoé Azur" in _listed(world, f"contact={code}")
        }
        assert found == shown, days


def test_age(world: World, zoe: UUID) -> None:
    _change(world, zoe, age_status=AgeStatus.FROM_15)
    assert _listed(world, "age=15_17") == ["Zoé Azur"]
    assert _listed(world, "age=adult") == ["Amina Benali"]


def test_the_colleague_they_know(world: World, zoe: UUID) -> None:
    amina = world.people["amina"]
    _hold(world, zoe, "library.adviser")
    _hold(world, amina, "library.desk")
    desk = world.actors["library.desk"].user_id
    assert _listed(world, "interlocuteur=moi") == ["Zoé Azur"]
    assert _listed(world, f"interlocuteur={desk}") == ["Amina Benali"]
    assert _listed(world, "interlocuteur=moi", "library.desk") == ["Amina Benali"]
    assert _listed(world, "interlocuteur=aucun") == []
    # Somebody who left: nobody knows the person any more, and the list says so.
    _hold(world, amina, "ccas.adviser")
    assert _listed(world, "interlocuteur=aucun") == ["Amina Benali"]
    _hold(world, zoe, None)
    assert sorted(_listed(world, "interlocuteur=aucun")) == ["Amina Benali", "Zoé Azur"]


def test_how_we_follow(world: World, zoe: UUID) -> None:
    shared = add(world, "ccas.adviser", "Paul", "Partagé")
    follow(world, shared, "library")
    assert _listed(world, "suivi=other") == ["Paul Partagé"]
    assert sorted(_listed(world, "suivi=referent")) == ["Amina Benali", "Zoé Azur"]
    assert _listed(world, "suivi=orientation") == []


def test_open_and_urgent_needs(world: World, zoe: UUID) -> None:
    _need(world, zoe, "library.adviser", Priority.P3)
    assert _listed(world, "demande=ouverte") == ["Zoé Azur"]
    assert _listed(world, "demande=urgente") == []
    _need(world, zoe, "library.adviser", Priority.P1)
    assert _listed(world, "demande=urgente") == ["Zoé Azur"]


def test_a_filter_tells_nothing_of_what_a_secret_team_wrote(world: World) -> None:
    with world.app.app_context():
        person_id = add_person(world, "ccas.adviser", "Suivie", "Parle-ccas")
        commit()
        db.session.remove()
    _need(world, person_id, "ccas.social", Priority.P1)
    assert _listed(world, "demande=urgente", "ccas.social") == ["Suivie Parle-ccas"]
    assert _listed(world, "demande=urgente", "ccas.adviser") == []
    assert _listed(world, "demande=ouverte", "ccas.adviser") == []


def test_filters_join(world: World, zoe: UUID) -> None:
    _hold(world, zoe, "library.adviser")
    assert _listed(world, f"commune={TONNEINS}&interlocuteur=moi&age=adult&contact=semaine") == ["Zoé Azur"]
    assert _listed(world, f"commune={TONNEINS}&interlocuteur=aucun") == []


@pytest.mark.parametrize(
    "odd", ["commune=%27", "interlocuteur=x", "contact=jamais", "age=99", "suivi=z", "demande=z", "tri=z"]
)
def test_what_is_no_code_of_ours_is_left_out(world: World, zoe: UUID, odd: str) -> None:
    assert len(_listed(world, odd)) == 2


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("nom", ["Zoé Azur", "Amina Benali", "Éric Étienne"]),
        ("nom_z", ["Éric Étienne", "Amina Benali", "Zoé Azur"]),
        ("naissance", ["Amina Benali", "Zoé Azur", "Éric Étienne"]),
        ("jeune", ["Zoé Azur", "Amina Benali", "Éric Étienne"]),
        ("ancien", ["Éric Étienne", "Amina Benali", "Zoé Azur"]),
    ],
)
def test_orders_in_both_directions(world: World, zoe: UUID, order: str, expected: list[str]) -> None:
    """An unknown birth year comes last in both; the nameless come after every name in both."""
    eric = add(world, "library.adviser", "Éric", "Étienne")
    _change(world, eric, last_contact_on=world.today - timedelta(days=30))
    _change(world, world.people["amina"], last_contact_on=world.today - timedelta(days=3))
    assert _listed(world, f"tri={order}") == expected


@pytest.mark.parametrize("order", ["nom", "nom_z"])
def test_the_nameless_come_last_and_a_corrected_name_is_sorted_again(world: World, zoe: UUID, order: str) -> None:
    add(world, "library.adviser")
    client = world.client("library.adviser")
    page = client.get(f"/personnes/{zoe}/corriger")
    client.submit(page, "form.form", data={"last_name": "Corrigé"})
    names = _listed(world, f"tri={order}")
    expected = ["Amina Benali", "Zoé Corrigé"]
    assert names[:2] == (expected if order == "nom" else expected[::-1])
    assert len(names[2]) == 6


def test_beyond_a_thousand_lines_the_count_is_true_and_every_page_is_there(world: World) -> None:
    with world.app.app_context():
        for rank in range(60):
            add_person(world, "library.adviser", "Ana", f"Nomen{rank:02d}")
        commit()
        db.session.remove()
    client = world.client("library.adviser")
    seen: list[str] = []
    for number in (1, 2, 3):
        page = client.get(f"/personnes?tri=nom&page={number}")
        assert "61 personnes suivies" in client.text(page)
        assert "Page" in client.text(page, ".pager")
        seen += names_of(client, page)
    assert seen == ["Amina Benali", *(f"Ana Nomen{rank:02d}" for rank in range(60))]


def test_a_filtered_list_keeps_its_filters_from_page_to_page(world: World) -> None:
    for rank in range(27):
        add(world, "library.adviser", "Ana", f"Nomen{rank:02d}", commune_code=TONNEINS)
    client = world.client("library.adviser")
    page = client.get(f"/personnes?commune={TONNEINS}&tri=nom")
    assert "27 personnes dans cette liste" in client.text(page)
    following = client.select(page, ".pager a[rel=next]")[0]["href"]
    assert names_of(client, client.get(str(following))) == ["Ana Nomen25", "Ana Nomen26"]


def test_an_empty_choice_says_how_to_widen_it(world: World) -> None:
    client = world.client("library.adviser")
    page = client.get("/personnes?contact=sans_12_mois")
    assert "Personne ne correspond" in client.text(page)
    assert client.select(page, ".list-filters[open] option[selected][value=sans_12_mois]")


def test_queries_do_not_grow_with_a_filtered_list(world: World, zoe: UUID) -> None:
    path = f"/personnes?tri=nom&commune={TONNEINS}&demande=ouverte&interlocuteur=moi&contact=mois"
    with world.app.app_context():
        bind = db.engine
    client = world.client("library.adviser")
    _hold(world, zoe, "library.adviser")
    _need(world, zoe, "library.adviser", Priority.P2)
    client.get(path)
    with count_queries(bind) as few:
        client.get(path)
    for rank in range(8):
        other = add(world, "library.adviser", "Ana", f"Nomen{rank}", commune_code=TONNEINS)
        _hold(world, other, "library.adviser")
        _need(world, other, "library.adviser", Priority.P2)
    with count_queries(bind) as many:
        assert len(names_of(client, client.get(path))) == 9
    many.assert_same_as(few)


# ---------------------------------------------------------------- paper


def test_the_printed_list_leaves_protected_people_out_and_is_journalled(world: World, zoe: UUID) -> None:
    _change(world, zoe, protected=True)
    client = world.client("library.adviser")
    paper = client.get("/personnes/liste-imprimee?tri=nom")
    words = client.text(paper)
    assert "Amina Benali" in words
    assert "Azur" not in words
    assert "Les situations protégées ne s’impriment pas" in words
    entry = journal(world, "person.print")[0]
    assert '"what":"list"' in entry.details
    assert '"count":1' in entry.details
    assert "Benali" not in entry.details


def test_the_printed_list_says_when_it_stops(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.people.views import listing  # noqa: PLC0415

    add(world, "library.adviser", "Zoé", "Azur")
    monkeypatch.setattr(listing, "MOST_PRINTED", 1)
    client = world.client("library.adviser")
    assert "La première seulement, sur 2" in client.text(client.get("/personnes/liste-imprimee"))
