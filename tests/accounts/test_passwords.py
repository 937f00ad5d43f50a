"""Passwords: chosen, changed, forgotten, provisional; sessions that end; nothing that tells who has an account."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app.accounts import actions, mails, policy, queries
from app.accounts.enums import LinkPurpose
from app.accounts.models import AccountLink, User, UserSession
from app.accounts.policy import DEMO_DOMAIN, DEMO_PASSWORD
from app.kernel import clock, jobs
from app.kernel.db import db
from app.kernel.errors import DomainError
from app.kernel.journal import JournalEntry
from app.kernel.outbox import OutboxMessage
from app.kernel.writes import commit
from tests.support.pages import InspectingClient
from tests.support.queries import count_queries
from tests.support.world import PASSWORD, World

WHO = "library.adviser"
CHOSEN = "trombone girafe lundi"
FORGOTTEN = "/compte/mot-de-passe-oublie"


@pytest.fixture(autouse=True)
def quiet_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_recurring", {})


def browser(world: World) -> InspectingClient:
    client = world.app.test_client()
    assert isinstance(client, InspectingClient)
    return client


def sign_in(world: World, password: str, client: InspectingClient | None = None, who: str = WHO) -> TestResponse:
    client = client or browser(world)
    return client.submit(client.get("/compte/connexion"), "#connexion", email=world.emails[who], password=password)


def ask(client: InspectingClient, email: str) -> TestResponse:
    return client.submit(client.get(FORGOTTEN), "#oublie", email=email)


def token(world: World) -> str:
    """What the worker's mail would carry."""
    with world.app.app_context():
        while jobs.work_once():
            pass
        sent = db.session.scalars(select(AccountLink).where(AccountLink.used_at.is_(None))).all()
        assert len(sent) == 1
        return policy.token_of(LinkPurpose.RESET, sent[0].id)


def choose(client: InspectingClient, link: str, password: str = CHOSEN) -> TestResponse:
    page = client.get(f"/compte/nouveau-mot-de-passe/{link}")
    if page.status_code != 200:
        return page
    return client.submit(page, "#mot-de-passe", new_password=password, again_password=password)


# ---------------------------------------------------------------- the rule


@pytest.mark.parametrize(
    "password",
    [
        "onze signes",
        "aaaaaaaaaaaa",
        "123456789012",
        "azertyuiop123",
        "motdepasse1234",
        "Library.Adviser1",
        "abababababab",
    ],
)
def test_what_is_first_tried_is_refused(password: str) -> None:
    assert policy.password_problem(password, "library.adviser@essai.example")


@pytest.mark.parametrize("password", ["douze lettre", CHOSEN, PASSWORD, "ÉtéÀLaMer2031", "p0iv-ron bleu"])
def test_what_is_long_and_one_s_own_is_accepted(password: str) -> None:
    assert policy.password_problem(password, "library.adviser@essai.example") is None


# ---------------------------------------------------------------- changing


def test_changing_asks_the_present_one_and_closes_the_other_sessions(world: World) -> None:
    here, elsewhere = world.client(WHO), world.client(WHO)
    page = here.get("/compte/mot-de-passe")
    wrong = here.submit(
        page, "#mot-de-passe", current_password="pas le bon du tout", new_password=CHOSEN, again_password=CHOSEN
    )
    assert wrong.status_code == 422
    assert "pas votre mot de passe actuel" in here.text(wrong, "main")
    assert elsewhere.get("/").status_code == 200
    done = here.submit(page, "#mot-de-passe", current_password=PASSWORD, new_password=CHOSEN, again_password=CHOSEN)
    assert done.status_code == 303
    assert here.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 303
    assert sign_in(world, PASSWORD).status_code == 422
    assert sign_in(world, CHOSEN).status_code == 303


