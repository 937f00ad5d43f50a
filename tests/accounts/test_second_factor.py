"""One-time codes: each serves once, attempts are limited, recovery codes too, and some roles are not worn without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app.accounts import actions, policy, queries
from app.accounts.models import RecoveryCode, SecondFactor, User, UserSession
from app.kernel import clock
from app.kernel.access import Role
from app.kernel.db import db
from app.kernel.journal import JournalEntry
from app.kernel.writes import commit
from tests.support.pages import InspectingClient
from tests.support.world import PASSWORD, World, build_world

WHO = "library.adviser"
PAGE = "/compte/double-authentification"
STEP = "/compte/connexion/suite"


@pytest.fixture
def required() -> Iterator[None]:
    before = policy.rules()
    policy.install(replace(before, second_factor_roles=frozenset({Role.ADMIN, Role.DPO})))
    yield
    policy.install(before)


def browser(world: World) -> InspectingClient:
    client = world.app.test_client()
    assert isinstance(client, InspectingClient)
    return client


def shown_key(client: InspectingClient, page: TestResponse) -> str:
    return client.text(page, ".enrol__key").replace(" ", "")


def code_of(key: str, later: int = 0) -> str:
    return pyotp.TOTP(key).at(clock.now() + timedelta(seconds=later))


def turned_on(world: World, who: str = WHO) -> tuple[str, list[str]]:
    """The key and the recovery codes of somebody who turned it on a while ago."""
    user_id, seed = world.actors[who].user_id, UUID(int=7, version=4)
    key = policy.one_time_key(user_id, seed)
    with world.app.app_context():
        with clock.fixed(clock.now() - timedelta(hours=1)):
            codes = actions.enrol(user_id, seed, code_of(key))
        commit()
    return key, codes


def to_step(world: World, who: str = WHO) -> InspectingClient:
    client = browser(world)
    page = client.get("/compte/connexion")
    answer = client.submit(page, "#connexion", email=world.emails[who], password=PASSWORD)
    assert answer.location == STEP
    return client


def give(client: InspectingClient, code: str) -> TestResponse:
    return client.submit(client.get(STEP), "#code-de-connexion", code=code)


def test_turning_it_on_from_the_account(world: World) -> None:
    here, elsewhere = world.client(WHO), world.client(WHO)
    page = here.get(PAGE)
    key = shown_key(here, page)
    assert len(key) == 32
    assert here.select(page, ".enrol__drawing svg")
    wrong = here.submit(page, "#activer", code="000000")
    assert (wrong.status_code, shown_key(here, wrong)) == (422, key)
    done = here.submit(wrong, "#activer", code=code_of(key))
    codes = [code.get_text() for code in here.select(done, ".recovery-codes code")]
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"[2-9A-Z]{5}-[2-9A-Z]{5}", code) for code in codes)
    assert elsewhere.get("/").status_code == 303
    assert here.get("/").status_code == 200
    with world.app.app_context():
        kept = str([(one.code_hash, one.id) for one in db.session.scalars(select(RecoveryCode))])
        seed = db.session.scalars(select(SecondFactor)).one().seed
        assert not [code for code in codes if code in kept or code.replace("-", "") in kept]
        assert key not in str(seed)
    assert "10 codes de secours restants" in here.text(here.get("/compte/"), "main")


def test_the_drawing_is_what_the_telephone_reads_and_obeys_the_content_policy(world: World) -> None:
    client = world.client(WHO)
    drawing = str(client.select(client.get(PAGE), ".enrol__drawing")[0])
    assert "style" not in drawing
    assert "<title>" in drawing


def test_signing_in_asks_for_a_code_and_opens_nothing_before(world: World) -> None:
    key, _codes = turned_on(world)
    client = to_step(world)
    assert client.get("/personnes").location.startswith("/compte/connexion")
    with world.app.app_context():
        assert db.session.scalars(select(UserSession)).all() == []
    assert give(client, "123456").status_code == 422
    assert give(client, code_of(key)).location == "/"
    assert client.get("/personnes").status_code == 200


def test_a_code_serves_once_even_elsewhere(world: World) -> None:
    key, _codes = turned_on(world)
    with clock.fixed(clock.now()):
        code = code_of(key)
        assert give(to_step(world), code).location == "/"
        third = to_step(world)
        assert give(third, code).status_code == 422
    with clock.fixed(clock.now() + timedelta(seconds=60)):
        assert give(third, code_of(key)).location == "/"


@pytest.mark.parametrize(("gap", "right"), [(-90, False), (-30, True), (0, True), (30, True), (90, False)])
def test_a_clock_half_a_minute_off_is_forgiven(world: World, gap: int, right: bool) -> None:
    key, _codes = turned_on(world)
    with clock.fixed(clock.now()):
        assert give(to_step(world), code_of(key, gap)).status_code == (303 if right else 422)


def test_guessing_is_limited(world: World) -> None:
    key, codes = turned_on(world)
    client = to_step(world)
    for _ in range(5):
        assert give(client, "000000").status_code == 422
    assert give(client, code_of(key)).status_code == 429
    assert give(to_step(world), codes[0]).status_code == 429
    with clock.fixed(clock.now() + timedelta(minutes=16)):
        assert give(to_step(world), code_of(key)).location == "/"
    with world.app.app_context():
        refused = db.session.scalars(select(JournalEntry).where(JournalEntry.action == "second_factor.refused")).all()
        assert len(refused) == 5


def test_a_recovery_code_serves_once_however_it_is_typed(world: World) -> None:
    _key, codes = turned_on(world)
    assert give(to_step(world), f" {codes[3].lower().replace('-', ' ')} ").location == "/"
    assert give(to_step(world), codes[3]).status_code == 422
    assert give(to_step(world), codes[4]).location == "/"
    with world.app.app_context():
        assert queries.codes_left(world.actors[WHO].user_id) == 8


def test_the_code_of_somebody_else_opens_nothing(world: World) -> None:
    key, codes = turned_on(world, "ccas.adviser")
    turned_on(world)
    client = to_step(world)
    assert give(client, code_of(key)).status_code == 422
    assert give(client, codes[0]).status_code == 422


def test_renewing_and_turning_off_take_a_code(world: World) -> None:
    _key, codes = turned_on(world)
    client = world.client(WHO)
    page = client.get(PAGE)
    assert client.submit(page, "#regler", code="000000").status_code == 422
    renewed = client.submit(page, "#regler", code=codes[0])
    assert len(client.select(renewed, ".recovery-codes li")) == 10
    assert client.submit(page, "#regler", code=codes[1]).status_code == 422
    fresh = [code.get_text() for code in client.select(renewed, ".recovery-codes code")]
    off = client.submit(client.get(PAGE), "#regler", code=fresh[0], button="Désactiver la double authentification")
    assert off.status_code == 303
    with world.app.app_context():
        assert not queries.has_second_factor(world.actors[WHO].user_id)
        assert queries.codes_left(world.actors[WHO].user_id) == 0


def test_some_roles_are_not_worn_without(world: World, required: None) -> None:
    client = to_step(world, "admin")
    page = client.get(STEP)
    key = shown_key(client, page)
    assert client.submit(page, "#activer", code="000000").status_code == 422
    done = client.submit(page, "#activer", code=code_of(key))
    assert len(client.select(done, ".recovery-codes li")) == 10
    assert client.get("/administration/structures").status_code == 200
    kept = client.get(PAGE)
    assert not [one for one in client.select(kept, "button") if "Désactiver" in one.get_text()]
    forged = client.submit(kept, "#regler", code=code_of(key), forged={"desactiver": "1"})
    assert forged.status_code == 422


def test_others_sign_in_as_before(world: World, required: None) -> None:
    client = browser(world)
    page = client.get("/compte/connexion")
    assert client.submit(page, "#connexion", email=world.emails[WHO], password=PASSWORD).location == "/"


def test_a_role_given_later_is_not_put_on_without(world: World, required: None) -> None:
    client = world.client("camille.library")
    with world.app.app_context():
        user = queries.user_by_email(world.emails["camille.library"])
        assert user is not None
        hat = actions.add_membership(user, world.structures["ccas"], Role.DPO, world.today).id
        commit()
    choice = client.get("/compte/casquette")
    answer = client.submit(choice, f"main form:has(input[value='{hat}'])")
    assert answer.status_code == 422
    assert "double authentification" in client.text(answer, "main")
    assert client.get("/protection/journal").status_code == 404


def test_the_code_comes_before_a_provisional_password(world: World) -> None:
    key, _codes = turned_on(world)
    with world.app.app_context():
        db.session.execute(update(User).where(User.email == world.emails[WHO]).values(must_change_password=True))
        commit()
    client = to_step(world)
    assert not client.select(client.get(STEP), "input[name=new_password]")
    assert give(client, code_of(key)).location == STEP
    page = client.get(STEP)
    chosen = "trombone girafe lundi"
    assert client.submit(page, "#mot-de-passe", new_password=chosen, again_password=chosen).location == "/"


def test_whoever_runs_the_server_takes_it_off(committed_app: Flask) -> None:
    world = build_world(committed_app)
    turned_on(world)
    runner = world.app.test_cli_runner()
    assert runner.invoke(args=["user", "second-factor-off", world.emails[WHO]]).exit_code == 0
    assert runner.invoke(args=["user", "second-factor-off", "personne@essai.example"]).exit_code == 1
    given = runner.invoke(args=["user", "password", world.emails[WHO]]).output.rpartition(" : ")[2].strip()
    client = browser(world)
    answer = client.submit(client.get("/compte/connexion"), "#connexion", email=world.emails[WHO], password=given)
    assert answer.location == STEP
    assert client.select(client.get(STEP), "input[name=new_password]")
