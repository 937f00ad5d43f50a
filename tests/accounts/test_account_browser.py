"""A new colleague, in a real browser: invited, joined, second factor, sign-in with a code; and the manager's yearly review."""

from __future__ import annotations

import pyotp
import pytest
from flask import Flask
from playwright.sync_api import Browser

from app.accounts import actions, policy
from app.accounts.enums import LinkPurpose
from app.kernel.access import Role
from app.kernel.writes import commit
from tests.journeys.walk import Stage, Walk, staged

CHOSEN = "trombone girafe lundi"
EMAIL = "nouvelle@essai.example"


def invited(stage: Stage) -> str:
    world = stage.world
    with world.app.app_context():
        structure = world.structures["library"]
        made = actions.invite(world.actors["library.manager"], structure, EMAIL, Role.DESK, None)
        commit()
        return policy.token_of(LinkPurpose.INVITATION, made.id)


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_a_new_colleague_arrives(committed_app: Flask, browser: Browser, width: int) -> None:
    with staged(committed_app, browser) as stage, stage.walk(f"arrive-{width}", width) as walk:
        walk.go(f"/compte/invitation/{invited(stage)}")
        walk.reads("Médiathèque de Marmande")
        walk.look("invitation")
        walk.page.get_by_label("Vos prénom et nom").fill("Noé Petit")
        walk.page.get_by_label("Nouveau mot de passe").fill(CHOSEN)
        walk.page.get_by_label("Le même, encore une fois").fill(CHOSEN)
        walk.button("Ouvrir mon accès").click()
        walk.look("connexion")
        _give_password(walk)
        walk.reads("Noé Petit", "header")
        walk.look("accueil")
        walk.go("/compte/")
        walk.look("compte")
        walk.link("Activer la double authentification").click()
        walk.look("activer")
        key = walk.page.locator(".enrol__key").inner_text().translate({0xA0: None, 0x20: None})
        walk.page.get_by_label("Code affiché par l’application").fill(pyotp.TOTP(key).now())
        walk.button("Activer la double authentification").click()
        recovery = walk.page.locator(".recovery-codes code").all_inner_texts()
        assert len(recovery) == 10
        walk.look("codes")
        walk.link("J’ai gardé ces codes, continuer").click()
        walk.reads("10 codes de secours restants")
        walk.page.context.clear_cookies()
        walk.go("/compte/connexion")
        _give_password(walk)
        walk.look("code")
        walk.page.get_by_label("Code", exact=True).fill(recovery[0])
        walk.button("Se connecter").click()
        walk.reads("Noé Petit", "header")


def _give_password(walk: Walk) -> None:
    walk.page.get_by_label("Adresse électronique").fill(EMAIL)
    walk.page.get_by_label("Mot de passe", exact=True).fill(CHOSEN)
    walk.button("Se connecter").click()


@pytest.mark.browser
def test_the_manager_reviews_and_the_network_ends_an_agreement(committed_app: Flask, browser: Browser) -> None:
    with staged(committed_app, browser) as stage:
        with stage.walk("revue", 360) as walk:
            walk.go("/compte/connexion")
            walk.look("connexion")
            walk.sign_in(stage.world.emails["library.manager"])
            walk.look("accueil")
            walk.go("/administration/membres")
            walk.look("membres")
            walk.link("Revoir qui a accès").click()
            walk.look("revue")
            walk.button("Enregistrer la revue").click()
            walk.reads("Répondez pour chaque personne")
            walk.look("revue-incomplete")
            for name in ("Camille Roux", "Dpo", "Library Adviser"):
                walk.choose(name, "Garder l’accès")
            walk.choose("Library Desk", "Mettre fin à l’accès")
            walk.button("Enregistrer la revue").click()
            walk.reads("La revue des accès est enregistrée", "body")
        with stage.walk("convention", 1280) as walk:
            walk.sign_in(stage.world.emails["coordinator"])
            walk.look("accueil")
            walk.go("/administration/structures")
            walk.look("structures")
            walk.link("Association sans convention").click()
            walk.reads("ne partage rien")
            walk.look("structure")
            walk.link("Enregistrer la convention").click()
            walk.look("signature")
            walk.page.get_by_label("Date de signature").fill(stage.world.today.isoformat())
            walk.button("Enregistrer la convention").click()
            walk.reads("La convention est enregistrée", "body")
