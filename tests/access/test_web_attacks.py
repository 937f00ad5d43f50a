"""The attacks of the web itself: forged requests, methods, paths, cookies, what a browser keeps, what time and counts say."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.kernel.access import rule_of
from app.kernel.db import db
from app.people.models import Person
from tests.access.table import ROWS
from tests.accounts.test_sign_in import sign_in
from tests.people.helpers import journal, search
from tests.support.pages import InspectingClient
from tests.support.queries import count_queries
from tests.support.world import World

EXTRA = {row.endpoint: row.extra for row in ROWS}
ELSEWHERE = (
    "//mechant.example",
    "/\\mechant.example",
    "https://mechant.example",
    "/\t/mechant.example",
    "javascript:alert(1)",
)


def filled(app: Flask, rule: Rule) -> str:
    """The rule's address, ids drawn at random."""
    known = {**EXTRA.get(rule.endpoint, {}), "verb": "accepter", "link_id": "x", "question": "M1", "code": "X"}
    values = {name: known.get(name, uuid4()) for name in rule.arguments}
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values, force_external=False)


def rules(app: Flask, method: str, *, public: bool = True) -> Iterator[Rule]:
    """The routes that answer this method."""
    for rule in app.url_map.iter_rules():
        declared = rule_of(app.view_functions[rule.endpoint])
        if rule.endpoint == "static" or method not in (rule.methods or ()):
            continue
        if public or (declared is not None and declared.roles is not None):
            yield rule


# ---------------------------------------------------------------- requests forged by another site


@pytest.mark.one_database
@pytest.mark.parametrize("token", [None, "IjAwMDAi.aaaa.bbbb"])
def test_no_route_takes_a_post_without_its_token(world: World, token: str | None) -> None:
    """400, or the form shown again with what was typed (`kernel/lapsed.py`): never an act, whoever is signed in."""
    wrong = []
    for who in ("library.manager", "coordinator"):
        client = world.client(who)
        for rule in rules(world.app, "POST"):
            address = filled(world.app, rule)
            body = {"form_key": str(uuid4()), **({} if token is None else {"csrf_token": token})}
            answer = client.post(address, data=body)
            again = answer.status_code == 303 and answer.location.startswith(f"{address}?reprise=")
            if answer.status_code != 400 and not again:
                wrong.append(f"{who} {address}: {answer.status_code} {answer.location}")
    assert not wrong, "\n".join(wrong)


def test_the_token_of_somebody_else_is_nobody_s(world: World) -> None:
    library, ccas = world.client("library.adviser"), world.client("ccas.adviser")
    stolen = library.select(library.get("/personnes/nouvelle"), "input[name=csrf_token]")[0]["value"]
    page = ccas.get("/personnes/nouvelle")
    answers = {"notice_way": "paper", "answer": "refused", "first_name": "Zoé"}
    sent = ccas.submit(page, "#inscrire", data=answers, forged={"csrf_token": str(stolen)})
    assert sent.status_code in {303, 400}
    assert not (sent.location or "").startswith("/personnes/0")
    with world.app.app_context():
        assert len(db.session.query(Person).all()) == len(world.people)


@pytest.mark.one_database
def test_a_token_in_the_address_counts_for_nothing(world: World) -> None:
    client = world.client("library.adviser")
    token = client.select(client.get("/personnes/nouvelle"), "input[name=csrf_token]")[0]["value"]
    answer = client.post(f"/personnes/recherche?csrf_token={token}", data={"q": "Benali"})
    assert answer.status_code == 400


# ---------------------------------------------------------------- methods


HEADERS = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")


@pytest.mark.one_database
def test_a_method_cannot_be_put_over_another(world: World) -> None:
    """A GET that says it is a POST writes nothing; a POST that says it is a DELETE stays a POST without its token."""
    client, amina = world.client("library.adviser"), world.people["amina"]
    path = f"/personnes/{amina}/demandes/nouvelle"
    for header in HEADERS:
        plain = client.get(path, headers={header: "POST"}, query_string={"_method": "POST", "kind": "acces_aux_droits"})
        assert plain.status_code == 200
        assert client.post(path, headers={header: "GET"}, data={"_method": "GET"}).status_code in {303, 400}
    assert not journal(world, "need.open")


@pytest.mark.slow
@pytest.mark.one_database
def test_no_other_method_is_answered(world: World) -> None:
    client = world.client("library.adviser")
    addresses = {filled(world.app, rule) for rule in chain(rules(world.app, "GET"), rules(world.app, "POST"))}
    for address in addresses:
        for method in ("PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"):
            status = client.open(address, method=method).status_code
            assert status in {404, 405}, f"{method} {address}: {status}"