@pytest.mark.parametrize(
    ("new", "again", "told"),
    [
        ("court", "court", "12 caractères"),
        ("azertyuiop123", "azertyuiop123", "premiers essayés"),
        (CHOSEN, CHOSEN + "x", "pas les mêmes"),
        (PASSWORD, PASSWORD, "différent"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(world: World, new: str, again: str, told: str) -> None:
    client = world.client(WHO)
    page = client.get("/compte/mot-de-passe")
    answer = client.submit(page, "#mot-de-passe", current_password=PASSWORD, new_password=new, again_password=again)
    assert answer.status_code == 422
    assert told in client.text(answer, ".field__error")
    assert new not in answer.get_data(as_text=True)


def test_guessing_the_present_password_from_an_open_session_is_limited(world: World) -> None:
    client = world.client(WHO)
    page = client.get("/compte/mot-de-passe")
    typed = {"new_password": CHOSEN, "again_password": CHOSEN}
    for _ in range(5):
        assert client.submit(page, "#mot-de-passe", current_password="faux mais long", **typed).status_code == 422
    assert client.submit(page, "#mot-de-passe", current_password=PASSWORD, **typed).status_code == 429


# ---------------------------------------------------------------- forgotten


def test_the_answer_says_nothing_of_who_has_an_account(world: World) -> None:
    """The same page, the same statements, no mail written before the worker looks."""
    seen = []
    with world.app.app_context():
        engine = db.engine
    for email in (world.emails[WHO], "personne@essai.example"):
        client = browser(world)
        page = client.get(FORGOTTEN)
        with count_queries(engine) as sent:
            answer = client.submit(page, "#oublie", email=email)
        body = re.sub(r'value="[^"]+"', "", answer.get_data(as_text=True)).replace(email, "")
        seen.append((answer.status_code, body, sent.statements))
    assert seen[0] == seen[1]
    with world.app.app_context():
        assert db.session.scalars(select(OutboxMessage)).all() == []
        payloads = [job.payload for job in db.session.scalars(select(jobs.Job))]
        assert world.emails[WHO] not in str(payloads)


def test_the_mail_holds_a_link_and_no_name_and_the_database_no_token(world: World) -> None:
    ask(browser(world), world.emails[WHO].upper())
    link = token(world)
    with world.app.app_context():
        mail = db.session.scalars(select(OutboxMessage)).one()
        kept = db.session.scalars(select(AccountLink)).one()
        left = mails.complete(mail.body)
        assert mail.user_id == world.actors[WHO].user_id
        assert link in left
        assert "Library" not in left + mail.subject
        assert link not in mail.body + kept.token_hash + str(kept.id)


def test_an_unknown_address_and_the_demonstration_get_nothing(world: World) -> None:
    ask(browser(world), "personne@essai.example")
    with world.app.app_context():
        actions.add_user(f"x@{DEMO_DOMAIN}", "X", DEMO_PASSWORD, 8)
        limits = actions.Limits(str(world.app.secret_key), 5, timedelta(minutes=15), 8, production=True)
        actions.send_reset({"account": limits.account(f"x@{DEMO_DOMAIN}")}, limits)
        while jobs.work_once():
            pass
        assert db.session.scalars(select(OutboxMessage)).all() == []


def test_a_link_serves_once_for_an_hour_and_ends_every_session(world: World) -> None:
    opened = world.client(WHO)
    ask(browser(world), world.emails[WHO])
    link, client = token(world), browser(world)
    assert client.get(f"/compte/nouveau-mot-de-passe/{link}").status_code == 200
    refused = choose(client, link, "azertyuiop123")
    assert refused.status_code == 422
    with clock.fixed(clock.now() + timedelta(minutes=61)):
        assert browser(world).get(f"/compte/nouveau-mot-de-passe/{link}").status_code == 303
    assert choose(client, link).location == "/compte/connexion"
    assert opened.get("/").status_code == 303
    again = choose(browser(world), link)
    assert again.location == FORGOTTEN
    assert sign_in(world, CHOSEN).status_code == 303


def test_two_at_once_spend_a_link_once(world: World) -> None:
    ask(browser(world), world.emails[WHO])
    first, second, link = browser(world), browser(world), token(world)
    pages = [one.get(f"/compte/nouveau-mot-de-passe/{link}") for one in (first, second)]
    typed = {"new_password": CHOSEN, "again_password": CHOSEN}
    assert first.submit(pages[0], "#mot-de-passe", **typed).location == "/compte/connexion"
    assert second.submit(pages[1], "#mot-de-passe", **typed).location == FORGOTTEN


def test_a_link_read_before_it_was_spent_serves_no_more(world: World) -> None:
    with world.app.app_context():
        link = actions.make_link(world.actors[WHO].user_id, LinkPurpose.RESET)
        actions.use_link(link.id)
        with pytest.raises(DomainError, match="ne sert plus"):
            actions.use_link(link.id)
        late = actions.make_link(world.actors[WHO].user_id, LinkPurpose.RESET)
        with clock.fixed(clock.now() + timedelta(minutes=61)), pytest.raises(DomainError, match="ne sert plus"):
            actions.use_link(late.id)


def test_a_newer_link_replaces_the_older(world: World) -> None:
    with world.app.app_context():
        made = [actions.make_link(world.actors[WHO].user_id, LinkPurpose.RESET).id for _ in range(2)]
        commit()
        tokens = [policy.token_of(LinkPurpose.RESET, one) for one in made]
        assert queries.link(tokens[0], LinkPurpose.RESET) is None
        assert queries.link(tokens[1], LinkPurpose.RESET) is not None
        assert queries.link(tokens[1], LinkPurpose.SIGN_IN) is None


def test_asking_is_limited_alike_for_everybody(world: World) -> None:
    for email in (world.emails[WHO], "personne@essai.example"):
        for _ in range(5):
            assert ask(browser(world), email).status_code == 200
        assert ask(browser(world), email).status_code == 429
    assert sign_in(world, PASSWORD).status_code == 303


def test_links_are_forgotten(world: World) -> None:
    with world.app.app_context():
        actions.make_link(world.actors[WHO].user_id, LinkPurpose.RESET)
        commit()
        with clock.fixed(clock.now() + timedelta(days=2)):
            actions.purge_links()
        assert db.session.scalars(select(AccountLink)).all() == []


# ---------------------------------------------------------------- provisional


def test_a_provisional_password_only_serves_to_choose_another(world: World) -> None:
    with world.app.app_context():
        db.session.execute(update(User).where(User.email == world.emails[WHO]).values(must_change_password=True))
        commit()
    client = browser(world)
    page = client.get("/compte/connexion?suite=/seances")
    to = client.submit(page, "#connexion", email=world.emails[WHO], password=PASSWORD)
    assert to.location == "/compte/connexion/suite?suite=/seances"
    assert client.get("/personnes").status_code == 303
    step = client.get(to.location)
    assert "provisoire" in client.text(step, "main")
    with world.app.app_context():
        assert db.session.scalars(select(UserSession)).all() == []
    short = client.submit(step, "#mot-de-passe", new_password="court", again_password="court")
    assert short.status_code == 422
    done = client.submit(step, "#mot-de-passe", new_password=CHOSEN, again_password=CHOSEN)
    assert done.location == "/seances"
    assert client.get("/personnes").status_code == 200
    assert sign_in(world, CHOSEN).location == "/"


def test_the_step_belongs_to_who_gave_the_password_and_lasts_a_quarter_of_an_hour(world: World) -> None:
    with world.app.app_context():
        db.session.execute(update(User).where(User.email == world.emails[WHO]).values(must_change_password=True))
        commit()
    assert browser(world).get("/compte/connexion/suite").location == "/compte/connexion"
    client = browser(world)
    sign_in(world, PASSWORD, client)
    with clock.fixed(clock.now() + timedelta(minutes=16)):
        assert client.get("/compte/connexion/suite").location == "/compte/connexion"


# ---------------------------------------------------------------- sessions


def test_one_s_open_sessions_are_listed_and_ended(world: World) -> None:
    here, other = world.client(WHO), browser(world)
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
    other.environ_base["HTTP_USER_AGENT"] = agent
    sign_in(world, PASSWORD, other)
    stranger = world.client("ccas.adviser")
    page = here.get("/compte/")
    assert "Firefox, Windows" in here.text(page, "#sessions")
    assert here.submit(page, "form[action*='/fermer']").status_code == 303
    assert other.get("/").status_code == 303
    assert here.get("/").status_code == 200
    with world.app.app_context():
        theirs = db.session.scalars(
            select(UserSession.id).where(UserSession.user_id != world.actors[WHO].user_id)
        ).all()
        noted = db.session.scalars(select(JournalEntry.action)).all()
        assert "session.end" in noted
    forged = page.get_data(as_text=True)
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', forged)
    assert csrf is not None
    for one in theirs:
        assert here.post(f"/compte/sessions/{one}/fermer", data={"csrf_token": csrf[1]}).status_code == 404
    assert stranger.get("/").status_code == 200


def test_all_the_others_at_once(world: World) -> None:
    here, *others = (world.client(WHO) for _ in range(4))
    page = here.get("/compte/")
    assert here.submit(page, "form[action$='fermer-les-autres']").status_code == 303
    assert {one.get("/").status_code for one in others} == {303}
    assert here.get("/").status_code == 200


def test_the_account_page_costs_little(world: World) -> None:
    client = world.client(WHO)
    client.get("/compte/")
    with world.app.app_context():
        engine = db.engine
    with count_queries(engine) as few:
        client.get("/compte/")
    for _ in range(3):
        world.client(WHO)
    with count_queries(engine) as many:
        client.get("/compte/")
    many.assert_same_as(few)
    many.assert_at_most(8)
