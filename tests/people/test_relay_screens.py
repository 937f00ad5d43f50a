"""Hand-overs, contacts and lists in a true browser, at a desk and on a phone: accessible, within the screen."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser

from app.kernel.writes import commit
from tests.people.helpers import follow
from tests.people.relays import newest
from tests.people.screens import look, signed_in
from tests.support.browser import new_page, served
from tests.support.world import World, add_person, build_world

pytestmark = pytest.mark.browser


@pytest.fixture
def world(committed_app: Flask) -> World:
    world = build_world(committed_app)
    with committed_app.app_context():
        for rank in range(30):
            add_person(world, "library.adviser", "Ana", f"Nomen{rank}", commune_code="47157", birth_year=1950 + rank)
        commit()
    follow(world, world.people["amina"], "ccas")
    return world


@pytest.mark.parametrize("width", [1280, 360])
def test_a_person_changes_referent_structure(world: World, browser: Browser, width: int) -> None:
    amina = world.people["amina"]
    with served(world.app) as base, new_page(browser, width) as page:
        signed_in(page, base, world, "library.adviser")
        page.goto(f"{base}/personnes/{amina}")
        page.get_by_role("link", name="Passer le relais à une autre structure").click()
        page.get_by_label("La structure qui prendrait le relais").select_option(label="CCAS de Tonneins")
        page.get_by_label("La personne a déménagé").check()
        look(page, "relais-proposer")
        page.get_by_role("button", name="Envoyer la proposition").click()
        page.get_by_text("trente jours pour répondre").first.wait_for()
        look(page, "relais-propose")
    with served(world.app) as base, new_page(browser, width) as page:
        signed_in(page, base, world, "ccas.adviser")
        page.goto(f"{base}/")
        page.get_by_role("link", name="Répondre : changer la structure référente").click()
        look(page, "relais-repondre")
        page.get_by_label("Accepter").check()
        page.get_by_role("button", name="Envoyer la réponse").click()
        page.get_by_role("button", name="La personne est prévenue").wait_for()
        look(page, "relais-accepte")
        page.goto(f"{base}/personnes/{amina}")
        look(page, "relais-fiche")
        page.get_by_role("link", name="Changer l’interlocuteur").click()
        look(page, "relais-interlocuteur")
    with served(world.app) as base, new_page(browser, width) as page:
        signed_in(page, base, world, "library.adviser")
        page.goto(f"{base}/personnes/relais/{newest(world, amina).id}")
        look(page, "relais-lire-la-reponse")


@pytest.mark.parametrize("width", [1280, 360])
def test_a_list_is_filtered_kept_and_printed(world: World, browser: Browser, width: int) -> None:
    with served(world.app) as base, new_page(browser, width) as page:
        signed_in(page, base, world, "library.adviser")
        page.goto(f"{base}/personnes")
        look(page, "relais-liste")
        page.get_by_text("Filtrer la liste").click()
        page.get_by_label("Commune").select_option(label="Marmande (47)")
        page.get_by_role("button", name="Filtrer", exact=True).click()
        page.get_by_text("30 personnes dans cette liste").wait_for()
        page.get_by_role("link", name="nom", exact=True).click()
        look(page, "relais-liste-filtree")
        page.get_by_role("link", name="Garder cette liste").click()
        page.get_by_label("Nom de cette liste").fill("Marmande")
        look(page, "relais-garder")
        page.get_by_role("button", name="Garder la liste").click()
        page.get_by_role("heading", name="Marmande").wait_for()
        page.get_by_role("link", name="Gérer mes listes").click()
        look(page, "relais-mes-listes")
        page.get_by_role("link", name="Marmande", exact=True).click()
        page.get_by_role("link", name="Imprimer cette liste").click()
        look(page, "relais-papier")
        for who in ("library.adviser", "coordinator"):
            signed_in(page, base, world, who)
            page.goto(f"{base}/pilotage/suivis-a-verifier")
            look(page, f"relais-suivis-{who}")