@pytest.mark.one_database
def test_head_says_no_more_than_get(world: World) -> None:
    stranger = world.client("fs.adviser")
    for path in (f"/personnes/{world.people['amina']}", f"/personnes/{uuid4()}"):
        seen = stranger.head(path)
        assert (seen.status_code, seen.data) == (404, b"")


@pytest.mark.one_database
def test_options_say_nothing_of_the_record(world: World) -> None:
    stranger = world.client("fs.adviser")
    with stranger.tolerating("not valid HTML", "<html>", "0 <"):
        known = stranger.options(f"/personnes/{world.people['amina']}")
        unknown = stranger.options(f"/personnes/{uuid4()}")
    assert (known.status_code, known.headers.get("Allow")) == (unknown.status_code, unknown.headers.get("Allow"))


# ---------------------------------------------------------------- paths and hosts


@pytest.mark.parametrize(
    "shape",
    [
        "/personnes/{id}/",
        "/personnes//{id}",
        "//personnes/{id}",
        "/personnes/./{id}",
        "/personnes/%2e/{id}",
        "/static/../personnes/{id}",
        "/static/..%2fpersonnes/{id}",
        "/static/%2e%2e/personnes/{id}",
        "/mentions/../personnes/{id}",
        "/mentions/..;/personnes/{id}",
        "/personnes/{id};.css",
        "/personnes/{id}.json",
        "/personnes/{id}%00",
        "/personnes/{id}?format=json",
        "/personnes/{bare}",
        "/personnes/{upper}",
        "/personnes/{{{id}}}",
    ],
)
def test_no_spelling_of_the_path_opens_the_record(world: World, shape: str) -> None:
    amina = world.people["amina"]
    path = shape.format(id=amina, bare=amina.hex, upper=str(amina).upper())
    for client in (world.client("fs.adviser"), world.app.test_client()):
        answer = client.get(path, follow_redirects=True)
        assert "Benali" not in answer.get_data(as_text=True), path
        assert answer.status_code in {200, 400, 404}, path
        if answer.status_code == 200:
            assert answer.request.path.endswith(("/connexion", "/mentions")), path


@pytest.mark.one_database
@pytest.mark.parametrize("header", ["X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Prefix", "X-Forwarded-Path"])
def test_a_header_does_not_change_the_page_asked_for(world: World, header: str) -> None:
    for client in (world.client("fs.adviser"), world.app.test_client()):
        answer = client.get("/mentions", headers={header: f"/personnes/{world.people['amina']}"})
        assert answer.status_code == 200
        assert "Benali" not in answer.get_data(as_text=True)
        assert header not in answer.headers


@pytest.mark.one_database
@pytest.mark.parametrize(
    "name", ["config.py", "../config.py", "..%2fconfig.py", "%2e%2e/config.py", "/etc/passwd", "....//config.py"]
)
def test_static_files_stay_in_their_folder(world: World, name: str) -> None:
    answer = world.app.test_client().get(f"/static/{name}", follow_redirects=True)
    assert answer.status_code in {400, 404}
    assert "secret_key" not in (words := answer.get_data(as_text=True))
    assert "root:" not in words


# ---------------------------------------------------------------- being sent elsewhere


@pytest.mark.one_database
@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_no_page_of_the_account_sends_elsewhere(world: World, wanted: str) -> None:
    client = world.client("camille.library", hat=False)
    page = client.get("/compte/casquette", query_string={"suite": wanted})
    hat = str(world.actors["camille.library"].membership_id)
    token = client.select(page, "input[name=csrf_token]")[0]["value"]
    sent = client.post(
        "/compte/casquette", query_string={"suite": wanted}, data={"membership_id": hat, "csrf_token": token}
    )
    assert (sent.status_code, sent.location) == (303, "/")


@pytest.mark.one_database
@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_changing_language_sends_nowhere_else(world: World, wanted: str) -> None:
    client = world.client("library.adviser")
    page = client.get("/")
    forms = client.select(page, "form[action='/langue'], form[action^='/langue']")
    assert forms
    fields = {str(tag["name"]): str(tag.get("value", "")) for tag in forms[0].select("[name]")}
    came = {name: wanted for name in fields if name not in {"csrf_token", "form_key", "langue", "lang", "language"}}
    assert came
    sent = client.post(
        "/langue", data={**fields, **came}, query_string={"suite": wanted}, headers={"Referer": wanted.strip()}
    )
    assert "mechant" not in (sent.location or "")
    assert not (sent.location or "").startswith("javascript")


# ---------------------------------------------------------------- sessions


