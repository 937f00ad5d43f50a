"""Signing in: limited, silent about who exists, and never sending anybody elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import create_engine, select, text, update
from werkzeug.test import TestResponse

from app import create_app
from app.accounts import actions
from app.accounts.actions import sign_in as signing_in
from app.accounts.models import SignInFailure, User, UserSession
from app.accounts.policy import DEMO_DOMAIN, DEMO_PASSWORD
from app.kernel import clock, journal
from app.kernel.access import Role
from app.kernel.db import db, mode
from app.kernel.errors import DomainError
from app.kernel.writes import commit
from tests.conftest import settings_for
from tests.support.axe import assert_accessible
from tests.support.browser import assert_fits, new_page, served, shoot
from tests.support.pages import InspectingClient
from tests.support.probes import count, within
from tests.support.queries import count_queries
from tests.support.world import PASSWORD, World, build_world

WHO = "library.adviser"
WRONG = "ceci n’est pas le bon"
UNKNOWN = "personne@essai.example"


def sign_in(
    client: InspectingClient, email: str, password: str = PASSWORD, *, suite: str | None = None
) -> TestResponse:
    page = client.get("/compte/connexion", query_string={"suite": suite} if suite is not None else None)
    return client.submit(page, "#connexion", email=email, password=password)


def words(client: InspectingClient, answer: TestResponse) -> str:
    return client.text(answer, "main")


@pytest.fixture
def network(committed_app: Flask) -> World:
    return build_world(committed_app)


def new_browser(world: World) -> InspectingClient:
    client = world.app.test_client()
    assert isinstance(client, InspectingClient)
    return client


def test_the_right_password_opens_a_session(world: World, client: InspectingClient) -> None:
    answer = sign_in(client, world.emails[WHO])
    assert (answer.status_code, answer.location) == (303, "/")
    page = client.get("/")
    assert page.status_code == 200
    assert "Library Adviser" in client.text(page, "header")


def test_case_and_spaces_of_the_address_do_not_matter(world: World, client: InspectingClient) -> None:
    assert sign_in(client, f"  {world.emails[WHO].upper()} ").status_code == 303


@pytest.mark.parametrize(
    ("email", "password"), [(None, WRONG), (UNKNOWN, PASSWORD), (UNKNOWN, WRONG), (None, PASSWORD + " ")]
)
def test_a_refusal_never_says_which_is_wrong(
    world: World, client: InspectingClient, email: str | None, password: str
) -> None:
    answer = sign_in(client, email or world.emails[WHO], password)
    assert answer.status_code == 422
    assert "Adresse ou mot de passe inexact" in words(client, answer)
    assert client.get("/").status_code == 303
    assert WRONG not in answer.get_data(as_text=True)


def test_known_and_unknown_cost_the_same(
    world: World, client: InspectingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same page, the same queries, one hash verified."""
    verified = []
    real = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda self, *given: verified.append(1) or real(self, *given))
    seen = []
    with world.app.app_context():
        watched = db.engine
    for email in (world.emails[WHO], UNKNOWN):
        page = client.get("/compte/connexion")
        with count_queries(watched) as queries:
            answer = client.submit(page, "#connexion", email=email, password=WRONG)
        body = re.sub(r'(name="(csrf_token|form_key)" value=")[^"]+', r"\1", answer.get_data(as_text=True)).replace(
            email, ""
        )
        seen.append((answer.status_code, body, len(queries), len(verified)))
        verified.clear()
    assert seen[0] == seen[1]
    assert seen[0][3] == 1


def test_a_closed_account_is_an_unknown_one(world: World, client: InspectingClient) -> None:
    with world.app.app_context():
        db.session.execute(update(User).where(User.email == world.emails[WHO]).values(closed_at=clock.now()))
        db.session.commit()
    assert "Adresse ou mot de passe inexact" in words(client, sign_in(client, world.emails[WHO]))


