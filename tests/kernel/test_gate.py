"""Deny by default, and what is not yours does not exist."""

from __future__ import annotations

import logging
import re
from uuid import uuid4

import pytest
from flask import Flask

from app.kernel import access
from app.kernel.access import Actor, Role, Rule
from app.kernel.db import db
from tests.support.pages import InspectingClient, without_tokens
from tests.support.probes import journalled
from tests.support.queries import count_queries
from tests.support.world import World


def rules(app: Flask) -> list[tuple[str, str, Rule | None]]:
    found = []
    for route in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
        if route.endpoint != "static":
            methods = ",".join(sorted((route.methods or set()) - {"HEAD", "OPTIONS"}))
            found.append(
                (f"{methods:8} {route.rule}", route.endpoint, access.rule_of(app.view_functions[route.endpoint]))
            )
    return found


def test_every_route_has_a_rule(app: Flask) -> None:
    missing = []
    for address, endpoint, rule in rules(app):
        roles = "—" if rule is None else "tous" if rule.roles is None else ", ".join(sorted(rule.roles))
        print(f"{address:60} {endpoint:28} {rule.sentence if rule else 'SANS RÈGLE'} [{roles}]")  # noqa: T201
        if rule is None or len(rule.sentence) < 10:
            missing.append(endpoint)
    assert not missing
    assert len(rules(app)) >= 9


def test_open_routes_are_these_only(app: Flask) -> None:
    opened = {endpoint for _address, endpoint, rule in rules(app) if rule is not None and rule.roles is None}
    signing_in = {f"accounts.{name}" for name in ("sign_in", "step", "forgotten", "reset", "join")}
    assert opened == {"home.language", "home.accessibility", "home.legal", "home.health"} | signing_in | {
        "referrals.partner"
    }


def test_route_without_a_rule_is_refused_when_it_runs(probe_world: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "maillage.gate"):
        assert probe_world.app.test_client().get("/essai/sans-regle").status_code == 404
        assert probe_world.client("library.manager").get("/essai/sans-regle").status_code == 404
    assert "essai.undeclared" in caplog.text


def test_signed_out_goes_to_sign_in_and_comes_back(client: InspectingClient) -> None:
    answer = client.get("/protection/journal?avant=3")
    assert answer.status_code == 303
    assert answer.location == "/compte/connexion?suite=/protection/journal?avant%3D3"


def test_without_a_hat_one_chooses_it_first(world: World) -> None:
    client = world.client("camille.library", hat=False)
    answer = client.get("/mentions")
    assert answer.status_code == 200
    answer = client.get("/personnes/nouvelle")
    assert (answer.status_code, answer.location) == (303, "/compte/casquette?suite=/personnes/nouvelle")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DPO])
def test_wrong_role_is_not_found(world: World, role: Role) -> None:
    who = next(key for key, actor in world.actors.items() if actor.role is role)
    assert world.client(who).get("/protection/journal").status_code == 404
    assert world.client("dpo").get("/protection/journal").status_code == 200


def test_wrong_role_cannot_write(probe_world: World) -> None:
    for who in ("coordinator", "elected", "dpo", "admin"):
        assert _post(probe_world.client(who), "/essai/note", form_key=str(uuid4())).status_code == 404


def _post(client: InspectingClient, path: str, **data: str) -> object:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/mentions").get_data(as_text=True))
    assert token is not None
    return client.post(path, data={"csrf_token": token[1], **data})


@pytest.mark.parametrize("path", ["/personnes/{}", "/personnes/{}/corriger", "/personnes/{}/coupon"])
@pytest.mark.parametrize("who", ["library.adviser", "fs.adviser", "coordinator", "elected"])
def test_hidden_and_unknown_are_the_same_answer(world: World, path: str, who: str) -> None:
    client = world.client(who)
    client.get("/personnes/" + str(uuid4()))
    answers = []
    for person in (world.people["jean"], uuid4()):
        with world.app.app_context():
            watched = db.engine
        with count_queries(watched) as queries:
            answer = client.get(path.format(person))
        answers.append((answer.status_code, without_tokens(answer.get_data(as_text=True)), len(queries)))
    assert answers[0] == answers[1]
    assert answers[0][0] == 404


def test_a_refusal_is_journalled_without_saying_whether_it_exists(probe_world: World) -> None:
    client = probe_world.client("library.adviser")
    for person in (probe_world.people["jean"], uuid4()):
        assert client.get(f"/personnes/{person}").status_code == 404
    assert journalled(probe_world.app, "access.refused") == 2


def test_rule_allows_only_its_roles() -> None:
    actor = Actor(uuid4(), uuid4(), Role.DESK, uuid4())
    assert Rule("Accueil", frozenset({Role.DESK})).allows(actor)
    assert not Rule("Conseil", frozenset({Role.ADVISER})).allows(actor)
    assert not Rule("Conseil", frozenset({Role.DESK})).allows(None)
    assert Rule("Tous", None).allows(None)
