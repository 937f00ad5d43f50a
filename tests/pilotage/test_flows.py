"""The coordinator's table: what flows where, under pseudonyms, counted the same however many rows there are."""

from __future__ import annotations

import sys
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from app.kernel import clock, grants
from app.kernel.access import Actor
from app.kernel.db import db
from app.kernel.grants import SHARED_BY_DEFAULT
from app.kernel.writes import commit
from app.needs import actions as needs
from app.needs.actions import NeedData
from app.needs.enums import NeedKind
from app.people.models import Person
from app.referrals import actions as referrals
from app.referrals.actions import Agreement, DraftData
from app.referrals.enums import Contact, DeclineReason, Outcome
from app.referrals.models import Referral
from tests.support.queries import count_queries
from tests.support.world import World, add_person

PAGE = "/pilotage/orientations"


def send(world: World, days_ago: int, to: str = "ccas", who: str = "library.adviser") -> tuple[UUID, Actor]:
    """Somebody registered and referred `days_ago` days ago."""
    actor = world.actors[who]
    with world.app.app_context(), clock.fixed(clock.now() - timedelta(days=days_ago)):
        person_id = add_person(world, who, "Ingrid", "Bergeronnette")
        granted = grants.on_person(actor, person_id)
        need = needs.open_need(actor, granted, NeedData(kind=NeedKind.ACCES_AUX_DROITS))
        data = DraftData(need_id=need.id, recipients=(world.structures[to],))
        draft = referrals.draft(actor, granted, data)
        referrals.send(actor, draft.id, Agreement(sections=SHARED_BY_DEFAULT))
        commit()
        return draft.id, world.actors["ccas.adviser" if to == "ccas" else "fs.adviser"]


def test_who_receives_reads_what_helps_and_no_word_of_the_typology(world: World) -> None:
    """The person may see the screen (look and words: « In front of the person »)."""
    sent, _agent = send(world, 2)
    with world.app.app_context():
        db.session.get_one(Referral, sent).profile = "naufrages"
        commit()
    client = world.client("ccas.adviser")
    words = client.text(client.get(f"/orientations/{sent}"), "main .preview")
    assert "démarche elle-même" in words
    assert "naufrag" not in words.lower()


def test_the_table_counts_each_direction(world: World) -> None:
    accepted, agent = send(world, 20)
    declined, _agent = send(world, 20)
    send(world, 20)
    send(world, 3, to="france_services")
    with world.app.app_context(), clock.fixed(clock.now() - timedelta(days=18)):
        referrals.accept(agent, accepted)
        referrals.start(agent, accepted, next(iter(Contact)))
        referrals.close(agent, accepted, Outcome.NEED_MET)
        referrals.decline(agent, declined, DeclineReason.FULL)
        commit()
    client = world.client("coordinator")
    page = client.get(PAGE)
    rows = [
        [cell.get_text(" ", strip=True) for cell in row.select("th, td")]
        for row in client.select(page, "#flux tbody tr")
    ]
    assert [row[:5] + row[7:] for row in rows] == [
        ["Médiathèque de Marmande", "CCAS de Tonneins", "3", "2", "1", "1", "1", "1"],
        ["Médiathèque de Marmande", "France Services Seyches", "1", "0", "1", "0", "0", "0"],
    ]


def test_no_name_reaches_the_page_only_codes(world: World) -> None:
    sent, _agent = send(world, 2)
    with world.app.app_context():
        code = db.session.scalars(select(Person.code).join(Referral).where(Referral.id == sent)).one()
    client = world.client("coordinator")
    words = client.get(PAGE).get_data(as_text=True)
    assert "Bergeronnette" not in words
    assert code in words


def test_a_sensitive_structure_is_not_named(world: World) -> None:
    send(world, 2, to="shelter")
    client = world.client("coordinator")
    words = client.text(client.get(PAGE))
    assert "Maison des femmes" not in words
    assert "Structure partenaire" in words


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?du=2026-13-01", 400),
        ("?du=2026-05-01&au=2026-01-01", 400),
        ("?page=zz", 200),
        ("?du=0001-01-01", 200),
        ("?du=2090-01-01", 400),
        ("?du=2090-01-01&au=2091-01-01", 200),
        ("", 200),
    ],
)
def test_an_impossible_period_is_said(world: World, query: str, status: int) -> None:
    assert world.client("coordinator").get(PAGE + query).status_code == status


def test_the_period_is_on_the_network_s_calendar(world: World) -> None:
    send(world, 40)
    client = world.client("coordinator")
    recent = client.text(client.get(f"{PAGE}?du={world.today - timedelta(days=7)}"), "#flux")
    assert "Aucune orientation dans cette période" in recent


def test_queries_do_not_grow_with_rows(world: World) -> None:
    send(world, 2)
    client = world.client("coordinator")
    client.get(PAGE)
    with world.app.app_context():
        engine = db.engine
    with count_queries(engine) as few:
        client.get(PAGE)
    for _rank in range(4):
        send(world, 2)
    with count_queries(engine) as many:
        client.get(PAGE)
    many.assert_same_as(few)
    many.assert_at_most(8)


def test_many_directions_come_by_pages_under_the_same_total(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["app.pilotage.queries.flows"], "PAGE", 1)
    for to in ("ccas", "ccas", "france_services"):
        send(world, 5, to=to)
    client = world.client("coordinator")
    first, second, beyond = (client.get(f"{PAGE}?liens={number}") for number in (1, 2, 9))
    assert "CCAS de Tonneins" in client.text(first, "#flux tbody tr")
    assert "France Services Seyches" in client.text(second, "#flux tbody tr")
    assert len(client.select(first, "#flux tbody tr")) == len(client.select(second, "#flux tbody tr")) == 1
    assert not client.select(beyond, "#flux tbody tr")
    totals = {client.text(page, ".facts") for page in (first, second, beyond)}
    assert len(totals) == 1
    following = client.select(first, "#flux .pager a[rel=next]")[0]["href"]
    assert client.text(client.get(str(following)), "#flux tbody tr") == client.text(second, "#flux tbody tr")


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("", ["CCAS de Tonneins", "France Services Seyches"]),
        ("envoyees", ["CCAS de Tonneins", "France Services Seyches"]),
        ("silences", ["France Services Seyches", "CCAS de Tonneins"]),
        ("vers", ["CCAS de Tonneins", "France Services Seyches"]),
        ("nimporte", ["CCAS de Tonneins", "France Services Seyches"]),
    ],
)
def test_directions_are_sorted_as_asked_and_pages_keep_the_order(
    world: World, monkeypatch: pytest.MonkeyPatch, order: str, expected: list[str]
) -> None:
    answered = [send(world, 20) for _rank in range(2)]
    send(world, 5, to="france_services")
    with world.app.app_context(), clock.fixed(clock.now() - timedelta(days=18)):
        for sent, agent in answered:
            referrals.accept(agent, sent)
        commit()
    client = world.client("coordinator")
    page = client.get(f"{PAGE}?tri={order}")
    assert [row.select("td")[0].get_text(strip=True) for row in client.select(page, "#flux tbody tr")] == expected
    (chosen,) = client.select(page, "#tri option[selected]")
    assert chosen["value"] == (order if order in ("silences", "vers") else "envoyees")
    monkeypatch.setattr(sys.modules["app.pilotage.queries.flows"], "PAGE", 1)
    first = client.get(f"{PAGE}?tri={order}")
    following = client.get(str(client.select(first, "#flux .pager a[rel=next]")[0]["href"]))
    assert expected[1] in client.text(following, "#flux tbody tr")
