"""The first screen by hat, languages, and the pages open to everybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.kernel import panels
from app.kernel.access import FRONT, Actor, Role
from app.kernel.db import db
from app.kernel.panels import QuickAction, Task
from tests.support.axe import assert_accessible
from tests.support.browser import assert_fits, new_page, served, shoot
from tests.support.pages import InspectingClient
from tests.support.world import PASSWORD, World, build_world

ROLES = {
    "library.desk": Role.DESK,
    "library.adviser": Role.ADVISER,
    "library.manager": Role.MANAGER,
    "coordinator": Role.COORDINATOR,
    "elected": Role.ELECTED,
    "dpo": Role.DPO,
    "admin": Role.ADMIN,
}


@pytest.fixture
def registries() -> Iterator[None]:
    """What a test registers is forgotten."""
    kept = list(panels.task_providers), list(panels.quick_actions)
    yield
    panels.task_providers[:], panels.quick_actions[:] = kept


@pytest.mark.parametrize("who", ROLES)
def test_every_hat_has_a_first_screen(world: World, who: str) -> None:
    client = world.client(who)
    page = client.get("/")
    assert page.status_code == 200
    assert "Bonjour" in client.text(page, "h1")
    assert client.text(page, "title").startswith("À faire")
    offered = [link["href"] for link in client.select(page, "a.big-choice")]
    expected = {one.endpoint for one in panels.quick_actions if ROLES[who] in one.roles}
    assert len(offered) == len(expected)
    for address in offered:
        assert client.get(str(address)).status_code == 200


def test_the_desk_finds_what_it_does_all_day(world: World) -> None:
    client = world.client("library.desk")
    choices = [tag.get_text(strip=True) for tag in client.select(client.get("/"), ".big-choice__title")]
    assert choices[:2] == ["Chercher une personne", "Inscrire une personne"]


def test_an_empty_list_says_what_it_is_for(world: World, registries: None) -> None:
    panels.task_providers.clear()
    client = world.client("library.adviser")
    assert "Rien ne vous attend" in client.text(client.get("/"), "#a-faire")


def test_tasks_are_shown_urgent_first_then_by_date(world: World, registries: None) -> None:
    asked = []

    def tasks(actor: Actor) -> list[Task]:
        asked.append(actor)
        return [
            Task(world.today + timedelta(days=3), "Relancer", "dans trois jours", "/mentions#b"),
            Task(world.today - timedelta(days=1), "Prévenir", "hier", "/mentions#a"),
            Task(world.today + timedelta(days=5), "Répondre", "urgente", "/mentions#c", urgent=True),
        ]

    panels.task_providers[:] = [tasks]
    client = world.client("library.adviser")
    page = client.get("/")
    titles = [tag.get_text(strip=True) for tag in client.select(page, "#a-faire h4")]
    assert titles == ["Répondre", "Prévenir", "Relancer"]
    assert "3 choses vous attendent." in client.text(page, "#a-faire")
    groups = [tag.get_text(" ", strip=True) for tag in client.select(page, "#a-faire h3")]
    assert groups == ["Urgent (1)", "En retard (1)", "Dans la semaine (1)"]
    first, second, third = client.select(page, "#a-faire li")
    assert "Urgent" in first.get_text()
    assert "En retard" in second.get_text()
    assert "En retard" not in third.get_text()
    assert client.select(page, "#a-faire time")[2]["title"].startswith("Prévu le ")
    assert [one.membership_id for one in asked] == [world.actors["library.adviser"].membership_id]


def test_one_task_is_one_thing(world: World, registries: None) -> None:
    panels.task_providers[:] = [lambda actor: [Task(world.today, "Relancer", "", "/mentions")]]
    client = world.client("library.adviser")
    assert "1 chose vous attend." in client.text(client.get("/"), "#a-faire")


def test_actions_are_those_of_the_role_in_order(world: World, registries: None) -> None:
    panels.quick_actions[:] = [
        QuickAction("home.legal", "Deux", "b", "book", FRONT, 20),
        QuickAction("home.accessibility", "Un", "a", "eye", FRONT, 10),
        QuickAction("home.health", "Autre", "c", "eye", frozenset({Role.DPO}), 5),
    ]
    client = world.client("library.desk")
    assert [tag.get_text(strip=True) for tag in client.select(client.get("/"), ".big-choice__title")] == ["Un", "Deux"]
    assert [tag["href"] for tag in client.select(client.get("/"), ".big-choice")] == ["/accessibilite", "/mentions"]


@pytest.mark.parametrize("path", ["/accessibilite", "/mentions"])
def test_pages_of_information_are_open_to_all(world: World, client: InspectingClient, path: str) -> None:
    assert client.get(path).status_code == 200
    assert world.client("elected").get(path).status_code == 200


def test_what_is_promised_of_the_journal_is_what_is_set(client: InspectingClient) -> None:
    assert "Le journal est gardé 12 mois." in client.text(client.get("/mentions"))


def test_health_says_nothing_but_that_it_is_well(client: InspectingClient) -> None:
    answer = client.get("/sante")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok"})


def test_the_language_changes_and_one_stays_on_the_page(client: InspectingClient) -> None:
    page = client.get("/accessibilite?a=1")
    assert client.select(page, "html")[0]["lang"] == "fr"
    answer = client.submit(page, "footer form")
    assert (answer.status_code, answer.location) == (303, "/accessibilite?a=1")
    english = client.get("/accessibilite")
    assert client.select(english, "html")[0]["lang"] == "en"
    client.submit(english, "footer form")
    assert client.select(client.get("/accessibilite"), "html")[0]["lang"] == "fr"


def test_the_language_is_kept_by_the_account(world: World) -> None:
    client = world.client("library.adviser")
    client.submit(client.get("/"), "footer form")
    with world.app.app_context():
        spoken = db.session.scalar(select(User.language).where(User.email == world.emails["library.adviser"]))
    assert spoken == "en"
    later = world.app.test_client()
    assert isinstance(later, InspectingClient)
    page = later.get("/compte/connexion")
    with later.session_transaction() as session:
        session.pop("langue", None)
    later.submit(page, "#connexion", email=world.emails["library.adviser"], password=PASSWORD)
    assert later.select(later.get("/"), "html")[0]["lang"] == "en"


@pytest.mark.parametrize(
    ("lang", "back", "spoken", "location"),
    [
        ("en", "//mechant.example", "en", "/"),
        ("en", "/\\mechant.example", "en", "/"),
        ("de", "/mentions", "fr", "/mentions"),
        ("", "", "fr", "/"),
    ],
)
def test_a_made_up_choice_is_harmless(
    client: InspectingClient, lang: str, back: str, spoken: str, location: str
) -> None:
    page = client.get("/mentions")
    answer = client.submit(page, "footer form", forged={"lang": lang, "retour": back})
    assert answer.location == location
    assert client.select(client.get("/mentions"), "html")[0]["lang"] == spoken


# ---------------------------------------------------------------- in a browser


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 360])
def test_the_way_in_is_seen_and_fits(committed_app: Flask, browser: object, width: int, registries: None) -> None:
    world = build_world(committed_app)
    panels.task_providers[:] = [lambda actor: _some_tasks(world)]
    with served(committed_app) as site, new_page(browser, width) as page:  # type: ignore[arg-type]
        page.goto(f"{site}/")
        _look(page, "sign-in")
        page.get_by_label("Adresse électronique").fill(world.emails["camille.library"])
        page.get_by_label("Mot de passe").fill(PASSWORD)
        page.get_by_role("button", name="Se connecter").click()
        _look(page, "hats")
        page.get_by_role("button", name="Médiathèque de Marmande").click()
        page.get_by_role("heading", name="Bonjour Camille Roux").wait_for()
        _look(page, "home")
        _no_orphan(page)
        page.goto(f"{site}/accessibilite")
        _look(page, "accessibility")
        page.goto(f"{site}/mentions")
        _look(page, "legal")


def _no_orphan(page: Any) -> None:
    """Whatever the width, every row of the main actions holds as many of them."""
    size = page.viewport_size
    for width in (360, 800, 1024, 1280, 1500):
        page.set_viewport_size({"width": width, "height": 900})
        tops = page.locator(".front-actions > li").evaluate_all(
            "some => some.map(one => Math.round(one.getBoundingClientRect().top))"
        )
        assert len({tops.count(top) for top in tops}) == 1, (width, tops)
    page.set_viewport_size(size)


def _some_tasks(world: World) -> list[Task]:
    return [
        Task(
            world.today - timedelta(days=2),
            "Dire à la personne que le CCAS l’attend",
            "K7MQ2X",
            "/mentions",
            urgent=True,
        ),
        Task(world.today - timedelta(days=1), "Répondre à une orientation", "Médiathèque de Marmande", "/mentions"),
        Task(world.today + timedelta(days=3), "Clore une demande", "", "/mentions"),
    ]


def _look(page: object, name: str) -> None:
    shoot(page, name)  # type: ignore[arg-type]
    assert_fits(page)  # type: ignore[arg-type]
    assert_accessible(page)  # type: ignore[arg-type]


def test_the_tab_stays_lit_on_what_belongs_to_a_person(world: World) -> None:
    client = world.client("library.adviser")
    amina = world.people["amina"]
    for path in (f"/personnes/{amina}", f"/personnes/{amina}/demandes/nouvelle", f"/personnes/{amina}/evaluation"):
        marked = [one.get_text(strip=True) for one in client.select(client.get(path), "nav [aria-current=page]")]
        assert marked == ["Personnes"]