def test_a_session_fixed_before_signing_in_is_not_the_one_that_opens(world: World, client: InspectingClient) -> None:
    """The attacker's own key, or a key made up, in the victim's browser before the password is typed."""
    thief = world.client("fs.adviser")
    with thief.session_transaction() as session:
        fixed = session["cle"]
    thief.submit(thief.get("/"), "header form[action='/compte/deconnexion']")
    with client.session_transaction() as session:
        session["cle"], session["planted"] = fixed, "x"
    assert sign_in(client, world.emails["library.adviser"]).status_code == 303
    with client.session_transaction() as session:
        assert session["cle"] != fixed
        assert "planted" not in session
    with thief.session_transaction() as session:
        session["cle"] = fixed
    assert thief.get("/personnes").status_code == 303


def test_a_cookie_copied_before_signing_out_opens_nothing_after(world: World) -> None:
    client, copy = world.client("library.adviser"), world.app.test_client()
    with client.session_transaction() as session:
        kept = dict(session)
    with copy.session_transaction() as session:
        session.update(kept)
    assert copy.get(f"/personnes/{world.people['amina']}").status_code == 200
    client.submit(client.get("/"), "header form[action='/compte/deconnexion']")
    assert copy.get(f"/personnes/{world.people['amina']}").status_code == 303


# ---------------------------------------------------------------- what the browser keeps


def test_nothing_of_a_signed_in_browser_is_kept_by_it(world: World) -> None:
    """Every page answers `no-store`, without a tag or a date that a later request could compare."""
    client = world.client("library.manager")
    for rule in rules(world.app, "GET"):
        answer = client.get(filled(world.app, rule))
        address = answer.request.path
        assert answer.headers["Cache-Control"] == "no-store", address
        assert not {"ETag", "Last-Modified", "Expires"} & set(answer.headers.keys()), address


def test_after_signing_out_the_back_button_shows_nothing(world: World) -> None:
    client, path = world.client("library.adviser"), f"/personnes/{world.people['amina']}"
    assert client.get(path).headers["Cache-Control"] == "no-store"
    client.submit(client.get("/"), "header form[action='/compte/deconnexion']")
    again = client.get(path, headers={"If-None-Match": "*", "If-Modified-Since": "Thu, 01 Jan 2099 00:00:00 GMT"})
    assert (again.status_code, again.location.partition("?")[0]) == (303, "/compte/connexion")
    assert "Benali" not in again.get_data(as_text=True)


# ---------------------------------------------------------------- what a search tells


def test_a_search_costs_the_same_for_somebody_hidden_and_for_nobody(world: World) -> None:
    """Same words, same statements in the same order: the hidden person's rows are never fetched, nor counted apart."""
    client = world.client("fs.adviser")
    seen = []
    for text in ("Benali", "Zyzzyva", "06 12 34 56 78", "06 99 99 99 99"):
        with world.app.app_context(), count_queries(db.session) as counted:
            page = search(client, text)
        assert page.status_code == 200
        assert "Amina" not in client.text(page)
        seen.append((client.text(page, "main").replace(text, ""), counted.statements))
    assert seen[0][0] == seen[1][0]
    assert seen[2][0] == seen[3][0]
    assert len(seen[0][1]) == len(seen[1][1])
    assert len(seen[2][1]) == len(seen[3][1])


def test_a_search_s_token_is_its_user_s_alone(world: World) -> None:
    library = world.client("library.adviser")
    address = search(library, "Benali").request.full_path
    assert "recherche=" in address
    assert "Amina" in library.text(library.get(address))
    for who in ("library.desk", "fs.adviser"):
        other = world.client(who)
        shown = other.get(address)
        assert "Benali" not in other.text(shown, "main"), who


def test_registering_somebody_known_elsewhere_says_nothing(world: World) -> None:
    """The page after is the same, with the same statements, as for somebody whom nobody knows."""
    client = world.client("fs.adviser")
    known = {"first_name": "Amina", "last_name": "Benali", "birth_year": "1958", "phone": "06 12 34 56 78"}
    unknown = {"first_name": "Oumou", "last_name": "Zyzzyva", "birth_year": "1958", "phone": "06 98 76 54 32"}
    costs, told = [], []
    for person in (unknown, known):
        page = client.get("/personnes/nouvelle")
        with world.app.app_context(), count_queries(db.session) as counted:
            sent = client.submit(page, "#inscrire", data={"notice_way": "paper", "answer": "refused", **person})
        shown = client.get(sent.location)
        words = client.text(shown, "main")
        for value in person.values():
            words = words.replace(value, "")
        costs.append(len(counted))
        told.append((sent.status_code, words.replace("Amina Benali", "").replace("Oumou Zyzzyva", "")))
    assert costs[0] == costs[1]
    assert told[0] == told[1]