@pytest.mark.parametrize(
    ("email", "password", "message"),
    [
        ("", PASSWORD, "Indiquez votre adresse"),
        (UNKNOWN, "", "Indiquez votre mot de passe"),
        ("x" * 255, PASSWORD, "trop long"),
        (UNKNOWN, "x" * 201, "trop long"),
    ],
)
def test_what_is_missing_or_too_long_is_said(
    world: World, client: InspectingClient, email: str, password: str, message: str
) -> None:
    answer = sign_in(client, email, password)
    assert answer.status_code == 422
    assert message in words(client, answer)


def test_passwords_are_argon2id_and_never_shown_again(world: World, client: InspectingClient) -> None:
    with world.app.app_context():
        stored = db.session.scalar(select(User.password_hash).where(User.email == world.emails[WHO]))
    assert stored is not None
    assert extract_parameters(stored).type is Type.ID
    answer = sign_in(client, world.emails[WHO], WRONG)
    assert not client.select(answer, "#password")[0].get("value")


@pytest.mark.parametrize("known", [True, False])
def test_an_account_has_five_attempts(world: World, client: InspectingClient, known: bool) -> None:
    email = world.emails[WHO] if known else UNKNOWN
    for _ in range(5):
        assert sign_in(client, email, WRONG).status_code == 422
    answer = sign_in(client, email, PASSWORD)
    assert answer.status_code == 429
    assert "Trop d’essais. Attendez 15 minutes" in words(client, answer)
    assert sign_in(client, world.emails["library.desk"]).status_code == 303
    with clock.fixed(clock.now() + timedelta(minutes=16)):
        assert sign_in(new_browser(world), world.emails[WHO]).status_code == 303


def test_a_success_is_not_counted(world: World) -> None:
    for _ in range(8):
        assert sign_in(new_browser(world), world.emails[WHO]).status_code == 303
    assert count_in(world) == 0


def count_in(world: World) -> int:
    with world.app.app_context():
        return len(db.session.scalars(select(SignInFailure.id)).all())


def test_an_address_has_thirty_attempts_whatever_the_account(world: World, client: InspectingClient) -> None:
    page = client.get("/compte/connexion")
    with world.app.app_context():
        limits = actions.Limits(str(world.app.secret_key), 5, timedelta(minutes=15), 8)
        for rank in range(29):
            actions.begin_attempt(f"essai{rank}@essai.example", "127.0.0.1", limits)
        commit()
    assert client.submit(page, "#connexion", email=UNKNOWN, password=WRONG).status_code == 422
    assert sign_in(client, world.emails[WHO]).status_code == 429
    elsewhere = new_browser(world)
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert sign_in(elsewhere, world.emails[WHO]).status_code == 303


def test_a_line_has_one_address_however_many_ipv6_it_takes() -> None:
    limits = actions.Limits("secret", 5, timedelta(minutes=15), 8)
    assert limits.source("2001:db8::1") == limits.source("2001:db8:0:0:ffff::9")
    assert limits.source("2001:db8::1") != limits.source("2001:db8:0:1::1")
    assert limits.source("192.0.2.1") != limits.source("192.0.2.2")
    assert limits.source("") == limits.source("")


def test_no_address_nor_account_is_kept_in_clear(world: World, client: InspectingClient) -> None:
    sign_in(client, world.emails[WHO], WRONG)
    with world.app.app_context():
        kept = db.session.scalars(select(SignInFailure)).one()
        entry = db.session.scalars(
            select(journal.JournalEntry).where(journal.JournalEntry.action == "session.refused")
        ).one()
    assert re.fullmatch(r"[0-9a-f]{64}", kept.account_hash)
    assert re.fullmatch(r"[0-9a-f]{64}", kept.address_hash)
    assert "essai" not in entry.details


