"""Sharing cards in a true browser, at a desk and on a phone: accessible, within the screen, usable without scripts."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from app.kernel import clock
from app.kernel.db import db
from app.kernel.writes import commit
from app.people.actions import cards as card_actions
from app.people.enums import AgeStatus
from app.people.models import CardNotice, Person
from tests.people.deck import OPEN, WORD, code_of, made, present
from tests.people.helpers import add
from tests.support.axe import assert_accessible
from tests.support.browser import assert_fits, new_page, served, shoot
from tests.support.world import World, build_world

pytestmark = pytest.mark.browser


@pytest.fixture
def world(committed_app: Flask) -> World:
    return build_world(committed_app)


def _wear(page: Page, base: str, world: World, who: str) -> None:
    cookie = world.client(who).get_cookie("maillage")
    assert cookie is not None
    page.context.add_cookies([{"name": "maillage", "value": cookie.value, "url": base}])


def _look(page: Page, name: str) -> None:
    shoot(page, name)
    assert_fits(page)
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    assert_accessible(page)


@pytest.mark.parametrize("width", [1280, 360])
def test_a_card_is_made_then_opened_elsewhere(world: World, browser: Browser, width: int) -> None:
    amina = world.people["amina"]
    with served(world.app) as base, new_page(browser, width) as page:
        _wear(page, base, world, "library.desk")
        page.goto(f"{base}/personnes/{amina}")
        _look(page, "cards-person-without")
        page.get_by_role("link", name="Lui proposer une carte de partage").click()
        page.get_by_label("La personne est là et veut cette carte").check()
        page.get_by_label("Le mot que la personne choisit").fill("Amina")
        page.get_by_role("button", name="Faire la carte").click()
        page.get_by_text("Ce mot ressemble au nom de la personne").first.wait_for()
        _look(page, "cards-refused-word")
        page.get_by_label("Le mot que la personne choisit").fill(WORD)
        page.get_by_role("button", name="Faire la carte").click()
        page.get_by_role("link", name="Imprimer la carte (PDF)").wait_for()
        _look(page, "cards-made")
        page.get_by_role("link", name="Annuler cette carte").click()
        _look(page, "cards-cancel")
        code = code_of(world, amina)
        _wear(page, base, world, "fs.adviser")
        page.goto(f"{base}/")
        page.get_by_role("link", name="Ouvrir avec une carte").click()
        _look(page, "cards-open")
        page.get_by_label("La personne est présente").check()
        page.get_by_label("Code de la carte").fill(code.lower())
        page.get_by_label("Année de naissance").fill("1958")
        page.get_by_label("Son mot").fill("Capucine")
        page.get_by_role("button", name="Ouvrir la fiche").click()
        page.get_by_text("Cette carte ne s’ouvre pas ainsi.").first.wait_for()
        _look(page, "cards-open-refused")
        page.get_by_label("Année de naissance").fill("1958")
        page.get_by_label("Son mot").fill("tournesol")
        page.get_by_role("button", name="Ouvrir la fiche").click()
        page.get_by_role("heading", name="Amina Benali").wait_for()
        _look(page, "cards-opened")
        page.get_by_role("link", name="Ne plus suivre").click()
        _look(page, "cards-stop")
        page.get_by_role("button", name="Ne plus suivre").click()
        page.goto(f"{base}/personnes/{amina}/rester-suivie")
        _look(page, "cards-stay")


@pytest.mark.parametrize("width", [1280, 360])
def test_what_the_referent_is_told(world: World, browser: Browser, width: int) -> None:
    code = made(world)
    fs = world.client("fs.adviser")
    present(fs, code)
    for _rank in range(3):
        present(fs, code, word="Capucine")
    with world.app.app_context():
        card_actions.tell_locked(clock.now())
        commit()
        notices = list(db.session.scalars(select(CardNotice.id).order_by(CardNotice.created_at)))
        db.session.remove()
    with served(world.app) as base, new_page(browser, width) as page:
        _wear(page, base, world, "library.adviser")
        page.goto(f"{base}/")
        _look(page, "cards-tasks")
        for rank, notice in enumerate(notices):
            page.goto(f"{base}/personnes/cartes/avis/{notice}")
            _look(page, f"cards-notice-{rank}")
        page.goto(f"{base}/personnes/{world.people['amina']}/carte")
        _look(page, "cards-locked")


def test_a_child_of_whom_nothing_is_known(world: World, browser: Browser) -> None:
    person_id = add(world, "library.adviser")
    with world.app.app_context():
        db.session.get_one(Person, person_id).age_status = AgeStatus.UNDER_15
        commit()
        db.session.remove()
    with served(world.app) as base, new_page(browser, 360) as page:
        _wear(page, base, world, "library.adviser")
        page.goto(f"{base}/personnes/{person_id}/carte")
        _look(page, "cards-child")


def test_a_structure_outside_the_network_is_told_so(world: World, browser: Browser) -> None:
    with served(world.app) as base, new_page(browser, 360) as page:
        _wear(page, base, world, "newcomer.adviser")
        page.goto(base + OPEN)
        _look(page, "cards-open-unbound")
