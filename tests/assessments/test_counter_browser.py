"""The counter in a real browser: keys, fingers, no script; every page accessible and fitting at both widths."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app.assessments.enums import Mode
from tests.assessments.counter import finished
from tests.assessments.made import FULL
from tests.support.axe import assert_accessible
from tests.support.browser import assert_fits, new_page, served, shoot
from tests.support.world import World, build_world

pytestmark = pytest.mark.browser


@contextmanager
def signed_in(app: Flask, browser: Browser, world: World, who: str, width: int, **options: bool) -> Iterator[Page]:
    """A page of a browser where this hat is signed in; addresses are relative to the served application."""
    client = world.client(who)
    cookie = client.get_cookie("session") or next(iter(client._cookies.values()))
    with served(app) as address, new_page(browser, width, **options) as page:
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])
        page.goto(f"{address}/")
        yield page


def go(page: Page, path: str) -> None:
    """Another address of the same application."""
    page.goto("/".join(page.url.split("/")[:3]) + path)


def checked(page: Page, name: str) -> None:
    """Accessible, fitting, and kept as a picture."""
    page.wait_for_load_state()
    expect(page.locator("h1")).to_be_visible()
    assert_fits(page)
    # At the end of the page the button that sticks to the bottom of a phone covers nothing.
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    assert_accessible(page)
    shoot(page, f"assessment-{name}")


@pytest.mark.parametrize("width", [1280, 360])
def test_an_express_from_the_persons_page_to_the_result(committed_app: Flask, browser: Browser, width: int) -> None:
    world = build_world(committed_app)
    with signed_in(committed_app, browser, world, "library.adviser", width) as page:
        go(page, f"/personnes/{world.people['amina']}")
        page.get_by_role("link", name="Évaluer la distance au numérique").first.click()
        checked(page, "1-start")
        page.get_by_role("button", name="Express").click()
        checked(page, "2-question-open")
        for rank, key in enumerate("444442", 1):
            expect(page.get_by_text(f"Question {rank} sur 6")).to_be_visible()
            expect(page.locator(".has-shortcuts")).to_be_visible()
            if rank == 2:
                checked(page, "3-question-discreet")
            if rank == 3:
                checked(page, "4-question-observed")
            page.keyboard.press(key)
            page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Les réponses")).to_be_visible()
        checked(page, "5-review")
        page.get_by_role("button", name="Terminer et voir le résultat").click()
        checked(page, "6-result-express")
        page.get_by_role("link", name="La page de la personne").click()
        checked(page, "7-for-person")
        page.get_by_role("link", name="En grand").click()
        checked(page, "8-for-person-large")
        go(page, f"/personnes/{world.people['amina']}")
        checked(page, "9-person")


@pytest.mark.parametrize("width", [1280, 360])
def test_the_complete_result_and_what_is_decided(committed_app: Flask, browser: Browser, width: int) -> None:
    world = build_world(committed_app)
    with committed_app.app_context():
        done: UUID = finished(world, "library.adviser", "amina", Mode.FULL, FULL)
    with signed_in(committed_app, browser, world, "library.adviser", width) as page:
        go(page, f"/evaluations/{done}/resultat")
        checked(page, "a-result-complete")
        for closed in page.locator("main details").all():
            closed.locator("summary").first.click()
        assert_fits(page)
        shoot(page, "assessment-b-result-open")
        page.get_by_role("button", name="C’est fait").first.click()
        assert page.get_by_text("Fait", exact=True).first.is_visible()
        page.get_by_role("link", name="Refusé, remis…").first.click()
        checked(page, "c-decide")
        go(page, f"/evaluations/{done}/profil")
        checked(page, "d-profile")


def test_all_questions_on_one_page_without_script(committed_app: Flask, browser: Browser) -> None:
    world = build_world(committed_app)
    with signed_in(committed_app, browser, world, "library.adviser", 360, javascript=False) as page:
        go(page, f"/personnes/{world.people['amina']}/evaluation")
        page.get_by_role("button", name="Complète").click()
        page.get_by_label("Je ne sais pas bien m’en servir").check()
        page.get_by_role("button", name="Continuer").click()
        page.get_by_role("link", name="Toutes les réponses").click()
        page.get_by_role("link", name="Tout sur une page").click()
        expect(page.get_by_role("heading", name="Toutes les questions")).to_be_visible()
        assert_fits(page)
        shoot(page, "assessment-e-sheet")
        page.get_by_label("Dans la semaine").check()
        page.get_by_role("button", name="Enregistrer les réponses").click()
        expect(page.get_by_text("2 sur 24 questions ont une réponse.")).to_be_visible()


VOICES = """
window.spoken = [];
class Utterance { constructor(text) { this.text = text; } }
window.SpeechSynthesisUtterance = Utterance;
const voices = () => VOICES;
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: voices, addEventListener() {}, cancel() {}, speak(said) { window.spoken.push([said.text, said.lang]); },
} });
"""


@pytest.mark.parametrize(
    ("voices", "offered"),
    [
        ('[{lang: "fr-FR", localService: true}]', True),
        ('[{lang: "en-GB", localService: true}]', False),
        ('[{lang: "fr-FR", localService: false}]', False),
        ("[]", False),
    ],
)
def test_a_french_voice_of_this_machine_reads_the_question_and_its_answers(
    committed_app: Flask, browser: Browser, voices: str, offered: bool
) -> None:
    world = build_world(committed_app)
    with signed_in(committed_app, browser, world, "library.adviser", 1280) as page:
        page.add_init_script(VOICES.replace("VOICES", voices))
        go(page, f"/personnes/{world.people['amina']}/evaluation")
        page.get_by_role("button", name="Express").click()
        go(page, page.url.split("/", 3)[3].replace("questions/M1", "questions/T2").join(["/", ""]))
        button = page.get_by_role("button", name="Écouter")
        assert button.is_visible() == offered
        if offered:
            button.click()
            (said, lang), *rest = page.evaluate("window.spoken")
            assert (lang, rest) == ("fr-FR", [])
            assert "Oui, mais avec quelqu’un." in said
            assert "Ne souhaite pas répondre" not in said
            assert button.get_attribute("aria-pressed") == "true"
            shoot(page, "assessment-f-listen")


@pytest.mark.parametrize("width", [1280, 360])
def test_paper_fits_and_is_accessible(committed_app: Flask, browser: Browser, width: int) -> None:
    world = build_world(committed_app)
    with signed_in(committed_app, browser, world, "library.adviser", width) as page:
        for name, path in (
            ("g-blank", "feuille-vierge/complet"),
            ("h-blank-large", "feuille-vierge/express?grand="),
            ("i-card", "carte-des-reponses"),
        ):
            go(page, f"/evaluations/{path}")
            checked(page, name)