def test_many_attempts_at_once_are_all_counted(network: World) -> None:
    """Counted before the password is looked at: eight at once do not pass for one each."""
    barrier, statuses = Barrier(8), []

    def attempt() -> None:
        client = new_browser(network)
        page = client.get("/compte/connexion")
        barrier.wait()
        statuses.append(client.submit(page, "#connexion", email=network.emails[WHO], password=WRONG).status_code)

    threads = [Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refused = statuses.count(429)
    assert statuses.count(422) + refused == 8
    assert count(network.app, SignInFailure) == statuses.count(422)
    if network.app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        assert refused == 3
    assert sign_in(new_browser(network), network.emails[WHO]).status_code == 429


def test_nobody_waits_while_a_password_is_hashed(network: World, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []
    real = signing_in._matches

    def slow(*given: object) -> bool:
        other = create_engine(db.engine.url)
        with mode("write"), other.begin() as connection:
            connection.execute(text("UPDATE structure SET closed_on = NULL"))
            written.append(True)
        other.dispose()
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(signing_in, "_matches", slow)
    assert sign_in(new_browser(network), network.emails[WHO]).status_code == 303
    assert sign_in(new_browser(network), network.emails[WHO], WRONG).status_code == 422
    assert written == [True, True]


@pytest.mark.parametrize(
    "wanted",
    [
        "//mechant.example",
        "/\\mechant.example",
        "https://mechant.example",
        "http:mechant.example",
        "/\t/mechant.example",
        "/\t\\mechant.example",
        "/\n/mechant.example",
        "\\\\mechant.example",
        "javascript:alert(1)",
        "mechant.example",
        "//[",
        " /mentions",
        "",
    ],
)
def test_nobody_is_sent_elsewhere(world: World, client: InspectingClient, wanted: str) -> None:
    answer = sign_in(client, world.emails[WHO], suite=wanted)
    assert (answer.status_code, answer.location) == (303, "/")


@pytest.mark.parametrize("wanted", ["/mentions", "/protection/journal?avant=3", "/compte/casquette?suite=/mentions"])
def test_one_comes_back_to_the_page_asked_for(world: World, client: InspectingClient, wanted: str) -> None:
    assert sign_in(client, world.emails[WHO], suite=wanted).location == wanted
    page = client.get("/compte/connexion", query_string={"suite": wanted})
    assert (page.status_code, page.location) == (303, wanted)


def test_the_key_changes_at_sign_in_and_dies_at_sign_out(world: World, client: InspectingClient) -> None:
    sign_in(client, world.emails[WHO])
    with client.session_transaction() as session:
        first = session["cle"]
    page = client.get("/")
    answer = client.submit(page, "header form[action='/compte/deconnexion']")
    assert (answer.status_code, answer.location) == (303, "/compte/connexion")
    assert "La session est fermée" in client.text(client.get(answer.location))
    with client.session_transaction() as session:
        assert "cle" not in session
        session["cle"] = first
    assert client.get("/").status_code == 303
    sign_in(client, world.emails[WHO])
    with client.session_transaction() as session:
        assert session["cle"] != first


def test_only_a_hash_of_the_key_is_kept(world: World, client: InspectingClient) -> None:
    sign_in(client, world.emails[WHO])
    with client.session_transaction() as session:
        key = session["cle"]
    with world.app.app_context():
        hashes = db.session.scalars(select(UserSession.key_hash)).all()
    assert key not in hashes
    assert len(key) >= 43


def test_without_csrf_token_one_does_not_sign_in(world: World, client: InspectingClient) -> None:
    client.get("/compte/connexion")
    answer = client.post("/compte/connexion", data={"email": world.emails[WHO], "password": PASSWORD})
    assert answer.status_code == 400
    assert client.get("/").status_code == 303


# ---------------------------------------------------------------- the demonstration


@pytest.fixture
def demo_url(fresh_url: str) -> str:
    app = create_app(settings_for(fresh_url, env="demo"))
    world = build_world(app)
    with app.app_context():
        for key, role, structure in PLAYERS:
            user = actions.add_user(f"{key}@{DEMO_DOMAIN}", key.title(), DEMO_PASSWORD, 8)
            actions.add_membership(user, world.structures[structure], role, world.today)
        commit()
        db.session.remove()
        db.engine.dispose()
    return fresh_url


PLAYERS = (
    ("camille", Role.ADVISER, "library"),
    ("hugo", Role.ADVISER, "library"),
    ("thomas", Role.ADVISER, "ccas"),
    ("marc", Role.ADVISER, "france_services"),
    ("anne", Role.COORDINATOR, "library"),
    ("lea", Role.DESK, "library"),
    ("nadia", Role.MANAGER, "library"),
    ("pierre", Role.ELECTED, "library"),
    ("dominique", Role.DPO, "library"),
    ("alex", Role.ADMIN, "library"),
)


@pytest.fixture
def in_demo(demo_url: str) -> Iterator[InspectingClient]:
    yield from _client_of(demo_url, env="demo")


@pytest.fixture
def in_production(demo_url: str) -> Iterator[InspectingClient]:
    strong = {"env": "production", "public_url": "https://reseau.example", "https_only": True, "hash_memory_kib": 19456}
    for client in _client_of(demo_url, **strong):
        client.environ_base["wsgi.url_scheme"] = "https"
        yield client


def _client_of(url: str, **changes: object) -> Iterator[InspectingClient]:
    app = create_app(settings_for(url, **changes))
    app.test_client_class = InspectingClient
    client = app.test_client()
    assert isinstance(client, InspectingClient)
    yield client
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_the_demo_offers_one_account_per_role(in_demo: InspectingClient) -> None:
    page = in_demo.get("/compte/connexion")
    offered = in_demo.select(page, "section form")
    assert len(offered) == len(Role) + 1
    shown = in_demo.text(page, "section")
    for name in ("Camille", "Thomas", "Lea", "Nadia", "Anne", "Pierre", "Dominique", "Alex"):
        assert name in shown
    assert "Hugo" not in shown
    assert "Marc" not in shown


def test_one_press_enters_the_demo(in_demo: InspectingClient) -> None:
    for rank in range(1, len(Role) + 2):
        in_demo.delete_cookie("maillage")
        page = in_demo.get("/compte/connexion?suite=/mentions")
        answer = in_demo.submit(page, f"section li:nth-child({rank}) form")
        assert (answer.status_code, answer.location) == (303, "/mentions")
        assert in_demo.get("/").status_code == 200


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 360])
def test_the_door_of_the_demo_is_seen_and_fits(demo_url: str, browser: Browser, width: int) -> None:
    app = create_app(settings_for(demo_url, env="demo"))
    with served(app) as site, new_page(browser, width) as page:
        page.goto(f"{site}/compte/connexion?reprise=x")
        shoot(page, "demo-door")
        assert_fits(page)
        assert_accessible(page)
        page.get_by_role("button", name="Se connecter", exact=True).click()
        page.get_by_text("Indiquez votre mot de passe.").first.wait_for()
        shoot(page, "demo-door-refused")
        assert_accessible(page)
        page.get_by_role("button", name="Coordination").click()
        page.get_by_role("heading", name="Bonjour Anne").wait_for()
    with app.app_context():
        db.engine.dispose()


