"""One person helped, from the desk to the partner and back: the eight steps, lived in Chromium with mouse and keyboard."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.journeys.walk import SPACES, Walk, staged
from tests.support.world import PASSWORD, World

pytestmark = pytest.mark.browser

NAME, PIECE = "Zoé Lefèvre", "lefev"
PHONE, PHONE_ABROAD = "06 39 98 12 34", "+33 (0)6 39 98 12 34"
NEED_NOTE = "Recours contre un trop-perçu, courrier reçu lundi."
SESSION_NOTE = "Courrier relu ensemble, délai noté."
MESSAGE = "Le dossier est dans la pochette bleue."
SECRETS = ("Zoé", "Lefèvre", "Lefevre", PHONE, "639981234", NEED_NOTE, SESSION_NOTE, MESSAGE)
QUESTIONS = 6


@pytest.mark.slow
@pytest.mark.parametrize("width", [pytest.param(1280, marks=pytest.mark.smoke), 360])
def test_from_the_desk_to_the_partner_and_back(committed_app: Flask, browser: Browser, width: int) -> None:
    with staged(committed_app, browser) as stage:
        world = stage.world
        with stage.walk("1-camille", width) as camille:
            chooses_a_hat(world, camille)
            registers_two_people(camille)
            notes_a_need(camille)
            assesses(camille)
            logs_sessions(camille)
            referral = refers(camille)
            with stage.walk("2-ccas", width) as agent:
                sees_the_preview_only(world, agent, referral)
                accepts_and_helps(agent)
            tells_and_closes(camille)
        with stage.walk("3-coordinator", width) as coordinator:
            reads_the_flows(world, coordinator)
        with stage.walk("4-dpo", width) as dpo:
            reads_the_journal(world, dpo)


def chooses_a_hat(world: World, camille: Walk) -> None:
    camille.go("/compte/connexion")
    camille.look("01-sign-in")
    camille.sign_in(world.emails["camille.library"])
    camille.reads("Pour qui travaillez-vous maintenant ?")
    camille.look("02-hats")
    camille.button("Médiathèque de Marmande").click()
    camille.reads("Bonjour Camille Roux")
    camille.reads("Médiathèque de Marmande", "header")
    camille.look("03-home")


def registers_two_people(camille: Walk) -> None:
    camille.link("Inscrire une personne").click()
    camille.look("04-register")
    register(camille, NAME, PHONE, "La personne est d’accord")
    camille.reads(NAME)
    camille.look("05-person")

    camille.go("/personnes")
    camille.link("Inscrire une personne").click()
    register(camille, "Marcel Dupont", "05 64 00 11 22", "La personne refuse")
    camille.reads("Registre partagé : refus")

    camille.go("/personnes")
    camille.look("06-people")
    for words in (PIECE, PHONE_ABROAD):
        camille.page.get_by_role("searchbox").fill(words)
        camille.page.keyboard.press("Enter")
        expect(camille.page.locator("tbody tr")).to_have_count(1)
        camille.reads(NAME, "tbody")
        assert PIECE not in camille.page.url
        assert "639981234" not in camille.page.url
    camille.look("07-found")
    camille.link(NAME).click()
    camille.reads(NAME, "h1")


def register(camille: Walk, name: str, phone: str, answer: str) -> None:
    first, last = name.split()
    camille.choose("La notice d’information a été", "Notice remise sur papier")
    camille.page.get_by_label("Prénom").fill(first)
    camille.page.get_by_label("Nom", exact=True).fill(last)
    camille.page.get_by_label("Téléphone").first.fill(phone)
    camille.choose("La personne accepte-t-elle le registre partagé ?", answer)
    camille.button("Inscrire la personne").last.click()


def notes_a_need(camille: Walk) -> None:
    camille.link("Noter une demande").first.click()
    camille.page.get_by_text("Droits et recours", exact=True).click()
    camille.page.get_by_text("Cette semaine", exact=True).click()
    camille.page.get_by_label("Note").fill(NEED_NOTE)
    camille.look("08-need")
    camille.button("Enregistrer la demande").click()
    camille.reads("Droits et recours", "#demandes")


def assesses(camille: Walk) -> None:
    camille.link("Évaluer la distance au numérique").first.click()
    camille.look("09-start")
    camille.button("Express").click()
    for rank in range(1, QUESTIONS + 1):
        camille.reads(f"Question {rank} sur {QUESTIONS}")
        if rank == 1:
            camille.look("10-question")
        camille.page.locator("main .choice label").nth(1).click()
        camille.button("Continuer" if rank < QUESTIONS else "Voir les réponses").click()
    camille.reads("Toutes les questions ont une réponse.")
    camille.look("11-answers")
    camille.button("Terminer et voir le résultat").click()
    expect(camille.page.locator(".profile-title")).not_to_be_empty()
    expect(camille.page.locator(".why li").first).to_be_visible()
    expect(camille.page.locator(".plan__action").first).to_be_visible()
    camille.look("12-result")
    camille.link("Fiche").click()


def logs_sessions(camille: Walk) -> None:
    camille.link("Noter une séance").first.click()
    camille.page.get_by_text("30 min", exact=True).click()
    camille.unfold("Tous les thèmes")
    camille.page.get_by_text("Aide aux démarches administratives", exact=True).click()
    camille.page.get_by_label("Note").first.fill(SESSION_NOTE)
    camille.look("13-session")
    camille.button("Enregistrer la séance").click()
    camille.reads("Aide aux démarches administratives", "#histoire")
    camille.reads(SESSION_NOTE, "#histoire")

    camille.go("/seances/nouvelle")
    camille.page.get_by_text("15 min", exact=True).click()
    camille.page.locator("[name=themes]").first.check()
    camille.look("14-session-without-a-name")
    camille.button("Enregistrer la séance").click()
    camille.reads("Personne sans nom")
    camille.look("15-logged")
    camille.link("Rattacher une personne").click()
    camille.look("16-attach")
    camille.page.get_by_role("searchbox").fill("dupont")
    camille.button("Chercher").click()
    camille.page.get_by_text("Marcel Dupont").click()
    camille.button("Rattacher à cette personne").click()
    camille.reads("Marcel Dupont")
    camille.go("/seances")
    expect(camille.page.locator("tbody tr")).to_have_count(2)
    camille.look("17-sessions")
    camille.link(NAME).first.click()


def refers(camille: Walk) -> str:
    camille.link("Orienter").first.click()
    camille.page.get_by_text("CCAS de Tonneins").first.click()
    camille.page.get_by_label("Message au partenaire").fill(MESSAGE)
    camille.look("18-refer")
    camille.button("Continuer vers l’accord").click()
    now, later = camille.page.locator(".columns--even .card").all()
    assert not [one for one in SECRETS if one in now.inner_text().translate(SPACES)]
    expect(now).to_contain_text("Droits et recours")
    expect(later).to_contain_text(NAME)
    expect(later).to_contain_text(MESSAGE)
    camille.page.get_by_text("La personne est d’accord", exact=True).click()
    camille.look("19-agree-and-send")
    camille.button("Envoyer l’orientation").click()
    camille.reads("Envoyée, sans réponse")
    camille.look("20-sent")
    return camille.page.url.removeprefix(camille.stage.address)


def sees_the_preview_only(world: World, agent: Walk, referral: str) -> None:
    agent.sign_in(world.emails["ccas.adviser"])
    agent.reads("Bonjour")
    agent.look("01-home")
    agent.go("/orientations")
    agent.reads("Droits et recours")
    agent.reads("Médiathèque de Marmande")
    agent.look("02-inbox")
    assert_nothing_known(agent)
    agent.link("Droits et recours").click()
    assert agent.page.url.endswith(referral)
    agent.reads("Ce que vous voyez avant d’accepter")
    agent.look("03-preview")
    assert_nothing_known(agent)


def assert_nothing_known(walk: Walk, offered: frozenset[str] = frozenset()) -> None:
    """Neither a word about the person nor a way to them, but for what is `offered` about them."""
    source = walk.source()
    assert not [secret for secret in SECRETS if secret in source]
    assert {one.rpartition("/")[2] for one in re.findall(r"/personnes/[^\"\s<>]*", source)} == offered


def accepts_and_helps(agent: Walk) -> None:
    agent.button("Accepter l’orientation").click()
    agent.reads(NAME)
    agent.reads(MESSAGE)
    agent.look("04-accepted")
    agent.link(NAME).first.click()
    # The consent opens the name, the need and the dates of sessions; not the notes, which nobody ticked.
    agent.reads(NAME, "h1")
    agent.reads("Droits et recours", "#demandes")
    agent.reads("Aide aux démarches administratives", "#histoire")
    agent.look("05-person")
    source = agent.source()
    assert NEED_NOTE not in source
    assert SESSION_NOTE not in source
    assert "Marcel" not in source
    person = agent.page.url
    agent.link("Noter une séance").first.click()
    agent.page.get_by_text("45 min", exact=True).click()
    agent.page.locator("[name=themes]").first.check()
    agent.look("06-session")
    agent.button("Enregistrer la séance").click()
    agent.page.locator("#orientations").get_by_role("link", name="Droits et recours").click()
    agent.link("Terminer l’orientation").click()
    agent.page.get_by_text("Le besoin est couvert", exact=True).click()
    agent.look("07-close")
    agent.button("Terminer l’orientation").click()
    agent.reads("Terminée")
    agent.look("08-closed")
    assert_nothing_known(agent, offered=frozenset({"rester-suivie"}))
    agent.page.goto(person)
    agent.reads("n’existe pas", "h1")
    agent.look("09-closed-again")


def tells_and_closes(camille: Walk) -> None:
    camille.go("/")
    camille.reads(NAME, "#a-faire")
    camille.look("21-home-to-do")
    camille.go("/orientations/a-faire")
    camille.look("22-to-do")
    while camille.link("Personne prévenue").count():
        camille.link("Personne prévenue").first.click()
        camille.page.get_by_text("Par téléphone", exact=True).click()
        camille.look("23-tell")
        camille.button("Noter").click()
    camille.reads("Tout le monde est prévenu")
    camille.link("Envoyées").click()
    camille.look("24-sent-list")
    camille.go("/orientations/envoyees?etat=terminees")
    camille.reads("Le besoin est couvert")
    camille.link(NAME).first.click()
    camille.look("25-person-after")
    camille.page.locator("#demandes").get_by_role("link", name="Droits et recours").click()
    camille.look("26-need")
    camille.link("Terminer la demande").click()
    camille.page.get_by_text("Résolue", exact=True).click()
    camille.look("27-close-need")
    camille.button("Terminer la demande").click()
    camille.reads("Résolue")
    camille.look("28-need-closed")


def reads_the_flows(world: World, coordinator: Walk) -> None:
    coordinator.sign_in(world.emails["coordinator"])
    coordinator.reads("Bonjour")
    coordinator.look("01-home")
    coordinator.go("/pilotage/orientations")
    row = coordinator.page.locator("#flux tbody tr")
    expect(row).to_contain_text("Médiathèque de Marmande")
    expect(row).to_contain_text("CCAS de Tonneins")
    coordinator.look("02-flows")
    assert_nothing_known(coordinator)


def reads_the_journal(world: World, dpo: Walk) -> None:
    dpo.sign_in(world.emails["dpo"])
    dpo.reads("Bonjour")
    dpo.look("01-home")
    dpo.go("/protection/journal")
    dpo.reads("Camille Roux")
    dpo.look("02-journal")
    assert_nothing_known(dpo)


def test_without_scripts(committed_app: Flask, browser: Browser) -> None:
    with staged(committed_app, browser, looked_at=False) as stage:
        with stage.walk("5-plain", 360, javascript=False) as camille:
            camille.sign_in(stage.world.emails["camille.library"])
            camille.button("Médiathèque de Marmande").click()
            camille.go("/personnes/nouvelle")
            register(camille, NAME, PHONE, "La personne est d’accord")
            camille.go("/personnes")
            camille.page.get_by_role("searchbox").fill(PIECE)
            camille.button("Chercher").click()
            camille.link(NAME).click()
            notes_without_looking(camille)
            camille.link("Orienter").first.click()
            camille.page.get_by_text("CCAS de Tonneins").first.click()
            camille.button("Continuer vers l’accord").click()
            camille.page.get_by_text("La personne est d’accord", exact=True).click()
            camille.button("Envoyer l’orientation").click()
            camille.reads("Envoyée, sans réponse")
            referral = camille.page.url.removeprefix(stage.address)
        with stage.walk("5-plain", 360, javascript=False) as agent:
            agent.sign_in(stage.world.emails["ccas.adviser"])
            agent.reads("Bonjour")
            agent.go(referral)
            agent.button("Accepter l’orientation").click()
            agent.reads(NAME)


def notes_without_looking(camille: Walk) -> None:
    camille.link("Noter une demande").first.click()
    camille.page.get_by_text("Droits et recours", exact=True).click()
    camille.button("Enregistrer la demande").click()
    camille.link("Noter une séance").first.click()
    camille.page.get_by_text("30 min", exact=True).click()
    camille.page.locator("[name=themes]").first.check()
    camille.button("Enregistrer la séance").click()
    camille.reads("Diagnostic numérique", "#histoire")


def test_with_the_keyboard_alone(committed_app: Flask, browser: Browser) -> None:
    with staged(committed_app, browser, looked_at=False) as stage, stage.walk("6-keys") as camille:
        keys = camille.page.keyboard
        camille.go("/compte/connexion")
        expect(camille.page.get_by_label("Adresse électronique")).to_be_focused()
        keys.type(stage.world.emails["camille.library"])
        keys.press("Tab")
        keys.type(PASSWORD)
        keys.press("Enter")
        camille.reads("Pour qui travaillez-vous maintenant ?")
        camille.tab_to(camille.button("Médiathèque de Marmande"))
        keys.press("Enter")
        camille.reads("Bonjour")
        camille.tab_to(camille.link("Inscrire une personne"))
        keys.press("Enter")
        registers_with_keys(camille)
        camille.tab_to(camille.link("Noter une séance").first)
        keys.press("Enter")
        camille.reads("Durée")
        camille.tab_to(camille.page.get_by_label("15 min"))
        keys.press("ArrowRight")
        camille.tab_to(camille.page.locator("[name=themes]").first)
        keys.press("Space")
        camille.tab_to(camille.button("Enregistrer la séance"))
        keys.press("Space")
        camille.reads("30 min", "#histoire")


def registers_with_keys(camille: Walk) -> None:
    keys = camille.page.keyboard
    camille.reads("D’abord, informer")
    camille.tab_to(camille.page.get_by_label("Notice remise sur papier"))
    keys.press("Space")
    for label, words in zip(("Prénom", "Nom"), NAME.split(), strict=True):
        camille.tab_to(camille.page.get_by_label(label, exact=True))
        keys.type(words)
    camille.tab_to(camille.page.get_by_label("La personne est d’accord"))
    keys.press("Space")
    camille.tab_to(camille.button("Inscrire la personne").last)
    keys.press("Enter")
    camille.reads(NAME, "h1")