def test_production_offers_no_account(in_production: InspectingClient) -> None:
    page = in_production.get("/compte/connexion", base_url="https://localhost")
    assert page.status_code == 200
    body = page.get_data(as_text=True)
    assert len(in_production.select(page, "main form")) == 1
    assert DEMO_DOMAIN not in body
    assert DEMO_PASSWORD not in body


def test_production_lets_no_demo_account_in(in_production: InspectingClient) -> None:
    page = in_production.get("/compte/connexion", base_url="https://localhost")
    token = in_production.select(page, "#connexion input[name=csrf_token]")[0]["value"]
    answer = in_production.post(
        "/compte/connexion",
        base_url="https://localhost",
        headers={"Referer": "https://localhost/compte/connexion"},
        data={"csrf_token": token, "email": f"alex@{DEMO_DOMAIN}", "password": DEMO_PASSWORD},
    )
    assert answer.status_code == 422
    assert "Adresse ou mot de passe inexact" in words(in_production, answer)


def test_a_test_or_a_development_site_offers_no_account(world: World, client: InspectingClient) -> None:
    assert DEMO_PASSWORD not in client.get("/compte/connexion").get_data(as_text=True)


def test_a_short_password_is_refused_when_an_account_opens(world: World) -> None:
    with world.app.app_context(), pytest.raises(DomainError, match="12 caractères"):
        actions.add_user("court@essai.example", "Court", "onze signes", 8)


def test_an_address_is_one_account(network: World) -> None:
    def twice() -> None:
        actions.add_user(network.emails[WHO].upper(), "Double", PASSWORD, 8)

    with pytest.raises(DomainError, match="déjà un compte"):
        within(network.app, twice)
